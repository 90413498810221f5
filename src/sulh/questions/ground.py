"""Facts as tables to join: members of groups by month, scopes of operations, names of nations."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from sulh.core.errors import UnknownName
from sulh.facts.operations import operations
from sulh.facts.states import name_of

_SCHEMA = {"month": pl.String, "nation": pl.String}


def members_by_month(group: str, months: tuple[str, ...], membership: str) -> pl.DataFrame:
    """Return the members of a group in each month: columns month, nation."""
    if "@" in group:  # a user's own list may change between two questions
        return _listed.__wrapped__(group, months, membership)
    return _listed(group, months, membership)


def members_on(group: str, month: str, membership: str) -> tuple[str, ...]:
    """Return the members of a group, or of an expression of groups, in a month, sorted."""
    from sulh.facts.groups import members

    found = members(group, on=month, membership="today" if membership == "today" else "dated")
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def _listed(group: str, months: tuple[str, ...], membership: str) -> pl.DataFrame:
    rows = [(month, nation) for month in months for nation in members_on(group, month, membership)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


@lru_cache(maxsize=1)
def operation_scopes() -> dict[str, str]:
    """Return the scope of every operation of the gazetteer: peacekeeping, political or other."""
    return {name: entry.scope for name, entry in operations().items()}


def names_of(nations: list[str], month: str | None = None) -> dict[str, str]:
    """Return the official short names of nations as of a month; a code without a name stays."""
    return {nation: _name(nation, month) for nation in nations}


@lru_cache(maxsize=4096)
def _name(nation: str, month: str | None) -> str:
    try:
        return name_of(nation, month)
    except UnknownName:
        return nation
