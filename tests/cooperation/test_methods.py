"""Networks, permutation tests and agreement against closed forms and other programs."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.methods.agreement import agreement, all_pairs
from sulh.methods.networks import brokerage, eigenvector, graph_of, qap, whole


def test_agreement_is_the_visible_arithmetic() -> None:
    # 10 cases: 6 equal; chance = (7*7 + 1*2 + 2*1) / 100 = 0.53; distance 3*1 + 1*2 = 5.
    table = np.array([[5, 1, 1], [1, 0, 0], [1, 0, 1]])
    found = agreement(table)
    assert found.cases == 10
    assert found.share == pytest.approx(0.6)
    chance = (7 * 7 + 1 * 1 + 2 * 2) / 100
    assert found.kappa == pytest.approx((0.6 - chance) / (1 - chance))
    distance = 1 * 2 + 2 * 2  # two cells one apart, two cells two apart
    assert found.s == pytest.approx(1 - 2 * distance / (10 * 2))


def test_no_case_is_unknown_and_not_zero() -> None:
    assert math.isnan(agreement(np.zeros((3, 3), dtype=np.int64)).share)


@given(st.lists(st.lists(st.integers(-1, 2), min_size=9, max_size=9), min_size=2, max_size=5))
def test_all_pairs_are_the_pairs_one_by_one(rows: list[list[int]]) -> None:
    answers = np.array(rows, dtype=np.int8)
    cases, share, kappa, s = all_pairs(answers, 3)
    for a in range(len(rows)):
        for b in range(len(rows)):
            table = np.zeros((3, 3), dtype=np.int64)
            for one, two in zip(rows[a], rows[b], strict=True):
                if one >= 0 and two >= 0:
                    table[one, two] += 1
            plain = agreement(table)
            assert cases[a, b] == plain.cases
            np.testing.assert_allclose(
                [share[a, b], kappa[a, b], s[a, b]], [plain.share, plain.kappa, plain.s], rtol=1e-9
            )


def test_a_star_has_the_centrality_and_brokerage_of_its_closed_form() -> None:
    star = np.zeros((5, 5))
    star[0, 1:] = 1
    names = list("abcde")
    # The leading eigenvector of a star of n leaves is 1 in the middle and 1/sqrt(n) outside.
    np.testing.assert_allclose(eigenvector(star), [1, *[0.5] * 4], rtol=1e-9)
    graph = graph_of(star, names)
    apart = {name: number for number, name in enumerate(names)}
    assert brokerage(graph, apart) == {"a": 6, "b": 0, "c": 0, "d": 0, "e": 0}  # 4 choose 2
    assert whole(graph).density == pytest.approx(4 / 10)


def test_eigenvector_is_that_of_networkx() -> None:
    graph = nx.karate_club_graph()
    matrix = nx.to_numpy_array(graph, weight=None)
    known = nx.eigenvector_centrality_numpy(graph, weight=None)
    expected = np.array([known[node] for node in graph])
    np.testing.assert_allclose(eigenvector(matrix), expected / expected.max(), rtol=1e-6)


def test_qap_sees_a_network_in_itself_and_not_in_another() -> None:
    random = np.random.default_rng(11)
    one = np.triu(random.integers(0, 2, (20, 20)), 1).astype(float)
    one += one.T
    same = qap(one, one, 499)
    assert same.correlation == pytest.approx(1)
    assert same.p == pytest.approx(1 / 500)
    tests = []
    for _ in range(40):
        other = np.triu(random.integers(0, 2, (20, 20)), 1).astype(float)
        tests.append(qap(one, other + other.T, 99).p)
    # Of tests on unrelated networks a twentieth falls below 0.05: of 40, 2 on average.
    assert sum(p <= 0.05 for p in tests) <= 7
    assert 0.3 < np.mean(tests) < 0.7


def test_qap_of_four_nodes_is_the_count_over_all_orders() -> None:
    one = np.zeros((4, 4))
    one[0, 1] = one[1, 0] = 1
    # A single tie lands on itself in one of the six pairs: p is about 1/6.
    assert qap(one, one, 5999).p == pytest.approx(1 / 6, abs=0.02)
