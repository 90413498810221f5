"""How many women must be deployed, by category and month, to meet the dated targets."""

from __future__ import annotations

import math
from collections import defaultdict

import polars as pl

from sulh.facts.table import read_table
from sulh.questions.forces.case import Case
from sulh.questions.forces.plan import Plan
from sulh.result import Chart, Result

POLICE = "formed_police"


def category(capability: str) -> str:
    """Return the category of personnel of a capability: troops or formed police.

    >>> category("formed_police_unit"), category("infantry_battalion")
    ('formed_police', 'troops')
    """
    return POLICE if capability.startswith(POLICE) else "troops"


def target(personnel_type: str, year: int) -> float | None:
    """Return the share of women that the dated targets ask for in a year.

    Between two dated targets it is on the straight line; after the last, the last; before the
    first, None.

    >>> target("troops", 2021), target("troops", 2028), target("troops", 2030)
    (0.08, 0.15, 0.15)
    """
    rows = [row for row in read_table("gender_targets") if row["personnel_type"] == personnel_type]
    points = sorted((int(row["year"]), float(row["women_percent"]) / 100) for row in rows)
    before = [point for point in points if point[0] <= year]
    after = [point for point in points if point[0] > year]
    if not before:
        return None
    if not after:
        return before[-1][1]
    (y0, s0), (y1, s1) = before[-1], after[0]
    return round(s0 + (s1 - s0) * (year - y0) / (y1 - y0), 6)


def women(case: Case, plan: Plan) -> Result:
    """Return, by category and month, women deployed by a plan and how many more the targets ask.

    ``women_needed`` is the least whole number of women with which the share of the persons
    deployed meets the target.
    """
    persons: dict[tuple[str, int], int] = defaultdict(int)
    there: dict[tuple[str, int], int] = defaultdict(int)
    for tour in plan.tours:
        pledge = case.pledge_of[tour.pledge]
        for month in tour.months:
            persons[category(pledge.capability), month] += pledge.strength
            there[category(pledge.capability), month] += pledge.women
    rows = []
    for (kind, month), count in sorted(persons.items()):
        share = target(kind, int(case.month(month)[:4]))
        needed = None if share is None else math.ceil(share * count - 1e-9)
        missing = None if needed is None else max(needed - there[kind, month], 0)
        rows.append((kind, case.month(month), count, there[kind, month], share, needed, missing))
    names = ("category", "month", "persons", "women", "target", "women_needed", "women_missing")
    types = (pl.String, pl.String, pl.Int64, pl.Int64, pl.Float64, pl.Int64, pl.Int64)
    return Result(
        name="forces_women",
        title=f"Women to deploy to meet the dated targets: {case.name}",
        table=pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row"),
        units={"target": "share", "persons": "persons", "women": "persons"},
        missing=("No target of formed police before 2028 was found: its months show none.",),
        assumed=(
            "Targets are the Uniformed Gender Parity Strategy's, dated by year; between two dates "
            "the target lies on the straight line, after the last it stays.",
            "Formed police units are formed police; every other unit is troops.",
        ),
        chart=Chart("line", "month", "women_missing", "category"),
    )
