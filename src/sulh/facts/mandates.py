"""What operations are mandated to do, and up to which strength."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sulh.facts.operations import operations
from sulh.facts.table import Mark, interval_of, mark_of, number, parts, read_table
from sulh.facts.when import Interval, day_of


@dataclass(frozen=True, slots=True)
class Family:
    """A family of mandate tasks; ``main`` marks the six of the mission."""

    family: str
    name: str
    main: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A family of tasks in an operation's mandate.

    ``first_year`` is of the mandate; ``activity_first_year`` is the first year in which such an
    activity was reported: evidence of practice, not of mandate.
    """

    operation: str
    family: str
    authorisation: str
    first_year: int | None
    activity_first_year: int | None
    activity_source: str
    mark: Mark

    def verified(self, column: str) -> bool:
        """Return whether a value was seen in the row's source, by the name of its column."""
        return self.mark.verified(column)


@dataclass(frozen=True, slots=True)
class Strength:
    """An authorised strength from a date on; None is unknown, never zero."""

    operation: str
    start: str
    military: int | None
    police: int | None
    troops: int | None
    observers: int | None
    uniformed: int | None
    other: str
    resolution: str
    mark: Mark

    def verified(self, column: str) -> bool:
        """Return whether a value was seen in the row's source, by the name of its column."""
        return self.mark.verified(column)


@cache
def families() -> dict[str, Family]:
    """Return the families of tasks in their order, the six main ones first."""
    return {
        row["family"]: Family(row["family"], row["name"], row["main"] == "yes")
        for row in read_table("mandate_families")
    }


def _task(row: Mapping[str, str]) -> Task:
    return Task(
        operation=row["operation"],
        family=row["family"],
        authorisation=row["authorisation"],
        first_year=number(row["first_year"]),
        activity_first_year=number(row["activity_first_year"]),
        activity_source=row["activity_source"],
        mark=mark_of(row),
    )


@cache
def mandate_tasks() -> tuple[Task, ...]:
    """Return every row of the table of mandate tasks."""
    return tuple(_task(row) for row in read_table("mandate_tasks"))


def tasks_of(operation: str, on: str | None = None) -> tuple[Task, ...]:
    """Return the tasks of an operation, in the order of the families; on a date if one is given.

    An operation without rows has unknown tasks, not none.

    >>> [task.family for task in tasks_of("UNTSO")]
    ['peace_security']
    """
    order = list(families())
    year = int(day_of(on)[:4]) if on else None
    found = [
        task
        for task in mandate_tasks()
        if task.operation == operation
        and (year is None or task.first_year is None or task.first_year <= year)
    ]
    return tuple(sorted(found, key=lambda task: order.index(task.family)))


def _strength(row: Mapping[str, str]) -> Strength:
    return Strength(
        operation=row["operation"],
        start=row["from"],
        military=number(row["military"]),
        police=number(row["police"]),
        troops=number(row["troops"]),
        observers=number(row["observers"]),
        uniformed=number(row["uniformed_total"]),
        other=row["other"],
        resolution=row["resolution"],
        mark=mark_of(row),
    )


@cache
def authorised_strengths() -> dict[str, tuple[Strength, ...]]:
    """Return the levels of each operation in order of time, the better grade last on a tie."""
    found: dict[str, list[Strength]] = {}
    for row in read_table("authorised_strength"):
        found.setdefault(row["operation"], []).append(_strength(row))
    return {
        operation: tuple(sorted(rows, key=lambda each: (_first_day(each), each.mark.grade == "A")))
        for operation, rows in found.items()
    }


@dataclass(frozen=True, slots=True)
class JointCeiling:
    """A stretch of time in which the ceiling given for one operation is that of several."""

    operation: str
    operations: tuple[str, ...]
    valid: Interval
    mark: Mark


@cache
def joint_ceilings() -> tuple[JointCeiling, ...]:
    """Return the ceilings that cover more operations than the one under whose name they stand.

    >>> [each.operations for each in joint_ceilings() if each.operation == "UNPROFOR"]
    [('UNPROFOR', 'UNCRO', 'UNPREDEP')]
    """
    return tuple(
        JointCeiling(row["operation"], parts(row["operations"]), interval_of(row), mark_of(row))
        for row in read_table("joint_ceilings")
    )


def _first_day(level: Strength) -> str:
    return Interval(level.start, "").first_day


def authorised_on(operation: str, on: str) -> Strength | None:
    """Return the level in force on a date, or None if none is known or the operation is over.

    >>> authorised_on("UNMIL", "2005-01").military
    15000
    >>> authorised_on("UNMIL", "2020-01") is None
    True
    """
    day = day_of(on)
    known = operations().get(operation)
    if known is not None and known.dates.last_day < day:
        return None
    before = [each for each in authorised_strengths().get(operation, ()) if _first_day(each) <= day]
    return before[-1] if before else None
