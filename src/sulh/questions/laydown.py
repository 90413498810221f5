"""The lay-down of an operation in a month: its places, coordinates, people and units.

From the deployment maps as coded in Geo-PKO, whose troops are estimates in standard sizes of units
and no head-counts. Where the store holds the head-count of the month, ``persons`` spreads it over
the places in proportion to those estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sulh.core.errors import NotAnswerable, UnknownName
from sulh.core.months import month_index, parse_month
from sulh.core.origin import Origin
from sulh.facts.operations import resolve_operation
from sulh.questions.quality import doubts
from sulh.store.reading import Store

UNITS = (
    *("infantry", "formed_police_unit", "engineering", "signals", "transport", "riverine"),
    *("medical", "maintenance", "reconnaissance", "aviation", "demining"),
)

NEAREST = 3
"""Months between a map and the head-count that is spread over it, at most."""


@dataclass(frozen=True)
class Laydown:
    """Where an operation stands.

    ``sites`` has a row a place: site, host, latitude, longitude, troops (estimate of the map),
    persons (the head-count's part, else the estimate), contributors, and a column a kind of unit:
    1, 0 or null for unknown. ``month`` is the map's month, the last one not after the month asked
    for; ``reported`` the uniformed head-count of ``reported_month``, the month nearest to the map's
    that the store holds, at most `NEAREST` months away, else None; ``unplaced`` names places of the
    map without coordinates, which ``sites`` leaves out.
    """

    operation: str
    month: str
    asked: str
    reported: int | None
    reported_month: str | None
    sites: pl.DataFrame
    unplaced: tuple[str, ...]
    origins: tuple[Origin, ...]

    @property
    def persons(self) -> int:
        """Return the persons at all sites."""
        return int(self.sites["persons"].sum())


def laydown(store: Store, operation: str, month: str) -> Laydown:
    """Return the lay-down of an operation as of a month.

    Raises `BadMonth`, `UnknownName` (no such operation), or `NotAnswerable` if the store has no map
    of it at or before the month.
    """
    asked, name = parse_month(month), _operation(store, operation, month)
    rows = store.scan("deployments").filter(pl.col("operation") == name)
    months = rows.select(pl.col("month").unique().sort()).collect()["month"].to_list()
    known = [found for found in months if found <= asked]
    if not known:
        raise _nothing(store, name, asked, months)
    here = rows.filter(pl.col("month") == known[-1]).collect()
    placed = here.filter(pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null())
    unplaced = sorted(set(here["location"]) - set(placed["location"]))
    if placed.is_empty():
        raise NotAnswerable(
            f"no place of {name} in {known[-1]} has coordinates",
            "it cannot be laid out",
            f"ask for another month; those known are {', '.join(known[-6:])}",
        )
    reported, counted, keys = _reported(store, name, known[-1])
    sites = _sites(placed, reported)
    origins = store.origins([*sorted(set(placed["origin"])), *keys])
    return Laydown(name, known[-1], asked, reported, counted, sites, tuple(unplaced), origins)


def _operation(store: Store, operation: str, month: str) -> str:
    """Return the name under which the store knows an operation."""
    try:
        return resolve_operation(operation, on=month).operation
    except UnknownName:
        known = store.scan("deployments").select(pl.col("operation").unique()).collect()
        if operation in known["operation"].to_list():
            return operation
        raise


def _nothing(store: Store, name: str, asked: str, months: list[str]) -> NotAnswerable:
    if not store.has("deployments"):
        return NotAnswerable(
            "the store holds no deployment maps",
            f"the places of {name} are not known",
            "fetch Geo-PKO and import it: `sulh fetch geopko`, then `sulh import FILE`; or write "
            "the case's sites.csv yourself",
        )
    if not months:
        return NotAnswerable(
            f"no deployment map of {name}",
            "Geo-PKO covers peacekeeping operations from 1994 to 2020",
            "choose another operation",
        )
    return NotAnswerable(
        f"the first deployment map of {name} is of {months[0]}",
        f"its places in {asked} are not known",
        f"ask for a month from {months[0]} on",
    )


def _reported(
    store: Store, name: str, month: str
) -> tuple[int | None, str | None, tuple[str, ...]]:
    """Return the uniformed head-count nearest to a month, its month and its origins.

    Months of which the store has only part are left out.
    """
    whole = ~pl.col("month").is_in(sorted(doubts(store).lacking))
    rows = (
        store.scan("contributions")
        .filter(pl.col("operation") == name, pl.col("personnel_type") != "civilian", whole)
        .group_by("month")
        .agg(pl.col("persons").sum(), pl.col("origin").unique().sort())
        .sort("month")
        .collect()
    )
    here = month_index(month)
    near = [
        (abs(month_index(row["month"]) - here), row["month"], row["persons"], row["origin"])
        for row in rows.iter_rows(named=True)
    ]
    if not near or min(near)[0] > NEAREST:
        return None, None, ()
    _, counted, persons, origins = min(near)
    return persons, counted, tuple(origins)


def _sites(placed: pl.DataFrame, reported: int | None) -> pl.DataFrame:
    """Return a row a place: several camps of one town and map are one site."""
    merged = (
        placed.group_by("location", "host")
        .agg(
            pl.col("latitude").mean(),
            pl.col("longitude").mean(),
            pl.col("troops").sum(),
            pl.col("contributors").sum(),
            *(pl.col(unit).max() for unit in UNITS),
        )
        .sort("location", "host")
    )
    weights = merged["troops"].fill_null(0.0).to_numpy()
    total = reported if reported is not None else round(float(weights.sum()))
    merged = merged.with_columns(pl.Series("persons", apportioned(weights, total), pl.Int64))
    lead = ("location", "host", "latitude", "longitude", "troops", "persons", "contributors")
    return merged.select(*lead, *UNITS).rename({"location": "site"})


def apportioned(weights: np.ndarray, total: int) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to ``total``.

    By largest remainders; without any weight all are 0.

    >>> apportioned(np.array([1.0, 1.0, 1.0]), 4)
    [2, 1, 1]
    """
    if weights.sum() <= 0:
        return [0] * len(weights)
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(int)
    order = np.lexsort((np.arange(len(weights)), -(exact - whole)))
    whole[order[: total - int(whole.sum())]] += 1
    return [int(value) for value in whole]
