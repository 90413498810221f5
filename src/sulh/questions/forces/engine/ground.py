"""The arrays of a model as compiled kernels take them: tours by pledge, units, offers by class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sulh.questions.forces.engine.model import Floats, Ints, Model

NO_LIMIT = 1e15


class Ground(NamedTuple):
    """What never changes in a run. ``*_edges`` cut the array beside them into one part a row.

    ``tour`` lists the tours of the model pledge by pledge, the latest first; ``first``, ``last``,
    ``cost``, ``pledge`` and ``choice`` follow it. ``choice`` is the place of the tour's requirement
    among the ``wanted`` ones of its pledge. ``mission`` is by requirement. ``asks`` has the classes
    of support by pledge, kind and month of beginning (-1: none needed); ``helps`` the offers of
    each class, the cheapest first. ``most_tours`` is of one unit. Limits that there are not are
    ``NO_LIMIT``.
    """

    tour: Ints
    tour_edges: Ints
    first: Ints
    last: Ints
    cost: Floats
    pledge: Ints
    choice: Ints
    wanted: Ints
    wanted_edges: Ints
    mission: Ints
    nation: Ints
    strength: Floats
    reset: Ints
    most_tours: Ints
    units: Ints
    gap: Floats
    needed: Floats
    personnel: Floats
    share: Floats
    missions: Floats
    asks: Ints
    helps: Ints
    helps_edges: Ints
    offer_cost: Floats
    uses: Floats
    women: float

    @classmethod
    def of(cls, model: Model, kept: Ints | None = None, spared: Floats | None = None) -> Ground:
        """Return the ground of a model, of all its tours or of those ``kept``.

        ``spared`` is by offer what a use is worth elsewhere: it comes later among the cheapest.
        """
        tours, pledges = model.tours, len(model.pledges)
        order = np.lexsort((tours.requirement, -tours.first, tours.pledge))
        if kept is not None:
            order = order[np.isin(order, kept)]
        requirements = max(len(model.mission), 1)
        pairs = np.unique((tours.pledge * requirements + tours.requirement)[order])
        wanted_edges = np.searchsorted(pairs, np.arange(pledges + 1) * requirements)
        pair = (tours.pledge * requirements + tours.requirement)[order]
        choice = np.searchsorted(pairs, pair) - wanted_edges[tours.pledge[order]]
        price = model.offer_cost if spared is None else model.offer_cost + spared
        helps = [sorted(c, key=lambda o: (price[o], o)) for c in model.support.classes]
        return cls(
            order,
            np.searchsorted(tours.pledge[order], np.arange(pledges + 1)),
            tours.first[order],
            tours.last[order],
            tours.cost[order],
            tours.pledge[order],
            choice,
            pairs % requirements,
            wanted_edges,
            model.mission,
            model.nation,
            model.strength,
            model.reset,
            _most_tours(model),
            model.units.astype(np.int64),
            model.women_gap,
            model.needed,
            _finite(model.max_personnel),
            _finite(model.share),
            _finite(model.max_missions),
            _asks(model),
            np.array([o for c in helps for o in c], dtype=np.int64),
            np.cumsum([0, *(len(c) for c in helps)]),
            model.offer_cost,
            model.uses,
            float(model.case.weights.women),
        )


def _finite(limits: Floats) -> Floats:
    return np.where(np.isfinite(limits), limits, NO_LIMIT)


def _most_tours(model: Model) -> Ints:
    """Return how many tours a unit makes at most, by pledge: no more than there are months."""
    return np.array([p.max_tours or model.horizon for p in model.pledges], dtype=np.int64)


def _asks(model: Model) -> Ints:
    """Return the classes of support by pledge, kind and month in which a tour begins; -1: none."""
    support, tours = model.support, model.tours
    classes, horizon = max(len(support.classes), 1), model.horizon
    begins = tours.pledge[support.tour] * horizon + tours.first[support.tour]
    begin, of = np.divmod(np.unique(begins * classes + support.of), classes)
    rank = np.arange(len(begin)) - np.searchsorted(begin, begin)
    asks = np.full((len(model.pledges), int(rank.max(initial=0)) + 1, horizon), -1)
    asks[begin // horizon, rank, begin % horizon] = of
    return asks
