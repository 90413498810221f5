"""Compile the simulation, once for a machine: numba keeps the result on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sulh.questions.care.case import Case
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.layout import layout
from sulh.questions.care.engine.run import drawn, world_of

NOTICE = "compiling the simulation: once for this machine, up to a minute …"


def compiled() -> bool:
    """Return whether a compiled simulation is on disk."""
    folder = Path(run_chain.stats.cache_path or "")
    return any(folder.glob("chain.run_chain*.nbi"))


def warm(case: Case, tell: Callable[[str], None]) -> None:
    """Compile the simulation if need be, and tell so; workers then find it on disk."""
    if compiled():
        return
    tell(NOTICE)
    laid = layout(case)
    run_chain(world_of(laid, drawn(laid, (1.0, case.settings.most_patients), 0, 0), 0, 0))
