"""Prices by going uphill: raise the price of what is asked for too much, lower the others.

At given prices each unit answers with its best roster (`response`) and each nation with the posts
that it would best man month by month (`posts`), which proves a bound. What the units ask for beyond
that and beyond the limits between nations is the slope of the bound; steps follow its running mean
over the root of its running mean square (Kingma & Ba, ICLR 2015), so that no limit needs a step of
its own, and shrink to an end. Every step is a bound; the best is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sulh.questions.forces.engine.ground import Ground
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.nations import shared_part
from sulh.questions.forces.engine.posts import Bench, Posts, man
from sulh.questions.forces.engine.prices import Prices
from sulh.questions.forces.engine.response import respond, slacks

STEPS, FEW_STEPS, FEW_TOURS = 2000, 300, 1000
"""Steps to an end, and those of a case of few tours."""
LARGEST, LEAST = 0.2, 0.00003
"""The first and the last step, as a share of what a price is typically."""
MEAN, SQUARE = 0.9, 0.999
"""How much of the running means a step keeps."""
START = 0.5
"""The price of coverage at first, as a share of the weight of what is unmet."""
MOST_LAYERS = 8
"""Units that make at most so many tours have them counted; of others any number is allowed."""


@dataclass(frozen=True)
class Proof:
    """Prices, and what they prove: the least that each nation's schedule costs (scaled points)."""

    prices: Prices
    bound: float
    floors: Floats


