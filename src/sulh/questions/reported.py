"""What a store reports, read once: persons by nation and month, and the months there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sulh.store.condensing import CIVILIAN, condense
from sulh.store.reading import Store
from sulh.store.schema import schema


@dataclass(frozen=True)
class Reported:
    """Uniformed personnel by month, nation and scope, and the months of the reports.

    The rows of ``table`` are in order of month, nation and scope. ``untold`` are months in which a
    row has no known operation, so that its scope cannot be told; ``told`` those in which a row has
    one; ``others`` says whether any row is of an operation of another body.
    """

    table: pl.DataFrame
    months: tuple[str, ...]
    untold: frozenset[str]
    told: frozenset[str]
    others: bool


@lru_cache(maxsize=8)
def reported(store: Store) -> Reported:
    """Return what a store reports; a store never changes, so that it is read once."""
    rows = store.scan("nation_months")
    if not store.has("nation_months") or rows.collect_schema() != schema("nation_months"):
        # A store that was built before the table was, or with other columns.
        rows = condense(store.scan("contributions"))
    table = rows.collect()
    scope = pl.col("scope")
    months = (
        table.group_by("month")
        .agg(
            untold=scope.is_null().any(),
            told=scope.is_not_null().any(),
            others=(scope == "other").any(),
        )
        .sort("month")
    )
    return Reported(
        table,
        tuple(months["month"]),
        frozenset(months.filter(pl.col("untold"))["month"]),
        frozenset(months.filter(pl.col("told"))["month"]),
        bool(months["others"].any()),
    )


@lru_cache(maxsize=8)
def civilian_months(store: Store) -> tuple[tuple[str, str], ...]:
    """Return the months with civilian personnel and the sources that report it."""
    civilians = store.scan("contributions").filter(pl.col("personnel_type") == CIVILIAN)
    found = civilians.select("month", "origin").unique().sort("month", "origin").collect()
    return tuple(found.iter_rows())
