"""Compile what planning needs before the first plan: it is kept, and every later run finds it.

Run as a module it compiles prices and chains only: what another process, which compiles the rest,
needs beside it.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sulh.methods.simulation.compiling import base, kept, notice
from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.ascent import Ascent
from sulh.questions.forces.engine.chain import fill
from sulh.questions.forces.engine.kernels import KERNELS, begin_ahead
from sulh.questions.forces.engine.model import Ints, Model
from sulh.questions.forces.engine.units import Annealing
from sulh.questions.forces.example import write_example


def compiling() -> str | None:
    """Return what to tell whoever must wait for the compiler, else None."""
    return next((text for kernel in KERNELS if (text := notice(kernel, "the planner"))), None)


def ready() -> Path | None:
    """Compile the kernels of planning if need be; return the folder that keeps them, if any does.

    A quarter of a minute, once for an installation; nothing where they are kept already.
    """
    if all(kept(kernel) for kernel in KERNELS):
        return base()
    ahead = begin_ahead()
    Annealing(*_example()).advance(lambda: False, 1)
    ahead.wait(lambda: False)
    compile_prices()
    return base()


def compile_prices() -> None:
    """Compile chains and prices, or find them kept."""
    annealing = Annealing(*_example())
    annealing.desk.counts[0] = 0
    fill(annealing.ground, annealing.state, annealing.around, annealing.desk, 0)
    ascent = Ascent(annealing.model)
    ascent.slack(ascent.climb(steps=1).prices)


def _example() -> tuple[Model, Ints, int]:
    with TemporaryDirectory() as folder:
        write_example(Path(folder))
        model = Model.of(Case.read(folder))
    return model, np.arange(len(model.tours)), 1


if __name__ == "__main__":
    compile_prices()
