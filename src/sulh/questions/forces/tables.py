"""The tables of a plan: coverage, cost by fiscal year, women by mission, who carries what."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from sulh.core.months import month_at, month_index
from sulh.questions.forces.case import Case
from sulh.questions.forces.links import counted
from sulh.questions.forces.plan import Plan

KINDS = ("personnel", "equipment", "move", "partner support")


def coverage(case: Case, plan: Plan) -> pl.DataFrame:
    """Return the units needed and deployed by requirement and month."""
    deployed = counted(case, plan).deployed
    rows = [
        (r.key, case.month(month), r.units, deployed.get((r.key, month), 0))
        for r in case.requirements
        for month in r.months
    ]
    names = ("requirement", "month", "needed", "deployed")
    schema = dict(zip(names, (pl.String, pl.String, pl.Int64, pl.Int64), strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


def fiscal_year(month: str) -> str:
    """Return the fiscal year of the United Nations, July to June, that holds a month.

    >>> fiscal_year("2026-06"), fiscal_year("2026-07")
    ('2025/26', '2026/27')
    """
    first = int(month_at(month_index(month) - 6)[:4])
    return f"{first}/{(first + 1) % 100:02d}"


def costs(case: Case, plan: Plan) -> pl.DataFrame:
    """Return the cost by fiscal year, contributing nation, mission and kind, in US dollars.

    Months are booked when they are served; a move and the support of partners in the month in
    which the tour begins. The sum is the ``cost_usd`` of the plan's score.
    """
    total: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for tour in plan.tours:
        pledge, mission = case.pledge_of[tour.pledge], case.requirement_of[tour.requirement].mission
        place = (pledge.nation, mission)
        for month in tour.months:
            year = fiscal_year(case.month(month))
            total[year, *place, KINDS[0]] += pledge.strength * case.personnel_month_usd
            total[year, *place, KINDS[1]] += pledge.monthly_cost_usd
        year = fiscal_year(case.month(tour.first))
        total[year, *place, KINDS[2]] += pledge.move_cost_usd
        total[year, *place, KINDS[3]] += sum(case.offer_of[key].cost_usd for key in tour.offers)
    rows = [(*key, value) for key, value in sorted(total.items()) if value]
    names = ("fiscal_year", "nation", "mission", "kind")
    schema = {**dict.fromkeys(names, pl.String), "cost_usd": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    if float(case.personnel_month_usd).is_integer():
        table = table.with_columns(pl.col("cost_usd").cast(pl.Int64))
    return table


def persons_by_month(case: Case, plan: Plan) -> pl.DataFrame:
    """Return persons and women deployed, and women missing, by mission and month."""
    persons: dict[tuple[str, int], int] = defaultdict(int)
    women: dict[tuple[str, int], int] = defaultdict(int)
    for tour in plan.tours:
        pledge, mission = case.pledge_of[tour.pledge], case.requirement_of[tour.requirement].mission
        for month in tour.months:
            persons[mission, month] += pledge.strength
            women[mission, month] += pledge.women
    rows = []
    for (mission, month), count in sorted(persons.items()):
        there, target = women[mission, month], case.women_target(mission)
        missing = max(0.0, target * count - there)
        rows.append((mission, case.month(month), count, there, target or None, missing))
    return pl.DataFrame(
        rows,
        schema={
            "mission": pl.String,
            "month": pl.String,
            "persons": pl.Int64,
            "women": pl.Int64,
            "women_target": pl.Float64,
            "women_missing": pl.Float64,
        },
        orient="row",
    )


def carried(case: Case, plan: Plan) -> pl.DataFrame:
    """Return what each nation carries, the largest first, in person-months and dollars."""
    rows: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0.0])
    missions: dict[str, set[str]] = defaultdict(set)
    for tour in plan.tours:
        pledge = case.pledge_of[tour.pledge]
        length, row = len(tour.months), rows[pledge.nation]
        month_usd = length * case.month_usd(pledge) + pledge.move_cost_usd
        support = sum(case.offer_of[key].cost_usd for key in tour.offers)
        row[0] += 1
        row[1] += length
        row[2] += length * pledge.strength
        row[3] += length * pledge.women
        row[4] += month_usd + support
        missions[pledge.nation].add(case.requirement_of[tour.requirement].mission)
    ordered = sorted(rows.items(), key=lambda item: (-item[1][2], item[0]))
    whole = sum(row[2] for row in rows.values())
    return pl.DataFrame(
        {
            "nation": [nation for nation, _ in ordered],
            "missions": ["|".join(sorted(missions[nation])) for nation, _ in ordered],
            "tours": [int(row[0]) for _, row in ordered],
            "unit_months": [int(row[1]) for _, row in ordered],
            "person_months": [int(row[2]) for _, row in ordered],
            "women_person_months": [int(row[3]) for _, row in ordered],
            "cost_usd": [float(row[4]) for _, row in ordered],
            "share": [row[2] / whole for _, row in ordered],
        },
        schema_overrides={"nation": pl.String, "missions": pl.String, "share": pl.Float64},
    )


def by_month(case: Case, plan: Plan) -> pl.DataFrame:
    """Return, by month, units needed and deployed, persons, women and women missing."""
    frame = pl.DataFrame({"month": [case.month(index) for index in range(case.months)]})
    units = (
        coverage(case, plan).group_by("month").agg(pl.col("needed").sum(), pl.col("deployed").sum())
    )
    people = (
        persons_by_month(case, plan)
        .group_by("month")
        .agg(pl.col("persons").sum(), pl.col("women").sum(), pl.col("women_missing").sum())
    )
    joined = frame.join(units, on="month", how="left").join(people, on="month", how="left")
    return joined.with_columns(pl.exclude("month").fill_null(0)).sort("month")
