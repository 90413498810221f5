"""Better plans: free part of a plan, choose that part anew as best it can, keep what is better.

Large neighbourhood search. What is freed is some nations, capabilities, a window of months, or
everyone who could close a gap; the rest of the plan stays and takes up its limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sulh.methods.programs import Program, run, solver
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine.dive import dive
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.prices import between_cost, full_cost
from sulh.questions.forces.engine.relaxation import Relaxed
from sulh.questions.forces.engine.rosters import rosters
from sulh.questions.forces.engine.usage import Usage, points, support_plan
from sulh.questions.forces.tours import Plan

PER_PLEDGE = 25
"""Tours kept a pledge, on average: those of least reduced cost."""
TRUST = 0.8
MOST_DIVED = 6_000
DRAFTED = 5e-3
"""The gap at which a part of a draft is good enough."""
GROWTH, SHRINKAGE = 1.15, 0.75
LEAST_SIZE, FIRST_SIZE = 200, 1500
DRAFT_SIZE = 800

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """How often each tour of the model is made, and the objective of that."""

    times: Floats
    points: float

    @classmethod
    def empty(cls, model: Model) -> Choice:
        """Return the plan without tours."""
        return cls(np.zeros(len(model.tours)), model.empty)


@dataclass(frozen=True)
class Freed:
    """A job: what to choose anew of a plan, and what to count tours as costing (None: truly)."""

    kind: str
    mask: Mask
    plan: Floats
    cost: Floats | None
    seconds: float


@dataclass(frozen=True)
class Dive:
    """A job: round the linear relaxation over some tours to a whole plan."""

    chosen: Ints


@dataclass(frozen=True)
class Greedy:
    """A job: add the best single tour again and again, from nothing."""


Job = Freed | Dive | Greedy


@dataclass(frozen=True)
class Found:
    """What a job found: the freed tours' new counts (None: nothing), and whether it is proven."""

    job: Job
    times: Floats | None
    proven: bool


def do(model: Model, job: Job, stop: Callable[[], bool]) -> Found:
    """Do a job; ``stop`` says when a long one is to be left off."""
    if isinstance(job, Greedy):
        return Found(job, counts(model, complete(model.case)), False)
    if isinstance(job, Dive):
        return Found(job, dive(model, job.chosen, stop), False)
    return choose_anew(model, job, stop)


def counts(model: Model, plan: Plan) -> Floats:
    """Return how often each tour of the model is made in a plan that is valid."""
    tours, horizon = model.tours, model.horizon
    wanted = {r.key: i for i, r in enumerate(model.case.requirements)}
    # Tours that do not count stand at the requirements beside those of the case.
    beside = dict.fromkeys(model.case.uncounted, len(wanted))
    pledges = {p.key: i for i, p in enumerate(model.pledges)}
    count = len(model.requirements)
    pair = tours.pledge * count + tours.requirement
    made = [
        (pledges[t.pledge] * count + wanted[t.requirement] + beside.get(t.pledge, 0)) * horizon
        + t.first
        for t in plan.tours
    ]
    keys = pair * horizon + tours.first
    order = np.argsort(keys, kind="stable")
    places = order[np.searchsorted(keys, np.array(made, dtype=np.int64), sorter=order)]
    return np.bincount(places, minlength=len(tours)).astype(float)


def choose_anew(model: Model, job: Freed, stop: Callable[[], bool] | None = None) -> Found:
    """Choose the freed tours of a plan anew, the rest fixed."""
    free = np.flatnonzero(job.mask)
    rest = np.where(job.mask, 0.0, job.plan)
    kept = np.flatnonzero(rest)
    program = whole_program(model, free, Usage.of(model, kept, rest[kept]))
    lp = program.to_highs(whole=True)
    if job.cost is not None:
        cost = np.array(lp.col_cost_)
        cost[: len(free)] = job.cost[free]
        lp.col_cost_ = cost
    gap = 0.0 if job.cost is None else DRAFTED
    highs = solver(stop, time_limit=job.seconds, mip_rel_gap=gap, mip_abs_gap=1e-4 * len(free))
    highs.passModel(lp)
    if job.plan[free].any():
        highs.setSolution(*_starting_point(model, program, job.plan))
    answer = run(highs, whole=True)
    if answer.values is None:
        return Found(job, None, False)
    return Found(job, np.round(answer.values[: len(free)]), answer.optimal)


