"""The proven bound: prices from the linear relaxation, then the best schedule of every nation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule, shared_part
from sulh.questions.forces.engine.prices import Prices, between_cost
from sulh.questions.forces.engine.relaxation import Relaxed, first_choice, relax

Job = Callable[[], Any]
FEW, SLOW = 0.03, 0.002
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
    on_relaxed: Callable[[Relaxed], None] = lambda found: None
    schedules: list[list[Schedule]] = field(default_factory=list)

    def work(self) -> Jobs:
        """Yield jobs until nothing more is known to try."""
        model = self.model
        chosen = first_choice(model)
        while len(chosen):
            found: Relaxed
            (found,) = yield [partial(relax, model, chosen)]
            if not np.isfinite(found.objective):
                return
            self.relaxed, before = found, self.relaxed
            self.on_relaxed(found)
            if len(found.wanted) < FEW * len(chosen) or self._late(before, found):
                yield from self._evaluate(found.prices)
            chosen = np.union1d(chosen, found.wanted)
            if not len(found.wanted):
                return

    def _late(self, before: Relaxed | None, now: Relaxed) -> bool:
        """Return whether the relaxation hardly falls any more, so that a bound is worth having."""
        return before is not None and now.objective > before.objective * (1 - SLOW)

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
