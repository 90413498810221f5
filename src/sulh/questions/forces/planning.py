"""Plan a case: the engine's best plan with its bound, and what single tours still add to it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.earlier import sound_earlier
from sulh.questions.forces.engine.solve import Progress, solve
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, objective

Report = Callable[[Progress], None]
_EQUAL = 1e-12


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
    start: Planned | None = None,
) -> Planned:
    """Return the best plan found within the limits, with its bound.

    The time runs from ``started`` (`time.monotonic`, now if None); some of it is kept for the
    files that are written afterwards. With a valid plan to ``start`` from, the answer is no worse
    than it, and what is proven of it counts.
    """
    limits = limits or Limits()
    begun = time.monotonic() if started is None else started
    if start is not None:
        start = replace(start, plan=_grown(case, start.plan), notes=())
        gap = start.summary()["gap"]
        if gap is not None and gap <= limits.gap:
            return replace(start, seconds=time.monotonic() - begun)
    left = limits.seconds - (time.monotonic() - begun) - _kept_for_files(case, limits)
    found = solve(
        case,
        seconds=max(left, 0.5),
        gap=limits.gap,
        workers=limits.workers,
        progress=_beside(start, progress),
    )
    plan = _grown(case, found.plan) if found.gap > 0 else found.plan
    bound = found.bound
    if start is not None:
        worth = objective(case, plan), objective(case, start.plan)
        plan = plan if worth[0] < worth[1] * (1 - _EQUAL) else start.plan
        bound = max(bound, start.bound if start.bound is not None else bound)
    return Planned(case, plan, bound, time.monotonic() - begun)


def _grown(case: Case, plan: Plan) -> Plan:
    """Return a plan with what single tours still add to it."""
    grown = complete(case, plan)
    return grown if objective(case, grown) < objective(case, plan) else plan


def _beside(start: Planned | None, progress: Report | None) -> Report | None:
    """Return a report of progress that counts what a run starts from."""
    if start is None or progress is None:
        return progress
    best, floor = objective(start.case, start.plan), start.bound

    def report(state: Progress) -> None:
        least = min(state.objective, best)
        bound = min(max(state.bound, -math.inf if floor is None else floor), least)
        gap = (least - bound) / least if least > 0 else 0.0 if least == bound else math.inf
        progress(Progress(least, bound, gap, state.seconds))

    return report


def planned_for(
    folder: Path, plan: Path | None, limits: Limits, progress: Report | None = None
) -> Planned:
    """Return a case with the plan of a file, and what is proven of it, or with one that is made.

    Raises `BadCase` for a case with a problem and `BadRequest` for a plan that breaks its rules.
    """
    case = Case.read(folder)
    return make_plan(case, limits, progress) if plan is None else sound_earlier(case, plan)


def _kept_for_files(case: Case, limits: Limits) -> float:
    """Return the seconds kept for explaining and writing, which grow with pledges times needs."""
    return min(2.5 + len(case.pledges) * len(case.requirements) * 8e-5, limits.seconds / 5)
