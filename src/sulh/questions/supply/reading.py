"""Read and check the files of a case of supply, and how they refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sulh.cases.grid import Row
from sulh.cases.problems import Problems
from sulh.cases.sections import Section, read_document
from sulh.cases.table import Table, read_table
from sulh.questions.supply.records import MODES, ROLES, Commodity, Fleet, Node, Route

FILES = ("case.toml", "places.csv", "commodities.csv", "fleets.csv", "routes.csv")
LONGEST_TRIP = 80
MOST_PLACES, MOST_ROUTES, MOST_PERSONS, MOST_KM = 500, 5_000, 10_000_000, 25_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "places.csv": ("place", "role", "latitude", "longitude", "persons", "water_made_here"),
    "commodities.csv": (
        *("commodity", "kg_per_person_day", "start_days", "reorder_days", "fill_days"),
    ),
    "fleets.csv": (
        *("fleet", "mode", "vehicles", "payload_t", "speed_kmh", "hours_per_day", "usd_per_km"),
        *("usd_per_day", "kg_co2_per_km", "serviceable"),
    ),
    "routes.csv": (
        *("route", "origin", "destination", "fleet", "km", "handling_days", "convoy_vehicles"),
        *("escort", "urgent_days", "closed_months", "attacks_per_1000_km", "load_lost"),
        *("blocked_days", "breakdowns_per_1000_km", "repair_days"),
    ),
}
_Record = TypeVar("_Record", Node, Commodity, Fleet, Route)
Parts = tuple[Mapping[str, Node], Mapping[str, Commodity], Mapping[str, Fleet], Mapping[str, Route]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``case.toml`` says; ``first_month`` is the month of the first day, for seasons."""

    name: str
    first_month: str
    days: int
    escorts: int
    demand_variation: float


def read_parts(folder: Path, problems: Problems) -> tuple[Settings | None, Parts]:
    """Return settings and records; every problem of every file is noted."""
    settings = _settings(folder / "case.toml", problems)
    nodes = _table(folder / "places.csv", _node, problems)
    commodities = _table(folder / "commodities.csv", _commodity, problems)
    fleets = _table(folder / "fleets.csv", _fleet, problems)

    def route(row: Row) -> Route:
        noted = problems.total
        found = _route(row)
        _check_route(row, found, nodes, fleets)
        if problems.total == noted:
            _check_trip(row, found, fleets)
        return found

    routes = _table(folder / "routes.csv", route, problems)
    if commodities.keys == frozenset():
        problems.add("commodities.csv", None, "no row", "nothing is needed", "add a commodity")
    if nodes.whole and routes.whole:
        _check_whole(nodes.records, routes.records, problems)
    return settings, (nodes.records, commodities.records, fleets.records, routes.records)


def _settings(path: Path, problems: Problems) -> Settings | None:
    document = read_document(path, problems)
    if document is None:
        return None
    before = problems.total
    case: Section = document.section("case")
    found = Settings(
        case.text("name"),
        case.month("first_month"),
        int(case.number("days", 1, 3_660, whole=True)),
        int(case.number("escorts", 0, 10_000, whole=True)),
        case.number("demand_variation", 0, 2),
    )
    return found if problems.total == before else None


def _table(path: Path, make: Callable[[Row], _Record], problems: Problems) -> Table[_Record]:
    found = read_table(path, COLUMNS[path.name], make, problems)
    rows, most = len(found.records), MOST_PLACES if path.name == "places.csv" else MOST_ROUTES
    if rows > most:
        problems.add(path.name, None, f"{rows:,} rows", f"at most {most:,}", "leave some out")
    return found


def _name(row: Row, column: str) -> str:
    text = row.text(column, 80)
    if not text.strip():
        row.bad(column, "it names the row", "write a name")
    return text


def _share(row: Row, column: str) -> float:
    return row.decimal(column, 1.0, zero=True)


def _node(row: Row) -> Node:
    return Node(
        _name(row, "place"),
        row.choice("role", ROLES),
        row.degrees("latitude", 90),
        row.degrees("longitude", 180),
        row.number("persons", 0, MOST_PERSONS),
        _share(row, "water_made_here"),
    )


def _commodity(row: Row) -> Commodity:
    found = Commodity(
        _name(row, "commodity"),
        row.decimal("kg_per_person_day", 1e5, zero=True),
        row.decimal("start_days", 3_660, zero=True),
        row.decimal("reorder_days", 3_660, zero=True),
        row.decimal("fill_days", 3_660),
    )
    if found.fill_days <= found.reorder_days:
        row.bad("fill_days", "stocks are filled above the reorder level", "write more days")
    return found


