"""Planning figures: rates, readiness levels, sizes of units, needs, and rates of fatalities."""

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


@cache
def topics() -> dict[str, str]:
    """Return what each topic of planning figures is about, that of the fatality rates included.

    >>> topics()["pcrs"]
    'levels of readiness of pledged units'
    """
    return {row["topic"]: row["name"] for row in read_table("planning_topics")}


CAUSES = ("malicious_act", "accident", "illness", "other")
"""Causes of the table ``fatality_rates``; other: self-inflicted, unknown or to be determined."""


@dataclass(frozen=True, slots=True)
class FatalityRate:
    """Deaths of uniformed personnel by one cause, or all, while ``person_years`` were served."""

    operation: str
    start: str
    end: str
    cause: str
    deaths: int
    person_years: int
    months_interpolated: int
    mark: Mark

    @property
    def rate(self) -> float:
        """Deaths a 1,000 person-years."""
        return 1_000 * self.deaths / self.person_years


@cache
def fatality_rates() -> tuple[FatalityRate, ...]:
    """Return deaths and person-years by operation ("": all of the UN), period and cause.

    The first cause of each is ``all``, the sum of the others.

    >>> first = fatality_rates()[0]
    >>> first.operation, first.cause, first.deaths, round(first.rate, 2)
    ('MINUSMA', 'all', 275, 2.15)
    """
    found = []
    for row in read_table("fatality_rates"):
        deaths = {cause: int(row[cause]) for cause in CAUSES}
        for cause, number in {"all": sum(deaths.values()), **deaths}.items():
            found.append(
                FatalityRate(
                    row["operation"],
                    row["from"],
                    row["to"],
                    cause,
                    number,
                    int(row["person_years"]),
                    int(row["months_interpolated"]),
                    mark_of(row),
                )
            )
    return tuple(found)
