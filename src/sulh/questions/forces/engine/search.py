"""Better plans: free part of a plan, choose that part anew as best it can, keep what is better.

Large neighbourhood search. What is freed is some nations, capabilities, a window of months, or
everyone who could close a gap; the rest of the plan stays and takes up its limits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sulh.methods.programs import Program, run, solver
from sulh.methods.simulation.compiling import kept
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine.anneal import improve
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.making import Making
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.rosters import rosters
from sulh.questions.forces.engine.usage import Usage, points, support_plan
from sulh.questions.forces.tours import Plan

PER_PLEDGE = 30
"""Tours kept a pledge, on average: those that cost least beyond the best roster at prices."""
OF_EACH = 8
"""Tours kept of every pledge, at least."""
BEGINNING, MAKING = 0.25, 0.85
"""The shares of a run's time until which plans are begun from nothing, and until which all end."""
MERGED = 4
"""Plans made from nothing whose tours are merged as soon as there are so many more of them."""
OFTEN = {"capabilities": 4, "nations": 2, "window": 2, "gap": 2, "offers": 1, "pool": 2}
"""How often each kind of part is chosen anew, beside the others."""
GROWTH, SHRINKAGE = 1.15, 0.75
LEAST_SIZE, FIRST_SIZE, POOL_SIZE = 200, 1500, 4000

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
    """A job: what to choose anew of a plan."""

    kind: str
    mask: Mask
    plan: Floats
    seconds: float


@dataclass(frozen=True)
class Anneal:
    """A job: bring a plan that is made from nothing some steps further."""

    making: Making


@dataclass(frozen=True)
class Greedy:
    """A job: add the best single tour again and again, from nothing."""


Job = Freed | Anneal | Greedy


@dataclass(frozen=True)
class Found:
    """What a job found: the freed tours' new counts (None: nothing), and whether it is proven."""

    job: Job
    times: Floats | None
    proven: bool


