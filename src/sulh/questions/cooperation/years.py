"""Years that a question asks about, and the years that each source covers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sulh.core.errors import BadRequest
from sulh.store.reading import Store


def year_of(text: str | None, option: str) -> int | None:
    """Return the year of an option, written 1995 or 1995-06; None if it was not given.

    >>> year_of("1995-06", "--from")
    1995
    """
    if text is None:
        return None
    year = text.strip()[:4]
    if not (year.isascii() and year.isdigit() and 1800 <= int(year) <= 2100):
        raise BadRequest(
            f"{option} {text!r}", "ties are known by year", "write a year such as 1995"
        )
    return int(year)


def period(from_: str | None, to: str | None) -> tuple[int | None, int | None]:
    """Return the first and last year asked for; raise `BadRequest` if they are exchanged."""
    first, last = year_of(from_, "--from"), year_of(to, "--to")
    if first is not None and last is not None and last < first:
        raise BadRequest(
            f"the period runs from {first} to {last}", "its end lies before its start", "exchange"
        )
    return first, last


def within(rows: pl.LazyFrame, first: int | None, last: int | None) -> pl.LazyFrame:
    """Return the rows of the years from ``first`` to ``last``, both included."""
    if first is not None:
        rows = rows.filter(pl.col("year") >= first)
    if last is not None:
        rows = rows.filter(pl.col("year") <= last)
    return rows


def coverage(store: Store, keys: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return one sentence for each source of ties: its years; outside them all is unknown."""
    wanted = None if keys is None else set(keys)
    found = []
    for table in ("ties", "memberships", "votes", "training"):
        rows = (
            store.scan(table)
            .group_by("origin")
            .agg(pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
        )
        for origin, first, last in rows.sort("origin").collect().iter_rows():
            if wanted is None or origin in wanted:
                found.append(
                    f"{origin} covers {first} to {last}: outside these years a tie is unknown, "
                    "not absent."
                )
    return tuple(found)
