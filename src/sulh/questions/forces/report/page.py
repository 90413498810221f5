"""Put the page of a plan together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from sulh.cases.page import fill
from sulh.questions.forces import tables
from sulh.questions.forces.case import Case
from sulh.questions.forces.plan import Plan
from sulh.questions.forces.report import lanes
from sulh.questions.forces.report.drawing import Line, gantt, lines, stacked
from sulh.questions.forces.wholes import wholes
from sulh.questions.forces.words import open_gaps

_GAPS = 200
# On a phone a drawing is scrolled sideways rather than shrunk until nobody can read it.
_STYLE = """\
@media screen { svg { min-width: 58rem; } }
@media screen and (max-width: 48rem) { table { display: block; overflow-x: auto; } }
"""


def render(case: Case, plan: Plan, summary: Mapping[str, Any], explained: pl.DataFrame) -> str:
    """Return the report as HTML; ``summary`` is what ``summary.json`` holds."""
    gaps = open_gaps(case, explained)
    context = {
        "case": case,
        "summary": summary,
        "gaps": gaps[:_GAPS],
        "more_gaps": max(len(gaps) - _GAPS, 0),
        "carried": tables.carried(case, plan).to_dicts(),
        "wholes": wholes(case, plan).to_dicts() if case.bound_to else [],
        "women": _women(case, plan),
        **_whole(case, plan),
        **_drawings(case, plan),
    }
    return fill("sulh.questions.forces.report", context, _STYLE)


def _whole(case: Case, plan: Plan) -> dict[str, Any]:
    covered = tables.coverage(case, plan)
    needed, deployed = int(covered["needed"].sum()), int(covered["deployed"].sum())
    months = tables.persons_by_month(case, plan)
    persons, women = int(months["persons"].sum()), int(months["women"].sum())
    return {
        "needed": needed,
        "deployed": deployed,
        "covered": deployed / needed if needed else 1.0,
        "person_months": persons,
        "women_share": women / persons if persons else 0.0,
        "last_month": case.month(case.months - 1),
    }


def _women(case: Case, plan: Plan) -> list[dict[str, Any]]:
    """Return women against the target by mission, over the horizon."""
    frame = tables.persons_by_month(case, plan)
    grouped = frame.group_by("mission").agg(
        pl.col("persons").sum(),
        pl.col("women").sum(),
        pl.col("women_target").first(),
        pl.col("women_missing").sum(),
        (pl.col("women_missing") > 0).sum().alias("months_below"),
        pl.len().alias("months"),
    )
    return grouped.sort("mission").to_dicts()


def _drawings(case: Case, plan: Plan) -> dict[str, Markup]:
    months = [case.month(index) for index in range(case.months)]
    time = tables.by_month(case, plan)
    share = [w / p if p else None for p, w in time.select("persons", "women").iter_rows()]
    asked = [
        (w + missing) / p if p else None
        for p, w, missing in time.select("persons", "women", "women_missing").iter_rows()
    ]
    return {
        "coverage_chart": lines(
            [
                Line("units needed", "needed", time["needed"].to_list()),
                Line("units deployed", "deployed", time["deployed"].to_list()),
            ],
            months,
            "Units needed and deployed by month",
        ),
        "women_chart": lines(
            [
                Line("share if every target were met", "needed", asked),
                Line("women's share of persons deployed", "deployed", share),
            ],
            months,
            "Women's share of the persons deployed by month",
            percent=True,
        ),
        "cost_chart": _cost_chart(tables.costs(case, plan)),
        "missions_chart": gantt(lanes.missions(case, plan), months, "Missions by month"),
        "nations_chart": gantt(lanes.nations(case, plan), months, "Nations by month"),
    }


def _cost_chart(costs: pl.DataFrame) -> Markup:
    sums = costs.group_by("fiscal_year", "kind").agg(pl.col("cost_usd").sum())
    found = {(year, kind): float(cost) for year, kind, cost in sums.iter_rows()}
    years = sorted({year for year, _ in found})
    rows = [(year, [found.get((year, kind), 0.0) for kind in tables.KINDS]) for year in years]
    return stacked(rows, tables.KINDS, "Cost by fiscal year and kind")
