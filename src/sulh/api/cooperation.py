"""Questions on cooperation, one method each, as in `sulh.api.workbench`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from sulh.api.asking import Asking, options
from sulh.api.options import Group

if TYPE_CHECKING:
    from sulh.result import Result

Nation = Annotated[str, "nation: ISO code or name"]
FromYear = Annotated[str | None, "first year"]
ToYear = Annotated[str | None, "last year"]


class Cooperation(Asking):
    """Who works with whom."""

    def ties(
        self, first: Nation, second: Nation, *, from_: FromYear = None, to: ToYear = None
    ) -> Result:
        """Everything between two nations on a timeline: year, kind, detail, origin."""
        from sulh.questions.cooperation.ties import ties as ask

        result = ask(self.store, first, second, from_, to)
        return self._asked(result, "ties", [first, second], options(locals()))

    def cooperation(
        self,
        group: Group,
        *,
        from_: FromYear = None,
        to: ToYear = None,
        ties: Annotated[str | None, "kinds of ties, with commas; see docs/cooperation.md"] = None,
        by: Annotated[Literal["partner"] | None, "partner: a row a partner"] = None,
    ) -> Result:
        """Partners of a nation or group by kind of tie and year."""
        from sulh.questions.cooperation.partners import partners

        result = partners(self.store, group, from_, to, ties, by)
        return self._asked(result, "cooperation", [group], options(locals()))

    def training(
        self,
        group: Group = "WORLD",
        *,
        from_: FromYear = None,
        to: ToYear = None,
        topic: Annotated[str | None, "topics, with commas: attache, staff_college, …"] = None,
        by: Annotated[
            str | None, "year, nation, topic, programme, course, location; several with a comma"
        ] = None,
    ) -> Result:
        """Who was trained in what by the United States: courses, places, cost; attachés apart."""
        from sulh.questions.cooperation.training import training as ask

        result = ask(self.store, group, from_, to, topic, by)
        return self._asked(result, "training", [group], options(locals()))

    def network(  # noqa: PLR0913, each is an option of the command
        self,
        group: Group = "WORLD",
        *,
        tie: Annotated[str, "kind of tie: alliance, arms_transfer, co_deployment, same_place, …"],
        year: Annotated[str | None, "year; the latest if left out"] = None,
        from_: FromYear = None,
        to: ToYear = None,
        against: Annotated[str | None, "other kinds of ties, with commas: a QAP test"] = None,
        together: Annotated[bool, "with --against: one regression on all of them (MRQAP)"] = False,
        export: Annotated[Path | None, "write the network to this .graphml or .gexf"] = None,
    ) -> Result:
        """Centrality, communities and brokerage in a year; with --from its change over time."""
        from sulh.questions.cooperation import network as ask

        if export is not None:
            ask.export(self.store, tie, year, export, group)
        if against is not None:
            test = ask.together if together else ask.against
            result = test(self.store, tie, against, year, group)
        elif from_ is not None or to is not None:
            result = ask.change(self.store, tie, from_, to, group)
        else:
            result = ask.network(self.store, tie, year, group)
        return self._asked(result, "network", [group], options(locals()))

    def panel(
        self,
        unit: Annotated[str, "nation-year, dyad-year, operation-month or nation-operation-month"],
        *,
        variables: Annotated[str | None, "variables, with commas; see docs/cooperation.md"] = None,
        group: Group = "WORLD",
        from_: Annotated[str | None, "first year, or month of a panel of months"] = None,
        to: Annotated[str | None, "last year, or month of a panel of months"] = None,
    ) -> Result:
        """Build a panel for statistics: one row a unit and time, one column a variable."""
        from sulh.questions.cooperation.panel import panel as ask

        result = ask(self.store, unit, variables, from_, to, group)
        return self._asked(result, "panel", [unit], options(locals()))

    def diplomacy(
        self,
        year: Annotated[str, "year"],
        *,
        group: Group = "WORLD",
        weights: Annotated[str | None, "weights of ties: alliance=2,training=1"] = None,
    ) -> Result:
        """Open composite of defence diplomacy: components, weights, and the range of ranks."""
        from sulh.questions.cooperation.index import index

        result = index(self.store, year, group, weights)
        return self._asked(result, "diplomacy", [year], options(locals()))

    def events(
        self,
        paths: Annotated[
            list[Path],
            "event files of GDELT or POLECAT and folders of them, plain, zipped or gzipped",
        ],
        *,
        by: Annotated[str, "month, nation, partner, family; several with a comma"] = (
            "month,nation,partner,family"
        ),
        workers: Annotated[int | None, "processes; one a processor if left out"] = None,
    ) -> Result:
        """Count news events by month, nations and family, each event once."""
        from sulh.questions.cooperation.events import events as ask

        result = ask(paths, by, workers=workers)
        return self._asked(result, "events", [str(path) for path in paths], options(locals()))
