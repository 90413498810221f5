"""Calendar arithmetic of agreements: periods of ISO 8601, and days that are known in part."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

from sulh.facts.when import Interval

_PERIOD = re.compile(r"P(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?")
LONGEST_MONTHS = 1_200


class BadPeriod(ValueError):
    """A text that is no period, or one that no agreement has."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: months, then days."""

    months: int
    days: int

    def times(self, count: int) -> Span:
        """Return the length ``count`` times, negative for backwards."""
        return Span(self.months * count, self.days * count)


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Span:
    """Return a period, or raise `BadPeriod`.

    >>> parse_period("P1Y6M"), parse_period("P2W")
    (Span(months=18, days=0), Span(months=0, days=14))
    """
    found = _PERIOD.fullmatch(text)
    if not found or text == "P":
        raise BadPeriod("it is no period of years, months, weeks or days")
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    span = Span(years * 12 + months, weeks * 7 + days)
    if span == Span(0, 0):
        raise BadPeriod("a period of no length would never end")
    if span.months > LONGEST_MONTHS or span.days > LONGEST_MONTHS * 31:
        raise BadPeriod("it is longer than a hundred years")
    return span


def shift(day: dt.date, span: Span) -> dt.date:
    """Return the day a period later; the last day of a month where the day does not exist.

    The result stays within the calendar of the standard library.

    >>> shift(dt.date(2024, 8, 31), Span(-6, 0)), shift(dt.date(2023, 2, 28), Span(0, 1))
    (datetime.date(2024, 2, 29), datetime.date(2023, 3, 1))
    """
    index = day.year * 12 + day.month - 1 + span.months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if year > 0 else dt.date.min
    moved = dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    ordinal = moved.toordinal() + span.days
    return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))


def first_day(text: str) -> dt.date:
    """Return the first day of a partial date.

    >>> first_day("2025-09"), last_day("2025-09")
    (datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
    """
    return dt.date.fromisoformat(text if len(text) == 10 else Interval(text, "").first_day)


def last_day(text: str) -> dt.date:
    """Return the last day of a partial date."""
    return dt.date.fromisoformat(text if len(text) == 10 else Interval("", text).last_day)
