"""Dates of validity: partial dates in the tables, and the day of which a question speaks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sulh.core.errors import BadMonth
from sulh.core.months import month_end

_PARTIAL = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)


def _full(text: str, *, last: bool) -> str:
    """Return a partial date as its first or last day, YYYY-MM-DD."""
    if len(text) == 4:
        return f"{text}-12-31" if last else f"{text}-01-01"
    if len(text) == 7:
        return month_end(text).isoformat() if last else f"{text}-01"
    return text


def is_date(text: str) -> bool:
    """Return whether ``text`` is YYYY, YYYY-MM or a real day YYYY-MM-DD.

    >>> is_date("1967-06"), is_date("1993-02-30"), is_date("June 1967")
    (True, False, False)
    """
    if not _PARTIAL.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(_full(text, last=False))
    except ValueError:
        return False
    return True


def day_of(on: str) -> str:
    """Return the day of which ``on`` speaks: the last one of a month or year, or the day itself.

    Monthly head-counts are taken at the end of the month, so that the state of that day counts.
    Raises `BadMonth` for anything but YYYY, YYYY-MM or YYYY-MM-DD.

    >>> day_of("1992-12"), day_of("1991"), day_of("2006-06-02")
    ('1992-12-31', '1991-12-31', '2006-06-02')
    """
    text = on.strip()
    if not is_date(text):
        raise BadMonth(
            f"{on!r} is not a month, a year or a day",
            "names, groups and operations are true as of a date",
            "write for example 2020-12, 2020 or 2020-12-31",
        )
    return _full(text, last=True)


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of days, both ends included; an empty end is open.

    >>> Interval("1967", "1967-06").holds("1967-06-30")
    True
    """

    start: str
    end: str

    @property
    def first_day(self) -> str:
        """Return the first day, ``0000`` if open."""
        return _full(self.start, last=False) if self.start else "0000"

    @property
    def last_day(self) -> str:
        """Return the last day, ``9999`` if open."""
        return _full(self.end, last=True) if self.end else "9999"

    def holds(self, day: str) -> bool:
        """Return whether the interval contains a day YYYY-MM-DD."""
        return self.first_day <= day <= self.last_day

    def overlaps(self, other: Interval) -> bool:
        """Return whether two intervals share a day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day

    def distance(self, day: str) -> int:
        """Return how many days lie between the interval and a day; 0 inside."""
        if self.holds(day):
            return 0
        near = self.first_day if day < self.first_day else self.last_day
        return abs((dt.date.fromisoformat(day) - dt.date.fromisoformat(near)).days)
