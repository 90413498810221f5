"""Resolve what a source prints as a nation, by name or by code, as of a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Literal

from sulh.core.errors import AmbiguousName, BadRequest, OutsideItsTime, UnknownName
from sulh.facts.normalise import name_key, stray_marks
from sulh.facts.states import SYSTEMS, by_nation, latest, predecessors, states
from sulh.facts.table import interval_of, parts, read_table
from sulh.facts.when import Interval, day_of

System = Literal["name", "iso3", "iso2", "m49", "cow", "gw", "fips", "cameo"]
How = Literal["name", "alias", "code", "repaired", "predecessor", "successor"]

_NO_CODE = frozenset({"", "NA", "N/A", "NAN", "NONE", "NULL", "-", "/", "."})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A nation as of a date; ``how`` it was found and, where something was mended, a ``note``.

    ``how`` is ``name`` (official short name), ``alias``, ``code``, ``repaired`` (the source's
    spelling is damaged), ``predecessor`` (the name is of a later state: the state of that date is
    given) or ``successor`` (the name is of a former state with a single successor).
    """

    nation: str
    how: How
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    nation: str
    valid: Interval
    how: How


@dataclass(frozen=True, slots=True)
class _Asked:
    """The day asked about, its year if only that was given, and whether a name may shift."""

    day: str
    year: str
    shift: bool


@cache
def _index(system: str) -> dict[str, tuple[_Entry, ...]]:
    """Return every written form of a system with the nations it can mean, and when."""
    found: dict[str, dict[str, _Entry]] = {}

    def add(form: str, entry: _Entry) -> None:
        known = found.setdefault(form, {})
        known.setdefault(f"{entry.nation} {entry.valid.start}", entry)

    for state in states():
        always = Interval("", "")
        if system == "name":
            add(name_key(state.name), _Entry(state.nation, always, "name"))
        elif code := state.codes[system]:
            valid = always if system in {"iso3", "cameo"} else state.valid
            add(_code_key(code, system), _Entry(state.nation, valid, "code"))
    for row in read_table("aliases"):
        if row["system"] == system:
            form = name_key(row["alias"]) if system == "name" else _code_key(row["alias"], system)
            how: How = "repaired" if row["mark"] == "repaired" else "alias"
            if system != "name":
                how = "code"
            add(form, _Entry(row["nation"], interval_of(row), how))
    return {form: tuple(entries.values()) for form, entries in found.items()}


@cache
def _refused() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the written forms that must not resolve, why, and what they could mean."""
    return {
        name_key(row["text"]): (row["reason"], parts(row["candidates"]))
        for row in read_table("names_not")
    }


def _code_key(code: str, system: str) -> str:
    """Return a code as it is compared: upper case, no stray marks, numbers without zeros."""
    bare = code.strip().strip("'’‘`\"").strip().upper()
    if system in {"m49", "cow", "gw"}:
        bare = bare.removesuffix(".0").lstrip("0") or bare
    return bare


def _as_of(nation: str, day: str, seen: frozenset[str] = frozenset()) -> dict[str, How]:
    """Return the nations that a nation's territory belonged to on a day."""
    rows = by_nation()[nation]
    if any(row.valid.holds(day) for row in rows):
        return {nation: "name"}
    if nation in seen:
        return {}
    before = day < rows[0].valid.first_day
    linked = predecessors(nation) if before else rows[-1].successors
    how: How = "predecessor" if before else "successor"
    found: dict[str, How] = {}
    for other in linked:
        for target in _as_of(other, day, seen | {nation}):
            found[target] = how
    return found


def _own_time(nation: str, asked: _Asked) -> bool:
    """Return whether a nation existed on the day or, asked for a year, at any time in it."""
    year = Interval(asked.year, asked.year) if asked.year else Interval(asked.day, asked.day)
    return any(row.valid.overlaps(year) for row in by_nation()[nation])