def do(model: Model, job: Job, stop: Callable[[], bool]) -> Found:
    """Do a job; ``stop`` says when a long one is to be left off."""
    if isinstance(job, Anneal):
        return Found(job, job.making.advance(stop), False)
    if isinstance(job, Greedy):
        return Found(job, counts(model, complete(model.case)), False)
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
    highs = solver(stop, time_limit=job.seconds, mip_rel_gap=0.0, mip_abs_gap=1e-4 * len(free))
    highs.passModel(program.to_highs(whole=True))
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
    seconds: float = 60.0
    seed: int = 0
    best: Choice = field(init=False)
    size: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.best = Choice.empty(self.model)
        self._random = np.random.default_rng(self.seed)
        self._kinds: dict[str, Callable[[int], Mask]] = {
            "nations": self._nations,
            "capabilities": self._capabilities,
            "window": self._window,
            "gap": self._gap,
            "offers": self._offers,
            "pool": self._merged,
        }
        self.size = {**dict.fromkeys(self._kinds, float(FIRST_SIZE)), "pool": float(POOL_SIZE)}
        self._worth: Mask = np.ones(len(self.model.tours), dtype=bool)
        self._pool: Mask = np.zeros(len(self.model.tours), dtype=bool)
        self._spared: Floats | None = None
        self._makings: list[Making] = []
        self._busy: set[int] = set()
        self._begun, self._made = 1000 * self.seed, 0
        self._unmerged = self._fruitless = False
        self._started = time.monotonic()
        # Compiling takes longer than a plan of single tours, which must do meanwhile.
        self._greedy = self._compiles = not kept(improve)

    def guide(self, slack: Floats, spared: Floats) -> None:
        """Choose anew among the tours of least ``slack``, and make other plans from nothing.

        ``slack`` is what a tour costs its unit beyond its best roster at prices, ``spared`` what a
        use of each offer is worth.
        """
        model = self.model
        order = np.lexsort((slack, model.tours.pledge))
        edges = np.searchsorted(model.tours.pledge[order], np.arange(len(model.pledges)))
        rank = np.arange(len(order)) - edges[model.tours.pledge[order]]
        worth = np.zeros(len(slack), dtype=bool)
        worth[order[rank < OF_EACH]] = True
        worth[np.argsort(slack, kind="stable")[: PER_PLEDGE * len(model.pledges)]] = True
        worth[model.wholes.bound] = True
        self._worth, self._spared = worth, spared
        self._makings = []

    @property
    def _elapsed(self) -> float:
        """The share of the run's time that is over."""
        return (time.monotonic() - self._started) / max(self.seconds, 1e-9)

    @property
    def making(self) -> bool:
        """Whether plans are still to be made from nothing."""
        under_way = self._spared is not None and any(not each.done for each in self._makings)
        return self._elapsed < (MAKING if under_way else BEGINNING)

    def _idle(self) -> Making | None:
        """Return a plan to bring further, perhaps a new one; None if there is enough of that."""
        for each in self._makings:
            if not each.done and each.seed not in self._busy:
                return each
        alone = self._spared is None and self._begun > 1000 * self.seed
        if alone or self._fruitless or self._elapsed >= BEGINNING:
            return None
        left = (MAKING - self._elapsed) * self.seconds
        self._begun += 1
        self._makings.append(Making(self.model, left, self._spared, self._begun))
        return self._makings[-1]

    def job(self, seconds: float) -> Job:
        """Return what to try next: steps of a plan under way, or a part of the best to better."""
        if self._greedy:
            self._greedy = False
            return Greedy()
        if self._unmerged:
            self._unmerged = False
            return self._part("pool", seconds)
        idle = self._idle()
        if idle is not None:
            self._busy.add(idle.seed)
            return Anneal(idle)
        kinds = [kind for kind in self._kinds if kind != "pool" or self._pool.any()]
        often = np.cumsum([OFTEN[kind] for kind in kinds])
        drawn = np.searchsorted(often, self._random.integers(often[-1]), side="right")
        return self._part(kinds[int(drawn)], seconds)

    def _part(self, kind: str, seconds: float) -> Freed:
        """Return a part of the best plan to be chosen anew."""
        mask = self._limited(self._kinds[kind](int(self.size[kind])))
        return Freed(kind, mask, self.best.times, seconds)

    def take(self, found: Found) -> bool:
        """Take what a job found if the plan is better by it, and adapt the size of such jobs."""
        if isinstance(found.job, Anneal):
            self._end(found.job.making, found.times)
        if isinstance(found.job, Anneal | Greedy):
            return found.times is not None and self.offer(found.times)
        kind, freed = found.job.kind, float(found.job.mask.sum())
        if kind in self.size:
            grown = (
                self.size[kind] * GROWTH
                if found.proven
                else min(self.size[kind], freed) * SHRINKAGE
            )
            self.size[kind] = max(min(grown, len(self.model.tours)), LEAST_SIZE)
        if found.times is None:
            return False
        times = self.best.times.copy()
        times[found.job.mask] = found.times
        return self.offer(times)

    def _end(self, making: Making, times: Floats | None) -> None:
        """Take note that nobody works at a plan now; let it go if it is done."""
        if self._compiles:  # the shares are of the time that is left since
            self._compiles, now = False, time.monotonic()
            self.seconds, self._started = self.seconds - (now - self._started), now
        self._busy.discard(making.seed)
        if making.done and times is not None:
            self._pool |= times > 0
            self._made += 1
            self._unmerged = self._unmerged or self._made % MERGED == 0
            self._fruitless = not times.any()
            self._makings = [each for each in self._makings if not each.done]

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

    def _offers(self, size: int) -> Mask:
        """Everyone who needs what one offer gives, wholly freed."""
        support = self.model.support
        if not len(support.classes):
            return self._nations(size)
        offer = int(self._random.integers(len(self.model.uses)))
        near = np.array([offer in offers for offers in support.classes])
        within = np.zeros(len(self.model.tours), dtype=bool)
        within[support.tour[near[support.of]]] = True
        return self._grown(self.model.tour_nation, size, within)

    def _merged(self, size: int) -> Mask:
        """The tours of all plans made from nothing, of as many nations as ``size`` allows."""
        return self._grown(self.model.tour_nation, size, self._pool | (self.best.times > 0))

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
