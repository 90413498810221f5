"""Months as text, ``YYYY-MM``: they sort, print and join without conversion."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from sulh.core.errors import BadMonth

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


def parse_month(text: str) -> str:
    """Return ``text`` as a month, or raise `BadMonth`.

    >>> parse_month(" 2020-12 ")
    '2020-12'
    """
    found = text.strip()
    if not _MONTH.fullmatch(found):
        raise BadMonth(
            f"{text!r} is not a month",
            "months are written YYYY-MM so that they sort and compare",
            "write for example 2020-12",
        )
    return found


def month_of(date: dt.date) -> str:
    """Return the month of a date.

    >>> month_of(dt.date(2013, 12, 31))
    '2013-12'
    """
    return f"{date.year:04d}-{date.month:02d}"


@lru_cache(maxsize=4096)
def month_index(month: str) -> int:
    """Return the number of months since year 0, for differences.

    >>> month_index("2000-01") - month_index("1999-11")
    2
    """
    return int(month[:4]) * 12 + int(month[5:7]) - 1


@lru_cache(maxsize=4096)
def month_at(index: int) -> str:
    """Return the month of an index; the inverse of `month_index`.

    >>> month_at(month_index("1995-12"))
    '1995-12'
    """
    year, rest = divmod(index, 12)
    return f"{year:04d}-{rest + 1:02d}"


def shift_month(month: str, by: int) -> str:
    """Return the month ``by`` months later (earlier if negative).

    >>> shift_month("2015-01", -1)
    '2014-12'
    """
    return month_at(month_index(month) + by)


def month_range(first: str, last: str) -> Iterator[str]:
    """Yield every month from first to last, both included; raise `BadMonth` if they are reversed.

    >>> list(month_range("1995-11", "1996-01"))
    ['1995-11', '1995-12', '1996-01']
    """
    start, end = month_index(parse_month(first)), month_index(parse_month(last))
    if end < start:
        raise BadMonth(
            f"the range runs from {first} to {last}",
            "its end lies before its start",
            "give the earlier month first",
        )
    return (month_at(i) for i in range(start, end + 1))


def month_end(month: str) -> dt.date:
    """Return the last day of a month, the day a monthly head-count speaks of.

    >>> month_end("2012-02")
    datetime.date(2012, 2, 29)
    """
    following = shift_month(month, 1)
    return dt.date(int(following[:4]), int(following[5:]), 1) - dt.timedelta(days=1)
