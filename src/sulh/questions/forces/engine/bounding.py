"""The proven bound: prices on their way up, then the best schedule of every nation at them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sulh.methods.simulation.compiling import Ahead
from sulh.questions.forces.engine.ascent import Ascent, Proof
from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule, shared_part
from sulh.questions.forces.engine.prices import nation_cost

Job = Callable[[], Any]
Jobs = Generator[list[Job], list[Any], None]


@dataclass
class Bounding:
    """The best bound proven so far (objective points) and how it is sought.

    ``stop`` says when jobs are to be left off; ``on_prices`` is told what each tour costs its
    unit beyond its best roster at the prices found, and what a use of each offer is worth.

    ``ahead`` is what compiles the kernels of prices in a first run, and is waited for.

    `work` yields lists of jobs, takes their results in order, and can be left off at any time.
    Each schedule that a job returns is also to be given to `take` as soon as it is there.
    """

    model: Model
    stop: Callable[[], bool] = lambda: False
    on_prices: Callable[[Floats, Floats], None] = lambda _slack, _spared: None
    bound: float = -np.inf
    shared: float = 0.0
    floors: Floats = field(default_factory=lambda: np.zeros(0))
    ahead: Ahead = field(default_factory=Ahead)

    def work(self) -> Jobs:
        """Yield jobs until nothing more is known to try."""
        if not len(self.model.tours):
            self.bound = self.model.empty
            return
        climbed: tuple[Proof, Floats, Floats] | None
        (climbed,) = yield [self._climb]
        if climbed is None:
            return
        proof, slack, spared = climbed
        self.shared, self.floors = shared_part(self.model, proof.prices), proof.floors.copy()
        self._rise()
        self.on_prices(slack, spared)
        yield from self._evaluate(proof)

    def _climb(self) -> tuple[Proof, Floats, Floats] | None:
        self.ahead.wait(self.stop)
        if self.stop():
            return None  # to compile now would only hold up the end of the process
        ascent = Ascent(self.model)
        proof = ascent.climb(self.stop)
        return proof, ascent.slack(proof.prices), ascent.spared(proof.prices)

    def take(self, schedule: Schedule) -> None:
        """Take what a nation's best schedule proves, the others left at what is known of them."""
        n = schedule.nation
        self.floors[n] = max(self.floors[n], schedule.bound)
        self._rise()

    def _rise(self) -> None:
        self.bound = max(self.bound, (self.shared + float(self.floors.sum())) * self.model.scale)

    def _evaluate(self, proof: Proof) -> Jobs:
        """Yield a job for each nation, those with most to gain first; the results go to `take`."""
        cost = nation_cost(self.model, proof.prices)
        gain = [float(np.minimum(cost[where], 0.0).sum()) for where in self.model.slices]
        order = [int(n) for n in np.argsort(gain, kind="stable")]
        yield [partial(best_schedule, self.model, n, cost, self.stop) for n in order]
