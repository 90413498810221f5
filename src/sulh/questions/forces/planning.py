"""Plan a case: the engine's best plan with its bound, and what single tours still add to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sulh.core.errors import BadRequest
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine.solve import Progress, solve
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import objective, read_plan, violations

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Limits:
    """When planning ends: after ``seconds``, or when the gap is at most ``gap``."""

    seconds: float = 60.0
    gap: float = 0.0
    workers: int = 2


def make_plan(
    case: Case,
    limits: Limits | None = None,
    progress: Report | None = None,
    started: float | None = None,
) -> Planned:
    """Return the best plan found within the limits, with its bound.

    The time runs from ``started`` (`time.monotonic`, now if None); some of it is kept for the
    files that are written afterwards.
    """
    limits = limits or Limits()
    begun = time.monotonic() if started is None else started
    left = limits.seconds - (time.monotonic() - begun) - _kept_for_files(case, limits)
    found = solve(
        case,
        seconds=max(left, 0.5),
        gap=limits.gap,
        workers=limits.workers,
        progress=progress,
    )
    plan, bound = found.plan, found.bound
    if found.gap > 0:
        grown = complete(case, plan)
        if objective(case, grown) < found.objective:
            plan = grown
    return Planned(case, plan, bound, time.monotonic() - begun)


def planned_for(
    folder: Path, plan: Path | None, limits: Limits, progress: Report | None = None
) -> Planned:
    """Return a case with the plan of a file, of which nothing is proven, or with one that is made.

    Raises `BadCase` for a case with a problem and `BadRequest` for a plan that breaks its rules.
    """
    case = Case.read(folder)
    if plan is None:
        return make_plan(case, limits, progress)
    given = read_plan(case, plan)
    if broken := violations(case, given):
        raise BadRequest(
            f"{plan} breaks {len(broken)} rules, the first: {broken[0]}",
            "answers would rest on a plan that cannot be carried out",
            "run `sulh forces check CASE --plan PLAN` and mend it",
        )
    return Planned(case, given, None, 0.0)


def _kept_for_files(case: Case, limits: Limits) -> float:
    """Return the seconds kept for explaining and writing, which grow with pledges times needs."""
    return min(0.5 + len(case.pledges) * len(case.requirements) * 8e-5, limits.seconds / 5)
