"""Pledges that are honoured late or not at all: the chances, and one draw of what happens."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sulh.cases.grid import Absence, Row, read_rows
from sulh.cases.problems import Problems
from sulh.questions.forces import edits
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.links import counted
from sulh.questions.forces.plan import Plan, Tour, score

COLUMNS = ("pledge", "none", "late", "late_months")
_ABSENCE = Absence(
    "it says how likely each pledge is honoured", f"write it with the columns {','.join(COLUMNS)}"
)


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability that a pledge is not honoured, or honoured ``late_months`` late."""

    none: float
    late: float
    late_months: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan comes to in one draw.

    ``covered`` is the share of unit-months served, ``by_month`` the units served in each month;
    ``stepped_in`` counts the tours of idle units that filled in.
    """

    objective: float
    covered: float
    unmet_priority_months: float
    by_month: tuple[int, ...]
    stepped_in: int


def read_chances(case: Case, path: Path, default: Chance) -> dict[str, Chance]:
    """Return the chances of every pledge: those in a CSV file, and ``default`` for the others.

    Raises `BadCase` with every problem of the file.
    """
    problems = Problems()
    found = {pledge.key: default for pledge in case.pledges}
    for row in read_rows(path, COLUMNS, problems, _ABSENCE):
        key, chance = _chance(row)
        if key not in case.pledge_of:
            row.bad("pledge", "pledges.csv has no such pledge", "correct the name")
        found[key] = chance
    problems.refuse(str(path))
    return found


def _chance(row: Row) -> tuple[str, Chance]:
    before = row.problems.total
    none, late = row.decimal("none", 1, zero=True), row.decimal("late", 1, zero=True)
    if row.problems.total == before and none + late > 1 + 1e-9:
        row.bad("late", "none and late are chances of one pledge", "let them add up to 1 at most")
    return row.key("pledge"), Chance(none, late, row.number("late_months", 0, 600))


def draw(chances: Mapping[str, Chance], seed: int, number: int) -> dict[str, int]:
    """Return the months by which pledges are late in one draw; -1: not honoured at all.

    It depends on the seed, the number of the draw and the pledge, never on the order of anything.
    """
    found = {}
    for key, chance in chances.items():
        # A seed that is text is hashed the same way in every process.
        chosen = random.Random(f"{seed}/{number}/{key}").random()
        if chosen < chance.none:
            found[key] = -1
        elif chosen < chance.none + chance.late and chance.late_months:
            found[key] = chance.late_months
    return found


def realised(case: Case, plan: Plan, delays: Mapping[str, int], *, recourse: bool) -> Outcome:
    """Return what a plan comes to when pledges are late or fail.

    A tour that would begin before its pledge is there begins late and ends as planned; one of
    which nothing is left is not made. With ``recourse`` units that are idle then step in where
    that improves the objective.
    """
    delays = _together(case, delays)
    tours = tuple(t for tour in plan.tours if (t := _kept(case, tour, delays)) is not None)
    there = Plan(tours)
    if recourse:
        there = complete(_changed(case, delays), there)
    found = score(case, there)
    units = [0] * case.months
    for tour in counted(case, there).tours:
        for month in tour.months:
            units[month] += 1
    needed = sum(r.units * len(r.months) for r in case.requirements)
    covered = sum(units) / needed if needed else 1.0
    stepped_in = len(there.tours) - len(tours)
    return Outcome(found.objective, covered, found.unmet_priority_months, tuple(units), stepped_in)


def _together(case: Case, delays: Mapping[str, int]) -> Mapping[str, int]:
    """Return the delays with combined units as late as their latest part, failed if one fails."""
    found = dict(delays)
    for unit in case.combined:
        parts = [case.pledge_of[key] for key in unit.pledges if key in case.pledge_of]
        late = {part.key: delays[part.key] for part in parts if part.key in delays}
        if not late:
            continue
        ready = max(case.pledge_of[key].earliest + delay for key, delay in late.items())
        for part in parts:
            found[part.key] = -1 if min(late.values()) < 0 else max(ready - part.earliest, 0)
    return found


def _kept(case: Case, tour: Tour, delays: Mapping[str, int]) -> Tour | None:
    delay = delays.get(tour.pledge, 0)
    if delay < 0:
        return None
    first = max(tour.first, case.pledge_of[tour.pledge].earliest + delay) if delay else tour.first
    return replace(tour, first=first) if first <= tour.last else None


def _changed(case: Case, delays: Mapping[str, int]) -> Case:
    """Return the case as it turns out; pledges that fail stay, with no tour left to make."""
    failed = {key for key, delay in delays.items() if delay < 0}
    late = edits.later(case, {key: delay for key, delay in delays.items() if delay > 0})
    return edits.with_pledges(
        late, lambda p: replace(p, units=0, max_tours=0) if p.key in failed else p
    )
