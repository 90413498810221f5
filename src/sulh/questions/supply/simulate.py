"""Simulate a case of supply: replications of its days, each with its own streams of chance."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sulh.core.months import month_index
from sulh.questions.supply.case import Case
from sulh.questions.supply.kernel import run_days
from sulh.questions.supply.reading import parents
from sulh.questions.supply.seasons import factors

Floats = NDArray[np.float64]
DAYS_PER_MONTH = 30.4375
MOST_KEPT = 50_000_000
"""Days held by replication, day, place and commodity that are kept for the quantiles, at most."""
_LEVELS = ("start_days", "reorder_days", "fill_days")


@dataclass(frozen=True)
class Effort:
    """How much to simulate: replications, the seed they all come from, and threads at work.

    The same seed gives the same events, whatever the workers.
    """

    replications: int = 200
    seed: int = 1
    workers: int = 1


@dataclass(frozen=True)
class Simulated:
    """What the replications gave.

    ``needed`` and ``short`` are kg by replication, place and commodity, ``days_short`` days,
    ``lowest`` the least days of supply held; ``held`` the 5, 50 and 95 % quantiles of days held by
    day, place and commodity; ``routes`` trips, kg, vehicle-km, attacks, kg lost and breakdowns by
    replication and route.
    """

    case: Case
    effort: Effort
    needed: Floats
    short: Floats
    days_short: Floats
    lowest: Floats
    held: Floats
    routes: Floats


def simulate(
    case: Case, effort: Effort | None = None, progress: Callable[[int], None] | None = None
) -> Simulated:
    """Return what happens over the case's days, in so many independent replications."""
    effort = effort or Effort()
    model, levels, months = _model(case), _levels(case), months_of(case)
    shape = (effort.replications, len(case.nodes), len(case.commodities))
    needed, short, days_short, lowest = (np.zeros(shape) for _ in range(4))
    cells = len(months) * shape[1] * shape[2]
    kept = min(shape[0], max(1, MOST_KEPT // max(cells, 1)))
    held = np.zeros((kept, len(months), *shape[1:]), dtype=np.float32)
    routes = np.zeros((shape[0], len(case.routes), 6))
    seeds = np.random.SeedSequence(effort.seed).spawn(effort.replications)

    def one(number: int) -> None:
        draws = tuple(np.random.Generator(np.random.PCG64(s)) for s in seeds[number].spawn(3))
        days = np.zeros((3, len(months), *shape[1:]))
        run_days(model, levels, months, case.settings.escorts, draws, (days, routes[number]))
        needed[number] = (days[0] + days[1]).sum(0)
        short[number], days_short[number] = days[1].sum(0), (days[1] > 1e-9).sum(0)
        lowest[number] = days[2].min(0)
        if number < kept:
            held[number] = days[2]

    done = _run(one, effort, progress)
    held = np.where(np.isfinite(held[:done]), held[:done], 0.0)  # places that need nothing
    quantiles = np.asarray(np.quantile(held, (0.05, 0.5, 0.95), axis=0), dtype=float)
    return Simulated(
        *(case, replace(effort, replications=done), needed[:done], short[:done]),
        *(days_short[:done], lowest[:done], quantiles, routes[:done]),
    )


def _run(one: Callable[[int], None], effort: Effort, progress: Callable[[int], None] | None) -> int:
    """Run the replications and return how many are done; Ctrl-C keeps those that are."""
    done = 0
    with ThreadPoolExecutor(effort.workers) as pool:
        waiting = [pool.submit(one, number) for number in range(effort.replications)]
        try:
            for future in waiting:
                future.result()
                done += 1
                if progress is not None:
                    progress(done)
        except KeyboardInterrupt:
            for future in waiting:
                future.cancel()
            if not done:
                raise
    return done


def months_of(case: Case) -> NDArray[np.int64]:
    """Return the month of the year, from 0, of each day; a month has 30.4375 days."""
    first = month_index(case.settings.first_month) % 12
    days = np.arange(case.settings.days)
    return np.asarray((first + (days // DAYS_PER_MONTH).astype(np.int64)) % 12, dtype=np.int64)


def needs_of(case: Case) -> tuple[Floats, Floats]:
    """Return kg a day by place and commodity: of its own people, and all that passes it."""
    nodes, kinds = case.nodes.values(), case.commodities.values()
    own = np.array([[case.kg_per_day(node, kind) for kind in kinds] for node in nodes])
    place = {key: number for number, key in enumerate(case.nodes)}
    upstream, passing = parents(case.nodes, case.routes), own.copy()
    for key in case.nodes:
        here = key
        while here in upstream:
            here = upstream[here]
            passing[place[here]] += own[place[key]]
    return own, passing


def _levels(case: Case) -> tuple[Floats, ...]:
    kinds = case.commodities.values()
    return tuple(np.array([float(getattr(kind, name)) for kind in kinds]) for name in _LEVELS)


def _model(case: Case) -> tuple[Any, ...]:
    """Return the case as arrays for the kernel: places, routes, fleets."""
    own, passing = needs_of(case)
    source = np.array([node.role == "source" for node in case.nodes.values()])
    season = factors(case.seasons, case.commodities)
    fleets = case.fleets.values()
    able = [int(fleet.vehicles * fleet.serviceable + 1e-9) for fleet in fleets]
    return (
        (own, passing, source, case.settings.demand_variation, season),
        _routes(case),
        (
            np.array(able, dtype=np.int64),
            np.array([fleet.payload_t * 1000 for fleet in fleets]),
        ),
    )


def _routes(case: Case) -> tuple[Any, ...]:
    place = {key: number for number, key in enumerate(case.nodes)}
    fleet = {key: number for number, key in enumerate(case.fleets)}
    ends, figures, closed = [], [], []
    for route in case.routes.values():
        days = route.days(case.fleets[route.fleet])
        ends.append(
            (
                *(place[route.origin], place[route.destination], fleet[route.fleet]),
                *(route.convoy_vehicles, int(route.escort), days, 2 * days),
                *(route.blocked_days, route.repair_days),
            )
        )
        urgent = -1.0 if route.urgent_days is None else route.urgent_days
        threat = (route.attacks_per_1000_km, route.load_lost, route.breakdowns_per_1000_km)
        figures.append((route.km, urgent, *threat))
        closed.append([month in route.closed for month in range(1, 13)])
    to = np.array([row[1] for row in ends], dtype=np.int64)
    by_place = np.argsort(to, kind="stable")
    first = np.searchsorted(to[by_place], np.arange(len(place) + 1))
    return (
        np.array(ends, dtype=np.int64).reshape(-1, 9),
        np.array(figures, dtype=float).reshape(-1, 5),
        np.array(closed, dtype=bool).reshape(-1, 12),
        *(by_place, first),
    )
