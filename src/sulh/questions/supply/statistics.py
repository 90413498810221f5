"""What a simulation of supply says, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sulh.questions.supply.simulate import Simulated

_Z_95 = 1.959964


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean over replications and the ends of its 95 % interval (Student's t).

    One replication has no interval: its ends are not a number.

    >>> [round(x, 3) for x in mean_interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.484, 4.484]
    """
    from scipy.stats import t

    mean, count = float(values.mean()), len(values)
    if count < 2:
        return mean, float("nan"), float("nan")
    half = float(t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count))
    return mean, mean - half, mean + half


def chance_interval(happened: int, count: int) -> tuple[float, float, float]:
    """Return a share and its 95 % interval after Wilson, which holds at 0 and 1 too.

    >>> [round(x, 3) for x in chance_interval(0, 100)]
    [0.0, 0.0, 0.037]
    """
    share, z = happened / count, _Z_95
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    spread = share * (1 - share) / count + (z / (2 * count)) ** 2
    half = z * float(np.sqrt(spread)) / (1 + z * z / count)
    return share, max(0.0, middle - half), min(1.0, middle + half)


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
                    *mean_interval(found.days_short[:, i, k] / days),
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
    share = np.divide(short, needed, out=np.zeros(count), where=needed > 0)
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
        "amount_short": list(mean_interval(share)),
        "any_shortage": list(chance_interval(times, count)),
        "place_days_short": list(mean_interval(found.days_short.max(2).sum(1))),
        "attacks": list(mean_interval(found.routes[:, :, 3].sum(1))),
        "tonnes_lost": list(mean_interval(found.routes[:, :, 4].sum(1) / 1000)),
        "usd": float(moved["usd"].sum() or 0.0) + fixed,
        "tonnes_co2": float(moved["tonnes_co2"].sum() or 0.0),
    }
