"""What one thing more is worth, and whose withdrawal hurts most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import polars as pl

from sulh.questions.forces.adapt import better, carried_over
from sulh.questions.forces.asks import Ask, losses, values
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine.withdrawals import Withdrawals
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, objective, score
from sulh.questions.forces.planning import Limits, make_plan
from sulh.result import Result

Task = TypeVar("Task")
Found = TypeVar("Found")
_SCHEMA = {
    "rank": pl.Int64,
    "kind": pl.String,
    "what": pl.String,
    "points": pl.Float64,
    "at_least": pl.Float64,
    "at_most": pl.Float64,
    "how": pl.String,
    "priority_months": pl.Float64,
    "cost_usd": pl.Float64,
}
_ROUNDING = 1e-6
ANEW, ADAPTED = "solved anew", "adapted"


@dataclass(frozen=True, eq=False)
class Answer:
    """What a change is worth: the plan found for the changed case, and a bound if one is known."""

    ask: Ask
    plan: Plan
    bound: float | None = None
    solved: bool = False


@dataclass(frozen=True)
class Effort:
    """How much is spent: ``solved`` asks are solved anew, each for ``seconds``, the rest adapted.

    ``rounds`` is the number of rounds in which a plan is adapted to each change.
    """

    solved: int = 5
    seconds: float = 10.0
    rounds: int = 0


def value(planned: Planned, effort: Effort, pool: Executor | None = None) -> Result:
    """Return what each thing more would be worth, in objective points, the most worth first.

    One more unit of each capability from each quarter of a year on, one more use of each offer of
    a partner, each caveat of a nation lifted, each pledge ready one to three months earlier.
    """
    base, answers = _answered(planned, values(planned.case), effort, pool)
    table = _table(base, answers, gain=True)
    return Result(
        name="forces_value",
        title=f"What one thing more is worth: {planned.case.name}",
        table=table,
        units={
            "worth_points": "objective points",
            "at_least": "objective points",
            "at_most": "objective points",
        }
        | {"priority_months": "priority-months more covered", "cost_usd": "USD more"},
        missing=_standing(base),
        assumed=(
            "A unit more is like the middle one pledged, without caveat, and needs no partner.",
            *_told(planned, base, effort, gain=True),
            *_unproven(table, gain=True),
        ),
    )


def loss(planned: Planned, effort: Effort, pool: Executor | None = None) -> Result:
    """Return what is lost if a nation withdraws its pledges and offers, or a partner an offer."""
    base, answers = _answered(planned, losses(planned.case), effort, pool)
    without = Withdrawals.of(base.case)
    table = _table(base, [_bounded(answer, without) for answer in answers], gain=False)
    return Result(
        name="forces_loss",
        title=f"Whose withdrawal hurts most: {planned.case.name}",
        table=table,
        units={
            "loss_points": "objective points",
            "at_least": "objective points",
            "at_most": "objective points",
        }
        | {"priority_months": "priority-months less covered", "cost_usd": "USD more"},
        missing=_standing(base),
        assumed=(
            "What is left is planned again; nobody takes the place.",
            *_told(planned, base, effort, gain=False),
            *_unproven(table, gain=False),
        ),
    )


def _standing(base: Planned) -> tuple[str, ...]:
    """Return, in a sentence, that the plan is not proven to be the best; nothing if it is."""
    found = base.summary()
    if found["gap"] is None:
        return (
            "Nothing is proven of the plan that these points are counted from: part of what they "
            "show may be slack of that plan. Plan the case with `sulh forces plan`, whose bound is "
            "read with its plan.csv.",
        )
    if not found["gap"]:
        return ()
    slack = found["objective"] - found["bound"]
    return (
        f"The plan that these points are counted from is not proven to be the best: the best may "
        f"be up to {slack:,.0f} points ({found['gap']:.2%}) better, and any difference below that "
        "may be slack of the plan. `at_least` and `at_most` allow for it.",
    )


def _unproven(table: pl.DataFrame, *, gain: bool) -> tuple[str, ...]:
    """Return, in a sentence, why `at_least` is 0 in rows that show more; nothing without them."""
    points = "worth_points" if gain else "loss_points"
    rows = table.filter((pl.col("at_least") == 0) & (pl.col(points) > 0)).height
    if not rows:
        return ()
    why = (
        "the bound before the change is not above the plan with it"
        if gain
        else "the bound without it is no higher than the plan now"
    )
    return (f"`at_least` is 0 in {rows} of {table.height} rows: nothing more is proven, {why}.",)


def _told(planned: Planned, base: Planned, effort: Effort, *, gain: bool) -> tuple[str, ...]:
    slack = objective(planned.case, planned.plan) - objective(base.case, base.plan)
    shows = "may show less than it is worth" if gain else "may show more than is lost"
    said = [
        "What is true of the best plans lies between `at_least` and `at_most`; these follow from "
        "the plans and bounds before and after, and from what the tours concerned save at best.",
    ]
    if effort.solved:
        said.append(
            f"Ranked are those solved anew, {effort.seconds:g} s each: the largest, one of each "
            f"sort. To the others, listed after them, the plan is adapted, which {shows}."
        )
    else:
        said.append(f"The plan is adapted to every change, which {shows}; none is solved anew.")
    if slack > _ROUNDING:
        said.append(
            f"The plan given was bettered by {slack:,.0f} points first, without any change of the "
            "case, so that its slack is not taken for worth."
        )
    return tuple(said)


def _answered(
    planned: Planned, asks: list[Ask], effort: Effort, pool: Executor | None
) -> tuple[Planned, list[Answer]]:
    """Return the plan that is compared with, and an answer to each ask; the best solved anew.

    The plan is bettered by what the answers to it receive, and by what their plans leave without
    the change: what it gains by that is slack, not worth.
    """
    base = _ground(planned, effort)
    answers = _adapted_to(base, asks, effort, pool)
    chosen = _largest(base, answers, effort.solved)
    rest = [answer for answer in answers if answer not in chosen]
    solved = _mapped(pool, _solved, [(answer, effort.seconds) for answer in chosen])
    lower = _bettered(base, solved)
    if lower is base:
        return base, [*solved, *rest]
    known = {answer.ask.key: answer for answer in [*solved, *rest]}
    again = _adapted_to(lower, asks, effort, pool)
    return lower, [_best(known[answer.ask.key], answer) for answer in again]


def _ground(planned: Planned, effort: Effort) -> Planned:
    """Return the plan after as much effort as each change of the case gets."""
    if planned.bound is not None and not planned.summary()["gap"]:
        return planned
    plan = complete(planned.case, planned.plan)
    if effort.rounds:
        plan = better(planned.case, plan, effort.rounds)
    start = _lower(planned, plan)
    if not effort.solved:
        return start
    return make_plan(planned.case, Limits(effort.seconds, 0.0, 1), start=start)


def _lower(planned: Planned, plan: Plan) -> Planned:
    found, before = objective(planned.case, plan), objective(planned.case, planned.plan)
    return replace(planned, plan=plan) if found < before - _ROUNDING else planned


def _bettered(base: Planned, answers: Sequence[Answer]) -> Planned:
    """Return the plan, or what is left of the best answer's plan without the change."""
    if base.bound is not None and not base.summary()["gap"]:
        return base
    best = base
    for answer in answers:
        left = [t for t in answer.plan.tours if t.pledge in base.case.pledge_of]
        plan = carried_over(base.case, left)
        if objective(base.case, plan) < objective(base.case, best.plan):
            best = _lower(best, plan)
    return best if best is base else _lower(best, complete(base.case, best.plan))


