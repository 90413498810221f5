"""Size fleets, escorts and stocks of a case of supply, and say which depots are worth opening.

Month by month, tonnes t_rm on routes r, stocks s_nm at places n, whole vehicles v_f and escorts e:

    minimise   sum_f days v_f usd_f + sum_rm t_rm / payload 2 km usd + sum_n days open_n depot_usd
    balance    s_nm = s_n,m-1 + sum_in (1 - lost) t_rm - sum_out t_rm - need_nm,   s_nm >= safety_n
    vehicles   sum_r t_rm / payload cycle_r <= v_f serviceable at_work days_m
    escorts    sum_r t_rm / (payload convoy_r) cycle_r <= e at_work days_m
    closures   t_rm = 0 in the months in which r is shut;  t_rm <= most open_n where n is a depot

A plan of means: what chance adds is seen when the sized case is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sulh.core.errors import NotAnswerable
from sulh.methods.programs import Program, Variables, solve
from sulh.questions.supply.case import Case
from sulh.questions.supply.records import Route
from sulh.questions.supply.seasons import factors
from sulh.questions.supply.simulate import months_of, needs_of

Floats = NDArray[np.float64]
SLACK_DAYS = 14.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sized case may cost and how hard it may work.

    ``at_work`` is the share of days that vehicles and escorts are on the road on average;
    ``escort_usd`` a day of an escort, ``depot_usd`` a day of an open depot.
    """

    at_work: float = 0.6
    escort_usd: float = 5_000.0
    depot_usd: float = 0.0
    seconds: float = 60.0


@dataclass(frozen=True)
class Sized:
    """The sized case, what the plan promises and proves, and tonnes by route and month."""

    case: Case
    before: Case
    depots: tuple[str, ...]
    vehicles: Mapping[str, int]
    usd: float
    bound: float
    tonnes: Floats
    routes: tuple[Route, ...]
    closed_days: float


def size(case: Case, wish: Wish | None = None) -> Sized:
    """Return the cheapest fleets, escorts, stocks and depots that keep every place supplied.

    Raises `NotAnswerable` if no fleet does: a place that closures cut off for longer than its
    first stock lasts.
    """
    wish = wish or Wish()
    model = _Model(case, wish)
    answer = solve(model.program, time_limit=wish.seconds, mip_rel_gap=1e-6)
    if answer.values is None:
        raise NotAnswerable(
            f"no fleet keeps every place of {case.settings.name} supplied",
            "closed routes cut a place off for longer than its first stock lasts",
            "raise start_days, add a route that stays open, or shorten the closure",
        )
    values = answer.values
    vehicles = {
        key: round(float(values[place]))
        for key, place in zip(case.fleets, model.fleets.places, strict=True)
    }
    depots = tuple(
        key
        for key, place in zip(model.depots, model.open.places, strict=True)
        if values[place] > 0.5
    )
    closed = longest_closure(case)
    sized = _sized(case, vehicles, round(float(values[model.escorts.start])), closed)
    tonnes = values[model.flow.places].reshape(len(model.routes), -1)
    return Sized(
        *(sized, case, depots, vehicles, answer.objective, answer.bound),
        *(tonnes, model.routes, closed),
    )


def _sized(case: Case, vehicles: Mapping[str, int], escorts: int, closed: float) -> Case:
    """Return the case with the fleets, and stocks that last over the longest closure."""
    fleets = {
        # Urgent fleets are not in the plan of means: they stay as they are.
        key: replace(fleet, vehicles=vehicles[key] or fleet.vehicles)
        for key, fleet in case.fleets.items()
    }
    kinds = {
        key: replace(
            kind,
            start_days=max(kind.start_days, closed + SLACK_DAYS if closed else 0.0),
            reorder_days=max(kind.reorder_days, closed + SLACK_DAYS if closed else 0.0),
            fill_days=max(kind.fill_days, closed + 2 * SLACK_DAYS if closed else 0.0),
        )
        for key, kind in case.commodities.items()
    }
    settings = replace(case.settings, escorts=escorts)
    return replace(case, settings=settings, fleets=fleets, commodities=kinds)


def longest_closure(case: Case) -> float:
    """Return the most days in a row, in any year, in which a place has no route that is open."""
    most = 0
    for node in case.nodes.values():
        routes = [r for r in case.routes.values() if r.destination == node.key]
        shut = (
            frozenset.intersection(*(route.closed for route in routes)) if routes else frozenset()
        )
        run = best = 0
        for month in [*range(1, 13), *range(1, 13)]:
            run = run + 1 if month in shut else 0
            best = max(best, run)
        most = max(most, min(best, 12))
    return most * 30.4375


