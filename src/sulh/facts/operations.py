"""A dated gazetteer of operations, and what a source means by the name of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from sulh.core.errors import AmbiguousName, UnknownName
from sulh.facts.normalise import name_key, stray_marks
from sulh.facts.table import Mark, interval_of, mark_of, parts, read_table
from sulh.facts.when import Interval, day_of

SCOPES: Mapping[str, str] = {
    "peacekeeping": "on the United Nations list of peacekeeping operations",
    "political": "special political missions, support offices and other UN presences",
    "other": "operations of other bodies and of groups of nations",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: who led it, where, when, by which authority, and what of that is verified."""

    operation: str
    aliases: tuple[str, ...]
    name: str
    body: str
    scope: str
    kind: str
    hosts: tuple[str, ...]
    headquarters: str
    latitude: float | None
    longitude: float | None
    dates: Interval
    successor: str
    authorisation: str
    mark: Mark

    @property
    def start(self) -> str:
        """Return the first day, month or year, or an empty text."""
        return self.dates.start

    @property
    def end(self) -> str:
        """Return the last day, month or year; empty while running or not known."""
        return self.dates.end

    def verified(self, column: str) -> bool:
        """Return whether a value was seen in the row's source, by the name of its CSV column."""
        if column in {"lat", "lon", "latitude", "longitude"}:
            return self.mark.verified("lat_lon")
        return self.mark.verified(column)


@dataclass(frozen=True, slots=True)
class Matched:
    """An operation and how its name was read; ``note`` says what was mended or doubtful."""

    operation: Operation
    how: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    operation: str
    host: str
    valid: Interval
    exact: bool


def _operation(row: Mapping[str, str]) -> Operation:
    return Operation(
        operation=row["operation"],
        aliases=parts(row["aliases"]),
        name=row["name"],
        body=row["body"],
        scope=row["scope"],
        kind=row["kind"],
        hosts=parts(row["hosts"]),
        headquarters=row["headquarters"],
        latitude=float(row["lat"]) if row["lat"] else None,
        longitude=float(row["lon"]) if row["lon"] else None,
        dates=interval_of(row, "start", "end"),
        successor=row["successor"],
        authorisation=row["authorisation"],
        mark=mark_of(row),
    )


@cache
def operations() -> dict[str, Operation]:
    """Return every operation by its acronym, in the order of the table."""
    return {row["operation"]: _operation(row) for row in read_table("operations")}


@cache
def _index() -> dict[str, tuple[_Entry, ...]]:
    """Return every written form with the operations it can mean."""
    found: dict[str, dict[str, _Entry]] = {}

    def add(text: str, entry: _Entry) -> None:
        found.setdefault(name_key(text), {}).setdefault(entry.operation, entry)

    always = Interval("", "")
    for operation in operations().values():
        add(operation.operation, _Entry(operation.operation, "", always, True))
    for row in read_table("operation_aliases"):
        add(row["alias"], _Entry(row["operation"], row["host"], interval_of(row), False))
    for operation in operations().values():
        for text in (*operation.aliases, operation.name):
            add(text, _Entry(operation.operation, "", always, False))
    return {form: tuple(entries.values()) for form, entries in found.items()}


@cache
def _refused() -> dict[str, str]:
    return {name_key(row["text"]): row["reason"] for row in read_table("operations_not")}


def _unknown(name: str, form: str) -> UnknownName:
    near = [_index()[n][0].operation for n in get_close_matches(form, sorted(_index()), n=3)]
    mend = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "check the spelling."
    return UnknownName(
        f"operation {name!r} is not in the gazetteer",
        "matching is exact after normalisation, never a guess",
        f"{mend} A new spelling belongs in operation_aliases.csv or in your own corrections",
    )