def _starting_point(
    model: Model, program: Program, plan: Floats
) -> tuple[int, NDArray[np.int32], Floats]:
    """Return the whole-number variables as the plan has them: count, places, values."""
    chosen = np.flatnonzero(plan)
    served = (Usage.of(model, chosen, plan[chosen]).share.ravel() > 0).astype(float)
    values = {"tour": plan, "serves": served}
    known = [part for part in program.variables if part.name in values]
    places = np.concatenate([part.places for part in known]).astype(np.int32)
    return len(places), places, np.concatenate([values[part.name][part.keys] for part in known])


@dataclass
class Search:
    """The best plan so far, and what to try next."""

    model: Model
    seed: int = 0
    best: Choice = field(init=False)
    size: dict[str, float] = field(default_factory=dict)
    _order: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.best = Choice.empty(self.model)
        self._random = np.random.default_rng(self.seed)
        self._kinds: dict[str, Callable[[int], Mask]] = {
            "nations": self._nations,
            "capabilities": self._capabilities,
            "window": self._window,
            "gap": self._gap,
        }
        self.size = dict.fromkeys(self._kinds, float(FIRST_SIZE))
        self._worth: Mask = np.ones(len(self.model.tours), dtype=bool)
        self._asked: Floats | None = None
        self._dive: Ints | None = None
        self._greedy = True
        self._draft = np.zeros(len(self.model.tours))
        self._drafting = False
        self._begun = False

    def guide(self, relaxed: Relaxed) -> None:
        """Keep to the tours that the relaxation uses and those of least reduced cost beside."""
        model, prices = self.model, relaxed.prices
        reduced = full_cost(model, prices)
        keep = min(len(reduced), PER_PLEDGE * len(model.pledges))
        worth = np.zeros(len(reduced), dtype=bool)
        worth[np.argsort(reduced, kind="stable")[:keep]] = True
        worth[relaxed.chosen[relaxed.amounts > 1e-3]] = True
        worth[model.wholes.bound] = True
        self._worth = worth
        if self._begun:
            return
        self._begun = True
        own = model.tours.cost / model.scale
        self._asked = (1 - TRUST) * own + TRUST * between_cost(model, prices)
        few = np.minimum(self._asked, 0.0)
        gain = np.bincount(model.tour_nation, few, minlength=len(model.nation_names))
        if keep <= MOST_DIVED:
            self._dive = np.flatnonzero(worth)
        else:
            self._order = [int(n) for n in np.argsort(gain, kind="stable")]

    def job(self, seconds: float) -> Job:
        """Return what to try next.

        Beside what betters the best plan, one is drafted from nothing at prices, nations in turn.
        """
        plan = self.best.times
        if self._greedy:
            self._greedy = False
            return Greedy()
        if self._dive is not None:
            dive, self._dive = Dive(self._dive), None
            return dive
        if self._order and not self._drafting:
            self._drafting = True
            some = self.model.wholes.with_all(self._worth & self._take_nations(DRAFT_SIZE))
            return Freed("draft", some, self._draft, self._asked, seconds)
        kind = list(self._kinds)[int(self._random.integers(len(self._kinds)))]
        mask = self._limited(self._kinds[kind](int(self.size[kind])))
        return Freed(kind, mask, plan, None, seconds)

    def take(self, found: Found) -> bool:
        """Take what a job found if the plan is better by it, and adapt the size of such jobs."""
        if not isinstance(found.job, Freed):
            return found.times is not None and self.offer(found.times)
        kind = found.job.kind
        if kind == "draft":
            self._drafting = False
            if found.times is not None:
                self._draft[found.job.mask] = found.times
            return self.offer(self._draft.copy())
        if kind in self.size:
            factor = GROWTH if found.proven else SHRINKAGE
            self.size[kind] = max(self.size[kind] * factor, LEAST_SIZE)
        if found.times is None:
            return False
        times = self.best.times.copy()
        times[found.job.mask] = found.times
        return self.offer(times)

    def offer(self, times: Floats) -> bool:
        """Take a plan if it keeps every limit and is better than the best so far."""
        chosen = np.flatnonzero(times)
        usage = Usage.of(self.model, chosen, times[chosen])
        if not usage.keeps(self.model) or not self.model.wholes.kept(times):
            return False
        scored = points(self.model, chosen, times[chosen], usage)
        if scored is None or scored >= self.best.points:
            return False
        if rosters(self.model, times) is None:
            return False
        self.best = Choice(times, scored)
        return True

    def _limited(self, mask: Mask) -> Mask:
        return self.model.wholes.with_all(mask & (self._worth | (self.best.times > 0)))

    @cached_property
    def _capability(self) -> Ints:
        names = sorted({pledge.capability for pledge in self.model.pledges})
        of = np.array([names.index(p.capability) for p in self.model.pledges], dtype=np.int64)
        return of[self.model.tours.pledge]

    def _take_nations(self, size: int) -> Mask:
        counts = np.bincount(
            self.model.tour_nation[self._worth], minlength=len(self.model.nation_names)
        )
        some: list[int] = []
        total = 0
        while self._order and (not some or total + counts[self._order[0]] <= size):
            some.append(self._order.pop(0))
            total += counts[some[-1]]
        return np.isin(self.model.tour_nation, some)

    def _grown(self, groups: Ints, size: int, within: Mask) -> Mask:
        """Return tours of random groups until ``size`` of those kept are among them."""
        counts = np.bincount(groups[self._worth & within])
        some = self._random.permutation(np.flatnonzero(counts))
        total = np.cumsum(counts[some])
        upto = max(int(np.searchsorted(total, size)), 1)
        return np.asarray(within & np.isin(groups, some[:upto]))

    def _all(self) -> Mask:
        return np.ones(len(self.model.tours), dtype=bool)

    def _nations(self, size: int) -> Mask:
        return self._grown(self.model.tour_nation, size, self._all())

    def _capabilities(self, size: int) -> Mask:
        return self._grown(self._capability, size, self._all())

    def _window(self, size: int) -> Mask:
        length = int(self._random.integers(6, 16))
        start = int(self._random.integers(0, max(self.model.horizon - length, 0) + 1))
        first = self.model.tours.first
        within = (first >= start) & (first < start + length)
        return self._grown(self.model.tour_nation, size, within)

    def _gap(self, size: int) -> Mask:
        """Nations that could serve a requirement that is not covered, wholly freed."""
        model, times = self.model, self.best.times
        chosen = np.flatnonzero(times)
        usage = Usage.of(model, chosen, times[chosen])
        missing = np.array(
            [
                r.priority * (r.units * len(r.months) - usage.cover[i].sum())
                for i, r in enumerate(model.requirements)
            ]
        )
        if missing.sum() <= 0:
            return self._nations(size)
        place = self._random.choice(len(missing), p=missing / missing.sum())
        able = np.unique(model.tour_nation[model.tours.requirement == place])
        return self._grown(model.tour_nation, size, np.isin(model.tour_nation, able))


def supported(model: Model, times: Floats) -> dict[tuple[int, int], int]:
    """Return which offers support the tours of a plan: (class, offer) to tours."""
    chosen = np.flatnonzero(times)
    found = support_plan(model, Usage.of(model, chosen, times[chosen]).support)
    assert found is not None
    return found[1]
