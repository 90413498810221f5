"""The possible tours of a case as arrays, with everything that a plan is limited by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.wholes import (
    Tours,
    Wholes,
    starts_in_wholes,
    uncounted_requirements,
)
from sulh.questions.forces.records import Pledge, Requirement
from sulh.questions.forces.tours import earliest_start, matches, tour_end
from sulh.questions.forces.validity import unfit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Support:
    """Which offers may serve which tours.

    Tours that need one kind of support and can have it from the same offers form a class;
    ``classes`` holds the offers of each; ``tour`` and ``of`` pair tours with their classes.
    """

    classes: tuple[tuple[int, ...], ...]
    tour: Ints
    of: Ints


@dataclass(frozen=True)
class Model:
    """A case as arrays. Pledges are ordered by nation, so that a nation's tours are one slice.

    ``requirements`` are those of the case, and for the tours of combined units that do not count
    one more of each, which weighs nothing and is never full.
    """

    case: Case
    pledges: tuple[Pledge, ...]
    requirements: tuple[Requirement, ...]
    nation_names: tuple[str, ...]
    mission_names: tuple[str, ...]
    tours: Tours
    support: Support

    @classmethod
    def of(cls, case: Case) -> Model:
        """Return the model of a case."""
        pledges = tuple(sorted(case.pledges, key=lambda pledge: (pledge.nation, pledge.key)))
        nations = tuple(sorted({pledge.nation for pledge in pledges}))
        missions = tuple(sorted({requirement.mission for requirement in case.requirements}))
        classes: dict[tuple[int, ...], int] = {}
        requirements = (*case.requirements, *uncounted_requirements(case))
        tours, pairs = _possible(case, (pledges, requirements), classes)
        support = Support(tuple(classes), *pairs)
        return cls(case, pledges, requirements, nations, missions, tours, support)

    @cached_property
    def horizon(self) -> int:
        """The number of months."""
        return self.case.months

    @cached_property
    def strength(self) -> Floats:
        """Persons in a unit, by pledge."""
        return np.array([p.strength for p in self.pledges], dtype=float)

    @cached_property
    def units(self) -> Floats:
        """Units, by pledge."""
        return np.array([p.units for p in self.pledges], dtype=float)

    @cached_property
    def reset(self) -> Ints:
        """Months at home between tours, by pledge."""
        return np.array([p.reset_months for p in self.pledges], dtype=np.int64)

    @cached_property
    def tours_left(self) -> Floats:
        """Tours that all units of a pledge may make together; infinite without a limit."""
        limited = [(p.units, p.max_tours) for p in self.pledges]
        return np.array([np.inf if most is None else units * most for units, most in limited])

    @cached_property
    def nation(self) -> Ints:
        """The nation of each pledge."""
        place = {name: i for i, name in enumerate(self.nation_names)}
        return np.array([place[p.nation] for p in self.pledges], dtype=np.int64)

    @cached_property
    def mission(self) -> Ints:
        """The mission of each requirement."""
        place = {name: i for i, name in enumerate(self.mission_names)}
        return np.array([place[r.mission] for r in self.requirements], dtype=np.int64)

    @cached_property
    def needed(self) -> Floats:
        """Units needed, by requirement."""
        return np.array([r.units for r in self.requirements], dtype=float)

    @cached_property
    def women_gap(self) -> Floats:
        """Women that a unit of a pledge is short of a mission's target, by pledge and mission."""
        targets = np.array([self.case.women_target(name) for name in self.mission_names])
        women = np.array([p.women for p in self.pledges], dtype=float)
        aimed = targets[None, :] > 0
        return np.where(aimed, targets[None, :] * self.strength[:, None] - women[:, None], 0.0)

    @cached_property
    def max_personnel(self) -> Floats:
        """Persons a nation deploys at most; infinite without a limit."""
        return _limits([self.case.max_personnel(name) for name in self.nation_names])

    @cached_property
    def max_missions(self) -> Floats:
        """Missions a nation serves at most; infinite without a limit."""
        return _limits([self.case.max_missions(name) for name in self.nation_names])

    @cached_property
    def share(self) -> Floats:
        """Persons of one nation in one mission at most, by nation and mission."""
        ceilings = _limits([self.case.mission_ceiling(name) for name in self.mission_names])
        return np.minimum(self.max_personnel[:, None], ceilings[None, :])

    @cached_property
    def uses(self) -> Floats:
        """Tours that an offer supports at most."""
        return np.array([offer.uses for offer in self.case.offers], dtype=float)

    @cached_property
    def offer_cost(self) -> Floats:
        """Objective points of a tour supported, by offer."""
        weight = self.case.weights.cost_usd
        return np.array([weight * offer.cost_usd for offer in self.case.offers], dtype=float)

    @cached_property
    def tour_nation(self) -> Ints:
        """The nation of each tour; never falls from one tour to the next."""
        return self.nation[self.tours.pledge]

    @cached_property
    def tour_mission(self) -> Ints:
        """The mission of each tour."""
        return self.mission[self.tours.requirement]

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """The tours of each nation."""
        edges = np.searchsorted(self.tour_nation, np.arange(len(self.nation_names) + 1))
        return tuple(slice(int(a), int(b)) for a, b in pairwise(edges))

    @cached_property
    def binding_missions(self) -> NDArray[np.bool_]:
        """Whether a nation could serve more missions than it may."""
        pairs = np.unique(self.tour_nation * len(self.mission_names) + self.tour_mission)
        reach = np.bincount(
            pairs // max(len(self.mission_names), 1), minlength=len(self.nation_names)
        )
        return reach > self.max_missions

    @cached_property
    def empty(self) -> float:
        """The objective of the empty plan: everything unmet."""
        weight = self.case.weights.unmet
        return float(sum(weight * r.priority * r.units * len(r.months) for r in self.requirements))

    @cached_property
    def wholes(self) -> Wholes:
        """The tours that are made together or not at all."""
        return Wholes.of(self.case, self.pledges, self.requirements, self.tours)

    @cached_property
    def scale(self) -> float:
        """A power of two near the dearest tour / 256: programs are solved in these points."""
        largest = float(np.max(np.abs(self.tours.cost), initial=0.0))
        return float(2.0 ** round(np.log2(largest / 256))) if largest > 0 else 1.0


