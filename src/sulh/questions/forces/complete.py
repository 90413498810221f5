"""Add to a plan every single tour that makes it better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np

from sulh.questions.forces.case import Case, Pledge, Requirement
from sulh.questions.forces.honour import add_wholes
from sulh.questions.forces.options import Pairing
from sulh.questions.forces.standing import Standing
from sulh.questions.forces.tours import Plan, Tour, matches


def complete(
    case: Case, plan: Plan | None = None, only: Collection[str] | None = None, since: int = 0
) -> Plan:
    """Return the plan with tours added, the best first, until no tour or whole improves it.

    Requirements are taken by priority, those of the capabilities ``only`` if it is given; tours
    begin in the month ``since`` or later. Chains and combined units are added whole. From no plan
    at all this is a simple greedy plan. The objective never gets worse and a valid plan stays
    valid.
    """
    standing = Standing(case, plan.tours if plan else ())
    pledges = by_capability(case)
    asked = [r for r in case.requirements if only is None or r.capability in only]
    added = True
    while added:
        added = False
        for requirement in sorted(asked, key=lambda r: (-r.priority, r.key)):
            while tour := _best(standing, requirement, pledges, since):
                standing.add(tour)
                added = True
        added |= add_wholes(standing, only, since)
    return standing.plan


def by_capability(case: Case) -> Mapping[str, tuple[Pledge, ...]]:
    """Return the pledges of each capability."""
    found: dict[str, list[Pledge]] = defaultdict(list)
    for pledge in case.pledges:
        found[pledge.capability].append(pledge)
    return {capability: tuple(pledges) for capability, pledges in found.items()}


def distinct_units(standing: Standing, pledge: Pledge) -> list[int]:
    """Return the units of a pledge that differ: each that has tours, and one that has none."""
    units = range(1, pledge.units + 1)
    used = [unit for unit in units if standing.unit_tours(pledge.key, unit)]
    idle = [unit for unit in units if unit not in used]
    return used + idle[:1]


def _best(
    standing: Standing,
    requirement: Requirement,
    pledges: Mapping[str, tuple[Pledge, ...]],
    since: int,
) -> Tour | None:
    """Return the tour for a requirement that betters the objective most, or None."""
    best, found = 0.0, None
    months = slice(max(requirement.first, 0), requirement.last + 1)
    if (standing.deployed[requirement.key][months] >= requirement.units).all():
        return None
    for pledge in pledges.get(requirement.capability, ()):
        if pledge.key in standing.case.bound_to or not matches(pledge, requirement):
            continue
        pairing = Pairing(standing, pledge, requirement)
        for unit in distinct_units(standing, pledge):
            options = pairing.options(unit)
            free = (options.obstacles == 0) & (options.last >= 0)
            free[:since] = False
            if not free.any():
                continue
            start = int(np.where(free, options.points, np.inf).argmin())
            # A gain of less than a millionth of a point is rounding, and would loop for ever.
            if options.points[start] < best - 1e-6:
                best, found = float(options.points[start]), pairing.tour(unit, start)
    return found
