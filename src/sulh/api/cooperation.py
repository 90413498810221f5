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

    def events(
        self,
        paths: Annotated[list[Path], "GDELT event files and folders, plain, zipped or gzipped"],
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
