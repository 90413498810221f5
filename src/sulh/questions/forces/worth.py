"""What one thing more is worth, and whose withdrawal hurts most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TypeVar

import polars as pl

from sulh.questions.forces import edits
from sulh.questions.forces.adapt import better, carried_over
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, score
from sulh.questions.forces.planning import Limits, make_plan
from sulh.result import Result

Task = TypeVar("Task")
Found = TypeVar("Found")
_SCHEMA = {
    "kind": pl.String,
    "what": pl.String,
    "points": pl.Float64,
    "at_least": pl.Float64,
    "at_most": pl.Float64,
    "priority_months": pl.Float64,
    "cost_usd": pl.Float64,
    "how": pl.String,
}
_EARLIER = (1, 2, 3)


@dataclass(frozen=True)
class Ask:
    """A change of the case that could be asked for, or that could happen.

    ``touched`` are the pledges that it concerns; a change that ``loosens`` leaves every valid plan
    valid.
    """

    kind: str
    what: str
    capability: str
    case: Case
    touched: frozenset[str]
    loosens: bool = True

    @property
    def sort(self) -> str:
        """What the ask is the same as but for its month."""
        return self.capability or self.what


@dataclass(frozen=True, eq=False)
class Answer:
    """What a change is worth: the plan found for the changed case, and a bound if it was solved."""

    ask: Ask
    plan: Plan
    bound: float | None = None


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
    asks = [*_units(planned.case), *_offers(planned.case), *_caveats(planned.case)]
    asks += _readiness(planned.case)
    answers = _answers(planned, asks, effort, pool)
    table = _table(planned, answers, gain=True)
    return Result(
        name="forces_value",
        title=f"What one thing more is worth: {planned.case.name}",
        table=table,
        units={"worth_points": "objective points", "cost_usd": "USD"},
        assumed=(
            "A unit more is like the middle one pledged, without caveat, and needs no partner.",
            *_told(effort),
        ),
    )


def loss(planned: Planned, effort: Effort, pool: Executor | None = None) -> Result:
    """Return what is lost if a nation withdraws its pledges and offers, or a partner an offer."""
    case = planned.case
    nations = {pledge.nation for pledge in case.pledges} | {o.provider for o in case.offers}
    asks = [
        Ask("nation", nation, "", edits.without_nation(case, nation), frozenset(), False)
        for nation in sorted(nations)
    ]
    asks += [
        Ask(
            "offer",
            f"{o.key} of {o.provider}",
            "",
            edits.without_offer(case, o.key),
            frozenset(),
            False,
        )
        for o in case.offers
    ]
    answers = _answers(planned, asks, effort, pool)
    return Result(
        name="forces_loss",
        title=f"Whose withdrawal hurts most: {case.name}",
        table=_table(planned, answers, gain=False),
        units={"loss_points": "objective points", "cost_usd": "USD"},
        assumed=("What is left is planned again; nobody takes the place.", *_told(effort)),
    )


def _told(effort: Effort) -> tuple[str, ...]:
    return (
        f"The {effort.solved} largest are solved anew, {effort.seconds:g} s each; for the others "
        "the plan is adapted, which may show too small a gain and too large a loss.",
    )


def _units(case: Case) -> Iterator[Ask]:
    for capability in sorted({r.capability for r in case.requirements}):
        for first in range(0, case.months, 3):
            changed = edits.one_more(case, capability, first)
            what = f"one more {capability} from {case.month(first)}"
            yield Ask("unit", what, capability, changed, frozenset())


def _offers(case: Case) -> Iterator[Ask]:
    for offer in case.offers:
        more = replace(offer, uses=offer.uses + 1)
        offers = tuple(more if o is offer else o for o in case.offers)
        what = f"one more use of {offer.key} ({offer.kind} by {offer.provider})"
        yield Ask("offer", what, "", replace(case, offers=offers), frozenset())


def _caveats(case: Case) -> Iterator[Ask]:
    found = {(p.nation, mission) for p in case.pledges for mission in p.excluded_missions}
    for nation, mission in sorted(found):
        touched = {
            p.key for p in case.pledges if p.nation == nation and mission in p.excluded_missions
        }
        changed = edits.without_caveat(case, nation, mission)
        yield Ask("caveat", f"{nation} serves in {mission}", "", changed, frozenset(touched))


def _readiness(case: Case) -> Iterator[Ask]:
    for pledge in case.pledges:
        for months in _EARLIER:
            if pledge.earliest >= months:
                changed = edits.earlier(case, pledge.key, months)
                what = f"{pledge.key} of {pledge.nation} ready {months} months earlier"
                what = what.replace("1 months", "1 month")
                ask = Ask("readiness", what, pledge.capability, changed, frozenset({pledge.key}))
                yield ask


def _answers(
    planned: Planned, asks: list[Ask], effort: Effort, pool: Executor | None
) -> list[Answer]:
    """Return an answer to each ask; the best of them solved anew."""
    plans = _mapped(pool, _adapted, [(planned.plan, ask, effort.rounds) for ask in asks])
    answers = [Answer(ask, plan) for ask, plan in zip(asks, plans, strict=True)]
    base = score(planned.case, planned.plan).objective

    def size(answer: Answer) -> float:
        return -abs(score(answer.ask.case, answer.plan).objective - base)

    answers.sort(key=size)
    # One ask of each sort first: the same unit from twelve months would fill the list.
    firsts = {(answer.ask.kind, answer.ask.sort): answer for answer in reversed(answers)}
    chosen = [a for a in answers if firsts[a.ask.kind, a.ask.sort] is a][: effort.solved]
    rest = [answer for answer in answers if answer not in chosen]
    return [*_mapped(pool, _solved, [(answer, effort.seconds) for answer in chosen]), *rest]


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
    return replace(answer, plan=plan, bound=found.bound)


def _table(planned: Planned, answers: Sequence[Answer], *, gain: bool) -> pl.DataFrame:
    """Return the answers, the largest first; ``at_most`` and ``at_least`` follow from the bounds.

    worth = optimum now - optimum then; now lies in [bound, objective], then in [bound, objective].
    """
    base, sign = score(planned.case, planned.plan), 1 if gain else -1
    floor = planned.bound if planned.bound is not None else None
    rows = []
    for answer in answers:
        then = score(answer.ask.case, answer.plan)
        ends: list[float | None] = [None, None]
        if answer.bound is not None and floor is not None:
            ends = sorted((sign * (floor - then.objective), sign * (base.objective - answer.bound)))  # type: ignore[assignment]
        rows.append(
            {
                "kind": answer.ask.kind,
                "what": answer.ask.what,
                "points": max(sign * (base.objective - then.objective), 0.0),
                "at_least": None if ends[0] is None else max(ends[0], 0.0),
                "at_most": None if ends[1] is None else max(ends[1], 0.0),
                "priority_months": sign * (base.unmet_priority_months - then.unmet_priority_months),
                "cost_usd": then.cost_usd - base.cost_usd,
                "how": "adapted" if answer.bound is None else "solved anew",
            }
        )
    name = "worth_points" if gain else "loss_points"
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row").rename({"points": name})
    return table.sort([name, "kind", "what"], descending=[True, False, False])
