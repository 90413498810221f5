"""Plan force generation: a plan that gets better and a bound that rises, until they meet."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sulh.methods.programs import run, solver
from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.bounding import Bounding, Jobs
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.kernels import begin_ahead
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import Schedule
from sulh.questions.forces.engine.rosters import to_plan
from sulh.questions.forces.engine.search import Found, Search, do
from sulh.questions.forces.engine.usage import Usage
from sulh.questions.forces.plan import Plan, objective

EXACT_TOURS = 4_000
"""Cases of at most so many possible tours are first tried as one program."""

PROVING = 0.2
"""The share of the time after which proofs wait until plans are made."""

FEASIBILITY = 1e-6
"""Scaled points by which HiGHS may exceed a limit: what it proves is no sharper."""

PROVEN = 1e-9
"""A gap of so little is none: objective and bound are sums of many numbers."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: objective of the best plan, bound proven, gap and seconds since the start.

    ``gap`` is (objective - bound) / objective.
    """

    objective: float
    bound: float
    gap: float
    seconds: float


@dataclass(frozen=True)
class Solution:
    """The best plan found, its objective and the proven lower bound of any plan's objective."""

    plan: Plan
    objective: float
    bound: float
    gap: float
    seconds: float


@dataclass
class _Run:
    """One run: what it works with and when it must end."""

    model: Model
    search: Search
    bounding: Bounding
    started: float
    seconds: float
    gap: float
    report: Callable[[Progress], None]
    cancelled: bool = False
    proving: float = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        return self.seconds - self.elapsed

    def state(self) -> Progress:
        best, bound = self.search.best.points, min(self.bounding.bound, self.search.best.points)
        gap = (best - bound) / best if best > 0 else 0.0 if best == bound else np.inf
        return Progress(best, bound, gap, self.elapsed)

    @property
    def done(self) -> bool:
        return self.cancelled or self.left <= 0 or self.state().gap <= max(self.gap, PROVEN)


def solve(
    case: Case,
    *,
    seconds: float = 60.0,
    gap: float = 0.0,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """Return the best plan found in ``seconds``, or sooner if its gap is at most ``gap``.

    The run stops at the time limit, at Ctrl-C, or when the bound meets the plan; whichever comes,
    the best plan so far is returned, and it is valid. ``workers`` threads share the work. Plans
    and bounds are valid whatever the machine's speed; which of them are found within a time limit
    is not the same from run to run.
    """
    started = time.monotonic()
    model = Model.of(case)
    report = progress or (lambda _: None)
    search = Search(model, seconds)
    bounding = Bounding(model, on_prices=search.guide)
    if len(model.tours) > EXACT_TOURS and workers > 1:
        bounding.ahead = begin_ahead()
    job = _Run(model, search, bounding, started, seconds, gap, report)
    bounding.stop = lambda: job.done
    try:
        if len(model.tours) <= EXACT_TOURS:
            _exactly(job)
        if not job.done:
            _together(job, max(workers, 1))
    except KeyboardInterrupt:
        job.cancelled = True
    return _solution(job)


def _solution(job: _Run) -> Solution:
    plan = to_plan(job.model, job.search.best.times)
    value = objective(job.model.case, plan)
    state = job.state()
    bound = min(state.bound, value)
    gap = (value - bound) / value if value > 0 else 0.0
    return Solution(plan, value, bound, gap, job.elapsed)


def _exactly(job: _Run) -> None:
    """Give the whole case to HiGHS as one program, for at most two thirds of the time."""
    model = job.model
    none = Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))
    program = whole_program(model, np.arange(len(model.tours)), none)
    highs = solver(
        lambda: job.done, time_limit=max(job.left * 2 / 3, 0.1), mip_rel_gap=0.0, mip_abs_gap=1e-7
    )
    highs.passModel(program.to_highs(whole=True))
    answer = run(highs, whole=True)
    if answer.values is not None:
        job.search.offer(np.round(answer.values[: len(model.tours)]))
    proven = model.empty + answer.bound * model.scale
    # Where one tour is worth vastly more than all that stays open, HiGHS may overlook as much.
    overlooked = FEASIBILITY * model.scale if model.scale > proven else 0.0
    job.bounding.bound = proven - overlooked
    job.report(job.state())


@dataclass(frozen=True)
class _Task:
    """A piece of work under way: since when, and which job of the bound it is, if any."""

    begun: float
    bound: int | None = None


def _together(job: _Run, workers: int) -> None:
    """Search for plans and prove bounds side by side, in threads."""
    jobs = _BoundJobs(job.bounding.work())
    pool = ThreadPoolExecutor(workers)
    running: dict[Future[Any], _Task] = {}
    try:
        while not job.done:
            while len(running) < workers:
                _begin(job, jobs, pool, running)
            finished, _ = wait(running, timeout=job.left, return_when=FIRST_COMPLETED)
            for future in finished:
                _end(job, jobs, running.pop(future), future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(
    job: _Run,
    jobs: _BoundJobs,
    pool: ThreadPoolExecutor,
    running: dict[Future[Any], _Task],
) -> None:
    """Begin a job: one worker at a time proves, the others search."""
    proving = any(task.bound is not None for task in running.values())
    waits = job.search.making and job.proving > PROVING * job.seconds
    if jobs.ready and not proving and not waits:
        number, task = jobs.next()
        running[pool.submit(task)] = _Task(time.monotonic(), number)
        return
    seconds = min(max(job.seconds / 10, 2.0), 20.0, max(job.left, 0.1))
    work = partial(do, job.model, job.search.job(seconds), lambda: job.done)
    running[pool.submit(work)] = _Task(time.monotonic())


def _end(job: _Run, jobs: _BoundJobs, task: _Task, future: Future[Any]) -> None:
    result = future.result()
    before = (job.search.best.points, job.bounding.bound)
    if isinstance(result, Found):
        job.search.take(result)
    elif task.bound is not None:
        job.proving += time.monotonic() - task.begun
        if isinstance(result, Schedule):
            job.bounding.take(result)
        jobs.take(task.bound, result)
    if (job.search.best.points, job.bounding.bound) != before:
        job.report(job.state())


class _BoundJobs:
    """Feeds a generator of lists of jobs: gives them out singly, sends back a list's results."""

    def __init__(self, work: Jobs) -> None:
        self.work = work
        self._load(None)

    def _load(self, results: list[Any] | None) -> None:
        try:
            self.jobs = next(self.work) if results is None else self.work.send(results)
        except StopIteration:
            self.jobs = []
        self.given = 0
        self.results: dict[int, Any] = {}

    @property
    def ready(self) -> bool:
        return self.given < len(self.jobs)

    def next(self) -> tuple[int, Callable[[], Any]]:
        number, self.given = self.given, self.given + 1
        return number, self.jobs[number]

    def take(self, number: int, result: Any) -> None:
        self.results[number] = result
        if len(self.results) == len(self.jobs):
            self._load([self.results[i] for i in range(len(self.jobs))])
