"""Rows of the published contributions inside a view, and what is missing among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.core.origin import Origin
from sulh.questions.falls import Fallen, fall_notes, fallen
from sulh.questions.ground import operation_scopes
from sulh.questions.labels import NONE, marked, within
from sulh.questions.membership import memberless, membership_of
from sulh.questions.period import Period, period_of, totals_within
from sulh.questions.quality import Doubts
from sulh.questions.refusing import no_report, nobody_asked
from sulh.questions.reported import (
    Reported,
    contributions,
    reported,
    uniformed,
)
from sulh.questions.view import View
from sulh.questions.wording import WORLD, no_members, spans
from sulh.store.reading import Store

POLICE = ("individual_police", "formed_police", "police")
MILITARY = ("troops", "staff_officers", "experts_on_mission")
_KNOWN_WORLD = ("un", "peacekeeping", "political")
_ONLY_IMPORTED = (
    "Head-counts of operations of other bodies are those of files that you imported: a month that "
    "is not listed is unknown, not zero. Single figures: sulh known."
)
_NOT_EVERY_NATION = (
    "No source reports what every nation gives to operations of other bodies: "
    "no world total and no share."
)


@dataclass(frozen=True)
class Selection:
    """Contributions inside a view.

    Parameters
    ----------
    rows
        Rows in period and scope, only of months for which the scope can be told; in order of month,
        with labels instead of text (see `sulh.questions.labels`).
    view
        The view.
    period
        Its months, and what is told of them.
    """

    rows: pl.DataFrame
    view: View
    period: Period

    @property
    def store(self) -> Store:
        """Return the store."""
        return self.period.store

    @property
    def known(self) -> Reported:
        """Return what the store reports."""
        return self.period.known

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months of ``rows``: what can be answered."""
        return self.period.months

    @property
    def unscoped(self) -> tuple[str, ...]:
        """Return the months whose reports give no operation: the scope cannot be told."""
        return self.period.unscoped

    @property
    def absent(self) -> tuple[str, ...]:
        """Return the months of the period without any report."""
        return self.period.absent

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the keys of the sources of the period."""
        return self.period.origins

    @property
    def part(self) -> frozenset[str]:
        """Return the months that need not list every nation: who is absent there is unknown."""
        return self.period.part

    @property
    def doubts(self) -> Doubts:
        """Return the months of the store that are copied, partial or do not add up."""
        return self.period.doubts

    def in_full(self, months: pl.Series) -> pl.Expr:
        """Return which of the months of rows are not known in part only."""
        return ~marked(months, self.part)

    def listed(self, months: pl.Series) -> pl.Expr:
        """Return which of the months of rows list every nation: an absent one gave nobody."""
        return NONE if self.view.scope == "other" else self.in_full(months)

    @property
    def starter(self) -> bool:
        """Return whether the store is the small one, which holds few months by design."""
        return self.store.kind == "starter"

    @property
    def world_known(self) -> bool:
        """Return whether the scope is one for which reports cover every nation."""
        return self.view.scope in _KNOWN_WORLD

    def world(self) -> dict[str, int]:
        """Return the persons of all nations in the scope by month, in order."""
        every = _world(self.store, self.view.scope)
        told = self.view.within(every)
        return {month: every[month] for month in told if month not in self.unscoped}

    def whole(self, months: pl.Series) -> pl.Expr:
        """Return in which of the months of rows every nation's report is there."""
        if not self.world_known:
            return NONE
        return ~marked(months, self.doubts.without_share)

    def falls(self, group: str) -> tuple[Fallen, ...]:
        """Return the months in which a member of a group has fallen: see `sulh.questions.falls`."""
        there = () if self.view.scope in ("political", "other") else self.months
        return fallen(self.store, group, there, self.view.membership)

    def notes(self, group: str = WORLD) -> tuple[str, ...]:
        """Return what is missing for a question on a group, one sentence each."""
        if self.view.scope == "other":
            return (_ONLY_IMPORTED, _NOT_EVERY_NATION, *self.period.remarks)
        said = [*self.period.absence, *self.period.doubtful, *self.on_part(group)]
        said += [*fall_notes(self.falls(group)), *self.period.remarks]
        if group != WORLD:
            said += no_members(group, memberless(group, self.months, self.view.membership))
        if self.unscoped:
            said.append(
                f"In {spans(self.unscoped)} the source gives no operation, so that the scope "
                f"({self.view.scope_text}) cannot be told: no figure. Scope un has these months."
            )
        if not self.world_known:
            said.append(_NOT_EVERY_NATION)
        return tuple(said)

    def on_part(self, group: str) -> tuple[str, ...]:
        """Return the sentence on months in which a member of a group may be absent unknown."""
        others = self.part - self.doubts.part
        only = f"In {spans(others)} operations of other bodies alone are known, not the UN's."
        said = (only,) if others else ()
        if group == WORLD or not self.part:
            return said
        told = f"In {spans(self.part)} a nation that is not listed is unknown, not zero"
        if self.one_nation(group):
            return (*said, f"{told}.")
        return (*said, f"{told}: sums of {group} are of the members listed, its whole may be more.")

    def one_nation(self, group: str) -> bool:
        """Return whether a group is a single nation in all months, so that it is known or not."""
        found = membership_of(group, self.months, self.view.membership)
        return found.spans["nation"].n_unique() == 1


