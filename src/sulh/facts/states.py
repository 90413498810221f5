"""States and territories since 1945, with the codes and names they had on a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sulh.core.errors import UnknownName
from sulh.facts.table import Mark, interval_of, mark_of, parts, read_table
from sulh.facts.when import Interval, day_of

SYSTEMS: Mapping[str, str] = {
    "iso3": "nation",
    "iso2": "nation_iso2",
    "m49": "nation_m49",
    "cow": "nation_cow",
    "gw": "nation_gw",
    "fips": "nation_fips",
    "cameo": "nation",
}


@dataclass(frozen=True, slots=True)
class State:
    """A state or territory during an interval in which its name and codes did not change."""

    nation: str
    name: str
    kind: str
    codes: Mapping[str, str]
    valid: Interval
    successors: tuple[str, ...]
    mark: Mark


def _state(row: Mapping[str, str]) -> State:
    return State(
        nation=row["nation"],
        name=row["name"],
        kind=row["kind"],
        codes={system: row[column] for system, column in SYSTEMS.items()},
        valid=interval_of(row),
        successors=parts(row["successor"]),
        mark=mark_of(row),
    )


@cache
def states() -> tuple[State, ...]:
    """Return every row of the table of states."""
    return tuple(_state(row) for row in read_table("states"))


@cache
def by_nation() -> dict[str, tuple[State, ...]]:
    """Return the rows of each nation in order of time."""
    found: dict[str, list[State]] = {}
    for state in states():
        found.setdefault(state.nation, []).append(state)
    return {
        nation: tuple(sorted(rows, key=lambda row: row.valid.first_day))
        for nation, rows in found.items()
    }


@cache
def _predecessors() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for state in states():
        for successor in state.successors:
            if successor != state.nation:
                found.setdefault(successor, []).append(state.nation)
    return {nation: tuple(sorted(set(before))) for nation, before in found.items()}


def predecessors(nation: str) -> tuple[str, ...]:
    """Return the former states on whose territory a nation lies, the direct ones only.

    >>> predecessors("SVK"), predecessors("SRB"), predecessors("FRA")
    (('CSK',), ('SCG',), ())
    """
    return _predecessors().get(nation, ())


def state_on(nation: str, on: str) -> State | None:
    """Return the row of a nation that is valid on a date, or None.

    >>> state_on("TUR", "2022-05").name, state_on("TUR", "2022-06").name
    ('Turkey', 'Türkiye')
    """
    day = day_of(on)
    return next((row for row in by_nation().get(nation, ()) if row.valid.holds(day)), None)


def latest(nation: str) -> State:
    """Return the last row of a nation, or raise `UnknownName`.

    >>> latest("SWZ").name
    'Eswatini'
    """
    rows = by_nation().get(nation)
    if not rows:
        raise UnknownName(
            f"{nation!r} is not a nation of the table",
            "nations are ISO 3166-1 alpha-3 codes",
            "resolve a name first, or see the table of states",
        )
    return rows[-1]


def name_of(nation: str, on: str | None = None) -> str:
    """Return the official short name of a nation on a date, or its last one.

    Outside the nation's own time the last name is given. Raises `UnknownName`.

    >>> name_of("COD", "1985"), name_of("COD")
    ('Zaire', 'Democratic Republic of the Congo')
    """
    state = state_on(nation, on) if on else None
    return (state or latest(nation)).name


def code_of(nation: str, system: str, on: str) -> str | None:
    """Return the code of a nation in another system on a date, or None if it has none.

    >>> code_of("DEU", "cow", "1985"), code_of("DEU", "cow", "1995"), code_of("PSE", "cow", "2020")
    ('260', '255', None)
    """
    state = state_on(nation, on)
    return (state.codes[system] or None) if state else None