def _dated(nation: str, how: How, asked: _Asked, shown: str) -> Resolved:
    """Return a nation found by its name or code as the state of that day."""
    day = asked.day
    own: dict[str, How] = {nation: "name"} if _own_time(nation, asked) else {}
    found = own or (_as_of(nation, day) if asked.shift else {})
    if nation in found:
        note = f"{shown!r} read as {latest(nation).name}" if how == "repaired" else None
        return Resolved(nation, how, note)
    if len(found) == 1:
        target, shift = next(iter(found.items()))
        note = f"{shown!r} did not exist on {day}; counted as {target}"
        return Resolved(target, shift, note)
    rows = by_nation()[nation]
    bounds = f"{rows[0].valid.start or 'before 1945'} to {rows[-1].valid.end or 'today'}"
    if found:
        raise AmbiguousName(
            f"{shown!r} ({nation}, {bounds}) on {day} fits {', '.join(sorted(found))}",
            "a former state has several successors, and a guess would move persons between nations",
            "name the successor, or check the date",
        )
    raise OutsideItsTime(
        f"{shown!r} ({nation}, {bounds}) did not exist on {day}",
        "names are true as of a date",
        "check the date, or name the state of that time",
    )


def _lookup(text: str, system: str, asked: _Asked) -> Resolved:
    """Return what one written form means, or raise."""
    form = name_key(text) if system == "name" else _code_key(text, system)
    entries = _index(system).get(form, ())
    valid = [entry for entry in entries if entry.valid.holds(asked.day)]
    # A repaired spelling is the fault of one report: it never holds outside the dates it has.
    valid = valid or [entry for entry in entries if entry.how != "repaired"]
    if system == "name" and not any(entry.how == "repaired" for entry in valid):
        _refuse(text, form)
    if not valid:
        raise _unknown(text, form, system)
    how = valid[0].how
    if system == "name" and how != "repaired" and stray_marks(text):
        how = "repaired"
    targets = {_dated(entry.nation, how, asked, text) for entry in valid}
    if len({target.nation for target in targets}) == 1:
        return min(targets, key=lambda target: (target.note is not None, target.note or ""))
    raise AmbiguousName(
        f"{text!r} fits {', '.join(sorted({target.nation for target in targets}))} on {asked.day}",
        "a guess would credit the wrong nation",
        "write the full official name or the ISO alpha-3 code",
    )


def _refuse(text: str, form: str) -> None:
    """Raise if a text is known not to be a nation."""
    if form not in _refused() and form:
        return
    reason, candidates = _refused().get(form, ("it is empty", ()))
    if candidates:
        raise AmbiguousName(f"{text!r} fits {', '.join(candidates)}", reason, "name one of them")
    raise UnknownName(
        f"{text!r} is not a nation",
        reason,
        "name the nation; in a table of your own, leave the row out",
    )


@lru_cache(maxsize=4096)
def _near(form: str, system: str) -> tuple[str, ...]:
    """Return the nearest forms that the tables hold; a table may repeat a name many times."""
    return tuple(get_close_matches(form, sorted(_index(system)), n=3, cutoff=0.7))


def near_nations(text: str) -> tuple[str, ...]:
    """Return the official names of the nations whose names are nearest to a text, at most three.

    >>> near_nations("Pakstan")[0], near_nations("xyzzy")
    ('Pakistan', ())
    """
    index = _index("name")
    near = (latest(index[form][0].nation).name for form in _near(name_key(text), "name"))
    return tuple(dict.fromkeys(near))


def _unknown(text: str, form: str, system: str) -> UnknownName:
    """Return the error for a form that no table holds, with the nearest that they hold."""
    near = _near(form, system)
    names = [
        f"{latest(_index(system)[n][0].nation).name} ({_index(system)[n][0].nation})" for n in near
    ]
    mend = f"did you mean {' or '.join(dict.fromkeys(names))}?" if names else "check the spelling."
    return UnknownName(
        f"{system} {text!r} is not in the tables of states and aliases",
        "matching is exact after normalisation, never a guess",
        f"{mend} A new spelling belongs in aliases.csv or in your own corrections",
    )


def _attempt(text: str, system: str, asked: _Asked) -> Resolved | UnknownName:
    """Return the nation, or the error if the form is merely unknown; ambiguity is raised."""
    try:
        return _lookup(text, system, asked)
    except AmbiguousName:
        raise
    except UnknownName as error:
        return error


def _agree(name: str, code: str, by_name: Resolved, by_code: Resolved) -> Resolved:
    """Return the nation on which name and code agree, or raise `AmbiguousName`."""
    if by_name.nation != by_code.nation:
        raise AmbiguousName(
            f"the name {name!r} means {by_name.nation}, the code {code!r} means {by_code.nation}",
            "name and code disagree, and a guess would credit the wrong nation",
            "correct one of the two",
        )
    return by_name


