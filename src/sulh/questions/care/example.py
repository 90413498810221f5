"""Write a case from the real lay-down of an operation in a month, each default with its source."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sulh.cases.writing import refuse_to_overwrite, write_all
from sulh.facts.planning import figures
from sulh.questions.care.reading import COLUMNS, SETTINGS
from sulh.questions.laydown import Laydown, laydown
from sulh.questions.places import airfield_near
from sulh.store.reading import Store

RADIUS_KM = 40
HELICOPTERS = 2
AIRFIELD_KM = 15
_NO_KEY = re.compile(r"[^\w.:/ -]")


def write_example(folder: str | Path, store: Store, operation: str, month: str) -> list[Path]:
    """Write the case of an operation as of a month to a folder, and return the paths.

    Raises `BadRequest` if the folder holds a case, and what `laydown` raises.
    """
    folder = Path(folder)
    refuse_to_overwrite(folder, (SETTINGS, *COLUMNS, "README.md"))
    found = laydown(store, operation, month)
    sites = list(_sites(found))
    facilities = list(_facilities(found))
    tables = {
        "sites.csv": sites,
        "facilities.csv": facilities,
        "evacuation.csv": list(_fleets(found, facilities)),
        "rates.csv": _shipped_rows("rates.csv"),
    }
    contents = {name: _csv(name, rows) for name, rows in tables.items()}
    settings = _shipped(SETTINGS).replace("@name", f"{found.operation}, {found.month}")
    contents[SETTINGS] = settings.replace("@month", found.month).encode()
    contents["README.md"] = _readme(found).encode()
    return write_all(folder, contents)


def _shipped(name: str) -> str:
    return files("sulh.questions.care").joinpath("example", name).read_text("utf-8")


@cache
def _shipped_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_shipped(name))))


def _csv(name: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, (*COLUMNS[name], "source"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _key(name: str) -> str:
    """Return a place's name as an identifier."""
    return " ".join(_NO_KEY.sub("", name).split())[:40]


def _rows(found: Laydown) -> Iterator[dict[str, Any]]:
    yield from found.sites.iter_rows(named=True)


def _sites(found: Laydown) -> Iterator[dict[str, Any]]:
    counted = (
        f"head-count of {found.reported_month} spread by the map's estimates"
        if found.reported is not None
        else "the map's estimate, no head-count"
    )
    for row in _rows(found):
        yield {
            "site": _key(row["site"]),
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "people": row["persons"],
            "radius_km": RADIUS_KM,
            "source": f"Geo-PKO {found.month}; people: {counted}; radius assumed",
        }


def _level(number: int, row: Mapping[str, Any], teams: int, why: str) -> dict[str, Any]:
    """Return a facility of a level at a place, as large as so many of the usual size."""
    usual = next(r for r in _shipped_rows("levels.csv") if r["level"] == str(number))
    scaled = ("doctors", "theatres", "operations_per_day", "beds")
    return {
        "facility": f"{_key(row['site'])} level {number}",
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "level": number,
        **{name: int(usual[name]) * teams for name in scaled},
        "holding_days": usual["holding_days"],
        "airfield": "yes"
        if airfield_near(row["latitude"], row["longitude"], AIRFIELD_KM)
        else "no",
        "source": f"{why}; {usual['source']}; airfield: one within {AIRFIELD_KM} km (airportsdata)",
    }


def _facilities(found: Laydown) -> Iterator[dict[str, Any]]:
    """Yield a level 1 at each place, a level 2 where a medical unit stands, a level 3 at the rear.

    The map says where medical and aviation units stand; that each nation at a place has a level 1
    team, that a medical unit is a level 2, and that a level 3 stands with the aviation, is assumed.
    """
    for row in _rows(found):
        teams = max(int(row["contributors"] or 0), 1)
        yield _level(1, row, teams, f"assumed: a team for each of {teams} nations at the place")
        if row["medical"]:
            yield _level(2, row, 1, f"medical unit on the map of {found.month}, taken as a level 2")
    rear = _rear(found)
    if rear is not None:
        yield _level(3, rear, 1, "assumed: at the base of the aviation unit")


def _rear(found: Laydown) -> Mapping[str, Any] | None:
    """Return the place of an aviation unit with the fewest people, or None."""
    flying = [row for row in _rows(found) if row["aviation"]]
    return min(flying, key=lambda row: (row["persons"], row["site"]), default=None)


def _fleets(found: Laydown, facilities: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    usual = {row["kind"]: row for row in _shipped_rows("fleets.csv")}
    for row in _rows(found):
        number = max(int(row["contributors"] or 0), 1)
        yield _fleet(f"{_key(row['site'])} ambulances", usual["ambulance"], row["site"], number)
    people = {_key(row["site"]): row["persons"] for row in _rows(found)}
    hospitals = [f["facility"] for f in facilities if f["level"] == 2]
    hospitals.sort(key=lambda name: (-people[name.removesuffix(" level 2")], name))
    for hospital in hospitals[:HELICOPTERS]:
        place = hospital.removesuffix(" level 2")
        yield _fleet(f"{place} helicopter", usual["helicopter"], hospital, 1)
    rear = _rear(found)
    if rear is not None:
        base = f"{_key(rear['site'])} level 3"
        yield _fleet(f"{_key(rear['site'])} aeroplane", usual["aeroplane"], base, 1)


def _fleet(name: str, usual: Mapping[str, str], base: str, number: int) -> dict[str, Any]:
    return {**usual, "fleet": name, "base": _key(base), "number": number}


def _readme(found: Laydown) -> str:
    lines = [
        f"# {found.operation}: a case of medical care",
        "",
        f"Made from the deployment map of {found.month} (asked for: {found.asked}): "
        f"{len(found.sites)} places, {found.persons:,} people.",
        "",
        "Five files make a case. Change them, then run `sulh care check` and `sulh care simulate`",
        "on this folder. Every row says its source; what is assumed says so: replace it where you",
        "know better. Grades: A an official page, B a secondary page.",
        "",
    ]
    if found.unplaced:
        lines += [f"Left out, without coordinates: {', '.join(found.unplaced)}.", ""]
    lines += ["| Figure | Value | Source | Grade | Used for |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in _figures()]
    lines += ["", "Sources of the lay-down:", ""]
    lines += [f"- {origin.citation}" for origin in found.origins]
    return "\n".join(lines) + "\n"


def _figures() -> Iterator[tuple[str, ...]]:
    uses = {
        (e["topic"], e["item"]): e["use"] for e in tomllib.loads(_shipped("uses.toml"))["figure"]
    }
    for figure in figures():
        use = uses.get((figure.topic, figure.item))
        if use is not None:
            place = figure.mark.source + (f", {figure.address}" if figure.address else "")
            value = f"{figure.value} {figure.unit}".strip()
            yield figure.item, value, place, figure.mark.grade, use
