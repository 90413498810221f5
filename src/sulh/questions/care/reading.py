"""Read and check the files of a case of care, and how they refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sulh.cases.grid import Row, read_rows
from sulh.cases.problems import Problems
from sulh.cases.sections import Section, read_document
from sulh.cases.table import Table, read_table
from sulh.questions.care.records import (
    KINDS,
    Cause,
    Facility,
    Fleet,
    Settings,
    Site,
    Spread,
    Times,
    Treatment,
)

SETTINGS = "case.toml"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sites.csv": ("site", "latitude", "longitude", "people", "radius_km"),
    "facilities.csv": (
        *("facility", "latitude", "longitude", "level", "doctors", "theatres"),
        *("operations_per_day", "beds", "holding_days", "airfield"),
    ),
    "evacuation.csv": (
        *("fleet", "kind", "base", "number", "speed_kmh", "seats", "range_km"),
        *("readiness_minutes", "night", "weather", "permission", "medic", "available"),
    ),
    "rates.csv": (
        *("cause", "site", "per_1000_person_years", "casualties_per_event", "in_field"),
        *("priority_1", "priority_2", "priority_3", "surgery_1", "surgery_2", "surgery_3"),
    ),
}
MOST_PEOPLE = 1_000_000
MOST_RATE = 1e9
MOST_UNITS = 1_000
YES_NO = ("yes", "no")

Record = TypeVar("Record", Site, Facility, Fleet, Cause)


def read_parts(folder: Path, problems: Problems) -> tuple[Settings | None, dict[str, Any]]:
    """Return the settings and the records of a case by field of `Case`; note every problem."""
    document = read_document(folder / SETTINGS, problems)
    settings = None if document is None else read_settings(document)

    def table(name: str, make: Callable[[Row], Record]) -> Table[Record]:
        return read_table(folder / name, COLUMNS[name], make, problems)

    sites = table("sites.csv", _site)
    facilities = table("facilities.csv", _facility)
    fleets = table("evacuation.csv", lambda row: _fleet(row, sites, facilities))
    causes = _causes(folder / "rates.csv", sites, problems)
    _together(sites, facilities, problems)
    return settings, {
        "sites": tuple(sites.records.values()),
        "facilities": tuple(facilities.records.values()),
        "fleets": tuple(fleets.records.values()),
        "causes": causes,
    }


def _causes(path: Path, sites: Table[Site], problems: Problems) -> tuple[Cause, ...]:
    """Return the causes: one row a cause and site, or one for every site."""
    found: dict[tuple[str, str | None], Cause] = {}
    for row in read_rows(path, COLUMNS[path.name], problems):
        cause = _cause(row, sites)
        if (cause.key, cause.site) in found:
            row.bad("cause", "another row has the same cause and site", "keep one of them")
        found[cause.key, cause.site] = cause
    return tuple(found.values())


def _together(sites: Table[Site], facilities: Table[Facility], problems: Problems) -> None:
    if sites.keys == frozenset():
        why = "there is nobody to care for"
        problems.add("sites.csv", None, "no site", why, "add a row for each place")
    for name in sorted((sites.keys or frozenset()) & (facilities.keys or frozenset())):
        problems.add(
            "facilities.csv",
            None,
            f"{name} is a site too",
            "a base must be one of them",
            "name the facility otherwise, for example with its level",
        )


def _site(row: Row) -> Site:
    return Site(
        row.key("site"),
        row.degrees("latitude", 90),
        row.degrees("longitude", 180),
        row.number("people", 0, MOST_PEOPLE),
        row.decimal("radius_km", 1_000, zero=True),
    )


def _facility(row: Row) -> Facility:
    level = row.number("level", 1, 4)
    return Facility(
        key=row.key("facility"),
        latitude=row.degrees("latitude", 90),
        longitude=row.degrees("longitude", 180),
        level=level,
        doctors=row.number("doctors", 1, MOST_UNITS),
        theatres=row.number("theatres", 0, MOST_UNITS),
        operations_per_day=row.number("operations_per_day", 0, 10_000),
        beds=row.number("beds", 0, 100_000),
        holding_days=row.decimal("holding_days", 3_650, zero=True),
        airfield=row.choice("airfield", YES_NO) == "yes",
    )


def _fleet(row: Row, sites: Table[Site], facilities: Table[Facility]) -> Fleet:
    base = row.key("base")
    if base and sites.lacks(base) and facilities.lacks(base):
        row.bad("base", "neither sites.csv nor facilities.csv has it", "name a site or facility")
    return Fleet(
        key=row.key("fleet"),
        kind=row.choice("kind", KINDS),
        base=base,
        number=row.number("number", 0, MOST_UNITS),
        speed_kmh=row.decimal("speed_kmh", 1_500),
        seats=row.number("seats", 1, MOST_UNITS),
        range_km=row.decimal("range_km", 20_000),
        readiness_minutes=row.decimal("readiness_minutes", 10_080, zero=True),
        night=row.choice("night", YES_NO) == "yes",
        weather=row.choice("weather", YES_NO) == "yes",
        permission=row.choice("permission", YES_NO) == "yes",
        medic=row.choice("medic", YES_NO) == "yes",
        available=row.decimal("available", 1, zero=True),
    )


def _cause(row: Row, sites: Table[Site]) -> Cause:
    site = row.optional_key("site")
    if site is not None and sites.lacks(site):
        row.bad("site", "sites.csv has no such site", "name one, or leave it empty for all")
    shares = [row.decimal(f"priority_{number}", 1, zero=True) for number in (1, 2, 3)]
    if sum(shares) > 1 + 1e-9:
        why = f"the shares of the priorities add up to {sum(shares):g}"
        row.bad("priority_1", why, "let them add up to 1, or less: the rest are outpatients")
    size = row.decimal("casualties_per_event", 1_000)
    if size < 1:
        row.bad("casualties_per_event", "an event has one casualty or more", "write 1")
    return Cause(
        row.key("cause"),
        site,
        row.decimal("per_1000_person_years", MOST_RATE, zero=True),
        size,
        row.decimal("in_field", 1, zero=True),
        *shares,
        *(row.decimal(f"surgery_{number}", 1, zero=True) for number in (1, 2, 3)),
    )


def read_settings(document: Section) -> Settings:
    """Return the settings of a case; every problem is noted."""
    case, rules = document.section("case"), document.section("rules")
    clocks, limits = document.section("clocks"), document.section("limits")
    sunrise = rules.number("sunrise", 0, 24)
    sunset = rules.number("sunset", 0, 24)
    if sunset < sunrise:
        rules.bad("sunset comes before sunrise", "hours are local, from 0 to 24", "swap them")
    return Settings(
        name=case.text("name"),
        month=case.month("month"),
        days=int(case.number("days", 1, 3_660, whole=True)),
        clocks=(
            clocks.number("first_aid", 0, 1e5),
            clocks.number("enhanced_care", 0, 1e5),
            clocks.number("surgery", 0, 1e5),
        ),
        sunrise=sunrise,
        sunset=sunset,
        bad_weather=rules.number("bad_weather", 0, 1),
        road_factor=rules.number("road_factor", 1, 10),
        divert_hours=rules.number("divert_hours", 0, 1_000),
        walk_km=rules.number("walk_km", 0, 1_000),
        most_patients=int(limits.number("patients", 1, 10**8, whole=True)),
        most_work=int(limits.number("steps", 1, 10**12, whole=True)),
        times=_times(document.section("minutes")),
        treatment=_treatment(document.section("treatment")),
    )


def _times(minutes: Section) -> Times:
    def spread(name: str) -> Spread:
        low, high = _list(minutes, name, 2, 100_000)
        if high < low:
            minutes.bad(f"{name} is [{low:g}, {high:g}]", "the median comes first", "swap them")
        return Spread(low, high)

    names = ("first_aid_camp", "first_aid_field", "request", "permission", "stabilise")
    parts = {name: spread(name) for name in (*names, "consultation", "operation")}
    return Times(**parts, loading=minutes.number("loading", 0, 10_000))


def _treatment(section: Section) -> Treatment:
    days = _list(section, "recovery_days", 3, 3_650)
    tenth = _list(section, "recovery_tenth", 3, 3_650)
    return Treatment(
        (days[0], days[1], days[2]),
        (tenth[0], tenth[1], tenth[2]),
        section.number("onward_after_hours", 0, 10_000),
    )


def _list(section: Section, name: str, length: int, most: float) -> list[float]:
    """Return a list of so many numbers from 0 to ``most``."""
    found: Any = section.values.get(name)
    if not section.there:
        return [0.0] * length
    values = found if isinstance(found, list) else []
    numbers = [x for x in values if isinstance(x, int | float) and not isinstance(x, bool)]
    if len(values) != length or len(numbers) != length or not all(0 <= x <= most for x in numbers):
        section.bad(
            f"{name} is {str(found)[:60]}",
            f"it is a list of {length} numbers from 0 to {most:g}",
            f"write {name} = [{', '.join(['0.5'] * length)}]",
        )
        return [0.0] * length
    return [float(x) for x in numbers]
