"""The grid of months that a store is meant to hold, and the months that are absent from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sulh.core.months import month_range


def yearly(months: Sequence[str]) -> bool:
    """Return whether a store holds Decembers, and perhaps another last month, only.

    >>> yearly(["1990-12", "1991-12", "1992-07"]), yearly(["1990-11", "1990-12"])
    (True, False)
    """
    before = months[:-1]
    return len(before) > 1 and all(month.endswith("-12") for month in before)


def absent(months: Sequence[str]) -> tuple[str, ...]:
    """Return the months that lack between the first and the last of a store's months, in order.

    A store of Decembers lacks Decembers only.

    >>> absent(["1990-12", "1991-12", "1993-12"]), absent(["1990-11", "1991-01"])
    (('1992-12',), ('1990-12',))
    """
    there, decembers = set(months), yearly(months)
    return tuple(
        month
        for month in month_range(months[0], months[-1])
        if month not in there and (month.endswith("-12") or not decembers)
    )


def with_holes(
    rows: Sequence[dict[str, Any]], lacking: Iterable[str], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Return rows by month with an empty row for each month that lacks between their ends."""
    if not rows:
        return []
    first, last = rows[0]["month"], rows[-1]["month"]
    there = {row["month"] for row in rows}
    empty = [
        {"month": month} | dict.fromkeys(columns)
        for month in lacking
        if first < month < last and month not in there
    ]
    return sorted([*rows, *empty], key=lambda row: row["month"])
