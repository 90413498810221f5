"""Contributions of a group over time, with its share of the world's."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.questions.falls import sound
from sulh.questions.membership import memberless, members_by_month
from sulh.questions.quality import printed_by, printed_world
from sulh.questions.reported import giving
from sulh.questions.selection import (
    Selection,
    only_members,
    select,
    share,
    totals_within,
)
from sulh.questions.stock import by_year
from sulh.questions.view import View
from sulh.questions.wording import WORLD, assumptions, command, group_text, spans
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("year", "personnel_type", "operation", "nation", "sex")
NOT_REPORTED = "not reported"
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
    if selection.starter and group == WORLD and not keys:
        # The small store holds the world's printed total of months that it has not by nation.
        only_total = set(totals_within(store, view)) - set(selection.months)
        selection = replace(selection, absent=tuple(sorted(only_total | {*selection.absent})))
    yearly = "year" in dimensions
    before = () if group == WORLD else memberless(group, selection.months, view.membership)
    counted = _monthly(selection, group, keys, grid=yearly).filter(~pl.col("month").is_in(before))
    told = selection.whole & sound(selection.falls(group), by_nation="nation" in keys)
    table = _finish(_without_part(counted, selection, group, keys), selection, keys, told)
    printed = {} if keys else _printed(store, selection)
    table = _with_printed(table, printed, group)
    partial = () if group == WORLD or "nation" in keys else _sums_of_part(selection, group)
    if yearly:
        summed = pl.when(~pl.col("month").is_in(partial)).then(pl.col("persons")).alias("persons")
        table = by_year(table.with_columns(summed), keys)
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


def _monthly(
    selection: Selection, group: str, keys: tuple[str, ...], *, grid: bool
) -> pl.DataFrame:
    """Return a row for each month and combination of ``keys``; every nation's too if ``grid``."""
    rows = _counted(selection, keys)
    cells = ["month", *keys]
    own = only_members(rows, group, selection).group_by(cells)
    # The world of a nation is all nations; that of a type, an operation or a sex is its like.
    shared = [name for name in cells if name != "nation"]
    if shared == ["month"]:
        world = selection.world().select("month", world="persons").lazy()
    else:
        world = rows.group_by(shared).agg(pl.col("persons").sum().alias("world"))
    counted = own.agg(pl.col("persons").sum(), _nations(rows, selection))
    if group == WORLD and "nation" not in keys:
        return counted.with_columns(world=pl.col("persons")).collect()
    own_table, world_table = pl.collect_all([counted, world])
    if selection.view.scope == "other":  # no report is complete: whom none lists is unknown
        return own_table.join(world_table, on=shared, how="left", nulls_equal=True)
    if "nation" not in keys:
        return _zero_where_unlisted(world_table, own_table, cells, selection)
    if not grid:
        return own_table.join(world_table, on=shared, how="left", nulls_equal=True)
    seen = own_table.select("nation").unique()
    pairs = seen.join(pl.DataFrame({"month": selection.months}), how="cross")
    if group != WORLD:
        members = members_by_month(group, selection.months, selection.view.membership)
        pairs = pairs.join(members, on=["month", "nation"], how="semi")
    return _zero_where_unlisted(pairs.join(world_table, on="month"), own_table, cells, selection)


def _zero_where_unlisted(
    whole: pl.DataFrame, own: pl.DataFrame, cells: list[str], selection: Selection
) -> pl.DataFrame:
    """Join what is contributed to all that could be: whom a whole report does not list gave nobody.

    In a month of which only part is known, whoever is not listed stays unknown.
    """
    joined = whole.join(own, on=cells, how="left", nulls_equal=True)
    return joined.with_columns(
        pl.when(selection.listed)
        .then(pl.col(name).fill_null(0))
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("persons", "nations")
    )


