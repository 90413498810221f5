"""Families of CAMEO codes, from the facts table ``event_families``."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sulh.facts.table import read_table
from sulh.questions.cooperation.events.lines import CODES


@cache
def families() -> tuple[str, ...]:
    """Return the families in the order of the table; a family's number is its place from 1."""
    return tuple(dict.fromkeys(row["family"] for row in read_table("event_families")))


@cache
def codes_array() -> NDArray[np.int8]:
    """Return the family number by code with a 1 before it (``057`` is 1057), 0 for none."""
    found = np.zeros(CODES, dtype=np.int8)
    rows = sorted(read_table("event_families"), key=lambda row: len(row["code"].rstrip("*")))
    for row in rows:  # the longest code comes last and decides
        number = families().index(row["family"]) + 1
        stem = row["code"].rstrip("*")
        found[int(f"1{stem}")] = number
        if row["code"].endswith("*"):
            for digits in range(1, 5 - len(stem)):
                start = int(f"1{stem}") * 10**digits
                found[start : start + 10**digits] = number
    return found


def family_of(code: str) -> str | None:
    """Return the family of a CAMEO code, or None.

    >>> family_of("042"), family_of("074"), family_of("0862"), family_of("057")
    ('dialogue', 'peacekeeping_supply', None, 'agreement')
    """
    number = int(codes_array()[int(f"1{code}")])
    return families()[number - 1] if number else None
