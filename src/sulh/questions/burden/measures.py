"""Contributions by inhabitants, product, armed forces and military expenditure of a nation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from sulh.questions.burden.concentration import contributions_of
from sulh.questions.burden.figures import MAX_AGE, MEASURES, latest_figures
from sulh.questions.burden.over_time import burden_over_time
from sulh.questions.ground import names_of
from sulh.questions.labels import as_text
from sulh.questions.membership import members_on
from sulh.questions.selection import Selection, refuse_unanswerable, select
from sulh.questions.view import View, one_breakdown
from sulh.questions.wording import WORLD, assumptions, command, count_of, group_text, month_text
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("nation", "month")


def burden(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return each nation's contribution in a month by head, product, forces and spending.

    With ``view.by`` month: the group as a whole over time, see `burden_over_time`.

    The month is the last one of the view that has reports. A row is a nation of the group (of
    `WORLD`: a contributor); a member that a complete report does not list contributes zero.
    Columns: nation, name, persons, rank (within the group), and for each measure the value, its
    rank, and the year of the yearly figure: the latest year not after the month's. A nation without
    such a figure has null there, and is named under what is missing.
    """
    view = view or View()
    if one_breakdown(view, BREAKDOWNS) == "month":
        return burden_over_time(store, group, view)
    view = replace(view, by=None)
    selection = select(store, view, condensed=True)
    month = max((*selection.months, *selection.unscoped))
    single = select(store, replace(view, from_=month, to=month), condensed=True)
    refuse_unanswerable(single, month)
    counts = as_text(contributions_of(single, group).select("nation", "persons"))
    table = _with_members(counts, group, single)
    table, keys = _measured(table, store, int(month[:4]))
    names = names_of(table["nation"].to_list())
    order = ["nation", "name", "persons", "rank"]
    table = table.with_columns(
        _place("persons").alias("rank"),
        name=pl.col("nation").replace_strict(names, default=None, return_dtype=pl.String),
    ).sort(["rank", "name"], nulls_last=True)
    return Result(
        name="burden",
        title=f"Shared responsibility in {month_text(month)}: {group_text(group)}, "
        f"{view.scope_text}",
        table=table.select(*order, pl.exclude(order)),
        units={"persons": "persons"} | {m.column: m.unit for m in MEASURES},
        origins=store.origins([*single.origins, *keys]),
        missing=(*single.notes(group), *_lacking(table), *_old(table, int(month[:4]))),
        assumed=(
            *assumptions(view, group),
            f"Month: {month}, the last with reports. Yearly figures: the latest year not after it.",
            "Ranks are within the group; equal values share a rank.",
        ),
        query=command(["burden", group], view),
        chart=Chart("bar", "name", "persons_per_million"),
    )


def _with_members(counts: pl.DataFrame, group: str, selection: Selection) -> pl.DataFrame:
    """Return a row a member: whom a whole report does not list gave nobody, else it is unknown."""
    if group == WORLD:
        return counts
    view = selection.view
    names = members_on(group, str(view.to), view.membership)
    members = pl.DataFrame({"nation": names}, schema={"nation": pl.String})
    joined = members.join(counts, on="nation", how="left")
    whole = view.scope != "other" and view.to not in selection.part
    return joined.with_columns(pl.col("persons").fill_null(0)) if whole else joined


def _measured(table: pl.DataFrame, store: Store, year: int) -> tuple[pl.DataFrame, list[str]]:
    """Add value, rank and year of each measure; return also the origins of the figures used."""
    used: set[str] = set()
    for measure in MEASURES:
        own = latest_figures(store, measure, year).select(
            "nation", pl.col("value").alias("_value"), pl.col("year").alias(measure.year), "origin"
        )
        table = table.join(own, on="nation", how="left")
        used.update(table["origin"].drop_nulls())
        value = pl.when(pl.col("_value") > 0).then(
            pl.col("persons") / pl.col("_value") * measure.per
        )
        table = table.with_columns(value.alias(measure.column)).with_columns(
            _place(measure.column).alias(f"{measure.column}_rank")
        )
        table = table.drop("_value", "origin").select(pl.exclude(measure.year), measure.year)
    return table, sorted(used)


def _place(column: str) -> pl.Expr:
    return pl.col(column).rank("min", descending=True).cast(pl.Int64)


def _lacking(table: pl.DataFrame) -> Iterable[str]:
    for measure in MEASURES:
        lacking = pl.col(measure.column).is_null() & pl.col("persons").is_not_null()
        nations = table.filter(lacking)["nation"].sort().to_list()
        if nations:
            yield (
                f"No usable figure of {measure.text} in the last {MAX_AGE} years: "
                f"{', '.join(nations)}."
            )


def _old(table: pl.DataFrame, year: int) -> Iterable[str]:
    for measure in MEASURES:
        years = table[measure.year].drop_nulls().sort().to_list()
        if years and years[0] != year:
            yield (
                f"Figures of {measure.text} are of {_span(years)}, "
                f"up to {count_of(year - years[0], 'year')} older than the head-count."
            )


def _span(years: list[int]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
