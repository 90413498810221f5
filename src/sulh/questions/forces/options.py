"""Which single tours could be added to a plan to serve a requirement, and what stands against each.

For a pledge and a requirement every start month, unit and length is looked at once, with arrays
over the months; each obstacle is one bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from sulh.questions.forces.case import Pledge, Requirement
from sulh.questions.forces.standing import NO_LIMIT, Counts, Mask, Points, Standing
from sulh.questions.forces.tours import Tour


class Obstacle(IntFlag):
    """What stands against a tour; the first named is told first among equals."""

    DEARER = 1
    READINESS = 2
    WINDOW = 4
    RESET = 8
    TOURS = 16
    NO_ROOM = 32
    PARTNER = 64
    CEILING = 128
    SHARE = 256
    LANGUAGE = 512
    CAVEAT = 1024
    BUSY = 2048


# Plain numbers for the arrays: the operators of a flag would take most of the time.
_DEARER, _READINESS, _WINDOW, _RESET, _TOURS, _NO_ROOM = (int(o) for o in list(Obstacle)[:6])
_PARTNER, _CEILING, _SHARE, _LANGUAGE, _CAVEAT, _BUSY = (int(o) for o in list(Obstacle)[6:])


@dataclass(frozen=True)
class Options:
    """The tours of one unit that begin in each month of the case, none left out.

    ``last`` is the last month of each (before its first month where no tour can be), ``obstacles``
    the bits of `Obstacle`, ``things`` how many there are to take away (each tour that overlaps is
    one), ``points`` what the tour would change the objective by (less is better).
    """

    unit: int
    last: Counts
    obstacles: Counts
    things: Counts
    points: Points


class Pairing:
    """A pledge set against a requirement in the state of a plan."""

    def __init__(self, standing: Standing, pledge: Pledge, requirement: Requirement) -> None:
        self.standing, self.pledge, self.requirement = standing, pledge, requirement
        self.case = standing.case
        self.starts = np.arange(self.case.months, dtype=np.int64)
        self._always = self._constant()
        self._support: tuple[Mask, Points] | None = None

    def _constant(self) -> int:
        requirement, pledge = self.requirement, self.pledge
        found = 0
        if requirement.mission in pledge.excluded_missions:
            found |= _CAVEAT
        if requirement.languages and not requirement.languages & pledge.languages:
            found |= _LANGUAGE
        return found

    def ends(self, latest: int) -> Counts:
        """Return the last month of a tour that begins in each month."""
        last = np.minimum(self.starts + self.pledge.tour_months - 1, self.requirement.last)
        last = np.minimum(last, latest)
        last[: max(self.requirement.first, 0)] = -1
        return np.where(last >= self.starts, last, -1)

    def options(self, unit: int, *, window: bool = True) -> Options:
        """Return the tours of a unit; ``window`` False lifts the pledge's window (and says so)."""
        case, pledge = self.case, self.pledge
        last = self.ends(pledge.latest if window else case.months - 1)
        found = np.full(case.months, self._always, dtype=np.int64)
        found[self.starts < case.lead_months[pledge.readiness]] |= _READINESS
        if window:
            last[: max(case.index(pledge.available_from), 0)] = -1
        else:
            found |= _WINDOW
        away, freed, overlapped = self._unit(unit, last, found)
        self._limits(last, found, away, freed)
        points = self._partners(unit, last, found) + self._points(last)
        found[points >= 0] |= _DEARER
        things = np.bitwise_count(found).astype(np.int64) + np.maximum(overlapped - 1, 0)
        return Options(unit, last, found, things, points)

    def _unit(self, unit: int, last: Counts, found: Counts) -> tuple[Counts, list[Tour], Counts]:
        """Note busy, reset and max_tours.

        Return where the unit is in each month, its tours, and how many of them each start overlaps.
        """
        tours = self.standing.unit_tours(self.pledge.key, unit)
        reset, starts = self.pledge.reset_months, self.starts
        overlapped = np.zeros(len(starts), dtype=np.int64)
        away = np.zeros(len(starts), dtype=np.int64)
        for place, tour in enumerate(tours, start=1):
            away[tour.first : tour.last + 1] = place
            over = (starts <= tour.last) & (last >= tour.first)
            overlapped += over
            found[over] |= _BUSY
            near = ~over & (starts <= tour.last + reset) & (last + reset >= tour.first)
            found[near] |= _RESET
        if self.pledge.max_tours is not None:
            found[len(tours) - overlapped + 1 > self.pledge.max_tours] |= _TOURS
        return away, tours, overlapped

    def _limits(self, last: Counts, found: Counts, away: Counts, tours: list[Tour]) -> None:
        """Note the ceilings and full requirements, as if the unit were not where it is."""
        standing, pledge, mission = self.standing, self.pledge, self.requirement.mission
        nation, case = pledge.nation, self.case
        gone = away > 0
        requirements = [""] + [tour.requirement for tour in tours]
        missions = [""] + [case.requirement_of[r].mission for r in requirements[1:]]
        here = np.array([r == self.requirement.key for r in requirements])[away]
        there = np.array([m == mission for m in missions])[away]
        persons = standing.persons_of(nation) - pledge.strength * gone + pledge.strength
        share = standing.share_of(nation, mission) - pledge.strength * there + pledge.strength
        over = persons > _limit(case.max_personnel(nation))
        most = case.max_missions(nation)
        if most is not None:
            over |= self._missions(away, missions) > most
        full = standing.deployed[self.requirement.key] - here >= self.requirement.units
        for where, bit in (
            (over, _CEILING),
            (share > _limit(case.mission_ceiling(mission)), _SHARE),
            (full, _NO_ROOM),
        ):
            found[_touches(where, self.starts, last)] |= bit

    def _missions(self, away: Counts, missions: list[str]) -> Counts:
        """Return how many missions the nation would serve in each month."""
        standing, nation, mission = self.standing, self.pledge.nation, self.requirement.mission
        count = standing.missions_of(nation).copy()
        left = standing.contingent_of(nation, mission)
        for place, served in enumerate(missions[1:], start=1):
            alone = (away == place) & (standing.contingent_of(nation, served) == 1)
            count -= alone
            if served == mission:
                left = left - (away == place)
        return count + (left <= 0)

    def _partners(self, unit: int, last: Counts, found: Counts) -> Points:
        """Note the starts for which a kind of support is missing; return the cost in points."""
        if not self.pledge.needs:
            return np.zeros(len(self.starts))
        if self._support is None:
            self._support = self._support_left()
        missing, cost = self._support
        tours = self.standing.unit_tours(self.pledge.key, unit)
        if missing.any() and any(tour.offers for tour in tours):
            missing = missing & ~self._support_freed(tours, last)
        found[missing] |= _PARTNER
        return cost

    def _support_left(self) -> tuple[Mask, Points]:
        starts, missing = self.starts, np.zeros(len(self.starts), dtype=bool)
        cost = np.zeros(len(starts))
        for kind in self.pledge.needs:
            cheapest = np.full(len(starts), np.inf)
            for offer in self.standing.offers_for(self.pledge, kind):
                if self.standing.uses[offer.key] > 0:
                    window = slice(max(offer.first, 0), max(offer.last + 1, 0))
                    cheapest[window] = np.minimum(cheapest[window], offer.cost_usd)
            missing |= np.isinf(cheapest)
            cost += np.where(np.isinf(cheapest), 0, cheapest)
        return missing, cost * self.case.weights.cost_usd

    def _support_freed(self, tours: list[Tour], last: Counts) -> Mask:
        """Return the starts that are supported once the tours that they overlap are not made."""
        found = np.zeros(len(self.starts), dtype=bool)
        for start in self.starts[last >= 0]:
            over = [t for t in tours if t.first <= last[start] and t.last >= start]
            freed = {key for tour in over for key in tour.offers}
            found[start] = bool(freed) and all(
                any(
                    offer.first <= start <= offer.last
                    and (self.standing.uses[offer.key] > 0 or offer.key in freed)
                    for offer in self.standing.offers_for(self.pledge, kind)
                )
                for kind in self.pledge.needs
            )
        return found

    def _points(self, last: Counts) -> Points:
        """Return the change of the objective, offers apart, for a tour from each start."""
        case, pledge, requirement = self.case, self.pledge, self.requirement
        weights, months = case.weights, last - self.starts + 1
        cost = months * case.month_usd(pledge) + pledge.move_cost_usd
        points = weights.cost_usd * cost - weights.unmet * requirement.priority * months
        short = self.standing.short_of(requirement.mission)
        step = case.women_target(requirement.mission) * pledge.strength - pledge.women
        women = np.maximum(short + step, 0) - np.maximum(short, 0)
        total = np.concatenate([[0.0], np.cumsum(women)])
        return np.asarray(points + weights.women * (total[last + 1] - total[self.starts]))

    def tour(self, unit: int, start: int) -> Tour:
        """Return the tour of a unit from a start without obstacles, with its cheapest offers."""
        chosen = [
            next(
                offer.key
                for offer in self.standing.offers_for(self.pledge, kind)
                if offer.first <= start <= offer.last and self.standing.uses[offer.key] > 0
            )
            for kind in self.pledge.needs
        ]
        last = int(self.ends(self.pledge.latest)[start])
        key = self.requirement.key
        return Tour(self.pledge.key, unit, key, start, last, tuple(sorted(chosen)))


def _limit(value: int | None) -> int:
    return NO_LIMIT if value is None else value


def _touches(where: Mask, starts: Counts, last: Counts) -> Mask:
    """Return the tours (start, last) that have a month in ``where``."""
    if not where.any():
        return np.zeros(len(starts), dtype=bool)
    total = np.concatenate([[0], np.cumsum(where)])
    return np.asarray(total[last + 1] - total[starts] > 0)
