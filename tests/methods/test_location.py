"""Location methods against published optima, closed forms and enumeration."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.methods.location import (
    Cover,
    cover_all,
    expected_cover,
    hypercube,
    largest_cover,
    median,
    median_of_few,
)
from sulh.methods.location.answer import Clock
from sulh.methods.location.cover import value_of
from sulh.methods.location.orlib import (
    MedianProblem,
    read_cover,
    read_median,
    read_problem,
    shortest_paths,
)

# Published optima: pmedopt.txt of the OR-Library; Beasley (1987) for set covering.
_PMED = {1: 5819, 2: 4093, 3: 4250, 4: 3034, 5: 1355}
_FOUR = (429, 512, 516, 494, 512, 560, 430, 492, 641, 514)
_SIX = (138, 146, 145, 131, 161)
_SCP = {f"4{k}": optimum for k, optimum in enumerate(_FOUR, 1)}
_SCP |= {f"6{k}": optimum for k, optimum in enumerate(_SIX, 1)}


@pytest.mark.shared
@pytest.mark.parametrize(("number", "optimum"), _PMED.items())
def test_p_median_is_the_published_optimum(shared_data: Path, number: int, optimum: int) -> None:
    problem = read_median(shared_data / "orlib" / f"pmed{number}.txt")
    found = median(problem.distances, problem.open)
    assert (found.objective, found.bound) == (optimum, optimum)
    assert len(set(found.sites)) == problem.open
    assert problem.distances[:, list(found.sites)].min(1).sum() == optimum


@pytest.mark.shared
@pytest.mark.parametrize(("name", "optimum"), _SCP.items())
def test_set_covering_is_the_published_optimum(shared_data: Path, name: str, optimum: int) -> None:
    problem = read_cover(shared_data / "orlib" / f"scp{name}.txt")
    found = cover_all(problem)
    assert (found.objective, found.bound) == (optimum, optimum)
    chosen = np.isin(problem.column, found.sites)
    assert set(problem.row[chosen]) == set(range(problem.rows))
    assert problem.costs[list(found.sites)].sum() == optimum


_tables = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(_tables, st.integers(1, 4), st.booleans())
def test_p_median_is_the_best_of_all_choices(
    random: np.random.Generator, to_open: int, whole: bool
) -> None:
    table = random.integers(0, 9, (7, 6)).astype(float) if whole else random.random((7, 6))
    weights = random.integers(0, 4, 7).astype(float)
    found = median(table, to_open, weights=weights)
    every = [
        float((table[:, list(sites)].min(1) * weights).sum())
        for sites in combinations(range(6), to_open)
    ]
    assert found.objective == pytest.approx(min(every), abs=1e-9)
    assert found.bound == pytest.approx(found.objective, abs=1e-9)
    few = median_of_few(table * weights[:, None], to_open)
    assert few is not None
    assert few.objective == pytest.approx(min(every), abs=1e-9)


@given(_tables)
def test_set_covering_is_the_best_of_all_choices(random: np.random.Generator) -> None:
    covers = random.random((6, 8)) < 0.4
    covers[np.arange(6), random.integers(0, 8, 6)] = True
    costs = random.integers(0, 9, 8).astype(float)
    found = cover_all(Cover.of_table(costs, covers))
    every = [
        costs[list(columns)].sum()
        for size in range(9)
        for columns in combinations(range(8), size)
        if covers[:, list(columns)].any(1).all()
    ]
    assert (found.objective, found.bound) == (min(every), min(every))


@given(_tables, st.integers(0, 3), st.sampled_from([0.0, 0.3, 0.9]))
def test_expected_cover_is_the_best_of_all_choices(
    random: np.random.Generator, units: int, busy: float
) -> None:
    covers, weights = random.random((6, 5)) < 0.4, random.integers(0, 9, 6).astype(float)
    found = expected_cover(covers, weights, units, busy)
    every = [
        value_of(covers, weights, np.bincount(sites, minlength=5), busy)
        for sites in combinations_with_replacement(range(5), units)
    ]
    assert found.objective == pytest.approx(max(every, default=0.0))


def test_the_toy_of_expected_cover_by_hand() -> None:
    # 1 alone covers 10 + 20 + 15 = 45, times 0.7; two at 4 cover 5 + 25 + 25 = 55, times 1 - 0.09.
    line = abs(np.subtract.outer(range(6), range(6))) <= 1
    found = expected_cover(line, [10, 20, 15, 5, 25, 25], 3, 0.3)
    assert found.sites == (1, 4, 4)
    assert found.objective == pytest.approx(45 * 0.7 + 55 * 0.91)
    assert largest_cover(line, [10, 20, 15, 5, 25, 25], 2).objective == 100


def _erlang_b(servers: int, load: float) -> float:
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


@pytest.mark.parametrize("units", [1, 3, 6, 10])
def test_the_hypercube_loses_as_erlang_says(units: int) -> None:
    random = np.random.default_rng(units)
    lists = np.array([random.permutation(units) for _ in range(4)])
    calls = random.random(4) * units
    found = hypercube(calls, lists, 1.0)
    assert found.all_busy == pytest.approx(_erlang_b(units, calls.sum()), rel=1e-9)
    assert found.busy.sum() == pytest.approx(calls.sum() * (1 - found.all_busy), rel=1e-9)
    assert found.served.sum(1) == pytest.approx([1 - found.all_busy] * 4, rel=1e-9)


def test_the_hypercube_of_unequal_units_solves_its_balance() -> None:
    # Dense solution of the 2^5 balance equations, built state by state here.
    random = np.random.default_rng(5)
    lists = np.array([random.permutation(5) for _ in range(3)])
    calls, mu = np.array([1.0, 0.4, 2.0]), np.array([0.5, 1.0, 1.5, 2.0, 0.7])
    flow = np.zeros((32, 32))
    for state in range(32):
        for zone, order in enumerate(lists):
            free = [unit for unit in order if not state >> unit & 1]
            if free:
                flow[state, state | 1 << free[0]] += calls[zone]
        for unit in range(5):
            if state >> unit & 1:
                flow[state, state - (1 << unit)] += mu[unit]
    balance = (flow - np.diag(flow.sum(1))).T
    balance[-1] = 1.0
    chances = np.linalg.solve(balance, np.eye(32)[-1])
    assert hypercube(calls, lists, mu).states == pytest.approx(chances, abs=1e-11)


def test_the_hypercube_waits_as_erlang_says() -> None:
    # planning figures, M/M/3 at load 2: P(wait) = Wq = 4/9.
    found = hypercube([2.0], [[0, 1, 2]], 1.0, queue=True)
    assert found.all_busy == pytest.approx(4 / 9)
    assert found.waiting == pytest.approx(4 / 9)
    assert found.busy.sum() == pytest.approx(2.0)
    with pytest.raises(ValueError, match="without end"):
        hypercube([3.0], [[0, 1, 2]], 1.0, queue=True)


def test_of_repeated_edges_the_last_counts() -> None:
    edges = np.array([[1, 2, 9], [2, 3, 1], [2, 1, 4]])
    assert shortest_paths(3, edges).tolist() == [[0, 4, 5], [4, 0, 1], [5, 1, 0]]


def test_formats_are_told_by_content(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("3 2 1\n1 2 5\n2 3 6\n")
    assert isinstance(read_problem(file), MedianProblem)
    file.write_text("2 3\n 5 6 7\n 2 1 2\n 1 3\n")  # by rows
    assert cover_all(read_cover(file)).objective == 12
    file.write_text("2 3\n 5 1 1\n 6 1 1\n 7 1 2\n")  # by columns, as the railway problems
    assert cover_all(read_cover(file)).objective == 12


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "0 numbers"),
        (b"3 2 1\n1 2 5\n", "fit no format"),
        (b"3 2 1\n1 2 5\n2 9 6\n", "nodes run from 1 to 3"),
        (b"3 2 4\n1 2 5\n2 3 6\n", "p is 4 of 3 nodes"),
        (b"4 2 1\n1 2 5\n2 3 6\n", "falls into parts"),
        (b"2 2\n1 1\n1 1\n0\n", "row 2 has no column"),
        (b"1 2 x", "'x' is no whole number"),
        (b"1 2 99999999999999999999", "no whole number"),
        (b"1 1 -3", "below 0"),
        (b"\xff\xfe", "no ASCII"),
    ],
)
def test_a_file_that_is_no_problem_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    with pytest.raises(RefusedFile, match=told):
        read_problem(file)


def test_few_is_a_limit_on_choices() -> None:
    """Of 200 sites, 19,900 pairs are tried; of 201, 20,100 would have to be."""
    tables = [np.abs(np.subtract.outer(np.arange(n), np.arange(n))) for n in (200, 201)]
    found = median_of_few(tables[0], 2)
    # Two halves of 100 on a line, each around its middle: 2 * (0 + 1 + 1 + … + 49 + 49 + 50).
    assert found is not None
    assert found.objective == 2 * (2 * sum(range(50)) + 50)
    assert median_of_few(tables[1], 2) is None


def test_a_search_that_is_cut_short_says_what_it_proved() -> None:
    table = np.random.default_rng(1).random((120, 120))
    found = median(table, 7, clock=Clock(0.0))
    assert 0 < found.bound <= found.objective
