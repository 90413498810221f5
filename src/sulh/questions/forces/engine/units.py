"""Units and their rosters: a plan as the compiled search changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from sulh.questions.forces.engine.anneal import improve
from sulh.questions.forces.engine.ground import Ground
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.roster import Around, Desk, State, insert
from sulh.questions.forces.engine.usage import empty_usage

AT_ONCE = 6
"""Units taken out at one time, at most."""
CHAINS, CHAINS_AT_ONCE = 0.7, 3
"""The share of the steps that are of chains, and how many of them at one time, at most."""
TAKING, TAKEN = 0.6, 3
"""How often units are taken from elsewhere where chains are chosen anew, and how many at most."""
HOT, COLD = 0.1, 0.001
"""The first and the last temperature, as a share of what a tour gains on average."""
SPARING = 0.7
"""The share of the steps in which a use of an offer also costs what it is worth elsewhere."""
ROUND = 5_000
"""Steps at one time; between them others see the plan, and a run can be left off."""


@dataclass
class Annealing:
    """A plan under way from nothing, over ``kept`` tours only, in about so many steps.

    It depends on the model, the tours kept and the seed, never on the machine's speed.
    """

    model: Model
    kept: Ints
    steps: int
    spared: Floats | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        self.ground = Ground.of(self.model, self.kept, self.spared)
        able = np.diff(self.ground.tour_edges) > 0
        pledge = np.repeat(np.arange(len(able)), self.ground.units)
        self.pledge = pledge[able[pledge]]
        self.rounds = max(self.steps // ROUND, 1)
        self.round = 0
        self.begun = False
        self.sparing = self.spared
        self.now = self.best = self.model.empty

    @property
    def done(self) -> bool:
        """Whether all steps are made."""
        return self.round >= self.rounds

    @property
    def units(self) -> int:
        """How many units have tours kept."""
        return len(self.pledge)

    def advance(self, stop: Callable[[], bool], rounds: int = 10) -> Floats:
        """Make some rounds of steps; return how often each tour is made in the best plan so far."""
        if not self.begun:
            self.begun = True
            self._insert_all()
        gain = -float(np.minimum(self.ground.cost, 0.0).mean()) if len(self.ground.cost) else 1.0
        heats = np.geomspace(HOT, COLD, self.rounds + 1) * max(gain, 1e-9)
        for _ in range(rounds):
            if self.done or stop() or not len(self.pledge):
                break
            if self.sparing is not None and self.round >= int(SPARING * self.rounds):
                self._cost_truly(self.sparing)
            knobs = np.array(
                [
                    ROUND,
                    *heats[self.round : self.round + 2],
                    AT_ONCE,
                    CHAINS_AT_ONCE,
                    CHAINS,
                    TAKING,
                    TAKEN,
                    self.now,
                    self.best,
                ]
            )
            self.now, self.best = improve(self.ground, self.state, self.around, self.desk, knobs)
            self.round += 1
        return self._times()

    def _cost_truly(self, spared: Floats) -> None:
        """Count the uses of offers at their cost from now on."""
        self.sparing = None
        self.now -= float((spared * self.state.used).sum())
        self.ground = self.ground._replace(offer_cost=self.model.offer_cost)
        self.__dict__.pop("around", None)  # what tours add at least is less now
        self._keep_as_best()

    def _insert_all(self) -> None:
        """Give every unit the best roster beside those before it, in an order drawn."""
        if self.spared is not None:
            dear = self.model.offer_cost + self.spared
            self.ground = self.ground._replace(offer_cost=dear)
        for u in np.random.default_rng(self.seed).permutation(len(self.pledge)):
            self.desk.counts[0] = 0
            self.now += insert(self.ground, self.state, self.around, self.desk, u, self.pledge[u])
        self._keep_as_best()

    def _keep_as_best(self) -> None:
        self.best = self.now
        self.desk.best_made[:] = self.state.made
        self.desk.best_roster[:] = self.state.roster

    def _times(self) -> Floats:
        made = self.desk.best_made
        used = self.desk.best_roster[np.arange(self.most)[None, :] < made[:, None]]
        places = self.ground.tour[used]
        return np.bincount(places, minlength=len(self.model.tours)).astype(float)

    @cached_property
    def most(self) -> int:
        """The most tours that any unit can make."""
        g = self.ground
        pledge = self.model.tours.pledge[g.tour]
        spell = g.last - g.first + 1 + g.reset[pledge]
        shortest = np.full(len(g.units), self.model.horizon)
        np.minimum.at(shortest, pledge, spell)
        fit = (self.model.horizon + g.reset) // np.maximum(shortest, 1) + 1
        return int(np.minimum(fit, g.most_tours)[self.pledge].max(initial=1))

    @cached_property
    def state(self) -> State:
        """The plan as it stands, at first without tours."""
        usage, units = empty_usage(self.model), len(self.pledge)
        nations, months = usage.persons.shape
        return State(
            usage.cover,
            usage.persons,
            usage.share,
            np.zeros(usage.share.shape, dtype=np.int64),
            np.zeros((nations, months)),
            usage.women,
            np.zeros(len(self.model.uses)),
            np.full((units, self.most), -1),
            np.full((units, self.most, self.ground.asks.shape[1]), -2),
            np.zeros(units, dtype=np.int64),
            np.where(self.model.needed > 0, months, 0),
            np.tile(np.arange(months, 0, -1), (units, 1)),
        )

    @cached_property
    def desk(self) -> Desk:
        """Room to work in."""
        model, g, most = self.model, self.ground, self.most
        months, missions = model.horizon, len(model.mission_names)
        wanted = int(np.diff(g.wanted_edges).max(initial=0))
        most_needed = int(model.needed[np.isfinite(model.needed)].max(initial=0))
        changes = 4 * (AT_ONCE * most + CHAINS_AT_ONCE * months)
        return Desk(
            np.zeros(months),
            np.zeros((missions, months + 1)),
            np.zeros((missions, months), dtype=np.int64),
            np.zeros(missions, dtype=np.int64),
            np.zeros(months, dtype=np.int64),
            np.zeros(wanted * months, dtype=np.int64),
            np.zeros(wanted * months, dtype=np.int64),
            np.zeros(wanted * months),
            np.zeros((most + 1, months + 1)),
            np.full((most + 1, months + 1), -1),
            np.zeros(months + 1, dtype=np.int64),
            np.zeros(months + 1),
            np.zeros(months + 1),
            np.zeros(months + 1),
            np.zeros(months, dtype=np.int64),
            np.zeros((most_needed * months, 3), dtype=np.int64),
            np.zeros(g.asks.shape[1], dtype=np.int64),
            np.zeros((changes, 3), dtype=np.int64),
            np.zeros((changes, g.asks.shape[1]), dtype=np.int64),
            np.zeros(1, dtype=np.int64),
            np.zeros(AT_ONCE, dtype=np.int64),
            np.zeros(CHAINS_AT_ONCE, dtype=np.int64),
            self.state.roster.copy(),
            self.state.made.copy(),
            np.array([88172645463325252 + self.seed], dtype=np.uint64),
        )

    @cached_property
    def around(self) -> Around:
        """The units that each requirement, nation and offer concerns."""
        g, model = self.ground, self.model
        every = np.arange(len(model.pledges))
        wants = np.repeat(every, np.diff(g.wanted_edges))
        pledge, _, _ = np.nonzero(g.asks >= 0)
        of = g.asks[g.asks >= 0]
        helps = [
            (o, p)
            for c, p in np.unique(np.stack([of, pledge], axis=1), axis=0)
            for o in g.helps[g.helps_edges[c] : g.helps_edges[c + 1]]
        ]
        offer, helped = np.unique(np.array(helps, dtype=np.int64).reshape(-1, 2), axis=0).T
        least = self._least()
        begun = self._begun(least)
        return Around(
            self.pledge,
            np.searchsorted(self.pledge, np.arange(len(model.pledges) + 1)),
            *self._listed(g.wanted, wants, len(model.needed)),
            *self._listed(g.nation, every, len(model.nation_names)),
            *self._listed(offer, helped, len(model.uses)),
            *begun,
            least[begun[1]],
        )

    def _begun(self, least: Floats) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the tours by pledge, requirement and month, and by requirement and month."""
        g, months = self.ground, self.model.horizon
        begins = np.full((len(g.wanted), months), -1)
        begins[g.wanted_edges[g.pledge] + g.choice, g.first] = np.arange(len(g.tour))
        row = self.model.tours.requirement[g.tour] * months + g.first
        serving = np.lexsort((least, row))
        rows = np.arange(len(self.model.needed) * months + 1)
        return begins, serving, np.searchsorted(row[serving], rows), g.last[serving]

    def _least(self) -> Floats:
        """Return what each tour of the ground adds to the objective at least."""
        g, model = self.ground, self.model
        gap = model.women_gap[g.pledge, model.mission[model.tours.requirement[g.tour]]]
        women = g.women * np.minimum(gap, 0.0) * (g.last - g.first + 1)
        return np.asarray(g.cost + women + self._least_support()[g.pledge, g.first])

    def _least_support(self) -> Floats:
        """Return what the support of a tour costs at least, by pledge and month it begins in."""
        g = self.ground
        price = g.offer_cost[g.helps]
        cheapest = np.zeros(len(g.helps_edges))  # the last for those that ask for nothing: -1
        for c, (low, high) in enumerate(pairwise(g.helps_edges)):
            cheapest[c] = price[low:high].min(initial=np.inf)
        return np.asarray(cheapest[g.asks].sum(axis=1))

    def _listed(self, rows: Ints, pledges: Ints, count: int) -> tuple[Ints, Ints]:
        """Return the units of the pledges that stand beside each row, row by row, and the edges."""
        first = np.searchsorted(self.pledge, pledges)
        number = np.searchsorted(self.pledge, pledges, side="right") - first
        row = np.repeat(rows, number)
        begin = np.repeat(np.cumsum(number) - number, number)
        unit = np.repeat(first, number) + np.arange(len(row)) - begin
        order = np.lexsort((unit, row))
        return unit[order], np.searchsorted(row[order], np.arange(count + 1))
