"""Compile the simulation, once for a machine: numba keeps the result on disk."""

from __future__ import annotations

from collections.abc import Callable

from sulh.methods.simulation.compiling import notice
from sulh.questions.care.case import Case
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.layout import layout
from sulh.questions.care.engine.replication import Desk, world_of


def warm(case: Case, tell: Callable[[str], None]) -> None:
    """Compile the simulation if need be, and tell so; workers then find it on disk."""
    text = notice(run_chain, "the simulation")
    if text is None:
        return
    tell(text)
    desk = Desk(layout(case), 1.0, case.settings.most_patients)
    run_chain(world_of(desk, desk.draw(0, 0), 0, 0))
