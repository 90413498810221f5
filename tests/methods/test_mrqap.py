"""Regression of networks: least squares of another program, closed forms, and honest chances."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sulh.core.errors import NotAnswerable
from sulh.methods.mrqap import mrqap
from sulh.methods.networks import qap

Matrix = NDArray[np.float64]


def _network(random: np.random.Generator, nodes: int, pull: float = 0.0) -> Matrix:
    """Return a symmetric network; with ``pull`` the pairs of a node resemble each other."""
    noise = np.triu(random.normal(size=(nodes, nodes)), 1)
    own = random.normal(size=nodes)
    whole = noise + noise.T + pull * (own[:, None] + own[None, :])
    np.fill_diagonal(whole, 0)
    return np.asarray(whole)


def test_coefficients_and_t_are_those_of_least_squares() -> None:
    sm = pytest.importorskip("statsmodels.api")
    random = np.random.default_rng(3)
    one, two, three = (_network(random, 15, 0.5) for _ in range(3))
    network = 0.7 * one - 0.2 * two + _network(random, 15)
    upper = np.triu_indices(15, 1)
    cells = np.column_stack([m[upper] for m in (one, two, three)])
    expected = sm.OLS(network[upper], sm.add_constant(cells)).fit()
    found = mrqap(network, [one, two, three], 9)
    np.testing.assert_allclose([c.coefficient for c in found], expected.params[1:], rtol=1e-9)
    np.testing.assert_allclose([c.t for c in found], expected.tvalues[1:], rtol=1e-9)


def test_of_one_network_it_is_the_test_of_the_correlation() -> None:
    """With one other network t grows with the correlation: the same order of chances."""
    random = np.random.default_rng(5)
    one = _network(random, 12, 0.5)
    network = 0.3 * one + _network(random, 12, 0.5)
    (found,) = mrqap(network, [one], 499, seed=8)
    assert found.p == qap(network, one, 499, seed=8).p


def test_chance_is_honest_where_networks_share_nodes_and_each_other() -> None:
    """Nodes that pull all their pairs, and two networks alike: p stays even (Dekker et al. 2007).

    The second network has no part in the first beyond the link through the other. Of 200 tests 10
    fall below 0.05 on average; more than 20 come up once in a thousand.
    """
    random = np.random.default_rng(17)
    small, plain = 0, 0
    chances = []
    for number in range(200):
        one = _network(random, 12, 1.0)
        two = one + _network(random, 12, 1.0)
        network = one + _network(random, 12, 1.0)
        found = mrqap(network, [one, two], 99, seed=number)
        chances.append(found[1].p)
        small += found[1].p <= 0.05
        plain += abs(found[1].t) > 2.0
    assert small <= 20
    assert 0.4 < float(np.mean(chances)) < 0.6
    # The errors of least squares take pairs of a node for separate news: they find far too much.
    assert plain > 30


def test_what_cannot_be_told_apart_is_refused() -> None:
    random = np.random.default_rng(1)
    one, two = _network(random, 8), _network(random, 8)
    with pytest.raises(NotAnswerable, match="network 1 of 2 follows"):
        mrqap(two, [one, 3 * one])
    with pytest.raises(NotAnswerable, match="follows"):
        mrqap(two, [np.ones((8, 8))])
    with pytest.raises(NotAnswerable, match="3 pairs"):
        mrqap(np.ones((3, 3)), [np.ones((3, 3))] * 2)


def test_the_same_seed_gives_the_same_chances() -> None:
    random = np.random.default_rng(2)
    network, one, two = (_network(random, 10) for _ in range(3))
    assert mrqap(network, [one, two], 50, seed=4) == mrqap(network, [one, two], 50, seed=4)