def _without_part(
    table: pl.DataFrame, selection: Selection, group: str, keys: tuple[str, ...]
) -> pl.DataFrame:
    """Return the table without the world of months that hold only part of what was reported."""
    if not selection.part:
        return table
    names = ["world"]
    if group == WORLD and "nation" not in keys:
        names += ["persons", "nations"]
    return table.with_columns(
        pl.when(selection.in_full).then(pl.col(name)).alias(name) for name in names
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


def _finish(
    table: pl.DataFrame, selection: Selection, keys: tuple[str, ...], told: pl.Expr
) -> pl.DataFrame:
    """Add the share where it is told, and an empty row for each month that cannot be answered."""
    world = pl.col("world") if selection.world_known else pl.lit(None, dtype=pl.Int64)
    table = table.with_columns(share("persons", "world", told), world.alias("world"))
    if not keys:
        silent = pl.Series("month", [*selection.absent, *selection.unscoped], pl.String)
        table = pl.concat([table, silent.to_frame()], how="diagonal")
    order = [*keys, "month", "persons", "world", "share", "nations"]
    return table.select(order).sort([*keys, "month"], nulls_last=True)


def _printed(store: Store, selection: Selection) -> dict[str, tuple[int, int | None]]:
    """Return the printed world totals of the months that have no report by nation."""
    within = set(totals_within(store, selection.view)) & set(selection.absent)
    return {month: printed_world(store)[month] for month in sorted(within)}


def _with_printed(
    table: pl.DataFrame, printed: dict[str, tuple[int, int | None]], group: str
) -> pl.DataFrame:
    """Fill the world of months without a report by nation; of `WORLD` also the persons."""
    if not printed:
        return table
    rows = [(month, *figures) for month, figures in printed.items()]
    schema = {"month": pl.String, "_persons": pl.Int64, "_nations": pl.Int64}
    known = pl.DataFrame(rows, schema=schema, orient="row")
    filled = [pl.col("world").fill_null(pl.col("_persons"))]
    if group == WORLD:
        filled += [
            pl.col("persons").fill_null(pl.col("_persons")),
            pl.col("nations").fill_null(pl.col("_nations")),
        ]
    return table.join(known, on="month", how="left").with_columns(filled).select(table.columns)


def _only_printed(printed: dict[str, tuple[int, int | None]]) -> tuple[str, ...]:
    if not printed:
        return ()
    return (f"Of {spans(printed)} only the world's printed total is known, not the nations.",)


def _nations(rows: pl.LazyFrame, selection: Selection) -> pl.Expr:
    """Return the number of nations with persons among the rows of a group."""
    names = rows.collect_schema()
    persons = pl.col("persons")
    if "giving" not in names or selection.known.others:
        counted = pl.col("nation").filter(persons > 0).n_unique().cast(pl.Int64)
    elif selection.view.scope in ("un", "all") or "sex" in names:
        counted = pl.col("giving").sum()
    else:
        counted = (persons > 0).sum().cast(pl.Int64)
    return counted.alias("nations")


def _counted(selection: Selection, keys: tuple[str, ...]) -> pl.LazyFrame:
    """Return the rows to add up, by sex if that is asked."""
    rows = selection.rows
    if "sex" in keys and "unseparated" in rows.collect_schema():
        return _by_sex(selection)
    if "sex" in keys:
        known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
        return pl.concat(
            [
                rows.filter(known).with_columns(sex=pl.lit("women"), persons=pl.col("women")),
                rows.filter(known).with_columns(sex=pl.lit("men"), persons=pl.col("men")),
                rows.filter(~known).with_columns(sex=pl.lit(NOT_REPORTED)),
            ]
        )
    return rows


def _by_sex(selection: Selection) -> pl.LazyFrame:
    """Return condensed rows with a column ``sex`` (women, men, not reported), persons for each."""
    rows = selection.rows
    parts = []
    for column, name in (("women", "women"), ("men", "men"), ("unseparated", NOT_REPORTED)):
        there = pl.col(column) > 0 if column == "unseparated" else pl.col(column).is_not_null()
        counted = rows.with_columns(giving(column)).filter(there)
        parts.append(
            counted.select(
                "month", "nation", "giving", pl.col(column).alias("persons"), sex=pl.lit(name)
            )
        )
    return pl.concat(parts)


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
    known = table.group_by("year").agg(pl.col("months").max()).sort("year")
    short = known.filter(pl.col("months") < 12)
    listed = ", ".join(f"{year} ({months})" for year, months in short.iter_rows())
    return (f"Years with fewer than 12 known months: {listed}.",) if listed else ()
