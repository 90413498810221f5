"""Contributions of a group over time, with its share of the world's."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.questions.falls import sound
from sulh.questions.labels import as_text, marked, within
from sulh.questions.membership import memberless, membership_of
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
_SEXES = ("women", "men", NOT_REPORTED)
_SEX = pl.Enum(sorted(_SEXES))
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
    counted = _monthly(selection, group, keys, grid=yearly)
    if before:
        counted = counted.filter(~marked(counted["month"], before))
    told = selection.whole(counted["month"])
    told &= sound(selection.falls(group), counted, by_nation="nation" in keys)
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
    counted = only_members(rows, group, selection).group_by(cells)
    own = counted.agg(pl.col("persons").sum(), _nations(rows, selection))
    if group == WORLD and "nation" not in keys:
        return own.with_columns(world=pl.col("persons"))
    # The world of a nation is all nations; that of a type, an operation or a sex is its like.
    shared = [name for name in cells if name != "nation"]
    if shared == ["month"]:
        world = selection.world().select("month", world="persons")
    else:
        world = rows.group_by(shared).agg(pl.col("persons").sum().alias("world"))
    if selection.view.scope == "other":  # no report is complete: whom none lists is unknown
        return own.join(world, on=shared, how="left", nulls_equal=True)
    if "nation" not in keys:
        return _zero_where_unlisted(world, own, cells, selection)
    if not grid:
        return own.join(world, on=shared, how="left", nulls_equal=True)
    pairs = own.select("nation").unique().join(world.select("month").unique(), how="cross")
    if group != WORLD:
        found = membership_of(group, selection.months, selection.view.membership)
        pairs = pairs.filter(within(pairs["nation"], pairs["month"], found.spans.iter_rows()))
    return _zero_where_unlisted(pairs.join(world, on="month"), own, cells, selection)


def _zero_where_unlisted(
    whole: pl.DataFrame, own: pl.DataFrame, cells: list[str], selection: Selection
) -> pl.DataFrame:
    """Join what is contributed to all that could be: whom a whole report does not list gave nobody.

    In a month of which only part is known, whoever is not listed stays unknown.
    """
    joined = whole.join(own, on=cells, how="left", nulls_equal=True)
    listed = selection.listed(joined["month"])
    return joined.with_columns(
        pl.when(listed).then(pl.col(name).fill_null(0)).otherwise(pl.col(name)).alias(name)
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
    full = selection.in_full(table["month"])
    return table.with_columns(pl.when(full).then(pl.col(name)).alias(name) for name in names)


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
    table: pl.DataFrame, selection: Selection, keys: tuple[str, ...], told: pl.Series
) -> pl.DataFrame:
    """Add the share where it is told, and an empty row for each month that cannot be answered."""
    world = pl.col("world") if selection.world_known else pl.lit(None, pl.Int64).alias("world")
    order = [*keys, "month"]
    table = table.select(*order, "persons", world, share("persons", "world", told), "nations").sort(
        order, nulls_last=True
    )
    silent = [*selection.absent, *selection.unscoped]
    if keys or not silent:
        return as_text(table)
    empty = pl.Series("month", silent, pl.String).to_frame()
    return pl.concat([as_text(table), empty], how="diagonal").sort("month")


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


def _nations(rows: pl.DataFrame, selection: Selection) -> pl.Expr:
    """Return the number of nations with persons among the rows of a group."""
    names = rows.columns
    persons = pl.col("persons")
    if "giving" not in names or selection.known.others:
        counted = pl.col("nation").filter(persons > 0).n_unique().cast(pl.Int64)
    elif selection.view.scope in ("un", "all") or "sex" in names:
        counted = pl.col("giving").sum()
    else:
        counted = (persons > 0).sum().cast(pl.Int64)
    return counted.alias("nations")


def _counted(selection: Selection, keys: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows to add up, by sex if that is asked: women, men, not reported."""
    rows = selection.rows
    if "sex" not in keys:
        return rows
    if "unseparated" not in rows.columns:
        known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
        parts = [
            rows.filter(known).with_columns(persons=pl.col("women")),
            rows.filter(known).with_columns(persons=pl.col("men")),
            rows.filter(~known),
        ]
        return pl.concat(
            part.with_columns(sex=pl.lit(name, _SEX))
            for part, name in zip(parts, _SEXES, strict=True)
        )
    given = rows.select("month", "nation", "women", "men", "unseparated")
    return pl.concat(
        given.select(
            "month",
            "nation",
            giving(column),
            pl.col(column).alias("persons"),
            sex=pl.lit(name, _SEX),
        ).filter(pl.col("persons") > 0 if column == "unseparated" else pl.col("persons") >= 0)
        for column, name in zip(("women", "men", "unseparated"), _SEXES, strict=True)
    )


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
