"""Contributions month by month in parts: by nation, type of personnel, operation or sex."""

from __future__ import annotations

import polars as pl

from sulh.questions.contributions.sums import sums
from sulh.questions.labels import NONE, as_text, marked, within
from sulh.questions.membership import memberless, membership_of
from sulh.questions.selection import Selection, only_members, share
from sulh.questions.wording import WORLD


def parted(selection: Selection, group: str, keys: tuple[str, ...], *, grid: bool) -> pl.DataFrame:
    """Return a row for each month and combination of ``keys``; every nation's too if ``grid``.

    Columns: the keys, month, persons, world, share, nations.
    """
    counted = _monthly(selection, group, keys, grid=grid)
    before = (
        () if group == WORLD else memberless(group, selection.months, selection.view.membership)
    )
    if before:
        counted = counted.filter(~marked(counted["month"], before))
    told = selection.whole(counted["month"]) & _sound(selection, group, counted)
    table = _without_part(counted, selection, group)
    world = pl.col("world") if selection.world_known else pl.lit(None, pl.Int64).alias("world")
    order = [*keys, "month"]
    shown = table.select(*order, "persons", world, share("persons", "world", told), "nations")
    return as_text(shown.sort(order, nulls_last=True))


def _sound(selection: Selection, group: str, rows: pl.DataFrame) -> pl.Expr:
    """Return whether a row's share can be told: no fall of its nation, or of the only member."""
    found = selection.falls(group)
    if "nation" not in rows.columns:
        return ~marked(rows["month"], {each.month for each in found if each.alone})
    told = ~NONE
    in_nation: dict[str, set[str]] = {}
    for each in found:
        in_nation.setdefault(each.nation, set()).add(each.month)
    for nation, months in in_nation.items():
        told &= ~(marked(rows["nation"], [nation]) & marked(rows["month"], months))
    return told


def _monthly(
    selection: Selection, group: str, keys: tuple[str, ...], *, grid: bool
) -> pl.DataFrame:
    rows, cells = selection.rows, ["month", *keys]
    own = sums(only_members(rows, group, selection), cells, selection)
    if group == WORLD and "nation" not in keys:
        return own.with_columns(world=pl.col("persons"))
    # The world of a nation is all nations; that of a type, an operation or a sex is its like.
    shared = [name for name in cells if name != "nation"]
    if shared == ["month"]:
        world = pl.DataFrame(
            {"month": [*selection.world()], "world": [*selection.world().values()]},
            schema={"month": rows["month"].dtype, "world": pl.Int64},
        )
    else:
        world = sums(rows, shared, selection).select(*shared, world="persons")
    if selection.view.scope == "other":  # no report is complete: whom none lists is unknown
        return own.join(world, on=shared, how="left", nulls_equal=True)
    if "nation" not in keys:
        return _zero_where_unlisted(world, own, cells, selection)
    if not grid:
        return own.join(world, on=shared, how="left", nulls_equal=True)
    pairs = own.select("nation").unique().join(world.select("month").unique(), how="cross")
    if group != WORLD:
        found = membership_of(group, selection.months, selection.view.membership)
        pairs = pairs.filter(within(pairs, found.spans.iter_rows()))
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


def _without_part(table: pl.DataFrame, selection: Selection, group: str) -> pl.DataFrame:
    """Return the table without the world of months that hold only part of what was reported."""
    if not selection.part:
        return table
    names = ["world"]
    if group == WORLD and "nation" not in table.columns:
        names += ["persons", "nations"]
    full = selection.in_full(table["month"])
    return table.with_columns(pl.when(full).then(pl.col(name)).alias(name) for name in names)
