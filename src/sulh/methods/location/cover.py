"""Largest cover (MCLP) and largest expected cover (MEXCLP), by HiGHS.

MCLP (Church & ReVelle, Papers of the Regional Science Association 32, 1974): open ``units`` sites
so that the weight of the points covered is largest. MEXCLP (Daskin, Transportation Science 17,
1983): each unit is busy with probability q, whatever the others are, and a point covered by k units
counts with 1 - q^k:

    maximise  sum_i w_i sum_k (1 - q) q^(k-1) y_ik,   sum_k y_ik <= sum_{j covers i} x_j

Gains fall with k, so only the x need to be whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sulh.methods.location.answer import Clock, Located
from sulh.methods.programs import Program, solve

Floats = NDArray[np.float64]
_LEAST_GAIN = 1e-12


def largest_cover(
    covers: ArrayLike, weights: ArrayLike, units: int, clock: Clock | None = None
) -> Located:
    """Return the sites that cover the most weight: ``covers`` is points x sites.

    >>> largest_cover([[1, 0], [1, 0], [0, 1]], [1.0, 1.0, 5.0], 1).objective
    5.0
    """
    return expected_cover(covers, weights, units, 0.0, clock)


def expected_cover(
    covers: ArrayLike,
    weights: ArrayLike,
    units: int,
    busy: float,
    clock: Clock | None = None,
) -> Located:
    """Return where ``units`` stand, several at a site if that is best, for a busy probability.

    Raises `ValueError` for weights below 0, no site, or a probability outside 0 to below 1.

    Six points in a line, each covering its neighbours, three units, busy 30 % of the time:

    >>> line = abs(np.subtract.outer(range(6), range(6))) <= 1
    >>> found = expected_cover(line, [10, 20, 15, 5, 25, 25], 3, 0.3)
    >>> found.sites, round(found.objective, 2)
    ((1, 4, 4), 81.55)
    """
    clock = clock or Clock()
    table, weight = np.asarray(covers, dtype=bool), np.asarray(weights, dtype=float)
    if table.ndim != 2 or table.shape[1] == 0 or len(weight) != len(table):
        raise ValueError(f"covers of shape {table.shape} do not fit {len(weight)} weights")
    if not 0 <= busy < 1 or units < 0 or weight.min(initial=0.0) < 0:
        raise ValueError("busy lies from 0 to below 1; units and weights are 0 or more")
    groups, weight = _together(table, weight)
    gains: Floats = (1 - busy) * np.power(float(busy), np.arange(units))
    gains = gains[gains > _LEAST_GAIN].astype(np.float64)
    program = _program(groups, weight, units, gains)
    answer = solve(program, time_limit=max(clock.left, 0.1), mip_rel_gap=1e-9)
    sites = table.shape[1]
    if answer.values is None:
        return Located((), 0.0, float(weight.sum()), clock.seconds)
    counts = np.round(answer.values[:sites]).astype(int)
    objective = value_of(groups, weight, counts, busy)
    bound = objective if answer.optimal else max(objective, -answer.bound)
    chosen = tuple(int(j) for j in np.repeat(np.arange(sites), counts))
    return Located(chosen, objective, bound, clock.seconds)


def value_of(covers: ArrayLike, weights: ArrayLike, counts: ArrayLike, busy: float) -> float:
    """Return the expected cover of ``counts`` units at the sites: sum of w (1 - q^k)."""
    times = np.asarray(covers, dtype=float) @ np.asarray(counts, dtype=float)
    kept = np.where(times > 0, 1 - busy**times, 0.0)
    return float((np.asarray(weights, dtype=float) * kept).sum())


def _together(table: NDArray[np.bool_], weight: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Return points that the same sites cover as one; those that none covers are left out."""
    used = table.any(axis=1) & (weight > 0)
    if not used.any():
        return np.zeros((0, table.shape[1]), dtype=bool), np.zeros(0)
    groups, which = np.unique(table[used], axis=0, return_inverse=True)
    sums = np.bincount(which.ravel(), weights=weight[used], minlength=len(groups))
    return groups, np.asarray(sums, dtype=float)


def _program(groups: NDArray[np.bool_], weight: Floats, units: int, gains: Floats) -> Program:
    points, sites = groups.shape
    most = units if len(gains) > 1 else min(units, 1)
    program = Program()
    x = program.add_variables("x", np.arange(sites), 0.0, (0.0, float(most)), whole=True)
    fleet = program.add_rows("units", [0], float(units))
    program.enter(np.repeat(fleet.rows, sites), x.places, 1.0)
    cover = program.add_rows("cover", np.arange(points), 0.0)
    point, site = np.nonzero(groups)
    program.enter(cover.start + point, x.start + site, -1.0)
    for level, gain in enumerate(gains):
        y = program.add_variables(
            f"y{level + 1}", np.arange(points), -weight * gain, (np.zeros(points), np.ones(points))
        )
        program.enter(cover.rows, y.places, 1.0)
    return program
