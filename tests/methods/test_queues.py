"""Closed forms against published values, and simulated queues against the closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from sulh.core.errors import BadRequest
from sulh.methods import queues
from sulh.methods.location.callouts import built_in as answered
from sulh.methods.simulation.blocks import blocks, in_blocks
from sulh.methods.simulation.intervals import mean_interval, ratio_difference, ratio_interval
from sulh.methods.simulation.theory import built_in, multi_server

# Load, servers: Erlang B, Erlang C, mean wait at service rate 1, from tables of the formulas.
TABLE = [
    (1, 0.5, 0.333333, 0.5, 1.0),
    (2, 1.0, 0.2, 0.333333, 0.333333),
    (3, 2.0, 0.210526, 0.444444, 0.444444),
    (5, 4.0, 0.199067, 0.554113, 0.554113),
    (10, 8.0, 0.121661, 0.409180, 0.204590),
]


@pytest.mark.parametrize(("servers", "load", "blocked", "waits", "wait"), TABLE)
def test_erlang(servers: int, load: float, blocked: float, waits: float, wait: float) -> None:
    assert queues.erlang_b(servers, load) == approx(blocked, abs=1e-6)
    if servers > 1:
        assert queues.erlang_c(servers, load) == approx(waits, abs=1e-6)
        assert queues.mean_wait(servers, load) == approx(wait, abs=1e-6)
    # One server: C = a and W = a / (1 - a).
    assert queues.mean_wait(1, 0.5) == approx(0.5 / 0.5)


@given(st.integers(1, 200), st.floats(0.01, 0.99))
def test_erlang_b_is_the_sum_of_its_terms(servers: int, busy: float) -> None:
    load = busy * servers
    terms = [k * math.log(load) - math.lgamma(k + 1) for k in range(servers + 1)]
    top = max(terms)
    direct = math.exp(terms[-1] - top) / math.fsum(math.exp(t - top) for t in terms)
    assert queues.erlang_b(servers, load) == approx(direct, rel=1e-9)


@given(st.floats(0.01, 0.99))
def test_exponential_service_is_m_m_1(load: float) -> None:
    assert queues.pollaczek_khinchine(load, 1.0) == approx(load / (1 - load))
    assert queues.jackson([load], [[0.0]], [1], [1.0])[0] == approx(load / (1 - load))


def test_a_queue_that_fills_its_servers_has_no_mean_wait() -> None:
    assert queues.mean_wait(3, 3.0) == math.inf
    wait, blocked = multi_server(3, 4.0, 1_000, 1)
    assert wait.theory == math.inf
    assert math.isnan(wait.simulated.value)
    # Erlang B at 3 servers and load 4: 64/6 / (1 + 4 + 8 + 64/6) = 0.450704.
    assert blocked.theory == approx(0.450704, abs=1e-6)


def test_senseless_queues_are_refused() -> None:
    for servers, load in ((0, 1.0), (2, math.nan), (2, -1.0), (10**9, 1.0)):
        with pytest.raises(BadRequest):
            multi_server(servers, load, 1_000, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_queues_agree_with_theory(seed: int) -> None:
    """Each of 29 measures within 4.5 standard errors, or all but one of them.

    The z-scores are Student's with 9 degrees of freedom: P(|t| > 4.5) = 0.0015; 29 of them, 0.043;
    so at most one may lie beyond, and none beyond 8 (P = 2e-5).
    """
    scores = [abs(measured.z) for measured in [*built_in(100_000, seed), *answered(100_000, seed)]]
    assert len(scores) == 29
    assert sum(score > 4.5 for score in scores) <= 1
    assert max(scores) < 8


def test_the_same_seed_gives_the_same_numbers() -> None:
    assert multi_server(3, 2.0, 5_000, 7) == multi_server(3, 2.0, 5_000, 7)
    assert multi_server(3, 2.0, 5_000, 7) != multi_server(3, 2.0, 5_000, 8)


@pytest.mark.slow
def test_intervals_of_queues_hold_the_truth_as_often_as_they_say() -> None:
    """Of 400 intervals of 95 %, 93 to 97 % hold the truth, for the wait and for the loss."""
    waits = losses = 0
    for seed in range(400):
        wait, blocked = multi_server(3, 2.0, 20_000, seed)
        waits += abs(wait.simulated.value - wait.theory) <= wait.simulated.half_width
        losses += abs(blocked.simulated.value - blocked.theory) <= blocked.simulated.half_width
    assert 0.93 <= waits / 400 <= 0.97
    assert 0.93 <= losses / 400 <= 0.97


def test_intervals_by_hand() -> None:
    # Mean 2, sd 1, t(2, 97.5 %) = 4.302653: 4.302653 / sqrt(3) = 2.484138.
    found = mean_interval([1.0, 2.0, 3.0])
    assert found.half_width == approx(2.484138, abs=1e-5)
    # 6 of 20: residuals of a - 0.3 b are 0.4, -0.2, -0.2; their mean is 0.
    ratio = ratio_interval([1, 1, 4], [2, 4, 14])
    assert ratio.value == approx(0.3)
    error = np.std([0.4, -0.2, -0.2], ddof=1) / math.sqrt(3) / (20 / 3)
    assert ratio.error == approx(error)
    assert math.isnan(ratio_interval([0.0], [0.0]).value)
    assert ratio_difference(([3, 5], [9, 9]), ([3, 5], [9, 9])).half_width == 0


def test_ctrl_c_keeps_the_blocks_that_are_done() -> None:
    def task(block: tuple[int, int]) -> int:
        if block[0] >= 6:
            raise KeyboardInterrupt
        return block[0]

    assert list(in_blocks(task, blocks(20, 3))) == [0, 3]
