"""Tables with text as numbered labels: what questions add up, without reading names again.

A version keeps such a copy beside each table in `CODED`. Labels are numbered in their own order,
so that sorting by number is sorting by name.
"""

from __future__ import annotations

import polars as pl

CODED = ("contributions", "nation_months")


def coded_name(table: str) -> str:
    """Return the name under which a version keeps the copy of a table."""
    return f"{table}.coded"


def coded(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with each column of text as an enumeration of its own sorted labels.

    >>> coded(pl.DataFrame({"nation": ["BGD", "AFG", None]}))["nation"].to_physical().to_list()
    [1, 0, None]
    """
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    return rows.with_columns(
        pl.col(name).cast(pl.Enum(rows[name].drop_nulls().unique().sort())) for name in texts
    )


def packed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return coded rows with numbers in half the space where they fit, to be read faster."""
    whole = [name for name, dtype in rows.schema.items() if dtype == pl.Int64]
    fitting = [name for name in whole if (rows[name].abs().max() or 0) < 2**31]  # type: ignore[operator]
    return rows.with_columns(pl.col(fitting).cast(pl.Int32))


def unpacked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that `packed` was given."""
    return rows.with_columns(pl.col(pl.Int32).cast(pl.Int64))
