"""The most that tours can save in any plan of a case: what a change can be worth at best.

Take the tours that a change adds out of the best plan there is with it: what is left is a plan
without it. So the change is worth no more than these tours save by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sulh.questions.forces.case import Case, Offer, Pledge, Requirement
from sulh.questions.forces.tours import earliest_start, matches, tour_end
from sulh.questions.forces.validity import unfit


def of_unit(
    case: Case,
    pledge: Pledge,
    starts: range | None = None,
    missions: Collection[str] | None = None,
) -> float:
    """Return the most points that the tours of one unit can save; those of ``starts`` only.

    The largest sum, over tours that leave ``reset_months`` between them, of
      months * (weights.unmet * priority - weights.cost_usd * cost of a month
                + weights.women * max(0, women - women_target * strength))
      - weights.cost_usd * move_cost_usd
    Offers, ceilings and other units are left aside, so that it is never too small. A part of a
    chain or of a combined unit takes with it all that the parts make: what each saves is added.
    """
    parts = _parts(case, pledge)
    if not parts:
        return _alone(case, pledge, starts, missions)
    return sum(_alone(case, part, None, None) for part in parts)


def _parts(case: Case, pledge: Pledge) -> list[Pledge]:
    """Return the pledges of the chain or combined unit that a pledge is a part of, if of one."""
    whole = case.bound_to.get(pledge.key)
    return [p for p in case.pledges if whole and case.bound_to.get(p.key) == whole]


def _alone(
    case: Case, pledge: Pledge, starts: range | None, missions: Collection[str] | None
) -> float:
    most = [0.0] * (case.months + 1)
    tours: dict[int, list[tuple[int, float]]] = {}
    for first, last, points in _tours(case, pledge, starts, missions):
        tours.setdefault(first, []).append((last, points))
    for first in range(case.months - 1, -1, -1):
        most[first] = most[first + 1]
        for last, points in tours.get(first, ()):
            after = min(last + 1 + pledge.reset_months, case.months)
            most[first] = max(most[first], points + most[after])
    return most[0]


def of_support(case: Case, offer: Offer, uses: int) -> float:
    """Return the most points that tours can save that an offer supports, ``uses`` of them."""
    starts = range(max(offer.first, 0), min(offer.last + 1, case.months))
    best = 0.0
    for pledge in case.pledges:
        if offer.kind in pledge.needs and not unfit(offer, pledge, offer.first):
            tours = _tours(case, pledge, starts, None)
            found = (points for _, _, points in tours)
            whole = pledge.key in case.bound_to
            best = max(best, of_unit(case, pledge) if whole else max(found, default=0.0))
    return best * uses


def _tours(
    case: Case, pledge: Pledge, starts: range | None, missions: Collection[str] | None
) -> Iterator[tuple[int, int, float]]:
    """Yield the first and last month of each tour that saves points by itself, and how many."""
    move = case.weights.cost_usd * pledge.move_cost_usd
    for requirement in case.requirements:
        asked = missions is None or requirement.mission in missions
        if not asked or not matches(pledge, requirement):
            continue
        a_month = _of_month(case, pledge, requirement)
        begin = max(earliest_start(pledge, requirement), 0)
        end = min(requirement.last, pledge.latest)
        for first in range(begin, end + 1):
            last = tour_end(pledge, requirement, first)
            points = (last - first + 1) * a_month - move
            if points > 0 and (starts is None or first in starts):
                yield first, last, points


def _of_month(case: Case, pledge: Pledge, requirement: Requirement) -> float:
    weights, target = case.weights, case.women_target(requirement.mission)
    women = max(pledge.women - target * pledge.strength, 0.0)
    cost = weights.cost_usd * case.month_usd(pledge)
    return weights.unmet * requirement.priority - cost + weights.women * women
