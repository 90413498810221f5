"""Hijri dates beside Gregorian ones, by the Umm al-Qura calendar."""

from __future__ import annotations

import datetime as dt

from hijridate import Gregorian, ummalqura

RANGE = (
    dt.date(*ummalqura.GREGORIAN_RANGE[0]),
    dt.date(*ummalqura.GREGORIAN_RANGE[1]),
)
SAID = (
    f"Hijri dates follow the Umm al-Qura calendar, which is given from {RANGE[0]} to {RANGE[1]}; "
    "outside of it the column is empty. The sighting of the moon may differ by a day."
)


def hijri(day: dt.date) -> str | None:
    """Return a day in the Umm al-Qura calendar, or None outside its range.

    >>> hijri(dt.date(2025, 5, 13)), hijri(dt.date(1900, 1, 1))
    ('1446-11-15', None)
    """
    if not RANGE[0] <= day <= RANGE[1]:
        return None
    return str(Gregorian(day.year, day.month, day.day).to_hijri().isoformat())
