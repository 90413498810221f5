"""Read and check the files of a case, and how they refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sulh.cases.grid import Row
from sulh.cases.problems import Problems, shown
from sulh.cases.table import Table, read_table
from sulh.core.months import month_index
from sulh.facts.states import by_nation
from sulh.questions.forces.doubts import Stated, doubts
from sulh.questions.forces.joint import Joint, read_joint
from sulh.questions.forces.records import Mission, Nation, Offer, Pledge, Requirement
from sulh.questions.forces.settings import Settings, read_settings

KINDS = ("airlift", "equipment", "training")
MOST_UNITS = 1_000
MOST_PERSONS = 1_000_000
LONGEST_TOUR = 600

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "requirements.csv": (
        "requirement",
        "mission",
        "capability",
        "units",
        "first_month",
        "last_month",
        "priority",
        "languages",
    ),
    "pledges.csv": (
        "pledge",
        "nation",
        "capability",
        "units",
        "strength",
        "women",
        "readiness",
        "available_from",
        "available_to",
        "tour_months",
        "reset_months",
        "max_tours",
        "languages",
        "excluded_missions",
        "needs",
        "monthly_cost_usd",
        "move_cost_usd",
    ),
    "partners.csv": (
        "offer",
        "provider",
        "kind",
        "capability",
        "recipients",
        "uses",
        "first_month",
        "last_month",
        "cost_usd",
    ),
    "nations.csv": ("nation", "max_personnel", "max_missions"),
    "missions.csv": ("mission", "max_personnel_per_nation", "women_target"),
}

Record = TypeVar("Record", Requirement, Pledge, Offer, Nation, Mission)


def read_parts(folder: Path, problems: Problems) -> tuple[Settings | None, dict[str, Any]]:
    """Return the settings and the records of a case by field of `Case`; note every problem."""
    settings = read_settings(folder / "case.toml", problems)
    start = month_index(settings.start) if settings else 0
    horizon = settings.months if settings else LONGEST_TOUR
    leads = settings.lead_months if settings else None
    lines: dict[tuple[str, str], int] = {}

    def table(name: str, make: Callable[[Row], Record]) -> Table[Record]:
        def made(row: Row) -> Record:
            record = make(row)
            lines.setdefault((name, record.key), row.line)
            return record

        return read_table(folder / name, COLUMNS[name], made, problems)

    missions, nations = table("missions.csv", _mission), table("nations.csv", _nation)
    places = _Places(start, horizon, leads, missions, nations)
    requirements = table("requirements.csv", lambda row: _requirement(row, places))
    pledges = table("pledges.csv", lambda row: _pledge(row, places))
    offers = table("partners.csv", lambda row: _offer(row, places))
    chains, combined = read_joint(folder, Joint(requirements, pledges), problems)
    found: dict[str, Any] = {
        "requirements": tuple(requirements.records.values()),
        "pledges": tuple(pledges.records.values()),
        "offers": tuple(offers.records.values()),
        "nations": nations.records,
        "missions": missions.records,
        "chains": chains,
        "combined": combined,
    }
    if settings is not None and not problems.total:
        stated = Stated(settings, found["requirements"], found["pledges"], found["offers"], lines)
        found["doubts"] = doubts(stated)
    return settings, found


@dataclass(frozen=True)
class _Places:
    """What other files say and a row may refer to; ``leads`` is None where they are not known."""

    start: int
    horizon: int
    leads: Mapping[str, int] | None
    missions: Table[Mission]
    nations: Table[Nation]

    def index(self, month: str) -> int:
        return month_index(month) - self.start if month else 0


def _mission(row: Row) -> Mission:
    target = row.decimal("women_target", 1.0, zero=True) if row.cells["women_target"] else None
    ceiling = row.optional_number("max_personnel_per_nation", 0, MOST_PERSONS)
    return Mission(row.key("mission"), ceiling, target)


def _nation(row: Row) -> Nation:
    return Nation(
        _nation_code(row, "nation"),
        row.optional_number("max_personnel", 0, MOST_PERSONS),
        row.optional_number("max_missions", 0, MOST_UNITS),
    )


def _nation_code(row: Row, column: str) -> str:
    code = row.cells[column]
    if code not in by_nation():
        row.bad(column, "it is no ISO 3166-1 alpha-3 code", "write for example BGD")
    return code


def _requirement(row: Row, places: _Places) -> Requirement:
    first, last = row.months("first_month", "last_month")
    return Requirement(
        key=row.key("requirement"),
        mission=_known_mission(row, places),
        capability=row.key("capability"),
        units=row.number("units", 1, MOST_UNITS),
        first_month=first,
        last_month=last,
        priority=row.decimal("priority", 1e9),
        languages=frozenset(row.keys("languages")),
        first=places.index(first),
        last=min(places.index(last), places.horizon - 1),
    )


def _known_mission(row: Row, places: _Places) -> str:
    mission = row.key("mission")
    if mission and places.missions.lacks(mission):
        row.bad("mission", "missions.csv has no such mission", "add it there, or correct the name")
    return mission


def _pledge(row: Row, places: _Places) -> Pledge:
    ends: str | None = None
    if row.cells["available_to"]:
        begins, ends = row.months("available_from", "available_to")
    else:
        begins = row.month("available_from")
    before = row.problems.total
    strength = row.number("strength", 1, MOST_PERSONS)
    # Women are held against the strength only where that is known.
    most_women = strength if row.problems.total == before else MOST_PERSONS
    lead = _lead(row, places)
    last = places.horizon - 1
    return Pledge(
        key=row.key("pledge"),
        nation=_pledging_nation(row, places),
        capability=row.key("capability"),
        units=row.number("units", 1, MOST_UNITS),
        strength=strength,
        women=row.number("women", 0, most_women),
        readiness=row.cells["readiness"],
        available_from=begins,
        available_to=ends,
        tour_months=row.number("tour_months", 1, LONGEST_TOUR),
        reset_months=row.number("reset_months", 0, LONGEST_TOUR),
        max_tours=row.optional_number("max_tours", 0, MOST_UNITS),
        languages=frozenset(row.keys("languages")),
        excluded_missions=frozenset(_caveats(row, places)),
        needs=_kinds(row, row.keys("needs"), "needs"),
        monthly_cost_usd=row.number("monthly_cost_usd", 0),
        move_cost_usd=row.number("move_cost_usd", 0),
        earliest=max(places.index(begins), lead, 0),
        latest=min(places.index(ends), last) if ends else last,
    )


def _lead(row: Row, places: _Places) -> int:
    level = row.cells["readiness"]
    if places.leads is None:
        return 0
    if level not in places.leads:
        known = ", ".join(places.leads)
        row.bad(
            "readiness", "[lead_months] in case.toml has no such level", f"write one of {known}"
        )
    return places.leads.get(level, 0)


def _pledging_nation(row: Row, places: _Places) -> str:
    nation = _nation_code(row, "nation")
    if nation in by_nation() and places.nations.lacks(nation):
        row.bad("nation", "nations.csv has no such nation", "add it there; empty cells: no limit")
    return nation


def _caveats(row: Row, places: _Places) -> Iterable[str]:
    excluded = row.keys("excluded_missions")
    unknown = [mission for mission in excluded if places.missions.lacks(mission)]
    if unknown:
        row.bad(
            "excluded_missions",
            f"missions.csv has no {', '.join(shown(mission) for mission in unknown[:5])}",
            "add it there, or correct the name: a caveat with a wrong name would not hold",
        )
    return excluded


def _kinds(row: Row, kinds: tuple[str, ...], column: str) -> tuple[str, ...]:
    if any(kind not in KINDS for kind in kinds):
        row.bad(column, "partner support is of a known kind", f"write {' or '.join(KINDS)}")
    return kinds


def _offer(row: Row, places: _Places) -> Offer:
    first, last = row.months("first_month", "last_month")
    recipients = row.keys("recipients")
    if any(nation not in by_nation() for nation in recipients):
        row.bad("recipients", "they are ISO 3166-1 alpha-3 codes", "write for example BGD|RWA")
    kind = row.key("kind")
    _kinds(row, (kind,), "kind")
    return Offer(
        key=row.key("offer"),
        provider=_nation_code(row, "provider"),
        kind=kind,
        capability=row.optional_key("capability"),
        recipients=frozenset(recipients),
        uses=row.number("uses", 0, MOST_PERSONS),
        first_month=first,
        last_month=last,
        cost_usd=row.number("cost_usd", 0),
        first=places.index(first),
        last=places.index(last),
    )
