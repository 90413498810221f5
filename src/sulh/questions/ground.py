"""Facts that questions join with: scopes of operations, targets, names of nations."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from sulh.core.errors import UnknownName
from sulh.facts.known import gender_targets
from sulh.facts.names import nations_named, resolve_nation
from sulh.facts.operations import operations
from sulh.facts.states import by_nation, name_of
from sulh.questions.labels import labels_of
from sulh.questions.membership import members_on

__all__ = [
    "members_on",
    "names_along",
    "names_of",
    "nation_named",
    "operation_scopes",
    "women_targets",
]


def nation_named(text: str, on: str | None = None) -> str:
    """Return the code of a nation given by code or name, as of a month or of its latest time.

    Raises `UnknownName` or `AmbiguousName`.

    >>> nation_named("YUG"), nation_named("Bangladesh"), nation_named("Zaire")
    ('YUG', 'BGD', 'COD')
    """
    if text.upper() in by_nation():
        return text.upper()
    found = nations_named(text)
    if len(found) == 1 and on is None:
        return found[0]
    return resolve_nation(text, on=on or "2025-12").nation


@lru_cache(maxsize=1)
def operation_scopes() -> dict[str, str]:
    """Return the scope of every operation of the gazetteer: peacekeeping, political or other."""
    return {name: entry.scope for name, entry in operations().items()}


@lru_cache(maxsize=1)
def women_targets() -> dict[str, float]:
    """Return the last target known for the share of women, by personnel type (0.15 is 15 %).

    >>> women_targets()["troops"]
    0.15
    """
    ordered = sorted(gender_targets(), key=lambda target: target.year)
    return {target.personnel_type: target.women_percent / 100 for target in ordered}


def names_of(nations: list[str]) -> dict[str, str]:
    """Return the nations' present official short names, former states' last ones, in every month.

    A code without a name stays.

    >>> names_of(["TUR", "CSK"])
    {'TUR': 'Türkiye', 'CSK': 'Czechoslovakia'}
    """
    return {nation: _name(nation) for nation in nations}


def names_along(nations: pl.Series) -> pl.Expr:
    """Return the name of the nation of each row of the column's frame, of a column of labels.

    >>> rows = pl.DataFrame({"nation": ["JOR"]}, schema={"nation": pl.Enum(["JOR", "TUR"])})
    >>> rows.select(names_along(rows["nation"])).to_series().to_list()
    ['Jordan']
    """
    names = pl.Series([_name(nation) for nation in labels_of(nations)], dtype=pl.String)
    return pl.lit(names).gather(pl.col(nations.name).to_physical()).alias("name")


@lru_cache(maxsize=4096)
def _name(nation: str) -> str:
    try:
        return name_of(nation)
    except UnknownName:
        return nation
