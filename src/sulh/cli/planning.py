"""The line that shows how a plan gets better while a person watches."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class State(Protocol):
    """How far a run is; see `sulh.questions.forces.engine.solve.Progress`."""

    @property
    def objective(self) -> float: ...  # noqa: D102
    @property
    def bound(self) -> float: ...  # noqa: D102
    @property
    def gap(self) -> float: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102


def line_of(state: State) -> str:
    """Return the state of a run in a line.

    >>> from types import SimpleNamespace
    >>> line_of(SimpleNamespace(objective=2e6, bound=1.9e6, gap=0.05, seconds=3.2))
    'best 2,000,000  bound 1,900,000  gap 5.00%  3 s'
    """
    bound = f"{state.bound:,.0f}" if math.isfinite(state.bound) else "none yet"
    gap = f"{state.gap:.2%}" if math.isfinite(state.gap) else "unknown"
    return f"best {state.objective:,.0f}  bound {bound}  gap {gap}  {state.seconds:.0f} s"


@contextmanager
def planning_line() -> Iterator[Callable[[State], None] | None]:
    """Yield a function that shows the state on standard error, or None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("planning") as status:
        yield lambda state: status.update(line_of(state))
