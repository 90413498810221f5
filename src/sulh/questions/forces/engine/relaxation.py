"""Starting prices: the linear relaxation, solved over a growing choice of tours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sulh.methods.programs import run, solver
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.prices import Prices, full_cost
from sulh.questions.forces.engine.usage import Usage


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation over ``chosen`` tours: objective, amounts of them, and prices."""

    objective: float
    chosen: Ints
    amounts: Floats
    prices: Prices


def empty_usage(model: Model) -> Usage:
    """Return the usage of no tours."""
    return Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))


def relax(model: Model, chosen: Ints, links: bool = False) -> Relaxed:
    """Solve the relaxation over some tours by an interior point, without a vertex."""
    program = whole_program(model, chosen, empty_usage(model))
    highs = solver(solver="ipm", run_crossover="off")
    highs.passModel(program.to_highs(whole=False))
    answer = run(highs, whole=False)
    assert answer.values is not None
    assert answer.duals is not None
    prices = Prices.of_duals(model, program, answer.duals)
    total = model.empty + answer.objective * model.scale
    return Relaxed(total, chosen, answer.values[: len(chosen)], prices)
