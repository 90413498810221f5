"""What files of pairs of nations share: Correlates of War numbers, years, one row a tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sulh.intake.base import Document, Flag, tidy
from sulh.intake.cells import counts
from sulh.intake.figures import counted, refuse_if_unfit, require_columns, required, years
from sulh.intake.text import read_csv

HIGHEST_CODE = 999


def pairs(
    document: Document, columns: Sequence[str], figures: Sequence[str], most: int = 9
) -> tuple[pl.DataFrame, list[Flag]]:
    """Return the rows of a file of pairs by year, with whole numbers in ``figures``.

    ``columns`` are those of the two Correlates of War numbers. Rows that cannot be read are kept
    apart with a flag each; a row of a nation with itself, or a pair given twice in a year, too.
    Raises `RefusedFile`.
    """
    table = read_csv(document)
    require_columns(document, table.frame, [*columns, "year", *figures])
    flags = list(table.flags)
    frame, found = years(table.frame)
    flags += found
    frame, found = counts(frame, columns, most=HIGHEST_CODE)
    flags += found
    frame, found = counts(frame, figures, none=("NA", "-9", "."), most=most)
    flags += found
    frame, found = required(frame, list(columns))
    flags += found
    own = pl.col(columns[0]) == pl.col(columns[1])
    lines = frame.filter(own)["line"].to_list()
    flags += counted("nation_with_itself", "both nations are the same", lines, "refused")
    frame = frame.filter(~own)
    refuse_if_unfit(document, table.frame.height, frame.height, flags)
    return frame.with_columns(pl.col(name).cast(pl.String) for name in columns), flags


def ties(frame: pl.DataFrame, columns: Sequence[str], kinds: Mapping[str, str]) -> pl.DataFrame:
    """Return a tidy tie for each column of ``kinds`` that is above zero in a row.

    ``kinds`` gives the kind of tie by column; the value is the cell.
    """
    first, second = columns
    parts = [
        frame.filter(pl.col(column) > 0).select(
            "year",
            pl.col(first).alias("nation_code"),
            pl.col(second).alias("partner_code"),
            pl.lit("cow").alias("code_system"),
            pl.lit(kind).alias("kind"),
            pl.col(column).cast(pl.Float64).alias("value"),
            "line",
        )
        for column, kind in kinds.items()
    ]
    return tidy("ties", pl.concat(parts).sort("line", maintain_order=True))


def both_ways(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ties without direction as two rows each, once from either side.

    A pair that the file gives from both sides already is not doubled.
    """
    turned = rows.with_columns(
        pl.col("partner_code").alias("nation_code"), pl.col("nation_code").alias("partner_code")
    )
    key = ["year", "nation_code", "partner_code", "kind"]
    whole = pl.concat([rows, turned]).unique(key, keep="first", maintain_order=True)
    return whole.sort("line", maintain_order=True)
