"""What a simulation of supply says, with intervals."""

from __future__ import annotations

from typing import Any

import polars as pl

from sulh.methods.simulation.intervals import (
    Interval,
    chance_interval,
    mean_interval,
    ratio_interval,
)
from sulh.questions.supply.simulate import Floats, Simulated


def shortages(found: Simulated) -> pl.DataFrame:
    """Return by place and commodity what is needed, and how much and how often it runs short."""
    rows = []
    days, count = found.case.settings.days, found.effort.replications
    for i, node in enumerate(found.case.nodes.values()):
        for k, kind in enumerate(found.case.commodities):
            needed = float(found.needed[:, i, k].mean())
            if needed == 0:
                continue
            times = int((found.days_short[:, i, k] > 0).sum())
            rows.append(
                (
                    *(node.key, kind, needed / days / 1000),
                    *_ends(mean_interval(found.days_short[:, i, k] / days)),
                    *chance_interval(times, count),
                    float(found.short[:, i, k].mean()) / needed,
                    float(found.lowest[:, i, k].min()),
                )
            )
    names = (
        *("place", "commodity", "tonnes_per_day", "days_short", "days_short_low"),
        *("days_short_high", "any_shortage", "any_low", "any_high", "amount_short", "lowest_days"),
    )
    return pl.DataFrame(rows, schema=_schema(names, 2), orient="row")


def traffic(found: Simulated) -> pl.DataFrame:
    """Return by route the mean trips, tonnes, vehicle-km, attacks, losses, cost and emissions."""
    rows = []
    for route, mean in zip(found.case.routes.values(), found.routes.mean(axis=0), strict=True):
        fleet, (trips, kg, km, attacks, lost, broken) = found.case.fleets[route.fleet], mean
        cost, carbon = km * fleet.usd_per_km, km * fleet.kg_co2_per_km / 1000
        known = (trips, kg / 1000, km, attacks, lost / 1000, broken, cost, carbon)
        rows.append((route.key, route.fleet, *(float(value) for value in known)))
    names = (
        *("route", "fleet", "trips", "tonnes", "vehicle_km", "attacks", "tonnes_lost"),
        *("breakdowns", "usd", "tonnes_co2"),
    )
    return pl.DataFrame(rows, schema=_schema(names, 2), orient="row")


def _schema(names: tuple[str, ...], texts: int) -> dict[str, Any]:
    return {name: pl.String if k < texts else pl.Float64 for k, name in enumerate(names)}


def summary(found: Simulated) -> dict[str, Any]:
    """Return the figures of the whole run, those with intervals as [mean, low, high]."""
    case, count = found.case, found.effort.replications
    needed, short = found.needed.sum((1, 2)), found.short.sum((1, 2))
    fleets = case.fleets.values()
    fixed = sum(fleet.vehicles * fleet.usd_per_day for fleet in fleets) * case.settings.days
    moved, times = traffic(found), int((short > 1e-9).sum())
    return {
        "name": case.settings.name,
        "persons": case.persons,
        "days": case.settings.days,
        "replications": count,
        "seed": found.effort.seed,
        "tonnes_needed": float(needed.mean() / 1000),
        "amount_short": _share(short, needed),
        "any_shortage": list(chance_interval(times, count)),
        "place_days_short": list(_ends(mean_interval(found.days_short.max(2).sum(1)))),
        "attacks": list(_ends(mean_interval(found.routes[:, :, 3].sum(1)))),
        "tonnes_lost": list(_ends(mean_interval(found.routes[:, :, 4].sum(1) / 1000))),
        "use": use(found),
        "usd": float(moved["usd"].sum() or 0.0) + fixed,
        "tonnes_co2": float(moved["tonnes_co2"].sum() or 0.0),
    }


def _ends(found: Interval) -> tuple[float, float, float]:
    return found.value, found.low, found.high


def _share(short: Floats, needed: Floats) -> list[float]:
    """Return the share of the need that is not met, 0 where nothing is needed."""
    return list(_ends(ratio_interval(short, needed))) if needed.any() else [0.0, 0.0, 0.0]


def use(found: Simulated) -> dict[str, float]:
    """Return the share of the days that vehicles fit for use, and escorts, are on the road."""
    case, mean = found.case, found.routes.mean(axis=0)
    days, busy = case.settings.days, dict.fromkeys([*case.fleets, "escorts"], 0.0)
    for route, (trips, _, km, *_rest) in zip(case.routes.values(), mean, strict=True):
        cycle = 2 * route.days(case.fleets[route.fleet])
        busy[route.fleet] += km / (2 * route.km) * cycle
        busy["escorts"] += trips * cycle if route.escort else 0.0
    there = {key: fleet.vehicles * fleet.serviceable for key, fleet in case.fleets.items()}
    there["escorts"] = float(case.settings.escorts)
    return {key: busy[key] / days / there[key] if there[key] else 0.0 for key in busy}
