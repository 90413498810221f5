"""Give remarks of doubt the months that they are about, so that answers can tell of them."""

from __future__ import annotations

import polars as pl


def located(flags: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Return the flags; doubts and refusals without a month get those of the rows they speak of.

    ``readings`` are the rows of all files, with ``file``, ``page``, ``line`` and ``month``. A
    remark on a line is of that line's month, a doubt on a whole file of each of its months, a row
    each. A row that was refused is among no readings: its month is known where the file has one.
    What finds no month stays as it is.
    """
    silent = pl.col("month").is_null() & pl.col("severity").is_in(["doubt", "refused"])
    open_ = flags.with_row_index("_at").filter(silent & pl.col("file").is_not_null())
    places = readings.select("file", "page", "line", found="month").unique()
    on_line = open_.filter(pl.col("line").is_not_null()).join(
        places, on=["file", "page", "line"], nulls_equal=True
    )
    months = places.select("file", "found").unique()
    alone = pl.col("found").len().over("file") == 1
    on_file = (
        open_.join(on_line, on="_at", how="anti")
        .join(months.with_columns(alone.alias("_alone")), on="file")
        .filter(pl.col("line").is_null() & (pl.col("severity") == "doubt") | pl.col("_alone"))
    )
    hits = pl.concat([rows.select("_at", "found") for rows in (on_line, on_file)]).unique()
    return (
        flags.with_row_index("_at")
        .join(hits, on="_at", how="left", maintain_order="left")
        .with_columns(pl.coalesce("month", "found").alias("month"))
        .select(flags.columns)
    )
