"""Set covering: the cheapest columns that cover every row, proven.

    minimise  sum_j c_j x_j   subject to  sum_{j covers i} x_j >= 1 for every row i,  x_j in {0, 1}

A Lagrangean relaxation of the rows (Beasley, EJOR 31, 1987) gives a bound and, with a greedy
repair, a cover; columns whose reduced cost closes the gap cannot be in a better cover and go. What
is left is a small program for HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sulh.methods.location.answer import Clock, Located
from sulh.methods.programs import Program, solve
from sulh.methods.simulation.compiling import allocating, kept

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ITERATIONS = 3_000


@dataclass(frozen=True)
class Cover:
    """A covering problem: costs of columns, and which column covers which row, sorted by row."""

    costs: Floats
    rows: int
    row: Ints
    column: Ints

    @classmethod
    def of_pairs(cls, costs: Floats, rows: int, row: Ints, column: Ints) -> Cover:
        """Return the problem of pairs of row and column, in any order, each counted once."""
        key = np.unique(np.asarray(row) * np.int64(max(len(costs), 1)) + np.asarray(column))
        row, column = np.divmod(key, max(len(costs), 1))
        return cls(np.asarray(costs, dtype=float), rows, row, column)

    @classmethod
    def of_table(cls, costs: Floats, covers: NDArray[np.bool_]) -> Cover:
        """Return the problem of a table, rows by columns."""
        row, column = np.nonzero(covers)
        return cls.of_pairs(costs, len(covers), row, column)


def cover_all(problem: Cover, clock: Clock | None = None) -> Located:
    """Return the cheapest cover, proven unless the clock ends first.

    Raises `ValueError` if a row has no column.

    >>> table = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    >>> found = cover_all(Cover.of_table(np.array([3.0, 4.0, 2.0]), table))
    >>> found.sites, found.objective, found.bound
    ((0, 2), 5.0, 5.0)
    """
    clock = clock or Clock()
    if np.bincount(problem.row, minlength=problem.rows).min(initial=1) == 0:
        raise ValueError("a row has no column")
    if problem.rows == 0:
        return Located((), 0.0, 0.0, clock.seconds)
    start = np.searchsorted(problem.row, np.arange(problem.rows + 1))
    order = np.argsort(problem.column, kind="stable")
    by_column = problem.row[order]
    first = np.searchsorted(problem.column[order], np.arange(len(problem.costs) + 1))
    lists = (start, problem.column, first, by_column)
    step = 1.0 if (problem.costs == np.round(problem.costs)).all() else 0.0
    bound, reduced, chosen, upper = _relaxed(problem.costs, lists, step, ITERATIONS)
    if _closed(bound, upper, step):
        return _found(chosen, upper, upper, clock)
    left = np.flatnonzero(bound + reduced <= upper - step + 1e-6)
    better, proven = _program(problem, left, clock)
    if better is not None and problem.costs[better].sum() < upper:
        chosen, upper = better, float(problem.costs[better].sum())
    if step:
        proven = float(np.ceil(proven - 1e-6))
    return _found(chosen, upper, min(upper, max(bound, proven)), clock)


def compiled() -> bool:
    """Return whether the search was compiled before, on this machine."""
    return kept(_relaxed)


def _closed(bound: float, upper: float, step: float) -> bool:
    return bound > upper - step + 1e-6 if step else bound >= upper - 1e-9 * abs(upper)


def _found(chosen: Ints, upper: float, bound: float, clock: Clock) -> Located:
    return Located(tuple(int(j) for j in chosen), upper, bound, clock.seconds)


def _program(problem: Cover, left: Ints, clock: Clock) -> tuple[Ints | None, float]:
    """Return the best cover of the columns left, and a bound on it (inf: there is none)."""
    place = np.full(len(problem.costs), -1)
    place[left] = np.arange(len(left))
    kept = place[problem.column] >= 0
    row, column = problem.row[kept], place[problem.column[kept]]
    if np.bincount(row, minlength=problem.rows).min() == 0:
        return None, np.inf
    program = Program()
    program.add_variables("x", left, problem.costs[left], (0.0, 1.0), whole=True)
    program.add_rows("cover", np.arange(problem.rows), -1.0)
    program.enter(row, column, -1.0)
    answer = solve(program, time_limit=max(clock.left, 0.1), mip_rel_gap=0.0, mip_abs_gap=1e-6)
    chosen = left[answer.values > 0.5] if answer.values is not None else None
    return chosen, answer.bound


@allocating
def _relaxed(costs, lists, step, iterations):  # type: ignore[no-untyped-def]
    """Return the best Lagrangean bound, its reduced costs, the best cover and its cost."""
    start, columns, first, rows_of = lists
    rows, size = len(start) - 1, len(costs)
    price = np.empty(rows)
    for i in range(rows):
        least = np.inf
        for k in range(start[i], start[i + 1]):
            j = columns[k]
            least = min(least, costs[j] / (first[j + 1] - first[j]))
        price[i] = least
    best_price, best = price.copy(), -np.inf
    upper, chosen = np.inf, np.zeros(size, np.bool_)
    reduced, scale, since = costs.copy(), 1.0, 0
    count, direction = np.zeros(rows), np.zeros(rows)
    for turn in range(iterations):
        bound = _priced(costs, price, first, rows_of, reduced)
        if bound > best + 1e-7:
            best, since = bound, 0
            best_price[:] = price
        else:
            since += 1
        if turn % 10 == 0 or since == 0:
            cost, picked = _greedy(costs, reduced, start, columns, first, rows_of)
            if cost < upper:
                upper, chosen = cost, picked
        if best > upper - step + 1e-6 or scale < 1e-4:
            break
        if since >= 30:
            scale, since = scale / 2, 0
            price[:] = best_price
            bound = _priced(costs, price, first, rows_of, reduced)
        count[:] = 1.0
        for j in range(size):
            if reduced[j] < 0:
                for k in range(first[j], first[j + 1]):
                    count[rows_of[k]] -= 1
        norm = 0.0
        for i in range(rows):
            direction[i] = 0.7 * count[i] + 0.3 * direction[i]
            if price[i] <= 0 and direction[i] < 0:
                direction[i] = 0.0
            norm += direction[i] ** 2
        if norm == 0:
            break
        length = scale * (1.02 * upper - bound) / norm
        for i in range(rows):
            price[i] = max(0.0, price[i] + length * direction[i])
    best = _priced(costs, best_price, first, rows_of, reduced)
    for j in range(size):
        reduced[j] = max(reduced[j], 0.0)
    return best, reduced, np.flatnonzero(chosen), upper


@allocating
def _priced(costs, price, first, rows_of, reduced):  # type: ignore[no-untyped-def]
    """Set the reduced costs and return the bound they give."""
    bound = price.sum()
    for j in range(len(costs)):
        value = costs[j]
        for k in range(first[j], first[j + 1]):
            value -= price[rows_of[k]]
        reduced[j] = value
        if value < 0:
            bound += value
    return bound


@allocating
def _greedy(costs, reduced, start, columns, first, rows_of):  # type: ignore[no-untyped-def]
    """Return a cover by reduced costs, rid of columns it can do without, and its cost."""
    rows, size = len(start) - 1, len(costs)
    picked, times = np.zeros(size, np.bool_), np.zeros(rows, np.int64)
    for j in range(size):
        if reduced[j] <= 0:
            picked[j] = True
            for k in range(first[j], first[j + 1]):
                times[rows_of[k]] += 1
    for i in range(rows):
        if times[i] == 0:
            pick, least = -1, np.inf
            for k in range(start[i], start[i + 1]):
                j = columns[k]
                new = 0
                for m in range(first[j], first[j + 1]):
                    new += times[rows_of[m]] == 0
                if reduced[j] / new < least:
                    pick, least = j, reduced[j] / new
            picked[pick] = True
            for k in range(first[pick], first[pick + 1]):
                times[rows_of[k]] += 1
    cost = 0.0
    for j in np.argsort(-costs):
        if picked[j]:
            spare = True
            for k in range(first[j], first[j + 1]):
                if times[rows_of[k]] == 1:
                    spare = False
                    break
            if spare:
                picked[j] = False
                for k in range(first[j], first[j + 1]):
                    times[rows_of[k]] -= 1
            else:
                cost += costs[j]
    return cost, picked
