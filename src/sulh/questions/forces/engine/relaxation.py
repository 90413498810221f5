"""Starting prices: the linear relaxation, solved over a growing choice of tours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sulh.methods.chains import Chained
from sulh.methods.programs import run, solver
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.prices import Prices, full_cost
from sulh.questions.forces.engine.usage import Usage

ALL_AT_ONCE = 100_000
"""Cases of at most so many possible tours are relaxed over all of them at once."""
GRID = (2, 3, 4, 6, 12)
"""In larger cases tours are first chosen that begin in every so many months of the calendar."""
PER_PAIR = 3
"""Tours added at one time for one pledge and one requirement, at most."""
BELOW = -0.02
"""A reduced cost (scaled points) below this means that a tour should be added."""
NEAR = 4.0
"""A reduced cost (scaled points) up to this keeps a tour in a large choice."""
ROUGHLY = 1e-3
"""The relative tolerance of the relaxation: its prices serve as well from here on, bounds being
proven by the schedules of nations at whatever prices."""


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation over ``chosen`` tours, about: objective, amounts of them, and prices.

    ``wanted`` are tours that ought to be added: the relaxation over all tours lies lower. None
    are wanted when it is solved.
    """

    objective: float
    chosen: Ints
    amounts: Floats
    prices: Prices
    wanted: Ints


def relax(model: Model, chosen: Ints, stop: Callable[[], bool] | None = None) -> Relaxed:
    """Solve the relaxation over some tours by an interior point, without a vertex.

    Prices between the ends of the optimal face make better bounds than those of a vertex. HiGHS's
    presolve is off: without a vertex it cannot give the rows it removed their duals back.
    """
    program = whole_program(model, chosen, empty_usage(model), tight=False)
    highs = solver(
        stop,
        solver="ipm",
        run_crossover="off",
        presolve="off",
        ipm_optimality_tolerance=ROUGHLY,
    )
    chained = Chained.of(program)
    highs.passModel(chained.to_highs())
    answer = run(highs, whole=False)
    if answer.values is None or answer.duals is None or (stop is not None and stop()):
        zero = np.zeros(len(chosen))
        return Relaxed(np.inf, chosen, zero, Prices.zero(model), np.zeros(0, dtype=np.int64))
    prices = _filled(model, chosen, Prices.of_duals(model, program, chained.duals(answer.duals)))
    total = model.empty + answer.objective * model.scale
    wanted = _wanted(model, chosen, full_cost(model, prices))
    return Relaxed(total, chosen, answer.values[: len(chosen)], prices, wanted)


def empty_usage(model: Model) -> Usage:
    """Return the usage of no tours."""
    return Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))


def first_choice(model: Model) -> Ints:
    """Return all tours, or in larger cases the earliest of each pair and those on a grid of months.

    One grid for all, so that one tour can relieve another. A pair is a pledge and a requirement.
    Tours of chains and combined units are always among them, as these are chosen whole.
    """
    count = len(model.tours)
    if count <= ALL_AT_ONCE:
        return np.arange(count)
    step = next((step for step in GRID if count / step <= ALL_AT_ONCE), GRID[-1])
    earliest = _rank_in_pair(model, np.arange(count)) == 0
    chosen = np.flatnonzero(earliest | (model.tours.first % step == 0))
    return np.union1d(chosen, model.wholes.bound)


def next_choice(model: Model, found: Relaxed) -> Ints:
    """Return the tours to relax next: those wanted, with those of a large choice that are near."""
    chosen = found.chosen
    if len(chosen) > ALL_AT_ONCE // 2:
        near = full_cost(model, found.prices)[chosen] < NEAR
        chosen = chosen[near | (found.amounts > 1e-3)]
    return np.union1d(chosen, np.union1d(found.wanted, model.wholes.bound))


def _wanted(model: Model, chosen: Ints, reduced: Floats) -> Ints:
    """Return tours to add: the cheapest of each pair, at most as many as there are."""
    new = np.setdiff1d(np.flatnonzero(reduced < BELOW), chosen)
    new = new[np.argsort(reduced[new], kind="stable")]
    best = new[_rank_in_pair(model, new) < PER_PAIR]
    return np.sort(best[: max(len(chosen), 1)])


def _rank_in_pair(model: Model, some: Ints) -> Ints:
    """Return the place of each tour among those of its pledge and requirement, in given order."""
    pair = model.tours.pledge[some] * len(model.requirements) + model.tours.requirement[some]
    order = np.argsort(pair, kind="stable")
    ordered = pair[order]
    rank = np.empty(len(some), dtype=np.int64)
    rank[order] = np.arange(len(some)) - np.searchsorted(ordered, ordered)
    return rank


def _filled(model: Model, chosen: Ints, prices: Prices) -> Prices:
    """Give months of a requirement that no chosen tour covers the price of the nearest that has.

    Without a row such months would seem free, and every tour in them worth adding.
    """
    covered = _months_of(model, chosen)
    missing = _months_of(model, np.arange(len(model.tours))) & ~covered
    months = np.arange(model.horizon)
    coverage = prices.coverage.copy()
    for row in np.flatnonzero(covered.any(axis=1) & missing.any(axis=1)):
        known, gaps = np.flatnonzero(covered[row]), np.flatnonzero(missing[row])
        nearest = known[np.abs(months[gaps][:, None] - known[None, :]).argmin(axis=1)]
        coverage[row, gaps] = prices.coverage[row, nearest]
    return replace(prices, coverage=coverage)


def _months_of(model: Model, some: Ints) -> NDArray[np.bool_]:
    """Return whether any of some tours runs, by requirement and month."""
    tours, edges = model.tours, np.zeros((len(model.requirements), model.horizon + 1))
    np.add.at(edges, (tours.requirement[some], tours.first[some]), 1)
    np.add.at(edges, (tours.requirement[some], tours.last[some] + 1), -1)
    return np.asarray(np.cumsum(edges, axis=1)[:, :-1] > 0)
