"""Groups of nations with dated membership, and set algebra on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal

from sulh.core.errors import BadRequest, UnknownName
from sulh.facts.expression import evaluate
from sulh.facts.names import nations_named, near_nations
from sulh.facts.normalise import name_key
from sulh.facts.states import by_nation
from sulh.facts.table import Mark, interval_of, mark_of, number, parts, read_table
from sulh.facts.when import Interval, day_of

Membership = Literal["dated", "today"]
Suspended = Literal["count", "leave_out"]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of nations; ``as_of`` is the month to which the table of its members speaks."""

    group: str
    name: str
    aliases: tuple[str, ...]
    founded: str
    as_of: str
    expected: int | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Seat:
    """A nation's role in a group (member, suspended or observer) during an interval."""

    group: str
    nation: str
    role: str
    valid: Interval
    mark: Mark


def _group(row: Mapping[str, str]) -> Group:
    return Group(
        group=row["group"],
        name=row["name"],
        aliases=parts(row["aliases"]),
        founded=row["founded"],
        as_of=row["as_of"],
        expected=number(row["members"]),
        mark=mark_of(row),
    )


@cache
def groups() -> dict[str, Group]:
    """Return every group by its key."""
    return {row["group"]: _group(row) for row in read_table("group_names")}


@cache
def seats() -> dict[str, tuple[Seat, ...]]:
    """Return the roles of every group, in the order of the table."""
    found: dict[str, list[Seat]] = {group: [] for group in groups()}
    for row in read_table("groups"):
        seat = Seat(row["group"], row["nation"], row["role"], interval_of(row), mark_of(row))
        found[seat.group].append(seat)
    return {group: tuple(each) for group, each in found.items()}


@cache
def _forms() -> dict[str, str]:
    return {
        name_key(text): each.group
        for each in groups().values()
        for text in (each.group, each.name, *each.aliases)
    }


def group_named(text: str) -> Group:
    """Return a group by its key, name or alias, or raise `UnknownName` with the known groups.

    >>> group_named("Arab League").group
    'ARAB_LEAGUE'
    """
    found = _forms().get(name_key(text))
    if found is None:
        raise UnknownName(
            f"{text!r} is not a group",
            "membership is known only for the groups of the table",
            f"{_meaning(_near_groups(text))}choose from {', '.join(groups())}, "
            "or give your own list as @file",
        )
    return groups()[found]


def _near_groups(text: str) -> tuple[str, ...]:
    """Return the keys of the groups whose names are nearest to a text, at most three."""
    near = get_close_matches(name_key(text), sorted(_forms()), n=3, cutoff=0.75)
    return tuple(dict.fromkeys(_forms()[form] for form in near))


def _meaning(near: tuple[str, ...]) -> str:
    return f"did you mean {' or '.join(near)}? If not: " if near else ""


def _day(group: Group, on: str, membership: Membership) -> str:
    """Return the day for which membership is asked: the date, or the table's own date."""
    if membership not in {"dated", "today"}:
        raise BadRequest(
            f"membership {membership!r}",
            "it is dated (as it was on the date) or today (as the table states it last)",
            "use dated or today",
        )
    return day_of(group.as_of if membership == "today" else on)


@cache
def _days(group: str, role: str) -> tuple[tuple[str, str, str], ...]:
    """Return the nations in a role with their first and last day, none before the foundation."""
    founded = Interval(groups()[group].founded, "").first_day
    return tuple(
        (seat.nation, max(founded, seat.valid.first_day), seat.valid.last_day)
        for seat in seats()[group]
        if seat.role == role
    )


def _in_role(group: str, role: str, day: str) -> frozenset[str]:
    return frozenset(nation for nation, first, last in _days(group, role) if first <= day <= last)


