"""The proven bound: prices from the linear relaxation, then the best schedule of every nation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule, shared_part
from sulh.questions.forces.engine.prices import Prices, between_cost
from sulh.questions.forces.engine.relaxation import Relaxed, first_choice, relax

Job = Callable[[], Any]
FEW = 0.01
"""A relaxation that wants at most this share of tours added is worth a bound."""

Jobs = Generator[list[Job], list[Any], None]


@dataclass
class Bounding:
    """The best bound proven so far (objective points) and how it is sought.

    ``stop`` says when jobs are to be left off, ``late`` when a bound is wanted from any prices.

    `work` yields lists of jobs, takes their results in order, and can be left off at any time.
    """

    model: Model
    stop: Callable[[], bool] = lambda: False
    late: Callable[[], bool] = lambda: False
    bound: float = -np.inf
    relaxed: Relaxed | None = None
    on_relaxed: Callable[[Relaxed], None] = lambda _: None
    schedules: list[list[Schedule]] = field(default_factory=list)

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
            if len(found.wanted) < FEW * len(chosen) or self.late():
                yield from self._evaluate(found.prices)
            chosen = np.union1d(chosen, found.wanted)
            if not len(found.wanted):
                return

    def _evaluate(self, prices: Prices) -> Jobs:
        model = self.model
        cost = between_cost(model, prices)
        least = [float(cost[where].min(initial=0.0)) for where in model.slices]
        order = [int(n) for n in np.argsort(least, kind="stable")]
        found: list[Schedule] = yield [
            partial(best_schedule, model, n, cost, self.stop) for n in order
        ]
        self.schedules.append(found)
        total = shared_part(model, prices) + sum(schedule.bound for schedule in found)
        self.bound = max(self.bound, total * model.scale)
