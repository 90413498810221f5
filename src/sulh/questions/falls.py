"""Falls of a nation's head-count that come back within a year: holes of the reports, most likely.

A nation that falls from 1,504 persons to 6 and is back at 1,488 nine months later has hardly
withdrawn and returned. The figures stay as printed; answers name them and give the nation no share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sulh.core.months import month_range
from sulh.questions.ground import names_of
from sulh.questions.membership import membership_of
from sulh.questions.wording import WORLD
from sulh.store.reading import Store
from sulh.store.swings import swings_of


@dataclass(frozen=True, order=True)
class Fall:
    """A fall that comes back, or a rise that goes back: then ``between`` is the highest."""

    first: str
    nation: str
    last: str
    before: int
    between: int
    after: int

    @property
    def sentence(self) -> str:
        """Return the fall in words."""
        down = self.between < self.before
        when = (
            f"in {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"
        )
        return (
            f"{names_of([self.nation])[self.nation]} {'falls' if down else 'rises'} from "
            f"{self.before:,} to {self.between:,} {when} and returns to {self.after:,}: "
            f"{'reports may be missing' if down else 'the figure may be wrong'}. "
            "Totals are as printed; it has no share of its own."
        )


@dataclass(frozen=True)
class Fallen:
    """A fall in a month, and whether the nation is the only member of the group asked for."""

    month: str
    fall: Fall
    alone: bool

    @property
    def nation(self) -> str:
        """Return the nation that has fallen."""
        return self.fall.nation


@lru_cache(maxsize=8)
def falls(store: Store) -> tuple[Fall, ...]:
    """Return the doubtful falls of a store, in order of nation and month."""
    return tuple(Fall(*row) for row in swings_of(store)[[*Fall.__dataclass_fields__]].rows())


@lru_cache(maxsize=8)
def _by_month(store: Store) -> tuple[tuple[str, Fall], ...]:
    """Return each month of each fall."""
    return tuple(
        (month, fall) for fall in falls(store) for month in month_range(fall.first, fall.last)
    )


def fallen(
    store: Store, group: str, months: tuple[str, ...], membership: str
) -> tuple[Fallen, ...]:
    """Return the months asked for, which are in order, in which a member of a group has fallen."""
    asked = frozenset(months)
    found = [(month, fall) for month, fall in _by_month(store) if month in asked]
    if group == WORLD or not found:
        return tuple(Fallen(month, fall, alone=False) for month, fall in found)
    held = membership_of(group, months, membership).by_month({month for month, _ in found})
    return tuple(
        Fallen(month, fall, alone=len(held[month]) == 1)
        for month, fall in found
        if fall.nation in held[month]
    )


def fall_notes(found: Iterable[Fallen]) -> tuple[str, ...]:
    """Return a sentence for each fall among those found."""
    return tuple(fall.sentence for fall in sorted({each.fall for each in found}))