def _best(first: Answer, second: Answer) -> Answer:
    """Return the first answer with the better plan of the two."""
    case = first.ask.case
    plan = min((first.plan, second.plan), key=lambda plan: objective(case, plan))
    return replace(first, plan=plan)


def _adapted_to(
    base: Planned, asks: Sequence[Ask], effort: Effort, pool: Executor | None
) -> list[Answer]:
    plans = _mapped(pool, _adapted, [(base.plan, ask, effort.rounds) for ask in asks])
    return [Answer(ask, plan) for ask, plan in zip(asks, plans, strict=True)]


def _largest(base: Planned, answers: Sequence[Answer], count: int) -> list[Answer]:
    """Return the answers that change the most, one of each sort first."""
    before = objective(base.case, base.plan)
    sizes = {
        id(answer): abs(objective(answer.ask.case, answer.plan) - before) for answer in answers
    }
    ordered = sorted(answers, key=lambda answer: -sizes[id(answer)])
    # One ask of each sort first: the same unit from twelve months would fill the list.
    firsts = {(answer.ask.kind, answer.ask.sort): answer for answer in reversed(ordered)}
    return [a for a in ordered if firsts[a.ask.kind, a.ask.sort] is a][:count]


def _mapped(
    pool: Executor | None, do: Callable[[Task], Found], tasks: Sequence[Task]
) -> list[Found]:
    """Return what each task gives, in their order, whatever the number of workers."""
    return list((pool.map if pool else map)(do, tasks))


