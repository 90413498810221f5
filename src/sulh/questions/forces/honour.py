"""Add to a plan every chain and combined unit that makes it better, whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sulh.questions.forces.case import Case
from sulh.questions.forces.links import Place, wholes_of_chain, wholes_of_unit
from sulh.questions.forces.options import Obstacle, Pairing
from sulh.questions.forces.standing import Standing
from sulh.questions.forces.tours import Tour

Whole = tuple[Place, ...]


def add_wholes(standing: Standing, only: Collection[str] | None = None, since: int = 0) -> bool:
    """Add the chains and combined units that better a plan, and return whether there was one.

    Each chain is added in the month that betters the objective most, each combined unit again and
    again; ``only`` and ``since`` are those of `sulh.questions.forces.complete.complete`.
    """
    found = False
    for chain in standing.case.chains:
        if not any(standing.unit_tours(key, 1) for key in chain.pledges):
            wholes = wholes_of_chain(standing.case, chain)
            found |= _add_best(standing, _open(standing.case, wholes, only, since))
    for unit in standing.case.combined:
        wholes = wholes_of_unit(standing.case, unit)
        choice = _open(standing.case, wholes, only, since)
        while _add_best(standing, choice):
            found = True
    return found


def _open(
    case: Case, wholes: Iterator[Whole], only: Collection[str] | None, since: int
) -> list[Whole]:
    return [
        whole
        for whole in wholes
        if whole[0][2] >= since
        and (only is None or case.requirement_of[whole[0][1]].capability in only)
    ]


def _add_best(standing: Standing, wholes: Sequence[Whole]) -> bool:
    """Add the whole that betters the objective most; return whether one does."""
    # A gain of less than a millionth of a point is rounding, and would loop for ever.
    best, chosen = -1e-6, None
    for whole in wholes:
        added, points = add_whole(standing, whole)
        for tour in reversed(added):
            standing.remove(tour)
        if len(added) == len(whole) and points < best:
            best, chosen = points, whole
    if chosen is not None:
        add_whole(standing, chosen)
    return chosen is not None


def add_whole(standing: Standing, whole: Whole) -> tuple[list[Tour], float]:
    """Add the tours of a whole one by one, until one cannot be; return them and the points added.

    Whether all could be is for the caller to see, and to take them out again if not.
    """
    added: list[Tour] = []
    total = 0.0
    for place in whole:
        tour, points = _tour(standing, place)
        if tour is None:
            break
        standing.add(tour)
        added.append(tour)
        total += points
    return added, total


def _tour(standing: Standing, place: Place) -> tuple[Tour | None, float]:
    """Return the tour that a part can make, or None, and what it adds to the objective."""
    case = standing.case
    pledge, requirement = case.pledge_of[place[0]], case.requirement_of[place[1]]
    pairing = Pairing(standing, pledge, requirement)
    options = pairing.options(1)
    counts = pledge.key not in case.uncounted
    rules = Standing.FREE if counts else Standing.FREE & ~int(Obstacle.NO_ROOM)
    if int(options.obstacles[place[2]]) & rules or options.last[place[2]] < 0:
        return None, 0.0
    tour = pairing.tour(1, place[2])
    unmet = 0.0 if counts else case.weights.unmet * requirement.priority * len(tour.months)
    return tour, float(options.points[place[2]]) + unmet
