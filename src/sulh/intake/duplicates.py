"""Rows that stand twice: the same again is dropped and counted, a contradiction is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.intake.base import Flag
from sulh.intake.cells import Kept
from sulh.intake.figures import counted


def without_duplicates(frame: pl.DataFrame, key: Sequence[str], values: Sequence[str]) -> Kept:
    """Return the first row of each ``key``; ``values`` are numbers, a null counts as 0 here.

    >>> rows = pl.DataFrame({"nation": ["BGD", "BGD"], "persons": [9, 9], "line": [2, 3]})
    >>> kept, flags = without_duplicates(rows, ["nation"], ["persons"])
    >>> kept.height, flags[0].code
    (1, 'duplicates')
    """
    again = pl.struct(key).is_first_distinct().not_()
    later = frame.filter(again)
    if later.is_empty():
        return frame, []
    first = frame.filter(~again)
    filled = [pl.col(name).fill_null(0) for name in values]
    same = later.with_columns(filled).join(
        first.with_columns(filled).select(*key, *values, pl.col("line").alias("first")),
        on=[*key, *values],
        how="left",
        nulls_equal=True,
    )
    message = "the row says the same as an earlier one and was dropped"
    repeated = same.filter(pl.col("first").is_not_null())["line"].to_list()
    flags = list(counted("duplicates", message, repeated, "repaired"))
    other = same.filter(pl.col("first").is_null())
    return first, flags + _contradictions(first, other, key)


def _contradictions(first: pl.DataFrame, other: pl.DataFrame, key: Sequence[str]) -> list[Flag]:
    earlier = first.select(*key, pl.col("line").alias("earlier"))
    rows = other.drop("first").join(earlier, on=list(key), how="left", nulls_equal=True)
    return [
        Flag(
            "contradictory_duplicate",
            f"{', '.join(str(row[name]) for name in key)} stands on line {row['earlier']} with "
            "other figures; the earlier row was kept",
            "doubt",
            month=row.get("month"),
            line=row["line"],
        )
        for row in rows.iter_rows(named=True)
    ]