def _fleet(row: Row) -> Fleet:
    return Fleet(
        _name(row, "fleet"),
        row.choice("mode", MODES),
        row.number("vehicles", 0, 100_000),
        row.decimal("payload_t", 10_000),
        row.decimal("speed_kmh", 2_000),
        row.decimal("hours_per_day", 24),
        row.decimal("usd_per_km", 1e6, zero=True),
        row.decimal("usd_per_day", 1e9, zero=True),
        row.decimal("kg_co2_per_km", 1e6, zero=True),
        row.decimal("serviceable", 1.0),
    )


def _route(row: Row) -> Route:
    return Route(
        _name(row, "route"),
        _name(row, "origin"),
        _name(row, "destination"),
        _name(row, "fleet"),
        row.decimal("km", MOST_KM),
        row.number("handling_days", 0, 30),
        row.number("convoy_vehicles", 1, 10_000),
        row.choice("escort", ("yes", "no")) == "yes",
        row.optional_decimal("urgent_days", 3_660, zero=True),
        _months(row),
        row.decimal("attacks_per_1000_km", 1e3, zero=True),
        _share(row, "load_lost"),
        row.number("blocked_days", 0, 366),
        row.decimal("breakdowns_per_1000_km", 1e3, zero=True),
        row.number("repair_days", 0, 90),
    )


def _months(row: Row) -> frozenset[int]:
    """Return the months of the year that a cell lists, as in 7|8|9."""
    text = row.cells["closed_months"]
    parts = [part.strip() for part in text.split("|") if part.strip()]
    if any(part not in {str(month) for month in range(1, 13)} for part in parts):
        row.bad("closed_months", "it lists months of the year, 1 to 12", "write for example 7|8|9")
        return frozenset()
    return frozenset(int(part) for part in parts)


def _check_route(row: Row, route: Route, nodes: Table[Node], fleets: Table[Fleet]) -> None:
    for column, file, lacks in (
        ("origin", "places.csv", nodes.lacks(route.origin)),
        ("destination", "places.csv", nodes.lacks(route.destination)),
        ("fleet", "fleets.csv", fleets.lacks(route.fleet)),
    ):
        if lacks and row.cells[column].strip():
            row.bad(column, f"{file} has no such name", "add it there or mend the name")
    if route.origin == route.destination and route.origin.strip():
        row.bad("destination", "a route leads from one place to another", "name another place")


def _check_trip(row: Row, route: Route, fleets: Table[Fleet]) -> None:
    fleet = fleets.sound.get(route.fleet)
    if fleet is not None and route.days(fleet) > LONGEST_TRIP:
        row.bad("km", f"a trip takes more than {LONGEST_TRIP} days one way", "split the route")


def _check_whole(
    nodes: Mapping[str, Node], routes: Mapping[str, Route], problems: Problems
) -> None:
    sources = [node.key for node in nodes.values() if node.role == "source"]
    if not sources:
        problems.add(
            "places.csv", None, "no place has the role source", "nothing comes in", "name one"
        )
    reached, waiting = set(sources), list(sources)
    while waiting:
        here = waiting.pop()
        for route in routes.values():
            if route.origin == here and route.destination not in reached:
                reached.add(route.destination)
                waiting.append(route.destination)
    for node in nodes.values():
        if node.key not in reached:
            problems.add(
                "routes.csv",
                None,
                f"no route leads to {node.key}",
                f"its {node.persons:,} persons cannot be supplied",
                "add a route from a place that is supplied",
            )
    upstream = parents(nodes, routes)
    for node in nodes.values():
        here, steps = node.key, 0
        while here in upstream and steps <= len(nodes):
            here, steps = upstream[here], steps + 1
        if steps > len(nodes):
            problems.add(
                "routes.csv",
                None,
                f"the first routes to {node.key} go in a circle",
                "stocks are sized along the first route to each place",
                "put a route from nearer the source first",
            )


def parents(nodes: Mapping[str, Node], routes: Mapping[str, Route]) -> dict[str, str]:
    """Return from where each place is mainly supplied: its first route that is always used."""
    found: dict[str, str] = {}
    for always in (True, False):
        for route in routes.values():
            if (route.urgent_days is None) == always and nodes[route.destination].role != "source":
                found.setdefault(route.destination, route.origin)
    return found
