"""Names that stand for several numbered operations, as UNAVEM does for UNAVEM I, II and III."""

from __future__ import annotations

import polars as pl

from sulh.intake.base import Flag

_NUMBERED = r"^(.*\S)\s+I{1,3}$"


def umbrella_flags(frame: pl.DataFrame, column: str = "operation_name") -> list[Flag]:
    """Return a note for each name that also stands in the file with a number behind it.

    >>> rows = pl.DataFrame({"operation_name": ["UNEF", "UNEF I", "UNTSO"], "line": [2, 3, 4]})
    >>> [flag.line for flag in umbrella_flags(rows)]
    [2]
    """
    stems = set(frame[column].str.extract(_NUMBERED).drop_nulls().to_list())
    rows = frame.filter(pl.col(column).is_in(sorted(stems))).unique(column, keep="first")
    return [
        Flag(
            "umbrella_operation",
            f"{row[column]} stands beside numbered operations of that name: its date tells which "
            "is meant, and it is not one more operation",
            "note",
            line=row["line"],
        )
        for row in rows.sort("line").iter_rows(named=True)
    ]
