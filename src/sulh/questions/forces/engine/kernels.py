"""What a plan compiles, and the process that compiles part of it beside a first run."""

from __future__ import annotations

from sulh.methods.simulation.compiling import Ahead
from sulh.questions.forces.engine.anneal import improve
from sulh.questions.forces.engine.chain import fill
from sulh.questions.forces.engine.posts import man
from sulh.questions.forces.engine.response import respond, slacks

KERNELS = (improve, fill, man, respond, slacks)
"""What a plan calls: where all are kept, it compiles nothing."""


def begin_ahead() -> Ahead:
    """Begin to compile chains and prices in another process, unless nothing is to be compiled."""
    return Ahead.begin("sulh.questions.forces.ready", KERNELS)
