"""Find the months of a source whose figures do not reconcile: ``origin, month, why``."""

from __future__ import annotations

import polars as pl

from sulh.store.checks.months import copied_months

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
    """Return the months in which every figure of a source is that of the month before."""
    found = [
        (str(origin), month, "every figure is that of the month before: copied, not observed")
        for (origin,), part in rows.group_by("origin", maintain_order=True)
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
