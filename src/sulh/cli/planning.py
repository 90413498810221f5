"""What the commands of force generation share: options, the line of progress, workers."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from sulh.cases.problems import Problem
    from sulh.questions.forces.outputs import Planned

CaseArgument = Annotated[Path, typer.Argument(help="Folder of the case.")]
SecondsOption = Annotated[
    float, typer.Option("--seconds", min=1, max=86_400, help="Time for making the plan.")
]
GapOption = Annotated[
    float, typer.Option("--gap", min=0, max=1, help="Stop at this gap; 0.01 is one per cent.")
]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=64, help="Workers.")]
PlanOption = Annotated[
    Path | None, typer.Option("--plan", help="A plan.csv to start from; made if left out.")
]
EachOption = Annotated[
    float, typer.Option("--each", min=1, max=86_400, help="Seconds for each case solved anew.")
]


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


def line_of(state: State, since: float = 0.0) -> str:
    """Return the state of a run in a line, so many seconds after it was told.

    >>> from types import SimpleNamespace
    >>> line_of(SimpleNamespace(objective=2e6, bound=1.9e6, gap=0.05, seconds=3.2))
    'best 2,000,000  bound 1,900,000  gap 5.00%  3 s'
    >>> line_of(SimpleNamespace(objective=2e6, bound=-math.inf, gap=math.inf, seconds=3.2), 4)
    'best 2,000,000  bound none yet  gap unknown  7 s'
    """
    bound = f"{state.bound:,.0f}" if math.isfinite(state.bound) else "none yet"
    gap = f"{state.gap:.2%}" if math.isfinite(state.gap) else "unknown"
    return f"best {state.objective:,.0f}  bound {bound}  gap {gap}  {state.seconds + since:.0f} s"


@contextmanager
def planning_line() -> Iterator[Callable[[State], None] | None]:
    """Yield a function that shows the state on standard error, or None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    line = _Line()
    with Console(stderr=True).status(line):
        yield line.take


class _Line:
    """The line of progress, whose seconds run on while the state is the same."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.at = 0.0

    def take(self, state: State) -> None:
        self.state, self.at = state, time.monotonic()

    def __rich__(self) -> str:
        if self.state is None:
            return "planning"
        return line_of(self.state, time.monotonic() - self.at)


def planned_for(case: Path, plan: Path | None, seconds: float, workers: int) -> Planned:
    """Return the plan given, with what is proven of the case, or one that is made."""
    from sulh.questions.forces.planning import Limits
    from sulh.questions.forces.planning import planned_for as ask

    with planning_line() as report:
        planned = ask(case, plan, Limits(seconds, 0.0, workers), report)
    warn(planned.case.doubts)
    told(planned.notes)
    return planned


def warn(doubts: Sequence[Problem]) -> None:
    """Print on standard error what looks like a slip, the first `SHOWN` of it."""
    from sulh.cases.problems import SHOWN

    told([f"Warning: {doubt}" for doubt in doubts[:SHOWN]])
    if len(doubts) > SHOWN:
        told([f"… and {len(doubts) - SHOWN:,} warnings more."])


def told(notes: Sequence[str]) -> None:
    """Print on standard error what a user must know, whatever the format of the answer."""
    for note in notes:
        typer.echo(note, err=True)


@contextmanager
def pool_of(workers: int) -> Iterator[Executor | None]:
    """Yield an executor of so many processes, or None for one: the same answers either way."""
    if workers == 1:
        yield None
        return
    import signal
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Fresh processes: a fork would copy the locks of the threads that read tables.
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        yield pool
