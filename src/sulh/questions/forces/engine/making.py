"""Plans made from nothing while a run has time for them, each from another seed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.units import ROUND, Annealing

FIRST_STEPS = 100_000
"""Steps of the plan that is made before prices are known."""
STEPS = 110
"""Steps of every other plan, if there is time for them: so many times its units to the power 1.5.

The more units, the more steps each needs, and the less is gained by choosing parts anew.
"""
AT_A_TIME = 1.0
"""Seconds of work until others see how far a plan is."""


@dataclass
class Making:
    """A plan under way: it is annealed in so many ``seconds`` of work, sooner if they suffice."""

    model: Model
    seconds: float
    spared: Floats | None = None
    seed: int = 1
    spent: float = 0.0
    done: bool = False
    _annealing: Annealing | None = field(default=None, init=False)
    _round: float = field(default=0.0, init=False)

    def advance(self, stop: Callable[[], bool]) -> Floats:
        """Bring the plan some steps further; return how often each tour is made in it."""
        begun = time.monotonic()
        annealing = self._annealing
        if annealing is None:
            annealing = self._annealing = self._begin()
            rounds = 1
        else:
            rounds = self._affordable(AT_A_TIME)
            if self._round:
                left = self._affordable(self.seconds - self.spent)
                annealing.rounds = min(annealing.round + left, self._most(annealing))
        before = annealing.round
        times = annealing.advance(stop, rounds)
        took = time.monotonic() - begun
        self.spent += took
        if before:
            self._round = took / max(annealing.round - before, 1)
        self.done = annealing.done or not annealing.units
        return times

    @property
    def best(self) -> float:
        """The objective of the plan, as it is counted while it is under way."""
        return self.model.empty if self._annealing is None else self._annealing.best

    def _begin(self) -> Annealing:
        some = np.setdiff1d(np.arange(len(self.model.tours)), self.model.wholes.bound)
        annealing = Annealing(self.model, some, FIRST_STEPS, self.spared, self.seed)
        annealing.rounds = self._most(annealing)
        return annealing

    def _most(self, annealing: Annealing) -> int:
        """Return how many rounds such a plan has at most."""
        if self.spared is None:
            return FIRST_STEPS // ROUND
        return int(STEPS * annealing.units**1.5) // ROUND + 2

    def _affordable(self, seconds: float) -> int:
        """Return how many rounds are made in some seconds.

        The time of the first is not counted, for in it kernels may be compiled.
        """
        return max(int(seconds / self._round), 1) if self._round else 1
