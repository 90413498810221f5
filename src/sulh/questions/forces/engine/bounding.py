"""The proven bound: prices from the linear relaxation, then the best schedule of every nation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule, shared_part
from sulh.questions.forces.engine.prices import Prices, between_cost
from sulh.questions.forces.engine.relaxation import Relaxed, relax

Job = Callable[[], Any]
Jobs = Generator[list[Job], list[Any], None]


@dataclass
class Bounding:
    """The best bound proven so far (objective points) and how it is sought.

    `work` yields lists of jobs, takes their results in order, and can be left off at any time.
    """

    model: Model
    seconds: float
    bound: float = -np.inf
    relaxed: Relaxed | None = None
    on_prices: Callable[[Prices], None] = lambda prices: None
    schedules: list[list[Schedule]] = field(default_factory=list)

    def work(self) -> Jobs:
        """Yield jobs until nothing more is known to try."""
        model = self.model
        everything = np.arange(len(model.tours))
        (self.relaxed,) = yield [lambda: relax(model, everything)]
        self.on_prices(self.relaxed.prices)
        yield from self._evaluate(self.relaxed.prices)

    def _evaluate(self, prices: Prices) -> Jobs:
        model = self.model
        cost = between_cost(model, prices)
        least = [float(cost[where].min(initial=0.0)) for where in model.slices]
        order = [int(n) for n in np.argsort(least, kind="stable")]
        found: list[Schedule] = yield [
            lambda n=n: best_schedule(model, n, cost, self.seconds)  # type: ignore[misc]
            for n in order
        ]
        self.schedules.append(found)
        total = shared_part(model, prices) + sum(schedule.bound for schedule in found)
        self.bound = max(self.bound, total * model.scale)