@dataclass
class Ascent:
    """The prices of a model on their way up."""

    model: Model

    @cached_property
    def ground(self) -> Ground:
        """All tours, costs in scaled points."""
        ground = Ground.of(self.model)
        return ground._replace(cost=ground.cost / self.model.scale)

    @cached_property
    def posts(self) -> Posts:
        """The posts of the nations that man them exactly."""
        return Posts.of_model(self.model)

    @cached_property
    def share(self) -> Floats:
        """Persons of a nation in a mission at most, by what it pledges too: never infinite."""
        g, model = self.ground, self.model
        pledge = np.repeat(np.arange(len(model.pledges)), np.diff(g.wanted_edges))
        pairs = np.unique(pledge * len(model.mission_names) + g.mission[g.wanted])
        pledge, mission = np.divmod(pairs, max(len(model.mission_names), 1))
        reach = np.zeros(model.share.shape)
        np.add.at(reach, (model.nation[pledge], mission), (model.units * model.strength)[pledge])
        least: Floats = np.minimum(model.share, reach)
        return least

    @cached_property
    def personnel(self) -> Floats:
        """Persons of a nation at most, by what it pledges too: never infinite."""
        least: Floats = np.minimum(self.model.max_personnel, self.share.sum(axis=1))
        return least

    def start(self) -> Prices:
        """Return the prices to begin with."""
        zero, coverage = Prices.zero(self.model), self._worth[:, None]
        return zero._replace(coverage=zero.coverage + START * coverage)

    @cached_property
    def _worth(self) -> Floats:
        """Scaled points of a unit-month, by requirement."""
        model = self.model
        priority = np.array([r.priority for r in model.requirements], dtype=float)
        worth: Floats = priority * model.case.weights.unmet / model.scale
        return worth

    def _typical(self) -> tuple[float, ...]:
        """Return what prices typically are, in their order."""
        month = float(self._worth.mean()) if len(self._worth) else 1.0
        person = month / float(self.model.strength.mean()) if len(self.model.pledges) else 1.0
        return month, self._most_for_women, month, person, person, 6 * month, 6 * month

    @property
    def _most_for_women(self) -> float:
        return self.model.case.weights.women / self.model.scale

    def prove(self, prices: Prices) -> tuple[Proof, tuple[Floats, ...]]:
        """Return what prices prove, and by how much the answers to them exceed each limit."""
        model, g = self.model, self._paying(prices)
        use = (*(np.zeros(part.shape) for part in prices[:6]), np.zeros(len(g.tour)))
        values, worth = np.zeros(len(model.pledges)), np.zeros(len(model.nation_names))
        respond(g, self.posts.of, tuple(prices[:6]), self._desk, use, values)
        manned = np.zeros(prices.posts.shape)
        man(g, self.posts, prices.posts, self._bench, manned, worth)
        floors = np.bincount(model.nation, values, minlength=len(worth)) - worth
        shares = prices.share * self.share[:, :, None]
        served = self._served(shares)
        floors -= prices.personnel.sum(axis=1) * self.personnel
        floors -= (shares * served).sum(axis=(1, 2))
        floors -= 1e-9 * np.abs(floors)
        bound = shared_part(model, prices) + float(floors.sum())
        excess = (
            use[0] - model.needed[:, None],
            use[1],
            use[2] - manned,
            use[3] - self.personnel[:, None],
            use[4] - self.share[:, :, None] * served,
            use[5] - self._supplied(prices),
            use[6][self._bound] - self._made_whole(prices.parts),
        )
        return Proof(prices, bound, floors), excess

    @cached_property
    def _bound(self) -> Ints:
        """The places in the ground of the tours of wholes."""
        place = np.empty(len(self.ground.tour), dtype=np.int64)
        place[self.ground.tour] = np.arange(len(place))
        return place[self.model.wholes.bound]

    def _paying(self, prices: Prices) -> Ground:
        """Return the ground with what each tour pays its whole in its cost."""
        if not len(self._bound):
            return self.ground
        cost = self.ground.cost.copy()
        cost[self._bound] += prices.parts
        return self.ground._replace(cost=cost)

    def _made_whole(self, paid: Floats) -> Floats:
        """Return how often each tour of wholes is made: those that are paid most are."""
        wholes, made, best = self.model.wholes, np.zeros(len(paid)), dict[int, tuple[float, int]]()
        for w, (parts, chain) in enumerate(zip(wholes.parts, wholes.chain.tolist(), strict=True)):
            cost = -float(paid[np.searchsorted(wholes.bound, parts)].sum())
            key = chain if chain >= 0 else -1 - w
            best[key] = min(best.get(key, (0.0, -1)), (cost, w))
        for cost, w in best.values():
            if cost < 0:
                made[np.searchsorted(wholes.bound, wholes.parts[w])] += 1
        return made

    @cached_property
    def _bench(self) -> Bench:
        return Bench.of(self.model, self.posts)

    @cached_property
    def _desk(self) -> tuple[Floats, Floats, Ints]:
        g, months = self.ground, self.model.horizon
        most = int(g.most_tours[g.most_tours <= MOST_LAYERS].max(initial=1))
        wanted = int(np.diff(g.wanted_edges).max(initial=0))
        shape = (most + 1, months + 1)
        return np.zeros((wanted, months + 1)), np.zeros(shape), np.zeros(shape, dtype=np.int64)

    def _served(self, worth: Floats) -> Floats:
        """Return 1 where a nation would serve a mission: where its number binds, the dearest."""
        served = np.ones(worth.shape)
        for n in np.flatnonzero(self.model.binding_missions):
            order = np.argsort(-worth[n], axis=0, kind="stable")
            served[n] = 0.0
            most = int(self.model.max_missions[n])
            np.put_along_axis(served[n], order[:most], 1.0, axis=0)
        return served

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """The classes of support with their offers, the pairs of an offer one after another."""
        pairs = [(o, c) for c, offers in enumerate(self.model.support.classes) for o in offers]
        offer, of = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
        return of, offer

    def _supplied(self, prices: Prices) -> Floats:
        """Return the tours of each class that offers would support at the prices."""
        model, (of, offer) = self.model, self._pairs
        supplied = np.zeros(len(prices.support))
        if len(of):
            net = model.offer_cost[offer] / model.scale - prices.support[of]
            order = np.lexsort((net, offer))
            best = order[np.flatnonzero(np.diff(offer[order], prepend=-1))]
            best = best[net[best] < 0]
            np.add.at(supplied, of[best], model.uses[offer[best]])
        return supplied

    def climb(self, stop: Callable[[], bool] = lambda: False, steps: int | None = None) -> Proof:
        """Return the best proof of so many steps (None: as the case needs), or until ``stop``."""
        steps = steps or (STEPS if len(self.model.tours) > FEW_TOURS else FEW_STEPS)
        best, slope = self.prove(self.start())
        prices = list(best.prices)
        mean = [np.zeros(part.shape) for part in prices]
        square = [np.zeros(part.shape) for part in prices]
        typical = self._typical()
        for step in range(1, steps + 1):
            if stop():
                break
            share = LARGEST * (LEAST / LARGEST) ** (step / steps)
            for i, part in enumerate(slope):
                mean[i] += (1 - MEAN) * (part - mean[i])
                square[i] += (1 - SQUARE) * (part**2 - square[i])
                way = mean[i] / (1 - MEAN**step)
                way /= np.sqrt(square[i] / (1 - SQUARE**step)) + 1e-12
                prices[i] = prices[i] + share * typical[i] * way
            prices[:6] = [np.maximum(part, 0.0) for part in prices[:6]]
            prices[1] = np.minimum(prices[1], self._most_for_women)
            proof, slope = self.prove(Prices(*prices))
            if proof.bound > best.bound:
                best = proof
        return best

    def slack(self, prices: Prices) -> Floats:
        """Return what each tour of the model costs its unit beyond its best roster at prices."""
        g, months = self._paying(prices), self.model.horizon
        found = np.zeros(len(g.tour))
        room = np.zeros(months + 1), np.zeros(months + 1)
        slacks(g, self.posts.of, tuple(prices[:6]), (self._desk[0], *room), found)
        by_tour = np.zeros(len(found))
        by_tour[g.tour] = found
        return by_tour

    def spared(self, prices: Prices) -> Floats:
        """Return what a use of each offer is worth at prices, in objective points."""
        worth = np.zeros(len(self.model.uses))
        of, offer = self._pairs
        np.maximum.at(
            worth, offer, prices.support[of] * self.model.scale - self.model.offer_cost[offer]
        )
        return worth
