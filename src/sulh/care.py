"""Medical support: ``sulh.care.Case.read(folder).simulate()``."""

from __future__ import annotations

from sulh.api.care import (
    BadCase,
    Case,
    Measured,
    Outcome,
    Problem,
    Screen,
    Sited,
    Siting,
    built_in,
    example,
    queue,
)

__all__ = [
    "BadCase",
    "Case",
    "Measured",
    "Outcome",
    "Problem",
    "Screen",
    "Sited",
    "Siting",
    "built_in",
    "example",
    "queue",
]
