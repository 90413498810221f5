"""What a store reports, read once: persons by nation and month, and the months there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sulh.store.condensing import condense
from sulh.store.reading import Store


@dataclass(frozen=True)
class Reported:
    """Uniformed personnel by month, nation and scope, and the months of the reports.

    ``untold`` are months in which a row has no known operation, so that its scope cannot be told;
    ``others`` says whether any row is of an operation of another body.
    """

    table: pl.DataFrame
    months: tuple[str, ...]
    untold: frozenset[str]
    others: bool


@lru_cache(maxsize=8)
def reported(store: Store) -> Reported:
    """Return what a store reports; a store never changes, so that it is read once."""
    held = "nation_months" in store.manifest.tables
    rows = store.scan("nation_months") if held else condense(store.scan("contributions"))
    table = rows.collect()
    scope = pl.col("scope")
    months = (
        table.group_by("month")
        .agg(untold=scope.is_null().any(), others=(scope == "other").any())
        .sort("month")
    )
    return Reported(
        table,
        tuple(months["month"]),
        frozenset(months.filter(pl.col("untold"))["month"]),
        bool(months["others"].any()),
    )