def _choose(name: str, entries: tuple[_Entry, ...], when: Interval, host: str | None) -> Operation:
    """Return the one operation that fits the date and, where a name is shared, the host."""
    exact = [entry for entry in entries if entry.exact]
    usable = [e for e in entries if e.valid.overlaps(when)] or list(entries)
    if host and not exact:
        usable = [
            e
            for e in usable
            if host == e.host or (not e.host and host in operations()[e.operation].hosts)
        ] or usable
    candidates = [operations()[entry.operation] for entry in exact or usable]
    if len(candidates) == 1:
        return candidates[0]
    at_work = [each for each in candidates if each.dates.overlaps(when)]
    if len(at_work) == 1:
        return at_work[0]
    names = {each.operation for each in candidates}
    if {each.successor for each in candidates[:-1]} <= names:
        day = when.last_day
        nearest = min(each.dates.distance(day) for each in at_work or candidates)
        near = [e for e in at_work or candidates if e.dates.distance(day) == nearest]
        return max(near, key=lambda each: each.dates.first_day)
    listed = ", ".join(
        f"{each.operation} ({each.start or '?'} to {each.end or 'now'})"
        for each in at_work or candidates
    )
    raise AmbiguousName(
        f"operation {name!r} in {when.start} fits {listed}",
        "a guess would count persons in the wrong operation",
        "write the operation's own acronym, or give its host",
    )


def match_operation(name: str, *, on: str, host: str | None = None) -> Matched:
    """Return the operation that a source means, with a note on anything doubtful.

    ``on`` is a month, a year or a day; ``host`` (ISO alpha-3) decides between operations that
    share a name, such as *EUFOR*. A generic name such as *UNAVEM* becomes the operation of that
    date, on a month of hand-over the later one. An operation is also found outside its own
    dates, because staff of a closing operation is still reported; the note then says so.

    Raises `UnknownName` or `AmbiguousName`.

    >>> match_operation("UNAVEM", on="1994-06").operation.operation
    'UNAVEM II'
    >>> match_operation("EUFOR", on="2006-08", host="COD").operation.operation
    'EUFOR RD Congo'
    """
    day_of(on)
    return _match(name, on.strip(), host)


@lru_cache(maxsize=65536)
def _match(name: str, on: str, host: str | None) -> Matched:
    form = name_key(name)
    if not form or form in _refused():
        raise UnknownName(
            f"{name!r} is not an operation",
            _refused().get(form, "it is empty"),
            "name the operation; in a table of your own, leave the row out",
        )
    entries = _index().get(form, ())
    if not entries:
        raise _unknown(name, form)
    when = Interval(on, on)
    operation = _choose(name, entries, when, host)
    same = name_key(operation.operation) == form
    how = "repaired" if stray_marks(name) else "name" if same else "alias"
    notes = []
    if how == "repaired":
        notes.append(f"{name!r} read as {operation.operation}")
    if not operation.dates.overlaps(when):
        dates = f"{operation.start or '?'} to {operation.end or 'now'}"
        notes.append(f"{operation.operation} ran {dates}, not in {on}")
    return Matched(operation, how, "; ".join(notes) or None)


def resolve_operation(name: str, *, on: str, host: str | None = None) -> Operation:
    """Return the operation that a source means on a date; see `match_operation`.

    >>> resolve_operation("ONUCI", on="2010-05").operation
    'UNOCI'
    """
    return match_operation(name, on=on, host=host).operation


def running(on: str, *, scope: str | None = None) -> tuple[Operation, ...]:
    """Return the operations whose dates hold on a date, in the order of the table.

    An operation without an end runs, unless its note says otherwise.

    >>> [each.operation for each in running("1957-01", scope="peacekeeping")]
    ['UNTSO', 'UNMOGIP', 'UNEF I']
    """
    day = day_of(on)
    return tuple(
        each
        for each in operations().values()
        if each.dates.holds(day) and (scope is None or each.scope == scope)
    )


def hosted_by(nation: str) -> tuple[Operation, ...]:
    """Return the operations with a nation among their hosts, in order of their start."""
    found = [each for each in operations().values() if nation in each.hosts]
    return tuple(sorted(found, key=lambda each: (each.start, each.operation)))
