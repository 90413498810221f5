"""Carry a plan over to a changed case: what is still valid stays, then it is bettered."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.links import whole_only
from sulh.questions.forces.options import Obstacle, Pairing
from sulh.questions.forces.plan import Plan, Tour, objective
from sulh.questions.forces.standing import Standing
from sulh.questions.forces.tours import earliest_start, matches, tour_end
from sulh.questions.forces.validity import unfit


def allowed(standing: Standing, tour: Tour) -> bool:
    """Return whether a tour can be added to the state of a plan without breaking a rule."""
    case = standing.case
    pledge, requirement = (
        case.pledge_of.get(tour.pledge),
        case.requirement_of.get(tour.requirement),
    )
    if pledge is None or requirement is None or not matches(pledge, requirement):
        return False
    end = tour_end(pledge, requirement, tour.first)
    if tour.first < earliest_start(pledge, requirement) or not tour.first <= tour.last == end:
        return False
    offers = [case.offer_of.get(key) for key in tour.offers]
    if sorted(offer.kind if offer else "?" for offer in offers) != list(pledge.needs):
        return False
    if any(o is None or standing.uses[o.key] < 1 or unfit(o, pledge, tour.first) for o in offers):
        return False
    if not 1 <= tour.unit <= pledge.units:
        return False
    obstacles = int(Pairing(standing, pledge, requirement).options(tour.unit).obstacles[tour.first])
    free = Standing.FREE
    if tour.pledge in case.uncounted:
        free &= ~int(Obstacle.NO_ROOM)
    return free & obstacles == 0


def carried_over(case: Case, tours: Collection[Tour], first: Collection[Tour] = ()) -> Plan:
    """Return the tours of a plan that a changed case still allows, ``first`` before the others."""
    standing = Standing(case)
    for tour in [*first, *sorted(set(tours) - set(first))]:
        if allowed(standing, tour):
            standing.add(tour)
    return whole_only(case, standing.plan)


@dataclass(frozen=True)
class Wish:
    """What a new plan should keep of an old one.

    ``locked`` tours are never taken out; each tour of ``worth`` that is in the plan saves that
    many points; no new tour begins before the month ``since``.
    """

    locked: frozenset[Tour] = frozenset()
    worth: Mapping[Tour, float] = field(default_factory=dict)
    since: int = 0

    def points(self, case: Case, plan: Plan) -> float:
        """Return the objective of a plan less what it keeps."""
        kept = set(plan.tours)
        return objective(case, plan) - sum(v for tour, v in self.worth.items() if tour in kept)


def better(case: Case, plan: Plan, rounds: int, wish: Wish | None = None, seed: int = 1) -> Plan:
    """Return a plan that is no worse: parts are taken out at random and filled again.

    In each round the tours of one nation, one requirement or a few neighbours in time are taken
    out; wished tours are offered their place first. The result depends on ``seed`` only.
    """
    wish, draw = wish or Wish(), random.Random(seed)
    best = complete(case, plan, since=wish.since)
    points = wish.points(case, best)
    for _ in range(rounds):
        out = _unlocked(case, best, _some(case, best, draw), wish.locked)
        if not out:
            continue
        standing = Standing(case, [tour for tour in best.tours if tour not in out])
        wished = [tour for tour in sorted(wish.worth) if tour not in set(best.tours) - out]
        draw.shuffle(wished)
        for tour in wished:
            if tour.pledge not in case.bound_to and allowed(standing, tour):
                standing.add(tour)
        capabilities = {case.pledge_of[tour.pledge].capability for tour in out}
        tried = complete(case, standing.plan, capabilities, wish.since)
        found = wish.points(case, tried)
        if found < points - 1e-6:
            best, points = tried, found
    return best


def _unlocked(
    case: Case, plan: Plan, some: Collection[Tour], locked: Collection[Tour]
) -> set[Tour]:
    """Return some tours without the locked; of a chain or combined unit all its tours or none."""
    wholes = {case.bound_to[t.pledge] for t in some if t.pledge in case.bound_to}
    wholes -= {case.bound_to.get(t.pledge, "") for t in locked}
    alone = {t for t in some if t.pledge not in case.bound_to} - set(locked)
    return alone | {t for t in plan.tours if case.bound_to.get(t.pledge) in wholes}


def _some(case: Case, plan: Plan, draw: random.Random) -> set[Tour]:
    """Return tours to take out: those of a nation, of a requirement, or of a capability in time."""
    if not plan.tours:
        return set()
    tours = sorted(plan.tours)
    one = draw.choice(tours)
    how = draw.randrange(3)
    pledge = case.pledge_of[one.pledge]
    if how == 0:
        return {t for t in tours if case.pledge_of[t.pledge].nation == pledge.nation}
    if how == 1:
        return {t for t in tours if t.requirement == one.requirement}
    near = [t for t in tours if case.pledge_of[t.pledge].capability == pledge.capability]
    return set(draw.sample(near, min(len(near), 6)))
