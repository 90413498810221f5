"""What a plan takes up month by month, and so what is left: the state that tours are added to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sulh.questions.forces.case import Case, Offer, Pledge
from sulh.questions.forces.tours import Plan, Tour
from sulh.questions.forces.validity import unfit

Counts: TypeAlias = NDArray[np.int64]
Points: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

NO_LIMIT = 2**40


class Standing:
    """The use that a plan makes of units, offers, ceilings and requirements.

    Arrays run over the months of the case. ``deployed`` counts units by requirement, ``persons``
    and ``served`` missions by nation, ``contingent`` units and ``shares`` persons by nation and
    mission, ``short`` the women missing in a mission (below 0: more than the target asks),
    ``tours`` lists by unit.
    """

    FREE = 0xFFF & ~1
    """All obstacles but that of the price: what keeps a tour from being valid."""

    def __init__(self, case: Case, tours: Iterable[Tour] = ()) -> None:
        self.case = case
        self._blank = np.zeros(case.months, dtype=np.int64)
        self.deployed: dict[str, Counts] = {r.key: self._blank.copy() for r in case.requirements}
        self.persons: dict[str, Counts] = {}
        self.contingent: dict[tuple[str, str], Counts] = {}
        self.served: dict[str, Counts] = {}
        self.shares: dict[tuple[str, str], Counts] = {}
        self.short: dict[str, Points] = {}
        self.uses: dict[str, int] = {offer.key: offer.uses for offer in case.offers}
        self.tours: dict[tuple[str, int], list[Tour]] = {}
        self._offers: dict[tuple[str, str], tuple[Offer, ...]] = {}
        for tour in tours:
            self.add(tour)

    @property
    def plan(self) -> Plan:
        """The tours as a plan."""
        return Plan(tuple(tour for unit in self.tours.values() for tour in unit))

    def add(self, tour: Tour) -> None:
        """Take up what a tour uses."""
        self._change(tour, 1)
        self.tours.setdefault((tour.pledge, tour.unit), []).append(tour)

    def remove(self, tour: Tour) -> None:
        """Give back what a tour uses."""
        self._change(tour, -1)
        self.tours[tour.pledge, tour.unit].remove(tour)

    def _change(self, tour: Tour, sign: int) -> None:
        pledge = self.case.pledge_of[tour.pledge]
        mission = self.case.requirement_of[tour.requirement].mission
        span = slice(tour.first, tour.last + 1)
        if tour.pledge not in self.case.uncounted:
            self.deployed[tour.requirement][span] += sign
        place = (pledge.nation, mission)
        self.persons.setdefault(pledge.nation, self._blank.copy())[span] += sign * pledge.strength
        units = self.contingent.setdefault(place, self._blank.copy())[span]
        before = units > 0
        units += sign
        served = self.served.setdefault(pledge.nation, self._blank.copy())
        served[span] += (units > 0).astype(np.int64) - before
        self.shares.setdefault(place, self._blank.copy())[span] += sign * pledge.strength
        target = self.case.women_target(mission)
        short = self.short.setdefault(mission, self._blank.astype(np.float64))
        short[span] += sign * (target * pledge.strength - pledge.women)
        for key in tour.offers:
            self.uses[key] -= sign

    def unit_tours(self, pledge: str, unit: int) -> list[Tour]:
        """Return the tours of a unit."""
        return self.tours.get((pledge, unit), [])

    def persons_of(self, nation: str) -> Counts:
        """Return the persons that a nation deploys, by month."""
        return self.persons.get(nation, self._blank)

    def share_of(self, nation: str, mission: str) -> Counts:
        """Return the persons that a nation deploys in a mission, by month."""
        return self.shares.get((nation, mission), self._blank)

    def contingent_of(self, nation: str, mission: str) -> Counts:
        """Return the units that a nation deploys in a mission, by month."""
        return self.contingent.get((nation, mission), self._blank)

    def missions_of(self, nation: str) -> Counts:
        """Return the number of missions that a nation serves, by month."""
        return self.served.get(nation, self._blank)

    def short_of(self, mission: str) -> Points:
        """Return the women missing in a mission by month, below 0 where there are more."""
        found = self.short.get(mission)
        return found if found is not None else self._blank.astype(np.float64)

    def offers_for(self, pledge: Pledge, kind: str) -> tuple[Offer, ...]:
        """Return the offers of a kind that fit a pledge, in some month, the cheapest first."""
        key = (pledge.key, kind)
        if key not in self._offers:
            fitting = [
                offer
                for offer in self.case.offers
                if offer.kind == kind and not unfit(offer, pledge, offer.first)
            ]
            self._offers[key] = tuple(sorted(fitting, key=lambda o: (o.cost_usd, o.key)))
        return self._offers[key]
