"""Make the tables of places: deployments, their contributors, and support units."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sulh.store.ledger import Ledger
from sulh.store.naming import Naming, with_nations, with_operations
from sulh.store.schema import schema
from sulh.store.voices import Voicing, one_voice

Read = Callable[[str], pl.DataFrame | None]

SUPPORT = ("medical", "engineering", "transport", "aviation")
_PLACE = ("operation_name", "location")


def make(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Return ``deployments``, ``deployment_contributors`` and ``support_units``."""
    made: dict[str, pl.DataFrame] = {}
    deployments = read("deployments")
    if deployments is not None:
        made["deployments"] = _published(
            "deployments", _located(deployments, ledger, "deployments", "month")
        )
    contributors = read("deployment_contributors")
    if contributors is not None:
        voiced = one_voice(contributors, ledger, _voicing("deployment_contributors", "month"))
        named = _named(voiced, ledger, "deployment_contributors", "month")
        known = named.filter(pl.col("nation").is_not_null())
        made["deployment_contributors"] = _published("deployment_contributors", known)
    units = _units(read, ledger)
    if units is not None:
        made["support_units"] = units
    return made


def _published(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(schema(table).keys())


def _voicing(table: str, period: str) -> Voicing:
    keys = (*_PLACE, *(("nation_name",) if "contributors" in table else ()))
    figure = "contributors" if table == "deployment_units" else "troops"
    return Voicing(table, period, keys, (figure,))


def _located(rows: pl.DataFrame, ledger: Ledger, table: str, on: str) -> pl.DataFrame:
    """Return rows with host and operation; an unknown host stays open, the place counts."""
    heard = one_voice(rows, ledger, _voicing(table, on))
    hosted = with_nations(heard, ledger, table, Naming(on, "host", keep=True))
    return with_operations(hosted, ledger, table, Naming(on, "operation"))


def _named(rows: pl.DataFrame, ledger: Ledger, table: str, on: str) -> pl.DataFrame:
    """Return rows with nation and operation; a contributor that is not known has no nation."""
    named = with_nations(rows, ledger, table, Naming(on, keep=True))
    return with_operations(named, ledger, table, Naming(on, "operation"))


def _units(read: Read, ledger: Ledger) -> pl.DataFrame | None:
    """Return support units by year, nation and place: from monthly maps, else from yearly ones."""
    monthly = read("deployment_units")
    parts: list[pl.DataFrame] = []
    if monthly is not None:
        rows = monthly.filter(pl.col("unit").is_in(SUPPORT))
        hosted = _located(rows, ledger, "deployment_units", "month")
        parts.append(
            _by_year(with_nations(hosted, ledger, "deployment_units", Naming("month", keep=True)))
        )
    yearly = _yearly_units(read, ledger)
    if yearly is not None:
        known = set(parts[0]["year"].to_list()) if parts else set()
        parts.append(yearly.filter(~pl.col("year").is_in(sorted(known))))
    return pl.concat(parts, how="diagonal") if parts else None


def _by_year(rows: pl.DataFrame) -> pl.DataFrame:
    dated = rows.with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    return _once(dated)


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each unit of a nation at a place once a year; attributed if any map says so."""
    return rows.group_by("year", "operation", "location", "nation", "unit", "origin").agg(
        pl.col("host").drop_nulls().min(),
        pl.col("latitude").drop_nulls().min(),
        pl.col("longitude").drop_nulls().min(),
        pl.col("attributed").fill_null(value=False).any(),
    )


def _yearly_units(read: Read, ledger: Ledger) -> pl.DataFrame | None:
    """Return support units from yearly extracts, where units and contributors are both there."""
    units, contributors = read("deployment_units_yearly"), read("deployment_contributors_yearly")
    if units is None or contributors is None:
        return None
    present = one_voice(
        units, ledger, Voicing("deployment_units_yearly", "year", _PLACE, ("infantry_troops",))
    )
    present = present.with_columns(pl.col("year").cast(pl.String).alias("on"))
    hosted = with_operations(present, ledger, "deployment_units_yearly", Naming("on", "operation"))
    long = hosted.unpivot(
        on=list(SUPPORT),
        index=["year", "operation", "location", "latitude", "longitude", "origin"],
        variable_name="unit",
        value_name="maps",
    ).filter(pl.col("maps") > 0)
    named = _yearly_contributors(contributors, ledger)
    joined = long.join(named, on=["year", "operation", "location"], how="left")
    hosts = _hosts(read, ledger)
    joined = (
        joined.join(hosts, on=["year", "operation", "location"], how="left")
        if hosts is not None
        else joined.with_columns(pl.lit(None, dtype=pl.String).alias("host"))
    )
    return _once(joined)


def _yearly_contributors(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    table = "deployment_contributors_yearly"
    heard = one_voice(
        rows, ledger, Voicing(table, "year", (*_PLACE, "nation_name"), ("contributors",))
    )
    dated = heard.with_columns(pl.col("year").cast(pl.String).alias("on"))
    named = _named(dated, ledger, table, "on")
    place = ["year", "operation", "location"]
    return named.select(
        *place,
        "nation",
        ((pl.len().over(place) == 1) & pl.col("nation").is_not_null()).alias("attributed"),
    ).unique()


def _hosts(read: Read, ledger: Ledger) -> pl.DataFrame | None:
    rows = read("deployments_yearly")
    if rows is None:
        return None
    dated = rows.with_columns(pl.col("year").cast(pl.String).alias("on"))
    hosted = with_nations(dated, ledger, "deployments_yearly", Naming("on", "host", keep=True))
    named = with_operations(hosted, ledger, "deployments_yearly", Naming("on", "operation"))
    return named.group_by("year", "operation", "location").agg(pl.col("host").drop_nulls().min())
