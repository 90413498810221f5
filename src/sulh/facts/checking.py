"""The tables check themselves: sources, dates, codes, references. No problem is the rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from sulh.facts.groups import groups, members_of
from sulh.facts.known import MARKS
from sulh.facts.mandates import families
from sulh.facts.normalise import name_key
from sulh.facts.operations import SCOPES, operations
from sulh.facts.planning import CAUSES, topics
from sulh.facts.states import SYSTEMS, by_nation
from sulh.facts.table import GRADES, parts, read_table
from sulh.facts.when import Interval, is_date

Row = Mapping[str, str]

TABLES: Mapping[str, tuple[str, ...]] = {
    "states": ("from", "to"),
    "aliases": ("from", "to"),
    "names_not": (),
    "operations": ("start", "end"),
    "operation_aliases": ("from", "to"),
    "operations_not": (),
    "mandate_tasks": ("first_year",),
    "authorised_strength": ("from",),
    "joint_ceilings": ("from", "to"),
    "group_names": ("founded",),
    "groups": ("from", "to"),
    "contributions_known": ("from", "to"),
    "gender_targets": ("year",),
    "planning": ("from",),
    "planning_topics": (),
    "fatality_rates": ("from", "to"),
    "training_topics": (),
    "assembly_seats": (),
    "event_families": (),
    "polecat_families": (),
    "catalogue": (),
}
_CODES = {
    "nation": re.compile("[A-Z]{3}"),
    "nation_iso2": re.compile("([A-Z]{2})?"),
    "nation_m49": re.compile("([0-9]{3})?"),
    "nation_cow": re.compile("([1-9][0-9]{0,2})?"),
    "nation_gw": re.compile("([1-9][0-9]{0,2})?"),
    "nation_fips": re.compile("([A-Z]{2})?"),
}
_KINDS = {"peacekeeping", "observer", "enforcement", "political", "civilian", "training"}
_ROLES = {"member", "suspended", "observer"}


def problems() -> list[str]:
    """Return every problem of the shipped tables, each with its table and row; empty if sound.

    >>> problems()
    []
    """
    found: list[str] = []
    for table, dates in TABLES.items():
        for number, row in _numbered(table):
            found += (f"{table} row {number}: {text}" for text in _common(row, dates))
    for table, rule in _RULES.items():
        for number, row in _numbered(table):
            found += (f"{table} row {number}: {text}" for text in rule(row))
    for whole in (_states, _aliases, _operations, _tasks, _strengths, _groups, _catalogue):
        found += whole()
    return found


def _numbered(table: str) -> Iterator[tuple[int, Row]]:
    return enumerate(read_table(table), start=2)


def _common(row: Row, dates: tuple[str, ...]) -> Iterator[str]:
    """What holds in every table: a source, a grade, marks that name columns, dates in order."""
    if not row["source"].strip():
        yield "no source"
    if any(cell != cell.strip() for cell in row.values()):
        yield "a cell begins or ends with a space"
    if "grade" in row:
        if row["grade"] not in GRADES:
            yield f"grade {row['grade']!r}"
        marked = {part for part in row["recalled"].split(";") if part}
        if unknown := marked - set(row) - {"all", "lat_lon"}:
            yield f"recalled names {', '.join(sorted(unknown))}, no column"
        if row["grade"] == "R" and marked != {"all"}:
            yield "grade R without recalled = all"
    for column in dates:
        if row[column] and not is_date(row[column]):
            yield f"{column} {row[column]!r} is no date"
    if len(dates) == 2 and all(row[column] for column in dates):
        span = Interval(row[dates[0]], row[dates[1]])
        if span.first_day > span.last_day:
            yield f"ends on {span.end}, before it begins on {span.start}"


def _state_row(row: Row) -> Iterator[str]:
    for column, pattern in _CODES.items():
        if not pattern.fullmatch(row[column]):
            yield f"{column} {row[column]!r}"
    if row["kind"] not in {"state", "territory", "observer", "member"}:
        yield f"kind {row['kind']!r}"
    yield from _unknown_nations(parts(row["successor"]))


def _unknown_nations(codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        if code not in by_nation():
            yield f"nation {code!r} is not in the table of states"


def _unknown_operation(code: str) -> Iterator[str]:
    if code and code not in operations():
        yield f"operation {code!r} is not in the gazetteer"


def _joint_row(row: Row) -> Iterator[str]:
    for code in (row["operation"], *parts(row["operations"])):
        yield from _unknown_operation(code)
    if row["operation"] not in parts(row["operations"]):
        yield "the operation is not among those that share its ceiling"


def _operation_row(row: Row) -> Iterator[str]:
    yield from _unknown_nations(parts(row["hosts"]))
    yield from _unknown_operation(row["successor"])
    if row["scope"] not in SCOPES or row["kind"] not in _KINDS:
        yield f"scope {row['scope']!r} or kind {row['kind']!r}"
    if bool(row["lat"]) != bool(row["lon"]):
        yield "one coordinate without the other"
    elif row["lat"] and not (abs(float(row["lat"])) <= 90 and abs(float(row["lon"])) <= 180):
        yield f"coordinates {row['lat']}, {row['lon']}"
    if row["operation"] == row["successor"]:
        yield "succeeds itself"


def _operation_alias_row(row: Row) -> Iterator[str]:
    yield from _unknown_operation(row["operation"])
    yield from _unknown_nations([row["host"]] if row["host"] else [])


def _task_row(row: Row) -> Iterator[str]:
    yield from _unknown_operation(row["operation"])
    if row["family"] not in families():
        yield f"family {row['family']!r}"


def _figure_row(row: Row) -> Iterator[str]:
    if row["topic"] not in topics():
        yield f"topic {row['topic']!r} is not in planning_topics"
    if not row["value"] and row["grade"] != "R":
        yield f"{row['item']} has no value, and grade {row['grade']}"


def _rate_row(row: Row) -> Iterator[str]:
    yield from _unknown_operation(row["operation"])
    for column in ("person_years", *CAUSES, "months_interpolated"):
        if not row[column].isdecimal():
            yield f"{column} {row[column]!r} is no count"


def _strength_row(row: Row) -> Iterator[str]:
    yield from _unknown_operation(row["operation"])
    columns = ("military", "police", "troops", "observers", "uniformed_total")
    if bad := [row[column] for column in columns if row[column] and not row[column].isdigit()]:
        yield f"no whole numbers: {', '.join(bad)}"
    elif not any(row[column] for column in columns):
        yield "no strength"
    elif all(row[column] for column in ("uniformed_total", "military", "police")) and (
        int(row["military"]) + int(row["police"]) != int(row["uniformed_total"])
    ):
        yield "military and police do not add up to the uniformed total"


def _seat_row(row: Row) -> Iterator[str]:
    yield from _unknown_nations([row["nation"]])
    if row["group"] not in groups():
        yield f"group {row['group']!r}"
    if row["role"] not in _ROLES:
        yield f"role {row['role']!r}"


def _known_row(row: Row) -> Iterator[str]:
    yield from _unknown_operation(row["operation"])
    yield from _unknown_nations([row["nation"]] if row["nation"] else [])
    if row["mark"] not in MARKS:
        yield f"mark {row['mark']!r}"
    if not row["source"].startswith("http"):
        yield "no address"
    if bool(row["value"]) == (row["qualifier"] == "present"):
        yield "a value is given if, and only if, more than presence is known"


def _target_row(row: Row) -> Iterator[str]:
    if not 0 < float(row["women_percent"]) <= 100:
        yield f"share {row['women_percent']!r}"


def _refusal_row(row: Row) -> Iterator[str]:
    yield from _unknown_nations(parts(row["candidates"]))


_RULES: Mapping[str, Callable[[Row], Iterator[str]]] = {
    "states": _state_row,
    "names_not": _refusal_row,
    "operations": _operation_row,
    "operation_aliases": _operation_alias_row,
    "mandate_tasks": _task_row,
    "authorised_strength": _strength_row,
    "fatality_rates": _rate_row,
    "planning": _figure_row,
    "joint_ceilings": _joint_row,
    "groups": _seat_row,
    "contributions_known": _known_row,
    "gender_targets": _target_row,
}


def _overlapping(
    table: str, same: tuple[str, ...], dates: tuple[str, str]
) -> Iterator[tuple[Row, Row]]:
    """Yield pairs of rows that agree in the columns ``same`` and overlap in time."""
    together: dict[tuple[str, ...], list[Row]] = {}
    for row in read_table(table):
        key = tuple(row[column] for column in same)
        if all(key):
            together.setdefault(key, []).append(row)
    for rows in together.values():
        for one, other in combinations(rows, 2):
            span = Interval(one[dates[0]], one[dates[1]])
            if span.overlaps(Interval(other[dates[0]], other[dates[1]])):
                yield one, other


def _states() -> Iterator[str]:
    """A nation has one row at a time, and a code means one nation at a time."""
    for column in dict.fromkeys(SYSTEMS.values()):
        for one, other in _overlapping("states", (column,), ("from", "to")):
            yield f"states: {column} {one[column]} is {one['name']} and {other['name']} at once"


def _aliases() -> Iterator[str]:
    """An alias means one nation at a time, and none that must not resolve."""
    refused = {name_key(row["text"]) for row in read_table("names_not")}
    names = {name_key(row["name"]): row["nation"] for row in read_table("states")}
    for row in read_table("aliases"):
        yield from (
            f"aliases: {row['alias']}: {text}" for text in _unknown_nations([row["nation"]])
        )
        if row["system"] not in {"name", *SYSTEMS}:
            yield f"aliases: system {row['system']!r}"
        elif row["system"] == "name":
            form = name_key(row["alias"])
            one_report = row["mark"] == "repaired" and row["from"] and row["to"]
            if form in refused and not one_report:
                yield f"aliases: {row['alias']!r} is also among the names that must not resolve"
            if names.get(form, row["nation"]) != row["nation"]:
                yield f"aliases: {row['alias']!r} is the name of {names[form]}"
    for one, other in _overlapping("aliases", ("alias", "system"), ("from", "to")):
        yield f"aliases: {one['alias']!r} is {one['nation']} and {other['nation']} at once"


def _operations() -> Iterator[str]:
    """An acronym stands once, and a successor does not end before its predecessor begins."""
    rows = {row["operation"]: row for row in read_table("operations")}
    if len(rows) != len(read_table("operations")):
        yield "operations: an acronym stands twice"
    for row in rows.values():
        later = rows.get(row["successor"])
        if later and row["start"] and later["end"] and row["start"][:7] > later["end"][:7]:
            yield f"operations: {row['operation']} begins after its successor has ended"


def _tasks() -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for row in read_table("mandate_tasks"):
        key = (row["operation"], row["family"])
        if key in seen:
            yield f"mandate_tasks: {' '.join(key)} stands twice"
        seen.add(key)


def _strengths() -> Iterator[str]:
    seen: set[tuple[str, str, str]] = set()
    for row in read_table("authorised_strength"):
        key = (row["operation"], row["from"], row["source"])
        if key in seen:
            yield f"authorised_strength: {key[0]} from {key[1]} stands twice with one source"
        seen.add(key)


def _groups() -> Iterator[str]:
    """One role at a time, and as many members as the group is known to have."""
    for one, _ in _overlapping("groups", ("group", "nation", "role"), ("from", "to")):
        yield f"groups: {one['group']} {one['nation']} is {one['role']} twice at once"
    for group in groups().values():
        found = len(members_of(group.group, on=group.as_of))
        if group.expected is not None and found != group.expected:
            yield f"groups: {group.group} has {found} members, not {group.expected}"


def _catalogue() -> Iterator[str]:
    rows = read_table("catalogue")
    if len({row["key"] for row in rows}) != len(rows):
        yield "catalogue: a key stands twice"
    for row in rows:
        if row["redistribution"] not in {"yes", "figures", "no"}:
            yield f"catalogue: {row['key']} has redistribution {row['redistribution']!r}"
        if not row["licence"] or not row["title"]:
            yield f"catalogue: {row['key']} has no licence or no title"
