"""Make a case of supply from the real lay-down of an operation."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sulh.cases.writing import refuse_to_overwrite, write_all
from sulh.core.errors import BadRequest
from sulh.facts.operations import operations
from sulh.methods.geodesy import ROAD_FACTOR, great_circle_km
from sulh.methods.location import median
from sulh.questions.laydown import Laydown, laydown
from sulh.questions.places import airfield_near
from sulh.questions.supply.defaults import climate_of, defaults, readme, water_of
from sulh.questions.supply.reading import COLUMNS, FILES
from sulh.questions.supply.seasons import COLUMNS as SEASON_COLUMNS
from sulh.questions.supply.seasons import FILE as SEASONS
from sulh.questions.supply.seasons import seasonal
from sulh.store.reading import Store

AIRCRAFT_KM = 1_200.0
"""How far an An-26 is taken to fly full and come back: under half of the 2,550 km seen."""
PERSONS_PER_AIRCRAFT = 8_000
AT_WORK = 0.6
"""Share of the days that a truck of a new case is on the road, on average."""
Rows = list[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where supplies come in: a port, a railhead or the town of the headquarters."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Options:
    """What a new case assumes beside the lay-down."""

    entry: Entry | None = None
    depots: int = 2
    days: int = 365
    road_factor: float = ROAD_FACTOR
    climate: str | None = None


def write_case(
    store: Store, folder: str | Path, operation: str, month: str, options: Options | None = None
) -> list[Path]:
    """Write a case of an operation as it stood in a month, and return the paths.

    Supplies come in at the entry (default: the town of the headquarters); so many of the sites are
    depots as options say, those that make the person-kilometres least (p-median).
    """
    folder, options = Path(folder), options or Options()
    climate = climate_of(options.climate) if options.climate else None
    refuse_to_overwrite(folder, (*FILES, SEASONS, "README.md"))
    stands = laydown(store, operation, month)
    entry = options.entry or _headquarters(stands)
    tables = _tables(stands, entry, options)
    contents = {f"{name}.csv": _csv(name, rows).encode() for name, rows in tables.items()}
    contents["case.toml"] = _toml(stands, options).encode()
    if climate:
        contents[SEASONS] = _seasons(stands, climate).encode()
    told = readme(stands, entry.name, options.road_factor, options.climate)
    contents["README.md"] = told.encode()
    return write_all(folder, contents)


def entry_of(text: str) -> Entry:
    """Return the entry that an option names: ``NAME,LATITUDE,LONGITUDE``.

    >>> entry_of("Dakar,14.68,-17.43")
    Entry(name='Dakar', latitude=14.68, longitude=-17.43)
    """
    parts = text.rsplit(",", 2)
    try:
        name, latitude, longitude = parts[0].strip(), float(parts[1]), float(parts[2])
        if name and abs(latitude) <= 90 and abs(longitude) <= 180:
            return Entry(name, latitude, longitude)
    except (IndexError, ValueError):
        pass
    raise BadRequest(
        f"--entry is {text[:80]!r}",
        "it names a place with its latitude and longitude",
        "write for example 'Dakar,14.68,-17.43'",
    )


def _headquarters(stands: Laydown) -> Entry:
    """Return the headquarters of the gazetteer, else the place with the most persons."""
    known = operations().get(stands.operation)
    if known is not None and known.latitude is not None and known.longitude is not None:
        return Entry(known.headquarters or "Headquarters", known.latitude, known.longitude)
    row = stands.sites.sort("persons", descending=True).row(0, named=True)
    return Entry(row["site"], row["latitude"], row["longitude"])


def _tables(stands: Laydown, entry: Entry, options: Options) -> dict[str, Rows]:
    given = defaults()
    sites = stands.sites.to_dicts()
    depots = _depots(sites, options.depots)
    source = {
        "site": f"{entry.name} (entry)",
        "latitude": entry.latitude,
        "longitude": entry.longitude,
    }
    roads = _roads(source, sites, depots, options.road_factor)
    aircraft = max(1, round(stands.persons / PERSONS_PER_AIRCRAFT))
    return {
        "places": _places(source, sites, depots),
        "commodities": _commodities(given, options.climate),
        "fleets": [
            ("trucks", "road", _trucks(sites, given, roads), *_figures(given["truck"])),
            ("aircraft", "air", aircraft, *_figures(given["aircraft"])),
        ],
        "routes": [*roads, *_flights(source, sites)],
    }


def _places(
    source: Mapping[str, Any], sites: Sequence[Mapping[str, Any]], depots: set[int]
) -> Rows:
    made = defaults()["site"]["water_made_here"]
    rows: Rows = [(source["site"], "source", *_at(source), 0, 1)]
    for k, site in enumerate(sites):
        role = "depot" if k in depots else "site"
        rows.append((site["site"], role, *_at(site), site["persons"], made))
    return rows


def _at(place: Mapping[str, Any]) -> tuple[float, float]:
    return round(place["latitude"], 5), round(place["longitude"], 5)


def _commodities(given: Mapping[str, Any], climate: str | None) -> Rows:
    stocks = {row["commodity"]: row for row in given["stocks"]}
    levels = COLUMNS["commodities.csv"][2:]
    changed = {"water": water_of(climate_of(climate))} if climate else {}
    return [
        (
            need["commodity"],
            changed.get(need["commodity"], need["kg_per_person_day"]),
            *(stocks[need["commodity"]][name] for name in levels),
        )
        for need in given["needs"]
    ]


def _figures(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in COLUMNS["fleets.csv"][3:])


def _depots(sites: Sequence[Mapping[str, Any]], count: int) -> set[int]:
    """Return the sites that are depots: the p-median of persons times kilometres."""
    count = min(count, len(sites))
    if count < 1:
        return set()
    at = np.array([[site["latitude"], site["longitude"]] for site in sites])
    km = great_circle_km(at[:, :1], at[:, 1:], at[None, :, 0], at[None, :, 1])
    persons = np.array([max(site["persons"], 1) for site in sites])
    return set(median(km, count, weights=persons).sites)


def _roads(
    source: Mapping[str, Any],
    sites: Sequence[Mapping[str, Any]],
    depots: set[int],
    factor: float,
) -> Rows:
    """Return a road to each place: to depots from the entry, else from the nearest of both."""
    given = defaults()["route"]
    threat = [given[name] for name in COLUMNS["routes.csv"][10:]]
    rows: Rows = []
    for k, site in enumerate(sites):
        others = [source, *(sites[d] for d in sorted(depots) if k not in depots)]
        kms = [_km(other, site) for other in others]
        origin, km = others[int(np.argmin(kms))]["site"], max(min(kms) * factor, 1.0)
        convoy = (given["handling_days"], given["convoy_vehicles"], "yes", "", "")
        name = f"road {origin} - {site['site']}"
        rows.append((name, origin, site["site"], "trucks", round(km, 1), *convoy, *threat))
    return rows


def _flights(source: Mapping[str, Any], sites: Sequence[Mapping[str, Any]]) -> Rows:
    """Return a flight to each place with an airfield, for when it holds three days or less."""
    rows: Rows = []
    for site in sites:
        km = _km(source, site)
        if 1 <= km <= AIRCRAFT_KM and airfield_near(site["latitude"], site["longitude"]):
            name = f"air {source['site']} - {site['site']}"
            use = (0, 2, "no", 3, "")
            ends = (source["site"], site["site"], "aircraft", round(km, 1))
            rows.append((name, *ends, *use, 0, 0, 0, 0.05, 3))
    return rows


def _km(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    return float(great_circle_km(a["latitude"], a["longitude"], b["latitude"], b["longitude"]))


def _trucks(sites: Sequence[Mapping[str, Any]], given: Mapping[str, Any], roads: Rows) -> int:
    """Return trucks for what passes each road, each at work for `AT_WORK` of the days."""
    made, truck = given["site"]["water_made_here"], given["truck"]
    kg = sum(
        need["kg_per_person_day"] * (1 - made if need["commodity"] == "water" else 1)
        for need in given["needs"]
    )
    passing = {site["site"]: site["persons"] for site in sites}
    own = dict(passing)
    for _, origin, destination, *_ in roads:
        if origin in passing:
            passing[str(origin)] += own[destination]
    busy = 0.0
    for row in roads:
        days = float(str(row[4])) / truck["speed_kmh"] // truck["hours_per_day"] + 1
        trips = passing[row[2]] * kg / 1000 / truck["payload_t"]
        busy += 2 * trips * (days + given["route"]["handling_days"])
    return max(2, int(np.ceil(busy / AT_WORK / truck["serviceable"])))


def _csv(name: str, rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[f"{name}.csv"])
    writer.writerows(rows)
    return out.getvalue()


def _seasons(stands: Laydown, climate: Mapping[str, Any]) -> str:
    """Return the file of seasons, turned where most of the persons are south of the equator."""
    sites = stands.sites.to_dicts()
    south = sum(site["persons"] * (1 if site["latitude"] < 0 else -1) for site in sites) > 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SEASON_COLUMNS)
    writer.writerows(seasonal(climate, south))
    return out.getvalue()


def _toml(stands: Laydown, options: Options) -> str:
    variation = defaults()["site"]["demand_variation"]
    escorts = max(2, stands.sites.height)
    return (
        "[case]\n"
        f'name = "{stands.operation} {stands.month}"\n'
        f'first_month = "{stands.month}"\n'
        f"days = {options.days}\n"
        f"escorts = {escorts}  # convoys that can be escorted at a time: an assumption\n"
        f"demand_variation = {variation}  # standard deviation of a day's need over its mean\n"
    )
