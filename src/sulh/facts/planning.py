"""Planning figures of force generation: rates, readiness levels, sizes of units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sulh.facts.table import Mark, mark_of, read_table


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as its source has it; ``value`` is text, "" where none was found."""

    topic: str
    item: str
    value: str
    unit: str
    since: str
    address: str
    mark: Mark


@cache
def figures(topic: str | None = None) -> tuple[Figure, ...]:
    """Return the figures of a topic (authorised_strength, coe, pcrs, …), or all of them.

    >>> [f.value for f in figures("personnel_rate") if f.item == "rate" and f.since == "2018-07-01"]
    ['1428']
    """
    return tuple(
        Figure(
            row["topic"],
            row["item"],
            row["value"],
            row["unit"],
            row["from"],
            row["address"],
            mark_of(row),
        )
        for row in read_table("planning")
        if topic in (None, row["topic"])
    )
