"""Teams that nations have registered: the file, its template, and how soon each can be there."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from math import ceil
from pathlib import Path

from sulh.cases.grid import Absence, Row, read_rows
from sulh.cases.problems import Problems
from sulh.cases.writing import refuse_to_overwrite, write_all
from sulh.facts.states import by_nation
from sulh.methods.geodesy import ROAD_FACTOR, great_circle_km
from sulh.questions.places import Place
from sulh.questions.relief.standards import Kind, kinds, standards

COLUMNS = (
    *("team", "nation", "kind", "registered", "ready_days", "stay_days", "latitude", "longitude"),
    *("tonnes", "note"),
)
EXAMPLE = "example"
_ABSENCE = Absence(
    "it lists the teams", "name your file; `sulh relief teams FOLDER` writes an example"
)
STATUS = ("registered", "pledged", EXAMPLE)


@dataclass(frozen=True, slots=True)
class Team:
    """A team: who has it, what it is, how soon it moves and how long it stays.

    ``registered`` says what the row is: a registration, a pledge, or an example of no nation's.
    """

    key: str
    nation: str
    kind: Kind
    registered: str
    ready_days: int
    stay_days: int
    latitude: float
    longitude: float
    tonnes: float


@dataclass(frozen=True, slots=True)
class Journey:
    """How a team comes: by road or by air, how far, and what lift that takes."""

    mode: str
    km: float
    days: int
    flights: int
    flight_hours: float

    def hours(self) -> float:
        """Return hours of aircraft that the move takes, there and back, with turnarounds."""
        return self.flights * self.flight_hours


def read_teams(path: Path) -> tuple[Team, ...]:
    """Return the teams of a file, or raise `BadCase` with every problem of it."""
    problems = Problems()
    found: dict[str, Team] = {}
    for row in read_rows(path, COLUMNS, problems, _ABSENCE):
        team = _team(row)
        if team.key in found:
            row.bad("team", "another row has the same", "give each team its own name")
        found[team.key] = team
    problems.refuse(str(path))
    return tuple(found.values())


def _team(row: Row) -> Team:
    key = row.text("team", 80)
    if not key:
        row.bad("team", "it names the row", "write a name")
    kind = kinds().get(row.choice("kind", tuple(kinds())), kinds()["emt_1_fixed"])
    nation = row.cells["nation"]
    if nation not in by_nation():
        row.bad("nation", "it is no ISO 3166-1 alpha-3 code", "write for example BGD")
    row.text("note", 400)
    own = row.optional_decimal("tonnes", 10_000)
    return Team(
        *(key, nation, kind, row.choice("registered", STATUS)),
        row.number("ready_days", 0, 365),
        row.number("stay_days", 1, 3_660),
        row.degrees("latitude", 90),
        row.degrees("longitude", 180),
        kind.tonnes if own is None else own,
    )


def journey(team: Team, place: Place) -> Journey:
    """Return how a team comes to a place: by road if it is near enough, else by air."""
    lift = standards()["lift"]
    km = float(great_circle_km(team.latitude, team.longitude, place.latitude, place.longitude))
    setup = int(lift["setup_days"])
    if km * ROAD_FACTOR <= lift["road_most_km"]:
        days = ceil(km * ROAD_FACTOR / lift["road_kmh"] / lift["road_hours_per_day"])
        return Journey("road", km * ROAD_FACTOR, days + setup, 0, 0.0)
    legs = ceil(km / lift["km"])
    hours = km / lift["kmh"] + legs * lift["turnaround_hours"]
    flights = ceil(team.tonnes / lift["payload_t"])
    return Journey("air", km, ceil(hours / lift["hours_per_day"]) + setup, flights, 2 * hours)


def write_template(folder: str | Path) -> list[Path]:
    """Write ``teams.csv`` with rows that are marked as examples, and what the columns mean."""
    folder = Path(folder)
    refuse_to_overwrite(folder, ("teams.csv", "README.md"))
    shipped = files("sulh.questions.relief").joinpath("example")
    names = ("teams.csv", "README.md")
    return write_all(folder, {name: shipped.joinpath(name).read_bytes() for name in names})


def example_rows() -> list[dict[str, str]]:
    """Return the rows of the example that ships."""
    shipped = files("sulh.questions.relief").joinpath("example", "teams.csv")
    return list(csv.DictReader(shipped.read_text(encoding="utf-8").splitlines()))