def members_of(
    group: str, *, on: str, membership: Membership = "dated", suspended: Suspended = "count"
) -> frozenset[str]:
    """Return the members of one group.

    A suspended member remains a member and is counted, unless ``suspended="leave_out"``.
    ``membership="today"`` is the membership of the table's last stated month, whatever ``on`` is;
    the computer's clock plays no part.

    >>> "BFA" in members_of("ECOWAS", on="2024-12"), "BFA" in members_of("ECOWAS", on="2025-02")
    (True, False)
    """
    each = group_named(group)
    day = _day(each, on, membership)
    found = _in_role(each.group, "member", day)
    return found - _in_role(each.group, "suspended", day) if suspended == "leave_out" else found


def suspended_in(group: str, *, on: str, membership: Membership = "dated") -> frozenset[str]:
    """Return the members of a group that are suspended on a date.

    >>> suspended_in("OIC", on="2015-06")
    frozenset({'SYR'})
    """
    each = group_named(group)
    return _in_role(each.group, "suspended", _day(each, on, membership))


def observers_of(group: str, *, on: str, membership: Membership = "dated") -> frozenset[str]:
    """Return the observers of a group on a date; they are never counted as members.

    >>> sorted(observers_of("OIC", on="2020"))
    ['BIH', 'CAF', 'RUS', 'THA']
    """
    each = group_named(group)
    return _in_role(each.group, "observer", _day(each, on, membership))


def _one_nation(text: str) -> str | None:
    """Return the code of a nation given by code or name, or None."""
    if text in by_nation():
        return text
    found = nations_named(text)
    return found[0] if len(found) == 1 else None


def members(
    expression: str,
    *,
    on: str,
    membership: Membership = "dated",
    suspended: Suspended = "count",
) -> frozenset[str]:
    """Return the nations of an expression as ISO alpha-3 codes.

    An expression is a group (``OIC``), a nation by code or name (``BGD``, ``Jordan``), a list
    (``BGD, PAK, Jordan``), a file with a user's own list (``@list.csv``), or set algebra on them:
    ``|`` or ``,`` union, ``&`` intersection, `` - `` difference (with spaces around it),
    parentheses. ``&`` binds first, then ``|`` and ``-`` from left to right, then ``,``. A name
    that holds a sign is put in double quotes. A nation stands for its own code on every date on
    which it existed.

    Raises `UnknownName` or `BadRequest`, naming the position.

    >>> sorted(members("ASEAN & OIC", on="2020-01"))
    ['BRN', 'IDN', 'MYS']
    >>> len(members("OIC", on="1950-01", membership="today"))
    57
    """

    day = day_of(on)

    def look_up(text: str) -> frozenset[str]:
        group, nation = _meant(text)
        if group:
            return members_of(group, on=on, membership=membership, suspended=suspended)
        return frozenset({nation}) if _exists(nation, day) else frozenset()

    return evaluate(expression, look_up)


def named_in(expression: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the groups and the nations that an expression names, also in a user's own lists.

    >>> named_in("Arab League - (Jordan | SUN)") == ({"ARAB_LEAGUE"}, {"JOR", "SUN"})
    True
    """
    found: list[tuple[str, str]] = []

    def look_up(text: str) -> frozenset[str]:
        found.append(_meant(text))
        return frozenset()

    evaluate(expression, look_up)
    return (
        frozenset(group for group, _ in found if group),
        frozenset(nation for _, nation in found if nation),
    )


def _meant(text: str) -> tuple[str, str]:
    """Return the group or the nation that a text names, the other being empty."""
    group = _forms().get(name_key(text))
    if group is not None:
        return group, ""
    nation = _one_nation(text)
    if nation is not None:
        return "", nation
    candidates = nations_named(text)
    fits = f" It fits {', '.join(candidates)}." if candidates else ""
    raise UnknownName(
        f"{text!r} is neither a group nor a nation",
        f"an expression is built from groups and nations.{fits}",
        f"{_meaning((*_near_groups(text), *near_nations(text))[:3])}"
        f"groups are {', '.join(groups())}; nations are codes such as BGD or official names",
    )


def _exists(nation: str, day: str) -> bool:
    return any(state.valid.holds(day) for state in by_nation()[nation])
