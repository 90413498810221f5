"""Contributions of a group over time, with its share of the world's."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.questions.contributions.parted import parted
from sulh.questions.contributions.sums import NOT_REPORTED
from sulh.questions.contributions.together import together
from sulh.questions.period import totals_within
from sulh.questions.quality import printed_by, printed_world
from sulh.questions.selection import Selection, select
from sulh.questions.stock import by_year
from sulh.questions.view import View
from sulh.questions.wording import WORLD, assumptions, command, group_text, spans
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("year", "personnel_type", "operation", "nation", "sex")
_UNITS = {"persons": "persons", "world": "persons", "nations": "nations", "share": "ratio"}
_YEAR_UNITS = {
    "persons_mean": "persons",
    "persons_december": "persons",
    "share_mean": "ratio",
    "share_december": "ratio",
    "months": "months",
    "person_months": "person-months",
}


def series(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return the persons that a group contributes, month by month.

    Columns: month, persons, world (all nations), share (persons / world), nations (contributing).
    ``view.by`` adds leading columns: personnel_type, operation, nation, sex; ``year`` condenses
    months to their mean and the December, and never adds them. A month without reports stays in the
    table, empty: unknown is not zero.
    """
    view = view or View()
    dimensions = view.dimensions_of(BREAKDOWNS)
    keys = tuple(name for name in dimensions if name != "year")
    selection = select(store, view, condensed=not set(keys) - {"nation", "sex"}, totals=True)
    if store.kind == "starter" and group == WORLD and not keys:
        # The small store holds the world's printed total of months that it has not by nation.
        only_total = set(totals_within(store, view)) - set(selection.months)
        absent = tuple(sorted(only_total | {*selection.absent}))
        selection = replace(selection, period=replace(selection.period, absent=absent))
    yearly = "year" in dimensions
    printed = {} if keys else _printed(store, selection)
    table = (
        parted(selection, group, keys, grid=yearly) if keys else together(selection, group, printed)
    )
    partial = () if group == WORLD or "nation" in keys else _sums_of_part(selection, group)
    if yearly:
        if partial:
            told = ~pl.col("month").is_in(partial)
            table = table.with_columns(pl.when(told).then(pl.col("persons")).alias("persons"))
        table = by_year(table, keys)
    return Result(
        name="contributions",
        title=f"Uniformed personnel of {group_text(group)}, {selection.view.scope_text}",
        table=table,
        units=_YEAR_UNITS if yearly else _UNITS,
        origins=store.origins([*selection.origins, *printed_by(store, printed)]),
        missing=(
            *selection.notes(group),
            *(selection.doubts.notes_on_women(selection.months) if "sex" in keys else ()),
            *_only_printed(printed),
            *_unknown(table, keys),
            *(_left_out(partial) if yearly else ()),
            *_short_years(table),
        ),
        assumed=(*assumptions(view, group), *_meaning(keys, yearly=yearly)),
        query=command(["contributions", group], view),
        chart=Chart(
            "line",
            "year" if yearly else "month",
            "persons_mean" if yearly else "persons",
            ",".join(keys) or None,
        ),
    )


def _sums_of_part(selection: Selection, group: str) -> tuple[str, ...]:
    """Return the months in which the sum of a group is that of some of its members only."""
    if not selection.part or selection.one_nation(group):
        return ()
    return tuple(sorted(selection.part))


def _left_out(partial: tuple[str, ...]) -> tuple[str, ...]:
    return (
        (f"Left out of the years: {spans(partial)}, of which only part is known.",)
        if partial
        else ()
    )


def _printed(store: Store, selection: Selection) -> dict[str, tuple[int, int | None]]:
    """Return the printed world totals of the months that have no report by nation."""
    within = set(totals_within(store, selection.view)) & set(selection.absent)
    return {month: printed_world(store)[month] for month in sorted(within)}


def _only_printed(printed: dict[str, tuple[int, int | None]]) -> tuple[str, ...]:
    if not printed:
        return ()
    return (f"Of {spans(printed)} only the world's printed total is known, not the nations.",)


def _meaning(keys: tuple[str, ...], *, yearly: bool) -> tuple[str, ...]:
    said = []
    if yearly:
        said += [
            "A year is the mean of its known months, with December beside it.",
            "person_months adds the twelve head-counts of a year, where all twelve are known: one "
            "person who serves the whole year is 12 of them. It is no number of persons.",
        ]
    if set(keys) - {"nation"}:
        said.append("The world of a row is the same part of all nations' contributions.")
    return tuple(said)


def _unknown(table: pl.DataFrame, keys: tuple[str, ...]) -> tuple[str, ...]:
    said = []
    if "operation" in keys and table["operation"].null_count():
        said.append("Rows without an operation: the source does not give it for those months.")
    if "sex" in keys and (table["sex"] == NOT_REPORTED).any():
        said.append("Women and men are not separated in part of the reports (sex: not reported).")
    return tuple(said)


def _short_years(table: pl.DataFrame) -> tuple[str, ...]:
    if "months" not in table.columns:
        return ()
    known: dict[int, int] = {}
    for year, months in zip(table["year"].to_list(), table["months"].to_list(), strict=True):
        known[year] = max(known.get(year, 0), months)
    short = (f"{year} ({known[year]})" for year in sorted(known) if known[year] < 12)
    listed = ", ".join(short)
    return (f"Years with fewer than 12 known months: {listed}.",) if listed else ()