class _Model:
    """The program of a case."""

    def __init__(self, case: Case, wish: Wish) -> None:
        self.case, self.wish, self.program = case, wish, Program()
        days = np.bincount(_month_numbers(case))
        self.days: Floats = days.astype(float)
        self.routes = _used(case)
        self.depots = [node.key for node in case.nodes.values() if node.role == "depot"]
        own, _ = needs_of(case)
        # Tonnes a day by place and month of the plan.
        self.need: Floats = own @ factors(case.seasons, case.commodities)[self._calendar()].T / 1000
        self._variables()
        self._balance()
        self._work()
        self._openings()

    def _variables(self) -> None:
        case, months = self.case, len(self.days)
        total = float(self.days.sum())
        calendar = self._calendar()
        cost, most = [], []
        for route in self.routes:
            fleet = case.fleets[route.fleet]
            cost.append(np.full(months, 2 * route.km * fleet.usd_per_km / fleet.payload_t))
            most.append([0.0 if m + 1 in route.closed else np.inf for m in calendar])
        size = len(self.routes) * months
        self.flow = self.program.add_variables(
            *("tonnes", np.arange(size), np.concatenate(cost), (0.0, np.concatenate(most)))
        )
        self.places = [node.key for node in case.nodes.values() if node.role != "source"]
        safety = [self._safety(key) for key in self.places]
        self.stock = self.program.add_variables(
            *("stock", np.arange(len(self.places) * months), 0.0),
            (np.repeat(safety, months), np.inf),
        )
        fleets = case.fleets.values()
        self.fleets = self.program.add_variables(
            *("vehicles", np.arange(len(fleets)), [f.usd_per_day * total for f in fleets]),
            (0.0, 100_000.0),
            whole=True,
        )
        self.escorts = self.program.add_variables(
            "escorts", [0], self.wish.escort_usd * total, (0.0, 10_000.0), whole=True
        )
        self.open: Variables = self.program.add_variables(
            *("open", np.arange(len(self.depots)), self.wish.depot_usd * total, (0.0, 1.0)),
            whole=True,
        )

    def _calendar(self) -> NDArray[np.int64]:
        """Return the month of the year, from 0, of each month of the plan."""
        numbers = _month_numbers(self.case)
        return months_of(self.case)[np.searchsorted(numbers, np.arange(numbers[-1] + 1))]

    def _safety(self, key: str) -> float:
        """Return tonnes that a place keeps for chance: half of what it orders at, at most what it
        starts with.
        """
        row, case = list(self.case.nodes).index(key), self.case
        own, _ = needs_of(case)
        kinds = case.commodities.values()
        kept = [min(kind.reorder_days / 2, kind.start_days / 2) for kind in kinds]
        return float((own[row] * np.array(kept)).sum() / 1000)

    def _balance(self) -> None:
        """Stocks follow from what comes, goes and is used; two rows make an equality."""
        months, names = len(self.days), list(self.case.nodes)
        own, _ = needs_of(self.case)
        start = np.array([kind.start_days for kind in self.case.commodities.values()])
        held = {key: float((own[names.index(key)] * start).sum() / 1000) for key in self.places}
        used = np.concatenate([self.need[names.index(key)] * self.days for key in self.places])
        begin = np.zeros(len(self.places) * months)
        begin[::months] = [held[key] for key in self.places]
        for sign in (1.0, -1.0):
            rows = self.program.add_rows(
                "balance", np.arange(len(self.places) * months), sign * (begin - used)
            )
            self.program.enter(rows.rows, self.stock.places, sign)
            later = np.arange(len(self.places) * months) % months > 0
            self.program.enter(rows.rows[later], self.stock.places[later] - 1, -sign)
            for k, route in enumerate(self.routes):
                span = self.flow.start + k * months + np.arange(months)
                lost = route.load_lost * (1 - np.exp(-route.attacks_per_1000_km * route.km / 1000))
                for key, value in ((route.destination, -(1 - lost)), (route.origin, 1.0)):
                    if key in held:
                        at = rows.start + self.places.index(key) * months + np.arange(months)
                        self.program.enter(at, span, sign * value)

    def _work(self) -> None:
        """Vehicles and escorts work at most their share of the days of each month."""
        months, wish, case = len(self.days), self.wish, self.case
        for number, (key, fleet) in enumerate(case.fleets.items()):
            rows = self.program.add_rows(f"work of {number}", np.arange(months), 0.0)
            able = fleet.serviceable * wish.at_work * self.days
            self.program.enter(rows.rows, self.fleets.start + number, -able)
            for k, route in enumerate(self.routes):
                if route.fleet == key:
                    cycle = 2 * route.days(fleet) + _repair(route)
                    span = self.flow.start + k * months + np.arange(months)
                    self.program.enter(rows.rows, span, cycle / fleet.payload_t)
        rows = self.program.add_rows("escorts", np.arange(months), 0.0)
        self.program.enter(rows.rows, self.escorts.start, -wish.at_work * self.days)
        for k, route in enumerate(self.routes):
            if route.escort:
                fleet = case.fleets[route.fleet]
                load = fleet.payload_t * route.convoy_vehicles
                span = self.flow.start + k * months + np.arange(months)
                self.program.enter(rows.rows, span, 2 * route.days(fleet) / load)

    def _openings(self) -> None:
        months = len(self.days)
        most = float((self.need * self.days).sum()) * 2 + 1
        for k, route in enumerate(self.routes):
            if route.origin in self.depots:
                rows = self.program.add_rows(f"opening of {k}", np.arange(months), 0.0)
                span = self.flow.start + k * months + np.arange(months)
                self.program.enter(rows.rows, span, 1.0)
                depot = self.open.start + self.depots.index(route.origin)
                self.program.enter(rows.rows, depot, -most)


def _repair(route: Route) -> float:
    """Return the days that breakdowns add to a trip, on average."""
    chance = 1 - np.exp(-2 * route.breakdowns_per_1000_km * route.km / 1000)
    return float(chance * route.repair_days)


def _used(case: Case) -> tuple[Route, ...]:
    """Return the routes of the plan: those always used, and the urgent where there is no other."""
    always = {route.destination for route in case.routes.values() if route.urgent_days is None}
    return tuple(
        route
        for route in case.routes.values()
        if route.urgent_days is None or route.destination not in always
    )


def _month_numbers(case: Case) -> NDArray[np.int64]:
    return np.asarray((np.arange(case.settings.days) // 30.4375).astype(np.int64))
