"""Prices of limits, and what every possible tour costs at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sulh.methods.programs import Program
from sulh.questions.forces.engine.model import Floats, Ints, Model


@dataclass(frozen=True)
class Prices:
    """A price (>= 0, in scaled points) for a unit of every limit, as the arrays of `Usage` lie.

    ``coverage`` by requirement and month, ``women`` by mission and month (points a woman short),
    ``support`` by class: limits between nations. The rest lie within a nation: ``rotation`` by
    pledge and month, ``tours`` by pledge, ``personnel`` by nation and month, ``share`` by nation
    and mission and month, ``serving`` by pledge and mission and month. ``parts`` is what a tour of
    a chain or a combined unit pays the whole that it is a part of, and may be below 0.
    """

    coverage: Floats
    women: Floats
    support: Floats
    rotation: Floats
    tours: Floats
    personnel: Floats
    share: Floats
    serving: Floats
    parts: Floats

    @classmethod
    def zero(cls, model: Model) -> Prices:
        """Return prices of nothing."""
        nations, missions = len(model.nation_names), len(model.mission_names)
        pledges, months = len(model.pledges), model.horizon
        return cls(
            np.zeros((len(model.requirements), months)),
            np.zeros((missions, months)),
            np.zeros(len(model.support.classes)),
            np.zeros((pledges, months)),
            np.zeros(pledges),
            np.zeros((nations, months)),
            np.zeros((nations * missions, months)),
            np.zeros((pledges * missions, months)),
            np.zeros(len(model.wholes.bound)),
        )

    @classmethod
    def of_duals(cls, model: Model, program: Program, duals: Floats) -> Prices:
        """Return the prices that the duals of a program's rows are (the sign turned)."""
        prices = cls.zero(model)
        into: Mapping[str, Floats] = {
            "coverage": prices.coverage,
            "women": prices.women,
            "support": prices.support,
            "rotation": prices.rotation,
            "tours": prices.tours,
            "personnel": prices.personnel,
            "share": prices.share,
            "deploys": prices.share,
            "pledge_serves": prices.serving,
        }
        for block in program.blocks:
            if block.name in into:
                into[block.name].ravel()[block.keys] += np.maximum(-duals[block.rows], 0.0)
            elif block.name in ("parts_made", "wholes_made"):
                sign = 1.0 if block.name == "parts_made" else -1.0
                places = np.searchsorted(model.wholes.bound, block.keys)
                prices.parts[places] += sign * np.maximum(-duals[block.rows], 0.0)
        most = model.case.weights.women / model.scale
        return replace(prices, women=np.minimum(prices.women, most))

    def between(self) -> tuple[Floats, Floats, Floats]:
        """Return the prices of the limits between nations."""
        return self.coverage, self.women, self.support


def between_cost(model: Model, prices: Prices) -> Floats:
    """Return each tour's cost in scaled points with the limits between nations priced.

    cost_j + Σ_k coverage[r, k] + Σ_k women[m, k] (target_m strength_p - women_p) + Σ_c support[c]
    """
    tours, mission = model.tours, model.tour_mission
    gap = model.women_gap[tours.pledge, mission]
    cost = tours.cost / model.scale
    cost = cost + _over_months(prices.coverage, tours.requirement, tours.first, tours.last)
    cost += gap * _over_months(prices.women, mission, tours.first, tours.last)
    return cost + np.bincount(
        model.support.tour, prices.support[model.support.of], minlength=len(tours)
    )


def nation_cost(model: Model, prices: Prices) -> Floats:
    """Return each tour's cost to its nation: `between_cost`, and what it pays its whole."""
    cost = between_cost(model, prices)
    cost[model.wholes.bound] += prices.parts
    return cost


def full_cost(model: Model, prices: Prices) -> Floats:
    """Return each tour's reduced cost in scaled points with every limit priced."""
    tours, mission = model.tours, model.tour_mission
    missions = len(model.mission_names)
    strength, pledge = model.strength[tours.pledge], tours.pledge
    back = np.minimum(tours.last + model.reset[pledge], model.horizon - 1)
    pair = model.tour_nation * missions + mission
    cost = nation_cost(model, prices) + prices.tours[pledge]
    cost += _over_months(prices.rotation, pledge, tours.first, back)
    cost += strength * _over_months(prices.personnel, model.tour_nation, tours.first, tours.last)
    cost += strength * _over_months(prices.share, pair, tours.first, tours.last)
    return cost + _over_months(prices.serving, pledge * missions + mission, tours.first, tours.last)


def _over_months(values: Floats, rows: Ints, first: Ints, last: Ints) -> Floats:
    """Return the sum of values[row, first .. last] for each row given."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    width = sums.shape[1]
    flat = sums.ravel()
    found: Floats = flat[rows * width + last + 1] - flat[rows * width + first]
    return found
