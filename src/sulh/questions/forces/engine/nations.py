"""One nation at given prices: its best schedule, solved to proof.

What lies within a nation (rotations, tours of a pledge, ceilings, missions) is kept exactly; what
lies between nations is priced. The sum over nations is a lower bound for any prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sulh.methods.programs import Program, solve
from sulh.questions.forces.engine.families import WITHIN_NATION, Draft, coverage
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.prices import Prices
from sulh.questions.forces.engine.usage import Usage

DUAL_TOLERANCE = 1e-9
"""HiGHS may take a reduced cost down to minus this for non-negative."""


MOST_SECONDS = 15.0
"""A nation not solved by then gives the bound that it has."""


@dataclass(frozen=True)
class Schedule:
    """The tours of one nation that cost least at given prices (scaled points).

    ``bound`` is proven: no schedule of the nation costs less.
    """

    nation: int
    chosen: Ints
    times: Floats
    cost: float
    bound: float


def nation_program(model: Model, free: Ints, cost: Floats) -> Program:
    """Return the program of one nation: its tours at given costs, and its own limits.

    Coverage is kept too, as no nation sends more units than a requirement needs.
    """
    none = Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))
    draft = Draft(model, free, none)
    draft.program.add_variables("tour", free, cost, (0, model.tours.most[free]), whole=True)
    draft.__dict__["tour"] = draft.program.variables[0]
    for family in (coverage, *WITHIN_NATION):
        family(draft)
    return draft.program


def best_schedule(
    model: Model, nation: int, cost: Floats, stop: Callable[[], bool] | None = None
) -> Schedule:
    """Return the best schedule of a nation at ``cost`` (scaled points, one a tour of the model).

    Tours that cost nothing or more are left out: a schedule without them is valid and no dearer.
    """
    where = model.slices[nation]
    free = where.start + np.flatnonzero(cost[where] < 0)
    none = np.zeros(0, dtype=np.int64)
    if not len(free):
        return Schedule(nation, none, np.zeros(0), 0.0, 0.0)
    answer = solve(
        nation_program(model, free, cost[free]),
        stop,
        time_limit=MOST_SECONDS,
        mip_rel_gap=1e-4,
        dual_feasibility_tolerance=DUAL_TOLERANCE,
    )
    most = model.tours.most[free]
    floor = float((np.minimum(cost[free], 0.0) * most).sum())
    margin = DUAL_TOLERANCE * float(most.sum()) + 1e-9 * abs(floor)
    bound = max(answer.bound, floor) - margin if np.isfinite(answer.bound) else floor
    if answer.values is None:
        return Schedule(nation, none, np.zeros(0), 0.0, bound)
    times = np.round(answer.values[: len(free)])
    used = np.flatnonzero(times)
    value = float((cost[free[used]] * times[used]).sum())
    return Schedule(nation, free[used], times[used], value, bound)


def shared_part(model: Model, prices: Prices) -> float:
    """Return the part of the bound that is no nation's, in scaled points.

    empty plan - Σ coverage[r, k] units_r
    + Σ_o uses_o min(0, min over its classes c of cost_o - support[c])
    + what the wholes cost at least where each tour pays its whole parts[j] (`Wholes.least`)
    """
    total = model.empty / model.scale - float((prices.coverage.sum(axis=1) * model.needed).sum())
    total += float(offers_part(model, prices).sum())
    return total + model.wholes.least(prices.parts) if len(model.wholes.bound) else total


def offers_part(model: Model, prices: Prices) -> Floats:
    """Return the part of the bound that is each offer's, in scaled points; none is above 0."""
    least = np.zeros(len(model.uses))
    for c, offers in enumerate(model.support.classes):
        places = np.array(offers)
        net = model.offer_cost[places] / model.scale - prices.support[c]
        least[places] = np.minimum(least[places], net)
    return np.asarray(least * model.uses)
