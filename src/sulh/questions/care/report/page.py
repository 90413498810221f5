"""Put the page of a simulation together."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from markupsafe import Markup

from sulh.cases.page import fill
from sulh.questions.care.engine.arrays import AID, ENHANCED, OPERATED
from sulh.questions.care.outcome import Outcome
from sulh.questions.care.report.drawing import Curve, Mark, Spot, bars, curves, hours, map_of

_MINUTES = [float(m) for m in (*range(0, 60, 2), *range(60, 240, 6), *range(240, 1441, 20))]
_SHOWN = 40


def render(outcome: Outcome, summary: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> str:
    """Return the report as HTML from what ``summary.json`` and the CSV files hold."""
    context = {
        "case": outcome.case,
        "settings": outcome.case.settings,
        "summary": summary,
        "map": _map(outcome, tables["clocks"]),
        "curves": _curves(outcome),
        "delays_chart": _delays(tables["delays"]),
        "beds_chart": _by_hour(outcome, 0),
        "theatres_chart": _by_hour(outcome, 1),
        "sites": _sites(tables["clocks"]),
        "priorities": tables["clocks"].filter(pl.col("site") == "all").to_dicts(),
        "delays": tables["delays"].to_dicts(),
        "facilities": tables["facilities"].to_dicts(),
        "units": _busiest(tables["units"]),
        "more_units": max(tables["units"].height - _SHOWN, 0),
        "times": tables["times"].filter(pl.col("measure").str.starts_with("to ")).to_dicts(),
    }
    package = "sulh.questions.care.report"
    style = files(package).joinpath("report.css").read_text(encoding="utf-8")
    return fill(package, context, style)


def _map(outcome: Outcome, clocks: pl.DataFrame) -> Markup:
    share = _surgery(clocks)
    spots = []
    for site in outcome.case.sites:
        here = share.get(site.key)
        told = "no patients for surgery" if here is None else f"{here:.0%} in surgery in time"
        note = f"{site.key}: {site.people:,} people, {told}"
        spots.append(Spot(site.key, site.latitude, site.longitude, site.people, here, note))
    place = {p.key: p for p in outcome.case.places}
    marks = [
        Mark(f.key, f.latitude, f.longitude, "hospital", str(f.level))
        for f in outcome.case.facilities
        if f.level >= 2
    ]
    for fleet in outcome.case.fleets:
        if fleet.kind != "ambulance" and fleet.number:
            base = place[fleet.base]
            name = f"{fleet.key}: {fleet.number} at {fleet.base}"
            text = fleet.kind[0].upper() if fleet.number == 1 else str(fleet.number)
            marks.append(Mark(name, base.latitude, base.longitude, fleet.kind, text))
    return map_of(spots, marks)


def _surgery(clocks: pl.DataFrame) -> dict[str, float | None]:
    chosen = clocks.filter(
        (pl.col("clock") == "surgery") & (pl.col("priority") == "all") & (pl.col("site") != "all")
    )
    return {row["site"]: row["share"] for row in chosen.iter_rows(named=True)}


def _curves(outcome: Outcome) -> Markup:
    facts, lines = outcome.raw.facts, []
    operated = facts[:, 4] > 0
    named = (
        ("first aid", "k1", AID, np.ones(len(facts), dtype=np.bool_)),
        ("enhanced care", "k2", ENHANCED, np.ones(len(facts), dtype=np.bool_)),
        ("surgery, priority 1", "k3", OPERATED, operated & (facts[:, 3] == 1)),
        ("surgery, priority 2", "k4", OPERATED, operated & (facts[:, 3] == 2)),
        ("surgery, priority 3", "k5", OPERATED, operated & (facts[:, 3] == 3)),
    )
    for name, kind, column, who in named:
        minutes = np.sort(outcome.minutes_to(column)[who])
        if minutes.size:
            reached = np.searchsorted(minutes, _MINUTES, side="right")
            lines.append(Curve(name, kind, (reached / minutes.size).tolist()))
    return curves(_MINUTES, lines, outcome.case.settings.clocks)


def _delays(delays: pl.DataFrame) -> Markup:
    rows = [
        (row["delay"], row["in_time_without"], f"{row['in_time_without']:.1f} patients a year")
        for row in delays.iter_rows(named=True)
    ]
    return bars(rows, "Patients a year who would have been in time without each delay")


def _by_hour(outcome: Outcome, kind: int) -> Markup:
    hourly = outcome.raw.hourly[kind] / outcome.replications
    whole = hourly.shape[1] // 24 * 24
    rows = []
    for number, facility in enumerate(outcome.case.facilities):
        capacity = facility.theatres if kind else facility.beds
        if capacity and facility.level < 4:
            used = hourly[number, :whole].reshape(-1, 24).mean(axis=0)
            rows.append((facility.key, used.tolist(), float(capacity)))
    return hours(rows[:_SHOWN], "In use by hour of the day")


def _sites(clocks: pl.DataFrame) -> list[dict[str, Any]]:
    """Return a row a site: its share within each clock, all priorities together."""
    rows: dict[str, dict[str, Any]] = {}
    for row in clocks.filter(pl.col("priority") == "all").iter_rows(named=True):
        here = rows.setdefault(row["site"], {"site": row["site"], "clocks": {}})
        here["clocks"][row["clock"]] = row
    return list(rows.values())


def _busiest(units: pl.DataFrame) -> list[dict[str, Any]]:
    if units.is_empty():
        return []
    order = units.with_columns((pl.col("kind") == "ambulance").alias("ground"))
    return (
        order.sort("ground", "missions_a_year_value", descending=[False, True])
        .head(_SHOWN)
        .to_dicts()
    )