def _adapted(task: tuple[Plan, Ask, int]) -> Plan:
    """Return the plan adapted to a change: what holds is kept, the change is used, gaps filled."""
    plan, ask, rounds = task
    only = {ask.capability} if ask.capability else None
    starts = [plan.tours]
    if ask.touched:
        starts.append(tuple(tour for tour in plan.tours if tour.pledge not in ask.touched))
    valid = [Plan(t) if ask.loosens else carried_over(ask.case, t) for t in starts]
    plans = [complete(ask.case, start, only) for start in valid]
    best = min(plans, key=lambda p: score(ask.case, p).objective)
    return better(ask.case, best, rounds) if rounds else best


def _solved(task: tuple[Answer, float]) -> Answer:
    """Return the answer of the engine, if it is better than the one there is, and its bound."""
    answer, seconds = task
    found = make_plan(answer.ask.case, Limits(seconds, 0.0, 1))
    plans = (answer.plan, found.plan)
    plan = min(plans, key=lambda p: score(answer.ask.case, p).objective)
    return replace(answer, plan=plan, bound=found.bound, solved=True)


def _bounded(answer: Answer, without: Withdrawals) -> Answer:
    """Return the answer to a withdrawal with the best bound that is known of what is left."""
    known = without.nations if answer.ask.kind == "nation" else without.offers
    proven = known[answer.ask.withdrawn]
    return replace(answer, bound=proven if answer.bound is None else max(answer.bound, proven))


def _table(base: Planned, answers: Sequence[Answer], *, gain: bool) -> pl.DataFrame:
    """Return the answers: those solved anew ranked, the largest first, then the others."""
    name = "worth_points" if gain else "loss_points"
    rows = [_row(base, answer, gain=gain) for answer in answers]
    rows.sort(key=lambda row: (row["how"] != ANEW, -row["points"], row["kind"], row["what"]))
    ranked = any(row["how"] == ANEW for row in rows)
    for place, row in enumerate(rows, start=1):
        row["rank"] = place if row["how"] == ANEW or not ranked else None
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").rename({"points": name})


def _row(base: Planned, answer: Answer, *, gain: bool) -> dict[str, Any]:
    """Return an answer with what the bounds allow.

    What it is worth is the best objective now less the best then, each between its bound and the
    objective of the plan; of a loss, then less now. Neither is below 0: a change that loosens
    never makes the best plan worse.
    """
    sign = 1 if gain else -1
    before, then = score(base.case, base.plan), score(answer.ask.case, answer.plan)
    easier, harder = (then, before) if gain else (before, then)
    floors = (answer.bound, base.bound) if gain else (base.bound, answer.bound)
    most = answer.ask.most
    if floors[0] is not None:
        most = min(most, harder.objective - floors[0])
    least = 0.0 if floors[1] is None else max(floors[1] - easier.objective, 0.0)
    points = min(max(harder.objective - easier.objective, 0.0), most)
    months = sign * (before.unmet_priority_months - then.unmet_priority_months)
    return {
        "kind": answer.ask.kind,
        "what": answer.ask.what,
        "points": points,
        "at_least": min(least, points),
        "at_most": most,
        "how": ANEW if answer.solved else ADAPTED,
        "priority_months": round(months, 9) + 0.0,  # never -0
        "cost_usd": then.cost_usd - before.cost_usd,
    }
