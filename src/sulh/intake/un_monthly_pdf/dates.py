"""The month that a report is about, from the dates printed inside it."""

from __future__ import annotations

import re

from sulh.core.months import parse_month, shift_month

_NUMERIC = re.compile(r"(?<![0-9/])([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?![0-9])", re.ASCII)
_NAMED = re.compile(
    r"(?<![0-9])([0-9]{1,2})[ -]+([A-Za-z]{3,9})[ ,-]+([0-9]{4}|[0-9]{2})(?![0-9])", re.ASCII
)
_WITHOUT_DAY = re.compile(r"\b([A-Za-z]{3,9}),? +([0-9]{4})(?![0-9])", re.ASCII)
FIRST_REPORT = "1990-11"  # the first month that the publisher gives by nation
_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def months_in(text: str) -> list[str]:
    """Return the months of the month-ends in ``text``, in order, each once.

    A head-count is taken at the end of a month: a date before the 28th is no date of a report. If
    there is none, months named without a day count.

    >>> months_in("Month of Report : 31-Dec-15"), months_in("As of: 30/06/2022, 4/8/2022")
    (['2015-12'], ['2022-06'])
    >>> months_in("As of 9/30/2023"), months_in("Summary of contributions, November 2019")
    (['2023-09'], ['2019-11'])
    """
    found: dict[str, None] = {}
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        _add(found, max(first, second), min(first, second), year)
    for match in _NAMED.finditer(text):
        year = int(match[3])
        _add(found, int(match[1]), _number(match[2]), year + 2000 if year < 100 else year)
    if not found:
        for match in _WITHOUT_DAY.finditer(text):
            _add(found, 28, _number(match[1]), int(match[2]))
    return list(found)


def dates_in(text: str) -> tuple[str, ...]:
    """Return whatever looks like a date in ``text``, whether it can be one or not.

    >>> dates_in("As of 31/31/2020"), dates_in("Contributions by mission")
    (('31/31/2020',), ())
    """
    found = [match[0] for pattern in (_NUMERIC, _NAMED) for match in pattern.finditer(text)]
    return tuple(found)


def _number(name: str) -> int:
    """Return the number of a month by its name or the beginning of it, 0 if there is none."""
    lowered = name.lower()
    return next((n for n, full in enumerate(_NAMES, 1) if full.startswith(lowered)), 0)


def _add(found: dict[str, None], day: int, month: int, year: int) -> None:
    if 28 <= day <= 31 and 1 <= month <= 12 and 1990 <= year <= 2100:
        found[parse_month(f"{year:04d}-{month:02d}")] = None


def month_of_making(made: str) -> str | None:
    """Return the month in which a PDF was made, from its creation date.

    >>> month_of_making("D:20191128224429-05'00'")
    '2019-11'
    """
    match = re.match(r"D:([0-9]{4})(0[1-9]|1[0-2])", made, re.ASCII)
    return f"{match[1]}-{match[2]}" if match else None


def month_before_making(made: str) -> str | None:
    """Return the last month that had ended when a PDF was made, from its creation date.

    >>> month_before_making("D:20191128224429-05'00'")
    '2019-10'
    """
    month = month_of_making(made)
    return shift_month(month, -1) if month else None
