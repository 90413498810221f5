"""Rows for months in which their operation did not run."""

from __future__ import annotations

import polars as pl

from sulh.core.months import shift_month
from sulh.facts.operations import operations
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger

OWN = 2  # months in which the first arrive before an operation begins, or the last leave after
PUBLISHED = 12  # UNAMID ended in December 2020, and the reports count its last until December 2021
_LINES = 10
_BOUNDS = {"operation": pl.String, "first": pl.String, "last": pl.String, "ran": pl.String}


def doubt_lifetimes(rows: pl.DataFrame, ledger: Ledger, slack: int = OWN) -> None:
    """Remark on rows more than ``slack`` months before the start or after the end of an operation.

    ``rows`` have ``month``, ``operation``, ``line``, ``sha256``, ``origin`` and ``persons``; they
    stay as they are, and those without persons raise no doubt. An operation whose start or end is
    not known is open on that side.
    """
    if rows.is_empty():
        return
    bounded = rows.filter(pl.col("persons") > 0).join(_bounds(slack), on="operation")
    bounded = bounded.filter(
        (pl.col("month") < pl.col("first")) | (pl.col("month") > pl.col("last"))
    )
    grouped = bounded.group_by("sha256", "origin", "operation", "ran", "month").agg(
        pl.col("line").sort().head(_LINES),
        pl.len(),
        pl.col("line").min().alias("at"),
    )
    for row in grouped.sort("sha256", "operation", "month").to_dicts():
        lines = ", ".join(map(str, row["line"])) + (", …" if row["len"] > _LINES else "")
        label = "line" if row["len"] == 1 else f"{row['len']} rows, lines"
        told = (
            f"{row['operation']} ran {row['ran']}; the file has it in {row['month']} "
            f"({label} {lines}). Check the month and the operation"
        )
        remark = Remark("outside_operation", told, "doubt", row["month"], line=row["at"])
        ledger.remark(row["sha256"], row["origin"], remark)


def _bounds(slack: int) -> pl.DataFrame:
    """Return for each operation the months within which its rows raise no doubt."""
    rows = [
        (
            each.operation,
            shift_month(each.dates.first_day[:7], -slack) if each.start else "",
            shift_month(each.dates.last_day[:7], slack) if each.end else "9999",
            f"{each.start or '?'} to {each.end or 'now'}",
        )
        for each in operations().values()
    ]
    return pl.DataFrame(rows, schema=_BOUNDS, orient="row")
