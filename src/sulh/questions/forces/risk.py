"""What a plan comes to when pledges fail, and a plan that hedges against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean, stdev

import polars as pl

from sulh.questions.forces import edits
from sulh.questions.forces.case import Case, Pledge
from sulh.questions.forces.chances import Chance, Outcome, draw, realised
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan
from sulh.questions.forces.planning import Limits, make_plan
from sulh.result import Result

CAUTION = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Trial:
    """How a plan is tried: so many draws from a seed, with or without idle units stepping in.

    A hedging plan is chosen on the draws of ``seed`` and reported on those of ``seed + 1``;
    ``seconds`` is the time for each plan made.
    """

    replications: int = 100
    seed: int = 1
    recourse: bool = True
    seconds: float = 10.0


def outcomes(
    case: Case,
    plan: Plan,
    chances: Mapping[str, Chance],
    trial: Trial,
    pool: Executor | None = None,
) -> list[Outcome]:
    """Return what a plan comes to in each draw; the same whatever the number of workers."""
    task = partial(_outcome, case, plan, dict(chances), trial)
    return list((pool.map if pool else map)(task, range(trial.replications)))


def _outcome(
    case: Case, plan: Plan, chances: dict[str, Chance], trial: Trial, number: int
) -> Outcome:
    delays = draw(chances, trial.seed, number)
    return realised(case, plan, delays, recourse=trial.recourse)


def hedged(
    case: Case,
    chances: Mapping[str, Chance],
    trial: Trial,
    plain: Plan,
    pool: Executor | None = None,
) -> Plan:
    """Return the plan with the least mean objective over the draws: plain, or one that hedges.

    Candidates for the first stage are the plain plan and plans of cases in which a month of a
    doubtful pledge costs more: the part of it that is expected to fail, times the mean priority of
    its capability, times a caution. The second stage is the draw, with units stepping in.
    """
    plans = [plain]
    for caution in CAUTION:
        dearer = with_doubt(case, chances, caution)
        plans.append(make_plan(dearer, Limits(trial.seconds, 0.005, 2)).plan)
    means = [fmean(o.objective for o in outcomes(case, p, chances, trial, pool)) for p in plans]
    return plans[means.index(min(means))]


def with_doubt(case: Case, chances: Mapping[str, Chance], caution: float) -> Case:
    """Return the case in which pledges cost what they are expected to fail by, times a caution."""

    def dearer(pledge: Pledge) -> Pledge:
        chance = chances[pledge.key]
        late = min(chance.late_months / pledge.tour_months, 1.0)
        share = chance.none + chance.late * late
        asked = [r.priority for r in case.requirements if r.capability == pledge.capability]
        points = case.weights.unmet * (fmean(asked) if asked else 0.0) * share * caution
        extra = round(points / case.weights.cost_usd) if case.weights.cost_usd else 0
        return replace(pledge, monthly_cost_usd=pledge.monthly_cost_usd + extra)

    return edits.with_pledges(case, dearer)


def risk(
    planned: Planned,
    chances: Mapping[str, Chance],
    trial: Trial,
    pool: Executor | None = None,
    report: Callable[[str], None] | None = None,
) -> Result:
    """Return coverage with intervals over the draws, of the plain plan and of one that hedges."""
    case, say = planned.case, report or str
    say("planning a hedge")
    safe = hedged(case, chances, trial, planned.plan, pool)
    fresh = replace(trial, seed=trial.seed + 1)
    rows = []
    for name, plan in (("plain", planned.plan), ("hedged", safe)):
        say(f"drawing for the {name} plan")
        rows.append(_row(name, case, plan, outcomes(case, plan, chances, fresh, pool)))
    stepping = "idle units step in" if trial.recourse else "nobody steps in"
    return Result(
        name="forces_risk",
        title=f"Coverage when pledges are late or fail: {case.name}",
        table=pl.DataFrame(rows),
        units={"objective": "objective points", "covered": "share of unit-months"},
        missing=("No candidate did better than the plain plan: it is the hedge too.",)
        if safe.tours == planned.plan.tours
        else (),
        assumed=(
            f"{trial.replications} draws; a pledge fails or is late as a whole, independently of "
            f"others; {stepping}, knowing from the start of the case what fails.",
            f"The hedge was chosen on the draws of seed {trial.seed}, among plans for cautions "
            f"{', '.join(f'{c:g}' for c in CAUTION)} and the plain one; both are shown on the "
            f"draws of seed {fresh.seed}.",
            "`low` and `high` hold nine draws in ten; `mean_error` is 1.96 standard errors of the "
            "mean of the objective.",
        ),
    )


def _row(name: str, case: Case, plan: Plan, found: Sequence[Outcome]) -> dict[str, object]:
    objective = [o.objective for o in found]
    covered = [o.covered for o in found]
    error = 1.96 * stdev(objective) / math.sqrt(len(found)) if len(found) > 1 else math.inf
    planned = realised(case, plan, {}, recourse=False)
    return {
        "plan": name,
        "planned_covered": planned.covered,
        "covered": fmean(covered),
        "covered_low": quantile(covered, 0.05),
        "covered_high": quantile(covered, 0.95),
        "planned_objective": planned.objective,
        "objective": fmean(objective),
        "mean_error": error,
        "objective_low": quantile(objective, 0.05),
        "objective_high": quantile(objective, 0.95),
        "unmet_priority_months": fmean(o.unmet_priority_months for o in found),
        "stepped_in": fmean(o.stepped_in for o in found),
    }


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies, between neighbours on the line.

    >>> quantile([4.0, 1.0, 2.0, 3.0, 5.0], 0.25)
    2.0
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
