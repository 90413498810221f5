"""Compare what was read with the totals that the source prints."""

from __future__ import annotations

import polars as pl

_KIND = {
    "troops": "military",
    "staff_officers": "military",
    "experts_on_mission": "military",
    "individual_police": "police",
    "formed_police": "police",
    "police": "police",
}


def doubts_from_totals(rows: pl.DataFrame, world: pl.DataFrame | None) -> pl.DataFrame:
    """Return ``origin, month, why`` where the sum of rows is not the source's own printed total.

    Compared is the total of all uniformed personnel, for origins that print one.
    """
    shape = dict.fromkeys(("origin", "month", "why"), pl.String)
    if world is None:
        return pl.DataFrame(schema=shape)
    compared = compare_totals(rows, world).filter(pl.col("persons") != pl.col("printed"))
    told = [
        f"the rows add up to {persons:,}, the printed total is {printed:,}"
        for persons, printed in compared.select("persons", "printed").iter_rows()
    ]
    return compared.select("origin", "month", pl.Series("why", told, dtype=pl.String))


def compare_totals(rows: pl.DataFrame, world: pl.DataFrame) -> pl.DataFrame:
    """Return ``origin, month, persons, printed``: sums of rows beside the origin's own totals."""
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
