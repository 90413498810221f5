"""Compile the simulation, once for a machine: numba keeps the result on disk."""

from __future__ import annotations

from collections.abc import Callable

from sulh.methods.simulation.compiling import base, kept
from sulh.questions.care.case import Case
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.layout import layout
from sulh.questions.care.engine.replication import Desk, world_of

NOTICE = "compiling the simulation: once for this machine, up to a minute …"
UNKEPT = (
    "compiling the simulation, up to a minute, in each process and every time: no folder to keep "
    "it in can be written to; name one in SULH_KERNELS …"
)


def warm(case: Case, tell: Callable[[str], None]) -> None:
    """Compile the simulation if need be, and tell so; workers then find it on disk."""
    if kept(run_chain):
        return
    tell(NOTICE if base() else UNKEPT)
    desk = Desk(layout(case), 1.0, case.settings.most_patients)
    run_chain(world_of(desk, desk.draw(0, 0), 0, 0))
