"""How politely and how patiently publishers are asked."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Replies after which the same question may succeed later."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Manner:
    """Waits, limits and clocks; the clocks, the sleep and the chance are parameters for tests.

    ``attempts`` counts failures in a row without one new byte, ``all_attempts`` all failures of
    one file, ``connect_attempts`` those in a row to reach a host at all. Waits double from
    ``first_wait`` to ``longest_wait`` seconds, each cut at random between a half and the whole.
    ``pause`` is the wait between two requests to one host. A transfer slower than ``slowest``
    bytes a second after ``grace`` seconds counts as failed.
    """

    attempts: int = 5
    all_attempts: int = 25
    connect_attempts: int = 3
    first_wait: float = 1.0
    longest_wait: float = 120.0
    pause: float = 0.5
    connect_seconds: float = 20.0
    read_seconds: float = 60.0
    grace: float = 30.0
    slowest: float = 200.0
    redirects: int = 5
    sleep: Callable[[float], None] = time.sleep
    chance: random.Random = field(default_factory=random.Random)
    now: Callable[[], dt.datetime] = _now
    seconds: Callable[[], float] = time.monotonic

    def wait_before(self, attempt: int) -> float:
        """Return the seconds to wait before a further attempt, the first of them being 1.

        >>> Manner(chance=random.Random(1), first_wait=4).wait_before(1) <= 4
        True
        """
        whole = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt - 1, 30))
        return whole * (0.5 + self.chance.random() / 2)


def asked_wait(value: str | None, now: dt.datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for; None if absent or unreadable.

    >>> asked_wait("120", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    120.0
    >>> asked_wait("Wed, 01 Jan 2025 00:01:00 GMT", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    date = http_date(text)
    return None if date is None else max(0.0, (date - now).total_seconds())


def http_date(value: str | None) -> dt.datetime | None:
    """Return the moment in a header such as ``Date``, in UTC; None if absent or unreadable."""
    try:
        found = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=dt.UTC)
    try:
        return found.astimezone(dt.UTC)
    except OverflowError:
        return None
