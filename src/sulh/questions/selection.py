"""Rows of the published contributions inside a view, and what is missing among them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.core.months import month_range
from sulh.core.origin import Origin
from sulh.questions.ground import members_by_month, operation_scopes
from sulh.questions.quality import Doubts, doubts, printed_world
from sulh.questions.view import View
from sulh.questions.wording import WORLD, count_of, spans
from sulh.store.reading import Store

POLICE = ("individual_police", "formed_police", "police")
MILITARY = ("troops", "staff_officers", "experts_on_mission")
CIVILIAN = "civilian"
_KNOWN_WORLD = ("un", "peacekeeping", "political")


@dataclass(frozen=True)
class Selection:
    """Contributions inside a view.

    Parameters
    ----------
    rows
        Rows in period and scope, only of months for which the scope can be told.
    view
        The view.
    months
        Months of ``rows``: what can be answered.
    unscoped
        Months with reports that give no operation, so that the scope cannot be told.
    absent
        Months of the period without any report.
    doubts
        Months of the store that are copied, partial or do not add up.
    starter
        Whether the store is the small one, which holds few months by design.
    """

    rows: pl.LazyFrame
    view: View
    months: tuple[str, ...]
    unscoped: tuple[str, ...]
    absent: tuple[str, ...]
    doubts: Doubts
    starter: bool = False

    @property
    def world_known(self) -> bool:
        """Return whether the scope is one for which reports cover every nation."""
        return self.view.scope in _KNOWN_WORLD

    @property
    def whole(self) -> pl.Expr:
        """Return whether a row's month is one in which every nation's report is there."""
        if not self.world_known:
            return pl.lit(value=False)
        silent = sorted(self.doubts.without_share & set(self.months))
        return ~pl.col("month").is_in(silent)

    def notes(self) -> tuple[str, ...]:
        """Return what is missing, one sentence each."""
        said = [*self.absence(), *self.doubts.notes(self.months)]
        if self.unscoped:
            said.append(
                f"In {spans(self.unscoped)} the source gives no operation, so that the scope "
                f"({self.view.scope_text}) cannot be told: no figure. Scope un has these months."
            )
        if not self.world_known:
            said.append(
                "No source reports what every nation gives to operations of other bodies: "
                "no world total and no share."
            )
        return tuple(said)

    def absence(self) -> tuple[str, ...]:
        """Return the sentence on months without any report, if there are any."""
        if self.starter:
            return (
                "The starter store holds each December and the latest month only: import the "
                "monthly files for the months between.",
            )
        if not self.absent:
            return ()
        return (
            f"No report for {count_of(len(self.absent), 'month')}: {spans(self.absent)}."
            " A month with missing reports gives no share.",
        )


def select(store: Store, view: View, *, civilians: bool = False, totals: bool = False) -> Selection:
    """Return the contributions of a view; uniformed personnel only unless ``civilians``.

    Raises `sulh.core.errors.NotAnswerable` if the period holds no report at all; with ``totals``
    a printed world total is enough.
    """
    rows = in_period(store.scan("contributions"), view)
    if not civilians:
        rows = rows.filter(pl.col("personnel_type") != CIVILIAN)
    reported = _months(rows)
    if not reported and not (totals and totals_within(store, view)):
        raise _nothing(store, view)
    scoped, unscoped = _scoped(rows, view)
    months = tuple(m for m in reported if m not in set(unscoped))
    absent = _absent(store, view, reported)
    return Selection(scoped, view, months, unscoped, absent, doubts(store), store.kind == "starter")


def totals_within(store: Store, view: View) -> tuple[str, ...]:
    """Return the months of the view for which a source prints the world's total."""
    if view.scope != "un":
        return ()
    first, last = view.from_ or "0000", view.to or "9999"
    return tuple(month for month in printed_world(store) if first <= month <= last)


def latest_month(store: Store) -> str:
    """Return the last month with contributions by nation, or raise `NotAnswerable`."""
    if not store.months:
        raise _nothing(store, View())
    return store.months[-1]


def refuse_unanswerable(selection: Selection, month: str) -> None:
    """Raise `NotAnswerable` if the reports of a month do not tell its scope."""
    if selection.unscoped:
        raise NotAnswerable(
            f"the reports of {month} give no operation",
            f"who served in {selection.view.scope_text} cannot be told from them",
            "use the scope un, or another month",
        )


def in_period(rows: pl.LazyFrame, view: View, column: str = "month") -> pl.LazyFrame:
    """Return the rows of the view's period."""
    if view.from_ is not None:
        rows = rows.filter(pl.col(column) >= view.from_)
    if view.to is not None:
        rows = rows.filter(pl.col(column) <= view.to)
    return rows


def only_members(rows: pl.LazyFrame, group: str, selection: Selection) -> pl.LazyFrame:
    """Return the rows of a group's members, month by month; all rows for `WORLD`."""
    if group == WORLD:
        return rows
    members = members_by_month(group, selection.months, selection.view.membership)
    return rows.join(members.lazy(), on=["month", "nation"], how="semi")


def origins_of(store: Store, rows: pl.LazyFrame) -> tuple[Origin, ...]:
    """Return the sources that the rows rest on."""
    return store.origins(origin_keys(rows))


def origin_keys(rows: pl.LazyFrame) -> list[str]:
    """Return the keys of the sources that the rows rest on."""
    found = rows.select(pl.col("origin").drop_nulls().unique().sort()).collect()["origin"]
    return list(found.to_list())


def share(part: str, whole: str, where: pl.Expr | None = None) -> pl.Expr:
    """Return ``part / whole`` as the column share, null outside ``where`` or where whole is 0."""
    usable = pl.col(whole) > 0
    if where is not None:
        usable &= where
    return pl.when(usable).then(pl.col(part) / pl.col(whole)).alias("share")


def total_if_known(column: str) -> pl.Expr:
    """Return the sum of a column, null if any part of it is unknown: unknown is not zero."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum()).alias(column)


def _scoped(rows: pl.LazyFrame, view: View) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    if view.scope == "all":
        return rows, ()
    scopes = operation_scopes()
    if view.scope == "un":
        # Reports without an operation are the UN's own totals.
        others = [name for name, scope in scopes.items() if scope == "other"]
        return rows.filter(~pl.col("operation").is_in(others).fill_null(value=False)), ()
    inside = [name for name, scope in scopes.items() if scope == view.scope]
    scoped = rows.filter(pl.col("operation").is_in(inside))
    if view.scope == "other":
        return scoped, ()
    unscoped = _months(rows.filter(pl.col("operation").is_null()))
    return scoped.filter(~pl.col("month").is_in(unscoped)), unscoped


def _months(rows: pl.LazyFrame) -> tuple[str, ...]:
    return tuple(rows.select(pl.col("month").unique().sort()).collect()["month"].to_list())


def _absent(store: Store, view: View, reported: tuple[str, ...]) -> tuple[str, ...]:
    """Return months without a report between the first and the last month of the question."""
    if store.kind == "starter":
        return ()
    known = reported or totals_within(store, view)
    wanted = month_range(view.from_ or known[0], view.to or known[-1])
    there = set(reported)
    return tuple(month for month in wanted if month not in there)


def _nothing(store: Store, view: View) -> NotAnswerable:
    held = store.months
    span = f"{held[0]} to {held[-1]}" if held else "nothing"
    return NotAnswerable(
        f"no report from {view.from_ or 'the start'} to {view.to or 'the end'}",
        f"the store holds {span}, and what is not reported is unknown, not zero",
        "choose another period, or import the months",
    )
