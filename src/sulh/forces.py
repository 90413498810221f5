"""Force generation: ``sulh.forces.Case.read(folder).plan()``."""

from __future__ import annotations

from sulh.api.forces import (
    BadCase,
    Case,
    Chance,
    Effort,
    Plan,
    Planned,
    Problem,
    Progress,
    Replanned,
    Score,
    Tour,
    Trial,
    Violation,
    example,
    read_plan,
    score,
    violations,
)

__all__ = [
    "BadCase",
    "Case",
    "Chance",
    "Effort",
    "Plan",
    "Planned",
    "Problem",
    "Progress",
    "Replanned",
    "Score",
    "Tour",
    "Trial",
    "Violation",
    "example",
    "read_plan",
    "score",
    "violations",
]
