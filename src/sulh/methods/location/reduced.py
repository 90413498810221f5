"""What the prices leave of a p-median, as a small program for HiGHS.

At prices l_i with a bound L, whoever goes to a site that costs more than l_i adds the difference to
L: such a pair is in no solution better than the best known U unless L + c_ij - l_i is below U. Of
all pairs a few for each customer are left where the gap is small.

    minimise  sum c_ij x_ij + U z,   sum_j x_ij + z >= 1,  x_ij <= y_j,  sum_j y_j <= p

z stands for the best known, so that the program always has a solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sulh.methods.programs import Program, solve

Floats = NDArray[np.float64]
MOST_PAIRS = 20_000
SECONDS = 60.0
"""What HiGHS is given at most, before the search goes on by itself."""


@dataclass(frozen=True)
class Left:
    """Sites that are not shut, which of them are open, and the pairs of site and customer left."""

    sites: NDArray[np.int64]
    opened: NDArray[np.bool_]
    site: NDArray[np.int64]
    customer: NDArray[np.int64]
    costs: Floats


def left_of(by_site: Floats, status: NDArray[np.int8], prices: Floats, gap: float) -> Left | None:
    """Return what is left where a solution must lie less than ``gap`` above the bound, or None.

    None where too much is left. ``by_site`` are costs, sites x customers; ``status`` is 1 for open
    sites and -1 for those shut.
    """
    sites = np.flatnonzero(status != -1)
    costs = by_site[sites]
    near = costs <= prices[None, :] + gap
    if int(near.sum()) > MOST_PAIRS:
        return None
    site, customer = np.nonzero(near)
    return Left(sites, status[sites] == 1, site, customer, costs[site, customer])


def solved(
    left: Left, to_open: int, upper: float, seconds: float
) -> tuple[NDArray[np.int64], float, bool]:
    """Return the sites opened (none where nothing better was found), a bound, and whether proven.

    The bound is on all solutions, the best known among them.
    """
    program, pairs = Program(), np.arange(len(left.site))
    lower = left.opened.astype(float)
    y = program.add_variables("y", left.sites, 0.0, (lower, np.ones(len(lower))), whole=True)
    x = program.add_variables("x", pairs, left.costs, (0.0, 1.0))
    known = program.add_variables("known", [0], upper, (0.0, 1.0), whole=True)
    customers = np.unique(left.customer)
    served = program.add_rows("served", customers, -1.0)
    program.enter(served.start + np.searchsorted(customers, left.customer), x.places, -1.0)
    program.enter(served.rows, np.full(len(customers), known.start), -1.0)
    linked = program.add_rows("linked", pairs, 0.0)
    program.enter(linked.rows, x.places, 1.0)
    program.enter(linked.rows, y.start + left.site, -1.0)
    opened = program.add_rows("opened", [0], float(to_open))
    program.enter(np.full(len(left.sites), opened.start), y.places, 1.0)
    answer = solve(program, time_limit=seconds, mip_rel_gap=0.0, mip_abs_gap=1e-6)
    none = np.zeros(0, dtype=np.int64)
    if answer.values is None or answer.values[known.start] > 0.5:
        return none, answer.bound, answer.optimal
    return left.sites[answer.values[: len(left.sites)] > 0.5], answer.bound, answer.optimal