def resolve_nation(
    name: str | None,
    code: str | None = None,
    *,
    on: str,
    system: System = "name",
    shift: bool = True,
) -> Resolved:
    """Return the nation that a source means by a name, a code, or both, on a date.

    ``on`` is a month, a year or a day; a month or year speaks of its last day, but a state that
    ended within the year given is still found in it. With
    ``system="name"`` the text is a name, and ``code``, if given, is ISO alpha-3. With another
    system ``code`` (or ``name``, if no code is given) is read in that system. A code that marks a
    missing value (``NA`` outside ``iso2``, ``nan``, empty) counts as not given.

    A name outside its own time becomes the state of that day, which is right for persons: Serbia
    in 2004 is Serbia and Montenegro. With ``shift=False`` it is an error instead, which is right
    for figures of a territory: the population of Croatia in 1970 is not that of Yugoslavia.

    Raises `UnknownName` with the nearest known names, or `AmbiguousName` if the name fits several
    nations or name and code disagree.

    >>> resolve_nation("Serbia", on="2004-06").nation
    'SCG'
    >>> resolve_nation("Türkiye'", on="1995").nation
    'TUR'
    >>> resolve_nation("NA", on="2020", system="iso2").nation
    'NAM'
    """
    return _resolve(
        name, code, system, _Asked(day_of(on), on.strip() if len(on.strip()) == 4 else "", shift)
    )


@lru_cache(maxsize=65536)
def _resolve(name: str | None, code: str | None, system: str, asked: _Asked) -> Resolved:
    if system != "name" and system not in SYSTEMS:
        raise BadRequest(
            f"{system!r} is not a system of names",
            "codes mean different nations in different systems",
            f"use name, {', '.join(SYSTEMS)}",
        )
    if system != "name" and code is None:
        name, code = None, name
    code_system = "iso3" if system == "name" else system
    has_code = code is not None and (
        _code_key(code, code_system) not in _NO_CODE
        or _code_key(code, code_system) in _index(code_system)
    )
    if not has_code or code is None:
        return _lookup(name or "", "name", asked)
    by_code = _attempt(code, code_system, asked)
    if name is None or not name_key(name):
        if isinstance(by_code, UnknownName):
            raise by_code
        return by_code
    _refuse(name, name_key(name))
    by_name = _attempt(name, "name", asked)
    if isinstance(by_name, UnknownName):
        if isinstance(by_code, UnknownName):
            raise by_name
        return Resolved(
            by_code.nation, by_code.how, f"name {name!r} is not known; the code decides"
        )
    if isinstance(by_code, UnknownName):
        return Resolved(
            by_name.nation, by_name.how, f"code {code!r} is not known; the name decides"
        )
    return _agree(name, code, by_name, by_code)


def nations_named(text: str) -> tuple[str, ...]:
    """Return every nation that a name can mean at any time, in order of code; empty if none.

    >>> nations_named("Zaire"), nations_named("Korea"), nations_named("Atlantis")
    (('COD',), ('KOR', 'PRK'), ())
    """
    form = name_key(text)
    _, candidates = _refused().get(form, ("", ()))
    if form in _refused():
        return candidates
    return tuple(sorted({entry.nation for entry in _index("name").get(form, ())}))


@dataclass(frozen=True, slots=True)
class Query:
    """One name to resolve, as `resolve_many` takes them."""

    name: str | None
    code: str | None
    on: str


def resolve_many(
    queries: Iterable[Query], *, system: System = "name"
) -> dict[Query, Resolved | UnknownName | AmbiguousName]:
    """Return the nation, or the error, of every distinct query; nothing is raised for a name.

    Give the distinct (name, code, date) of a table and join the answers back.

    >>> answers = resolve_many([Query("Guinea", "GIN", "2014-01"), Query("Korea", None, "2014-01")])
    >>> [type(answer).__name__ for answer in answers.values()]
    ['Resolved', 'AmbiguousName']
    """
    found: dict[Query, Resolved | UnknownName | AmbiguousName] = {}
    for query in dict.fromkeys(queries):
        try:
            found[query] = resolve_nation(query.name, query.code, on=query.on, system=system)
        except (UnknownName, AmbiguousName) as error:
            found[query] = error
    return found
