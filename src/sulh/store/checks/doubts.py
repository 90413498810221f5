"""Find the months of a source whose figures do not reconcile: ``origin, month, why``."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.store.checks.months import copied_months

NEAR = 0.005
"""Two sources that count the same month are near if their totals differ by at most this share.

In the files known, transcription errors of single figures stay below 0.35 %, nations left out lie
above 1 %.
"""

FEWEST = 30
"""No report since 1990 names fewer than 37 nations (March 1991)."""

_SHAPE = dict.fromkeys(("origin", "month", "why"), pl.String)


def doubts_from_totals(rows: pl.DataFrame, world: pl.DataFrame | None) -> pl.DataFrame:
    """Return the months where the sum of the rows is not the source's own printed total.

    Compared is the total of all uniformed personnel, for sources that print one.
    """
    if world is None:
        return pl.DataFrame(schema=_SHAPE)
    compared = compare_totals(rows, world).filter(pl.col("persons") != pl.col("printed"))
    told = [
        f"the rows add up to {persons:,}, the printed total is {printed:,}"
        for persons, printed in compared.select("persons", "printed").iter_rows()
    ]
    return compared.select("origin", "month", pl.Series("why", told, dtype=pl.String))


def compare_totals(rows: pl.DataFrame, world: pl.DataFrame) -> pl.DataFrame:
    """Return ``origin, month, persons, printed``: sums of rows beside the source's own totals."""
    summed = (
        rows.filter(pl.col("personnel_type") != "civilian")
        .group_by("origin", "month")
        .agg(pl.col("persons").sum())
    )
    printed = (
        world.filter(pl.col("personnel_type") == "uniformed")
        .group_by("origin", "month")
        .agg(pl.col("persons").max().alias("printed"))
    )
    return summed.join(printed, on=["origin", "month"]).sort("origin", "month")


def doubts_from_copies(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the months in which every figure of a source is that of the month before.

    Months of fewer nations than any report has are left out: a few nations may well stay the same.
    """
    enough = pl.col("nation").n_unique().over("origin", "month") >= FEWEST
    found = [
        (str(origin), month, "every figure is that of the month before: copied, not observed")
        for (origin,), part in rows.filter(enough).group_by("origin", maintain_order=True)
        for month in copied_months(part)
    ]
    return pl.DataFrame(found, schema=_SHAPE, orient="row").sort("origin", "month")


def doubts_from_losses(read: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the months of which rows were kept apart, with the number of persons in them."""
    by = ["origin", "month"]
    before = read.group_by(by).agg(pl.len().alias("rows"), pl.col("persons").sum())
    after = kept.group_by(by).agg(pl.len().alias("left"), pl.col("persons").sum().alias("still"))
    lost = (
        before.join(after, on=by, how="left")
        .with_columns(pl.col("left", "still").fill_null(0))
        .filter(pl.col("left") < pl.col("rows"))
        .sort(by)
    )
    told = [
        f"{rows - left} rows with {persons - still:,} persons were kept apart"
        for rows, left, persons, still in lost.select(
            "rows", "left", "persons", "still"
        ).iter_rows()
    ]
    return lost.select(*by, pl.Series("why", told, dtype=pl.String))


def far_from_all(persons: int, totals: Sequence[int]) -> bool:
    """Return whether a sum is far from every total given; false if there are none.

    >>> far_from_all(96_846, [97_857]), far_from_all(97_716, [97_857]), far_from_all(1, [])
    (True, False, False)
    """
    return bool(totals) and all(abs(persons - total) > NEAR * total for total in totals)


def doubts_from_others(rows: pl.DataFrame, world: pl.DataFrame | None) -> pl.DataFrame:
    """Return the months where the sum of the rows is far from the total that others print."""
    if world is None:
        return pl.DataFrame(schema=_SHAPE)
    printed = totals_by_month(world)
    summed = (
        rows.filter(pl.col("personnel_type") != "civilian")
        .group_by("origin", "month")
        .agg(pl.col("persons").sum())
        .sort("origin", "month")
    )
    found = [
        (origin, month, _far(persons, printed[month]))
        for origin, month, persons in summed.iter_rows()
        if far_from_all(persons, printed.get(month, ()))
    ]
    return pl.DataFrame(found, schema=_SHAPE, orient="row")


def _far(persons: int, totals: Sequence[int]) -> str:
    told = " or ".join(f"{total:,}" for total in totals)
    return f"the rows add up to {persons:,}, the total printed for the month is {told}"


def totals_by_month(world: pl.DataFrame | None) -> dict[str, tuple[int, ...]]:
    """Return the totals of uniformed personnel that any source prints, by month."""
    if world is None:
        return {}
    totals = (
        world.filter(pl.col("personnel_type") == "uniformed")
        .group_by("month")
        .agg(pl.col("persons").unique().sort())
    )
    return {month: tuple(persons) for month, persons in totals.iter_rows()}
