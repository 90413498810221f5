"""One method a question; the command line's verbs and options are made from these signatures.

The annotations carry the help that ``sulh VERB --help`` prints. Heavy imports happen inside the
methods, so that reading the signatures costs nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from sulh.api.asking import options as _options
from sulh.api.cooperation import Cooperation
from sulh.api.options import (
    BurdenBy,
    ConcentrationBy,
    DeathsBy,
    From,
    GapKind,
    GapsBy,
    Group,
    MeanFrom,
    MeanTo,
    Membership,
    MembershipOfOne,
    MixBy,
    MonthArgument,
    NationBy,
    OperationBy,
    Part,
    RankBy,
    Scope,
    ScopeOfOne,
    SeriesBy,
    To,
    Unit,
    UnitsBy,
)

if TYPE_CHECKING:
    from sulh.questions.view import View
    from sulh.result import Result


class Workbench(Cooperation):
    """The questions, asked of one store, and what is done with files around it."""

    def contributions(
        self,
        group: Group = "WORLD",
        *,
        from_: From = None,
        to: To = None,
        by: SeriesBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Uniformed personnel of a group by month: persons, world, share, number of nations."""
        from sulh.questions.contributions import series

        view = _view(from_, to, by, scope, membership)
        return self._asked(
            series(self.store, group, view), "contributions", [group], _options(locals())
        )

    def rank(  # noqa: PLR0913, each is an option of the command
        self,
        month: MonthArgument = None,
        *,
        group: Group = "WORLD",
        from_: MeanFrom = None,
        to: MeanTo = None,
        by: RankBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Contributing nations in a month, the largest first, with women, men and share.

        With --from and --to, by the mean head-count of the months that have full reports.
        """
        from sulh.questions.contributions import latest_month, rank

        if from_ is None and to is None:
            month = latest_month(self.store) if month is None else month
        view = _view(from_, to, by, scope, membership)
        named = [] if month is None else [month]
        return self._asked(rank(self.store, month, view, group), "rank", named, _options(locals()))

    def nation(
        self,
        nation: Annotated[str, "nation: ISO code or name"],
        *,
        from_: From = None,
        to: To = None,
        by: NationBy = None,
        scope: Scope = "un",
        membership: MembershipOfOne = "dated",
    ) -> Result:
        """Operations in which a nation served: first and last month, peak; or its series."""
        from sulh.questions.contributions import nation as ask

        view = _view(from_, to, by, scope, membership)
        return self._asked(ask(self.store, nation, view), "nation", [nation], _options(locals()))

    def operation(  # noqa: PLR0913, each is an option of the command
        self,
        operation: Annotated[str, "operation: acronym or alias"],
        *,
        group: Part = "WORLD",
        from_: From = None,
        to: To = None,
        by: OperationBy = None,
        scope: ScopeOfOne = "all",
        membership: Membership = "dated",
    ) -> Result:
        """One operation: mandate, dates, hosts, strength, and its contributors."""
        from sulh.questions.contributions import operation as ask

        view = _view(from_, to, by, scope, membership)
        return self._asked(
            ask(self.store, operation, view, group), "operation", [operation], _options(locals())
        )

    def mix(
        self,
        group: Group = "WORLD",
        *,
        from_: From = None,
        to: To = None,
        by: MixBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Mix of a group's personnel by type, women and men, against the UN gender targets."""
        from sulh.questions.contributions import mix

        view = _view(from_, to, by, scope, membership)
        return self._asked(mix(self.store, group, view), "mix", [group], _options(locals()))

    def fatalities(
        self,
        group: Group = "WORLD",
        *,
        from_: From = None,
        to: To = None,
        by: DeathsBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Deaths in operations, a flow that may be added over time."""
        from sulh.questions.contributions import fatalities

        view = _view(from_, to, by, scope, membership)
        return self._asked(
            fatalities(self.store, group, view), "fatalities", [group], _options(locals())
        )

    def units(  # noqa: PLR0913, each is an option of the command
        self,
        group: Group = "WORLD",
        *,
        unit: Unit = None,
        from_: From = None,
        to: To = None,
        by: UnitsBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Medical, engineering and transport units of a group by nation, operation and place."""
        from sulh.questions.contributions import support_units

        view = _view(from_, to, by, scope, membership)
        return self._asked(
            support_units(self.store, group, view, unit), "units", [group], _options(locals())
        )

    def sustain(
        self,
        group: Group = "WORLD",
        *,
        from_: From = None,
        to: To = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """What a group's own medical units could sustain, by published capacities: a range."""
        from sulh.questions.contributions import sustain

        view = _view(from_, to, None, scope, membership)
        return self._asked(sustain(self.store, group, view), "sustain", [group], _options(locals()))

    def known(self, group: Group = "WORLD", *, from_: From = None, to: To = None) -> Result:
        """Contributions known from single cited pages, operations of other bodies included."""
        from sulh.questions.contributions import known

        view = _view(from_, to, None, "all", "dated")
        return self._asked(known(self.store, group, view), "known", [group], _options(locals()))

    def strength(
        self,
        operation: Annotated[str | None, "operation: acronym or alias; all if left out"] = None,
        *,
        from_: From = None,
        to: To = None,
        scope: Scope = "all",
    ) -> Result:
        """Authorised against deployed strength, where both are known."""
        from sulh.questions.contributions import strength_gaps

        view = _view(from_, to, None, scope, "dated")
        named = [operation] if operation else []
        return self._asked(
            strength_gaps(self.store, view, operation), "strength", named, _options(locals())
        )

    def burden(
        self,
        group: Group,
        *,
        from_: From = None,
        to: To = None,
        by: BurdenBy = "nation",
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Contributions per head, per GDP, per armed forces and per military spending."""
        from sulh.questions.burden import burden

        view = _view(from_, to, by, scope, membership)
        return self._asked(burden(self.store, group, view), "burden", [group], _options(locals()))

    def concentration(
        self,
        group: Group = "WORLD",
        *,
        from_: From = None,
        to: To = None,
        by: ConcentrationBy = None,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """How unevenly contributions are spread: Gini, Herfindahl, shares of the largest."""
        from sulh.questions.burden import concentration

        view = _view(from_, to, by, scope, membership)
        return self._asked(
            concentration(self.store, group, view), "concentration", [group], _options(locals())
        )

    def lorenz(
        self,
        month: MonthArgument = None,
        *,
        group: Group = "WORLD",
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """Lorenz curve of contributions in a month."""
        from sulh.questions.burden import lorenz
        from sulh.questions.contributions import latest_month

        month = latest_month(self.store) if month is None else month
        view = _view(None, None, None, scope, membership)
        return self._asked(
            lorenz(self.store, group, month, view), "lorenz", [month], _options(locals())
        )

    def without(
        self,
        group: Group,
        month: MonthArgument = None,
        *,
        scope: Scope = "un",
        membership: Membership = "dated",
    ) -> Result:
        """How the group's share would change if one nation left, for each nation of the group."""
        from sulh.questions.burden import without
        from sulh.questions.contributions import latest_month

        month = latest_month(self.store) if month is None else month
        view = _view(None, None, None, scope, membership)
        return self._asked(
            without(self.store, group, month, view), "without", [group, month], _options(locals())
        )

    def table(
        self,
        name: Annotated[str, "published table; `sulh tables` lists them"],
        *,
        from_: From = None,
        to: To = None,
    ) -> Result:
        """Print a published table, whole or for some months."""
        from sulh.store.published import published

        return self._asked(
            published(self.store, name, from_, to), "table", [name], _options(locals())
        )

    def tables(self) -> Result:
        """List the published tables with their columns and row counts."""
        from sulh.store.published import listing

        return self._asked(listing(self.store), "tables", [], {})

    def sources(self) -> Result:
        """What is in the store: files, months covered, licences."""
        from sulh.store.quality import sources

        return self._asked(sources(self.store), "sources", [], {})

    def gaps(
        self,
        *,
        from_: From = None,
        to: To = None,
        kind: GapKind = None,
        by: GapsBy = "span",
    ) -> Result:
        """Missing months, months that say less than others or are in doubt, and disagreements."""
        from sulh.store.reports.gaps import gap_spans, gaps

        ask = gaps if by == "month" else gap_spans
        return self._asked(ask(self.store, from_, to, kind), "gaps", [], _options(locals()))

    def check(self) -> Result:
        """Quality report: sums, printed totals, copied months, impossible jumps, repaired names."""
        from sulh.store.quality import check

        return self._asked(check(self.store), "check", [], {})

    def groups(
        self,
        group: Annotated[str | None, "group or expression; all groups if left out"] = None,
        *,
        month: Annotated[str | None, "month, YYYY-MM; the latest known if left out"] = None,
        membership: Membership = "dated",
    ) -> Result:
        """Groups of nations, or the members of one with their dates and roles."""
        from sulh.questions.listings import groups

        named = [group] if group else []
        return self._asked(groups(group, month, membership), "groups", named, _options(locals()))

    def operations(
        self,
        *,
        from_: From = None,
        to: To = None,
        scope: Scope = "all",
        body: Annotated[str | None, "body that runs them: UN, NATO, EU, AU, ECOWAS, …"] = None,
    ) -> Result:
        """List the gazetteer of operations, of the UN and of other bodies."""
        from sulh.questions.listings import operations

        view = _view(from_, to, None, scope, "dated")
        return self._asked(operations(view, body), "operations", [], _options(locals()))

    def planning(
        self,
        topic: Annotated[str | None, "topic of figures; all topics if left out"] = None,
        *,
        find: Annotated[str | None, "figures that have these words only"] = None,
    ) -> Result:
        """Planning figures with source and grade: rates, budgets, sizes, needs, fatality rates."""
        from sulh.questions.figures import planning

        named = [topic] if topic else []
        return self._asked(planning(topic, find), "planning", named, _options(locals()))


def _view(
    from_: str | None, to: str | None, by: str | None, scope: Scope, membership: Membership
) -> View:
    from sulh.questions.view import View

    return View(from_=from_, to=to, by=by, scope=scope, membership=membership)


def open_store(store: str | Path | None = None) -> Workbench:
    """Return a workbench on the store in the folder ``store``, or on the default one."""
    return Workbench(store)
