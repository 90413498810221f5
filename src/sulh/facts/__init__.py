"""Cited tables shipped with the package, and how to read them.

States, names, operations, mandate tasks, authorised strengths, groups, known contributions,
targets and data sources. Every row names its source and carries a grade; a cell that was recalled
and not seen is marked, and `Row.verified` tells it apart. Standard library only, so that the
command line starts fast; every table is read once.
"""

from __future__ import annotations

__all__ = ["check"]


def check() -> list[str]:
    """Return every problem of the shipped tables; empty if they are sound."""
    from sulh.facts.checking import problems

    return problems()
