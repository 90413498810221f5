"""Prices of limits, and what every possible tour costs at them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.posts import Posts


class Prices(NamedTuple):
    """A price (>= 0, in scaled points) for a unit of every limit but a unit's own rotation.

    ``coverage`` by requirement and month, ``women`` by mission and month (points a woman short),
    ``posts`` by post and month (points a unit); of nations without posts ``personnel`` by nation
    and month, ``share`` by nation, mission and month (points a person); ``support`` by class.
    ``parts`` is what a tour of a chain or a combined unit pays its whole, and may be below 0.
    """

    coverage: Floats
    women: Floats
    posts: Floats
    personnel: Floats
    share: Floats
    support: Floats
    parts: Floats

    @classmethod
    def zero(cls, model: Model) -> Prices:
        """Return prices of nothing."""
        nations, missions, months = *model.share.shape, model.horizon
        return cls(
            np.zeros((len(model.needed), months)),
            np.zeros((missions, months)),
            np.zeros((len(Posts.of_model(model)), months)),
            np.zeros((nations, months)),
            np.zeros((nations, missions, months)),
            np.zeros(len(model.support.classes)),
            np.zeros(len(model.wholes.bound)),
        )


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


def _over_months(values: Floats, rows: Ints, first: Ints, last: Ints) -> Floats:
    """Return the sum of values[row, first .. last] for each row given."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    width = sums.shape[1]
    flat = sums.ravel()
    found: Floats = flat[rows * width + last + 1] - flat[rows * width + first]
    return found