def select(
    store: Store,
    view: View,
    *,
    condensed: bool = False,
    civilians: bool = False,
    totals: bool = False,
) -> Selection:
    """Return the contributions of a view; uniformed personnel only unless ``civilians``.

    ``condensed`` rows are by month, nation and scope (table ``nation_months``); otherwise they are
    those of ``contributions``. Raises `sulh.core.errors.NotAnswerable` if the period holds no
    report by nation; with ``totals`` a printed total of the world is enough.
    """
    period = period_of(store, view, civilians=civilians)
    if not (period.months or period.unscoped) and not (totals and totals_within(store, view)):
        raise no_report(store, view)
    known = period.known
    rows = known.table.within(view) if condensed else contributions(store).within(view)
    inside = [~marked(rows["month"], period.unscoped)] if period.unscoped else []
    inside += _scoped(rows, view, known)
    if not (condensed or civilians):
        inside += uniformed(rows)
    return Selection(rows=rows.filter(*inside) if inside else rows, view=view, period=period)


@lru_cache(maxsize=16)
def _world(store: Store, scope: str) -> dict[str, int]:
    """Return the persons of all nations in a scope by month, whether or not a month tells it."""
    asked, found = View(scope=scope), dict[str, int]()
    for month, own, _, persons in reported(store).world:
        if asked.holds(own):
            found[month] = found.get(month, 0) + persons
    return found


def latest_month(store: Store) -> str:
    """Return the last month with contributions by nation, or raise `NotAnswerable`."""
    if not store.months:
        raise no_report(store, View())
    return store.months[-1]


def refuse_unanswerable(selection: Selection, month: str) -> None:
    """Raise `NotAnswerable` if the reports of a month do not tell its scope."""
    if selection.unscoped:
        raise NotAnswerable(
            f"the reports of {month} give no operation",
            f"who served in {selection.view.scope_text} cannot be told from them",
            "use the scope un, or another month",
        )


def refuse_part(selection: Selection, month: str) -> None:
    """Raise `NotAnswerable` if the store holds only part of what was reported for a month."""
    if month not in selection.part:
        return
    if month in selection.doubts.partial:
        found = f"{month} is known from data of your own alone, maybe only part of it"
    elif month in selection.doubts.lacking:
        found = f"only part of what was reported for {month} is in the store"
    else:
        found = f"of {month} operations of other bodies alone are in the store"
    raise NotAnswerable(
        found,
        "what all nations gave together cannot be told from it",
        "import the whole report of the month, or choose another one",
    )


def in_period(rows: pl.LazyFrame, view: View, column: str = "month") -> pl.LazyFrame:
    """Return the rows of the view's period."""
    if view.from_ is not None:
        rows = rows.filter(pl.col(column) >= view.from_)
    if view.to is not None:
        rows = rows.filter(pl.col(column) <= view.to)
    return rows


def only_members(rows: pl.DataFrame, group: str, selection: Selection) -> pl.DataFrame:
    """Return the rows of a group's members, month by month; all rows for `WORLD`.

    Raises `NotAnswerable` if the group has no members in any month of the question.
    """
    if group == WORLD:
        return rows
    found = membership_of(group, selection.months, selection.view.membership)
    if found.empty and len(found.empty) == len(selection.months):
        raise nobody_asked(group, selection.months)
    return rows.filter(within(rows, found.spans.iter_rows()))


def origins_of(store: Store, rows: pl.LazyFrame) -> tuple[Origin, ...]:
    """Return the sources that the rows rest on."""
    return store.origins(origin_keys(rows))


def origin_keys(rows: pl.LazyFrame) -> tuple[str, ...]:
    """Return the keys of the sources that the rows rest on."""
    found = rows.select(pl.col("origin").cast(pl.String).drop_nulls().unique().sort()).collect()
    return tuple(found["origin"])


def share(part: str, whole: str, where: pl.Expr | None = None) -> pl.Expr:
    """Return ``part / whole`` as the column share, null outside ``where`` or where whole is 0."""
    usable = pl.col(whole) > 0
    if where is not None:
        usable &= where
    return pl.when(usable).then(pl.col(part) / pl.col(whole)).alias("share")


def total_if_known(column: str) -> pl.Expr:
    """Return the sum of a column, null if any part of it is unknown: unknown is not zero."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum()).alias(column)


def _scoped(rows: pl.DataFrame, view: View, known: Reported) -> list[pl.Expr]:
    """Return which rows are of a scope; nothing if all are."""
    if view.scope == "all" or (view.scope == "un" and not known.others):
        return []
    wanted = "other" if view.scope == "un" else view.scope
    if "operation" in rows.columns:
        names = [name for name, scope in operation_scopes().items() if scope == wanted]
        inside = marked(rows["operation"], names)
    else:
        inside = marked(rows["scope"], [wanted])
    # Reports without an operation are the UN's own totals.
    return [~inside if view.scope == "un" else inside]
