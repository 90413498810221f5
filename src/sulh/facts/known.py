"""Cited single figures: contributions that no data file holds, and targets for women's shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sulh.facts.table import Mark, interval_of, mark_of, number, read_table
from sulh.facts.when import Interval, day_of

MARKS: Mapping[str, str] = {
    "V": "seen in the source given",
    "2nd": "seen in a weak source: to be said with that source, never as settled",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A contribution known from a single page.

    ``nation`` is empty for all nations together, ``operation`` for none or several; ``value`` is
    None where only presence is known; ``qualifier`` is exactly, about, more than, up to, present.
    """

    nation: str
    operation: str
    place: str
    valid: Interval
    measure: str
    value: int | None
    qualifier: str
    confidence: str
    mark: Mark

    def verified(self, column: str) -> bool:
        """Return whether a value was seen in a sound source, by the name of its column."""
        return self.confidence == "V" and self.mark.verified(column)


@dataclass(frozen=True, slots=True)
class Target:
    """The share of women that the Uniformed Gender Parity Strategy aims at in a year."""

    personnel_type: str
    year: int
    women_percent: float
    mark: Mark


def _known(row: Mapping[str, str]) -> Known:
    return Known(
        nation=row["nation"],
        operation=row["operation"],
        place=row["place"],
        valid=interval_of(row),
        measure=row["measure"],
        value=number(row["value"]),
        qualifier=row["qualifier"],
        confidence=row["mark"],
        mark=mark_of(row),
    )


@cache
def contributions_known() -> tuple[Known, ...]:
    """Return every known contribution, in the order of the table."""
    return tuple(_known(row) for row in read_table("contributions_known"))


def known_of(nation: str | None = None, operation: str | None = None) -> tuple[Known, ...]:
    """Return the known contributions of a nation, to an operation, or both.

    >>> [(each.value, each.valid.start) for each in known_of("TUR", "IFOR")]
    [(1522, '1996-02')]
    """
    return tuple(
        each
        for each in contributions_known()
        if (nation is None or each.nation == nation)
        and (operation is None or each.operation == operation)
    )


@cache
def gender_targets() -> tuple[Target, ...]:
    """Return the targets of the table, by personnel type and year."""
    return tuple(
        Target(row["personnel_type"], int(row["year"]), float(row["women_percent"]), mark_of(row))
        for row in read_table("gender_targets")
    )


def target_for(personnel_type: str, on: str) -> Target | None:
    """Return the next target known for a type of personnel from a date on, or None.

    >>> target_for("troops", "2025-07").women_percent
    15.0
    """
    year = int(day_of(on)[:4])
    ahead = [
        each
        for each in gender_targets()
        if each.personnel_type == personnel_type and each.year >= year
    ]
    return min(ahead, key=lambda each: each.year) if ahead else None
