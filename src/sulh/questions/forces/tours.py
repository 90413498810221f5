"""Tours: which unit of which pledge serves which requirement, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sulh.questions.forces.records import Pledge, Requirement


@dataclass(frozen=True, slots=True, order=True)
class Tour:
    """One tour; ``unit`` counts from 1, ``first`` and ``last`` are indices, both included."""

    pledge: str
    unit: int
    requirement: str
    first: int
    last: int
    offers: tuple[str, ...] = ()

    @property
    def months(self) -> range:
        """Return the months of the tour."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Plan:
    """The tours of a plan, in any order."""

    tours: tuple[Tour, ...] = ()

    @cached_property
    def deployed(self) -> Mapping[tuple[str, int], int]:
        """The units deployed by requirement and month; a pair that is absent has none."""
        found: dict[tuple[str, int], int] = defaultdict(int)
        for tour in self.tours:
            for month in tour.months:
                found[tour.requirement, month] += 1
        return dict(found)


def tour_end(pledge: Pledge, requirement: Requirement, first: int) -> int:
    """Return the last month of a tour that begins in ``first`` (rule 3).

    It is first + tour_months - 1, or earlier where the requirement, the pledge or the horizon ends.
    """
    return min(first + pledge.tour_months - 1, requirement.last, pledge.latest)


def earliest_start(pledge: Pledge, requirement: Requirement) -> int:
    """Return the first month in which a pledge may begin to serve a requirement (rule 2)."""
    return max(pledge.earliest, requirement.first)


def matches(pledge: Pledge, requirement: Requirement) -> bool:
    """Return whether capability, caveats and languages allow a pledge to serve (rule 1)."""
    return (
        pledge.capability == requirement.capability
        and requirement.mission not in pledge.excluded_missions
        and (not requirement.languages or bool(requirement.languages & pledge.languages))
    )
