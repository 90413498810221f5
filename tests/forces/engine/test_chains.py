"""Chained rows: the same optimum and the same duals as the rows themselves."""

from __future__ import annotations

import numpy as np
import pytest

from sulh.methods.chains import Chained
from sulh.methods.programs import Program, run, solver


def test_a_chain_by_hand() -> None:
    """Tours A (months 0 to 2), B (0, 1) and C (1, 2) are worth 5, 4 and 3; room is 2, 2 and 1.

    A and B fill months 0 and 1 and are worth 9; C instead of B leaves A no room in month 2, and
    B with C is worth 7.
    """
    program = Program()
    tour = program.add_variables("tour", [0, 1, 2], [-5.0, -4.0, -3.0], (0.0, 1.0))
    rows = program.add_rows("cover", [0, 1, 2], [2.0, 2.0, 1.0], months=3)
    for column, months in ((0, [0, 1, 2]), (1, [0, 1]), (2, [1, 2])):
        program.enter(rows.start + np.array(months), tour.start + column, 1.0)
    chained = Chained.of(program)
    lp = chained.to_highs()
    # A begins in month 0 and ends after the last: one entry. B: +1 in 0, -1 in 2. C: +1 in 1.
    entries = np.diff(lp.a_matrix_.start_)[:3].tolist()
    assert entries == [1, 2, 1]
    highs = solver()
    highs.passModel(lp)
    answer = run(highs, whole=False)
    assert answer.objective == pytest.approx(-9)
    assert answer.duals is not None
    duals = chained.duals(answer.duals)
    plain = solver()
    plain.passModel(program.to_highs(whole=False))
    assert run(plain, whole=False).objective == pytest.approx(-9)
    # The duals prove the optimum: limits times prices, and what tours gain beyond them.
    gain = np.array([-5.0, -4.0, -3.0]) - np.array(
        [duals[[0, 1, 2]].sum(), duals[[0, 1]].sum(), duals[[1, 2]].sum()]
    )
    assert (duals <= 1e-9).all()
    assert duals @ [2, 2, 1] + np.minimum(gain, 0).sum() == pytest.approx(-9)


def test_rows_of_different_things_are_not_chained() -> None:
    program = Program()
    program.add_variables("tour", [0], [-1.0], (0.0, 9.0))
    block = program.add_rows("cover", [4, 6, 7], [3.0, 2.0, 5.0], months=5)
    program.enter(block.rows, 0, 1.0)
    # Keys 4 | 6, 7: thing 0 in month 4; thing 1 in months 1 and 2.
    assert Chained.of(program).before.tolist() == [-1, -1, 1]
    highs = solver()
    highs.passModel(Chained.of(program).to_highs())
    assert run(highs, whole=False).objective == pytest.approx(-2)
