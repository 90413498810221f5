"""What a case is made of: requirements, pledges, offers, nations and missions.

Months are kept twice: as text, as the user wrote them, and as an index from the first month of the
case, which is 0. An index may lie outside the horizon where the user's month does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a mission needs: ``units`` of a capability at the same time, in a range of months.

    ``first`` and ``last`` are the indices of the range; ``last`` is cut at the horizon.
    """

    key: str
    mission: str
    capability: str
    units: int
    first_month: str
    last_month: str
    priority: float
    languages: frozenset[str]
    first: int
    last: int

    @property
    def months(self) -> range:
        """Return the months in which units are needed."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Pledge:
    """What a nation pledges: identical units, when they can go, how long they stay.

    ``earliest`` is the first index at which a tour may begin (available, and the lead of the
    readiness level over); ``latest`` the last index at which a tour may run (available, within
    the horizon). Money is in US dollars.
    """

    key: str
    nation: str
    capability: str
    units: int
    strength: int
    women: int
    readiness: str
    available_from: str
    available_to: str | None
    tour_months: int
    reset_months: int
    max_tours: int | None
    languages: frozenset[str]
    excluded_missions: frozenset[str]
    needs: tuple[str, ...]
    monthly_cost_usd: int
    move_cost_usd: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partner offers: support of one kind for a number of tours that begin in a range.

    ``capability`` None and ``recipients`` empty mean any.
    """

    key: str
    provider: str
    kind: str
    capability: str | None
    recipients: frozenset[str]
    uses: int
    first_month: str
    last_month: str
    cost_usd: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Nation:
    """A nation's ceilings in any one month; None means no limit."""

    key: str
    max_personnel: int | None
    max_missions: int | None


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission's limit on any one nation, and its target for the share of women."""

    key: str
    max_personnel_per_nation: int | None
    women_target: float | None


@dataclass(frozen=True, slots=True)
class Chain:
    """A smart pledge: single units of pledges that take turns at one requirement, in order."""

    key: str
    requirement: str
    pledges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """A unit made of single units of several nations' pledges; the first of them leads.

    Coverage counts the tours of the lead only: the unit is one.
    """

    key: str
    pledges: tuple[str, ...]

    @property
    def lead(self) -> str:
        """Return the pledge whose tours count."""
        return self.pledges[0]


@dataclass(frozen=True, slots=True)
class Weights:
    """Objective points for a priority point unmet a month, a US dollar, a woman-month missing."""

    unmet: float
    cost_usd: float
    women: float
