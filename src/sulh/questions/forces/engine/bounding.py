"""The proven bound: prices from the linear relaxation, then the best schedule of every nation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule, floors, shared_part
from sulh.questions.forces.engine.prices import Prices, nation_cost
from sulh.questions.forces.engine.relaxation import Relaxed, first_choice, next_choice, relax

Job = Callable[[], Any]
FEW = 0.01
"""A relaxation that wants at most this share of tours added is worth a bound."""

Jobs = Generator[list[Job], list[Any], None]


@dataclass
class Bounding:
    """The best bound proven so far (objective points) and how it is sought.

    ``stop`` says when jobs are to be left off, ``late`` when a bound is wanted from any prices.

    `work` yields lists of jobs, takes their results in order, and can be left off at any time.
    Each schedule that a job returns is also to be given to `take` as soon as it is there.
    """

    model: Model
    stop: Callable[[], bool] = lambda: False
    late: Callable[[], bool] = lambda: False
    bound: float = -np.inf
    relaxed: Relaxed | None = None
    on_relaxed: Callable[[Relaxed], None] = lambda _: None
    shared: float = 0.0
    floors: Floats = field(default_factory=lambda: np.zeros(0))

    def work(self) -> Jobs:
        """Yield jobs until nothing more is known to try."""
        model = self.model
        chosen = first_choice(model)
        while len(chosen):
            found: Relaxed
            (found,) = yield [partial(relax, model, chosen, self.stop)]
            if not np.isfinite(found.objective):
                return
            self.relaxed = found
            self.on_relaxed(found)
            self._floor(found.prices)
            if len(found.wanted) < FEW * len(chosen) or self.late():
                yield from self._evaluate(found.prices)
            if not len(found.wanted):
                return
            chosen = next_choice(model, found)

    def _floor(self, prices: Prices) -> None:
        """Take the bound that prices prove of themselves, nation by nation."""
        self.shared, self.floors = shared_part(self.model, prices), floors(self.model, prices)
        self._rise()

    def take(self, schedule: Schedule) -> None:
        """Take what a nation's best schedule proves, the others left at what is known of them."""
        n = schedule.nation
        self.floors[n] = max(self.floors[n], schedule.bound)
        self._rise()

    def _rise(self) -> None:
        self.bound = max(self.bound, (self.shared + float(self.floors.sum())) * self.model.scale)

    def _evaluate(self, prices: Prices) -> Jobs:
        """Yield a job for each nation, those with most to gain first; the results go to `take`."""
        cost = nation_cost(self.model, prices)
        gain = [float(np.minimum(cost[where], 0.0).sum()) for where in self.model.slices]
        order = [int(n) for n in np.argsort(gain, kind="stable")]
        yield [partial(best_schedule, self.model, n, cost, self.stop) for n in order]
