"""What a location problem's solver found and proved."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Located:
    """The sites chosen, their objective, a proven bound, and the seconds it took.

    ``sites`` are indices in order; a site that holds several units is there several times. The
    objective is minimised (p-median, set covering) or maximised (covers); ``bound`` is on its other
    side, and equal to it where the answer is proven optimal.
    """

    sites: tuple[int, ...]
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Return the distance between objective and bound, relative to the objective."""
        if self.objective == self.bound:
            return 0.0
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-12)

    @property
    def proven(self) -> bool:
        """Return whether the answer is proven optimal."""
        return self.gap <= 1e-9


@dataclass(frozen=True)
class Clock:
    """A limit of wall-clock seconds for a search, from when the clock was made."""

    limit: float = float("inf")
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Return the seconds gone."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.limit - self.seconds

    def over(self) -> bool:
        """Return whether the time is up."""
        return self.seconds >= self.limit