def _limits(values: Sequence[int | None]) -> Floats:
    return np.array([np.inf if value is None else value for value in values], dtype=float)


def _possible(
    case: Case,
    sides: tuple[Sequence[Pledge], Sequence[Requirement]],
    classes: dict[tuple[int, ...], int],
) -> tuple[Tours, tuple[Ints, Ints]]:
    """Return every tour that rules 1 to 4 and the ceilings of one unit allow."""
    pledges, requirements = sides
    by_capability = defaultdict(list)
    for place, requirement in enumerate(requirements):
        by_capability[requirement.capability].append(place)
    parts: list[tuple[Ints, ...]] = []
    paired: list[tuple[Ints, Ints]] = []
    offers, whole = _Offers(case, classes), starts_in_wholes(case)
    none = np.zeros(0, dtype=np.int64)
    count = 0
    for place, pledge in enumerate(pledges):
        helped = offers.classes_of(pledge)
        for wanted in by_capability[pledge.capability]:
            requirement = requirements[wanted]
            counts = wanted < len(case.requirements)
            if counts is (pledge.key in case.uncounted):
                continue
            starts = _starts(case, pledge, requirement)
            starts = starts[(helped[:, starts] >= 0).all(axis=0)]
            if pledge.key in case.bound_to:
                starts = np.intersect1d(starts, whole.get((pledge.key, requirement.key), none))
            if not len(starts):
                continue
            last = np.array([tour_end(pledge, requirement, int(start)) for start in starts])
            parts.append((np.full(len(starts), place), np.full(len(starts), wanted), starts, last))
            numbers = count + np.arange(len(starts))
            paired += [(numbers, row[starts]) for row in helped]
            count += len(starts)
    tour, of = _stacked(paired, 2)
    return _tours(case, sides, parts), (tour, of)


def _starts(case: Case, pledge: Pledge, requirement: Requirement) -> Ints:
    """Return the months in which a pledge may begin to serve a requirement."""
    limits = (case.max_personnel(pledge.nation), case.mission_ceiling(requirement.mission))
    too_big = any(limit is not None and pledge.strength > limit for limit in limits)
    stays = pledge.max_tours == 0 or case.max_missions(pledge.nation) == 0
    if too_big or stays or not matches(pledge, requirement):
        return np.zeros(0, dtype=np.int64)
    first = max(earliest_start(pledge, requirement), 0)
    return np.arange(first, min(requirement.last, pledge.latest, case.months - 1) + 1)


def _tours(
    case: Case,
    sides: tuple[Sequence[Pledge], Sequence[Requirement]],
    parts: list[tuple[Ints, ...]],
) -> Tours:
    pledges, requirements = sides
    pledge, requirement, first, last = _stacked(parts, 4)
    months = last - first + 1
    month_usd = np.array([case.month_usd(p) for p in pledges], dtype=float)
    move_usd = np.array([p.move_cost_usd for p in pledges], dtype=float)
    priority = np.array([r.priority for r in requirements], dtype=float)
    units = np.array([p.units for p in pledges], dtype=float)
    needed = np.array([r.units for r in requirements], dtype=float)
    money = case.weights.cost_usd * (months * month_usd[pledge] + move_usd[pledge])
    cost = money - case.weights.unmet * months * priority[requirement]
    return Tours(
        pledge, requirement, first, last, cost, np.minimum(units[pledge], needed[requirement])
    )


def _stacked(parts: Sequence[tuple[Ints, ...]], width: int) -> tuple[Ints, ...]:
    if not parts:
        return tuple(np.zeros(0, dtype=np.int64) for _ in range(width))
    return tuple(np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))


class _Offers:
    """Finds for a pledge which offers may support a tour that begins in a month."""

    def __init__(self, case: Case, classes: dict[tuple[int, ...], int]) -> None:
        self.case, self.classes = case, classes
        self.known: dict[tuple[str, str, str], Ints] = {}

    def classes_of(self, pledge: Pledge) -> Ints:
        """Return the class by kind needed and month of beginning; -1 where no offer fits."""
        rows = [self._of_kind(pledge, kind) for kind in pledge.needs]
        return np.array(rows, dtype=np.int64).reshape(len(rows), self.case.months)

    def _of_kind(self, pledge: Pledge, kind: str) -> Ints:
        key = (pledge.nation, pledge.capability, kind)
        if key not in self.known:
            offers = [i for i, offer in enumerate(self.case.offers) if offer.kind == kind]
            self.known[key] = np.array(
                [
                    self._class(
                        tuple(i for i in offers if not unfit(self.case.offers[i], pledge, month))
                    )
                    for month in range(self.case.months)
                ]
            )
        return self.known[key]

    def _class(self, offers: tuple[int, ...]) -> int:
        return self.classes.setdefault(offers, len(self.classes)) if offers else -1
