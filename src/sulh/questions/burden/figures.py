"""Yearly figures of nations: what contributions are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.store.reading import Store

GENERAL = "cow_nmc"
MAX_AGE = 10


@dataclass(frozen=True)
class Measure:
    """A way to compare: persons for each ``per`` units of a yearly figure of the nation."""

    key: str
    column: str
    per: float
    unit: str
    text: str

    @property
    def year(self) -> str:
        """Return the name of the column that holds the year of the figure."""
        return f"{self.key.removesuffix('_usd')}_year"


MEASURES = (
    Measure(
        "population", "persons_per_million", 1e6, "persons per million inhabitants", "inhabitants"
    ),
    Measure("gdp_usd", "persons_per_billion_gdp", 1e9, "persons per billion USD", "gross product"),
    Measure(
        "armed_forces",
        "persons_per_thousand_forces",
        1e3,
        "persons per thousand of the armed forces",
        "armed forces",
    ),
    Measure(
        "military_expenditure_usd",
        "persons_per_million_spent",
        1e6,
        "persons per million USD of military expenditure",
        "military expenditure",
    ),
)


def figures(store: Store, measure: Measure) -> pl.DataFrame:
    """Return one figure a nation and year: columns nation, year, value, origin, in order of year.

    Where several sources give a year, a specialised one goes before the general one (National
    Material Capabilities); a figure that a check marks as improbable is never used.
    """
    return (
        store.scan("nation_years")
        .filter(
            pl.col("measure") == measure.key,
            pl.col("value").is_not_null(),
            pl.col("quality").ne_missing("improbable"),
        )
        .sort("year", pl.col("origin") == GENERAL, "origin")
        .unique(["nation", "year"], keep="first", maintain_order=True)
        .select("nation", "year", "value", "origin")
        .collect()
    )


def latest_figures(store: Store, measure: Measure, year: int) -> pl.DataFrame:
    """Return each nation's latest figure of ``year`` or the `MAX_AGE` years before it."""
    return (
        figures(store, measure)
        .filter(pl.col("year").is_between(year - MAX_AGE, year))
        .unique("nation", keep="last", maintain_order=True)
    )
