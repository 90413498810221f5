"""Personnel types in columns: turn them into rows, and check them against the printed total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sulh.intake.base import Flag


def long_types(
    frame: pl.DataFrame, keep: Sequence[str], columns: Mapping[str, str]
) -> pl.DataFrame:
    """Return a row for each personnel type with persons above zero.

    ``columns`` maps a column to its personnel type. An empty or zero cell of a type gives no row:
    wide files write both where a contributor has nobody of that type, so that neither says more
    than the absence of the row.

    >>> frame = pl.DataFrame({"month": ["2010-10"], "troops": [8], "police": [None]})
    >>> long_types(frame, ["month"], {"troops": "troops", "police": "police"}).rows()
    [('2010-10', 'troops', 8)]
    """
    parts = [
        frame.select(
            *keep,
            pl.lit(kind).alias("personnel_type"),
            pl.col(column).cast(pl.Int64).alias("persons"),
        )
        for column, kind in columns.items()
    ]
    return pl.concat(parts).filter(pl.col("persons") > 0)


def sum_flags(frame: pl.DataFrame, parts: Sequence[str], total: str, code: str) -> list[Flag]:
    """Return a flag for each row in which the ``parts`` do not add up to the printed ``total``.

    An empty part counts as none; a row with an empty total is not checked.
    """
    found = pl.sum_horizontal(pl.col(name).fill_null(0) for name in parts)
    wrong = frame.with_columns(found.alias("sum of parts")).filter(
        pl.col(total).is_not_null() & (pl.col(total) != pl.col("sum of parts"))
    )
    return [
        Flag(
            code,
            f"{_whose(row)}: {' + '.join(parts)} is {row['sum of parts']}, "
            f"but {total} is printed as {row[total]}",
            "doubt",
            month=row.get("month"),
            line=row["line"],
        )
        for row in wrong.iter_rows(named=True)
    ]


def _whose(row: Mapping[str, object]) -> str:
    names = [row.get(name) for name in ("nation_name", "operation_name", "month")]
    return ", ".join(str(name) for name in names if name is not None)


def women_above_men(frame: pl.DataFrame, women: str, men: str) -> tuple[Flag, ...]:
    """Return a doubt where women outnumber men in the whole file: the columns may be exchanged."""
    sums = frame.select(pl.col(women).sum(), pl.col(men).sum()).row(0)
    if sums[0] <= sums[1]:
        return ()
    message = (
        f"{sums[0]:,} women and {sums[1]:,} men in the file: no published month has more women "
        "than men in uniform, so the two columns may be exchanged"
    )
    return (Flag("women_outnumber_men", message, "doubt"),)
