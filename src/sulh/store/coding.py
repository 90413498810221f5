"""Tables with text as numbered labels: what questions add up, without reading names again.

A version keeps such a copy beside each table in `CODED`. Labels are numbered in their own order,
so that sorting by number is sorting by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

CODED = ("contributions", "nation_months")
_LABELS = "sulh:labels"


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


def packed(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return coded rows as bare numbers, in half the space where they fit, to be read faster.

    With them what a file says of itself: the labels of each column, as JSON.
    """
    labels = {
        name: dtype.categories.to_list()
        for name, dtype in rows.schema.items()
        if isinstance(dtype, pl.Enum)
    }
    whole = [name for name, dtype in rows.schema.items() if dtype == pl.Int64]
    fitting = [name for name in whole if (rows[name].abs().max() or 0) < 2**31]  # type: ignore[operator]
    numbers = rows.with_columns(pl.col(pl.Enum).to_physical(), pl.col(fitting).cast(pl.Int32))
    return numbers, {_LABELS: json.dumps(labels, ensure_ascii=False, separators=(",", ":"))}


def unpacked(rows: pl.DataFrame, told: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows that `packed` was given, from its two parts.

    A file that was written before `packed` left labels out has them in its columns.
    """
    labels = json.loads(told.get(_LABELS, "{}"))
    named = [
        # Of a series itself: an expression would take twice the time.
        pl.Series(name, each, dtype=pl.Enum(each))[rows[name]]
        for name, each in labels.items()
    ]
    return rows.with_columns(pl.col(pl.Int32).cast(pl.Int64), *named)
