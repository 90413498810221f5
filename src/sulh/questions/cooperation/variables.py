"""Variables of nation-years: service, figures of sources, membership, ties over all partners.

An absent tie is 0 in the years that its source covers and null outside them.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sulh.core.errors import BadRequest
from sulh.facts.names import resolve_nation
from sulh.questions.cooperation.edges import cited, edges
from sulh.questions.cooperation.years import within
from sulh.questions.membership import members_by_month
from sulh.store.reading import Store

Span = tuple[int, int]
Part = tuple[pl.DataFrame, list[str]]
SERVICE = ("persons", "operations")


def with_variable(store: Store, table: pl.DataFrame, name: str, span: Span) -> Part:
    """Return a table of nations and years with a variable more, and the keys of its sources.

    ``persons`` (mean head-count of the months reported), ``operations``, a measure of the table
    nation_years, or a way and what it is about: ``sent:KIND`` and ``received:KIND`` (values of a
    tie summed), ``partners:KIND`` (their number), ``votes:NATION`` (likeness S with it),
    ``member:GROUP`` (1 for its members in December). Raises `BadRequest`.
    """
    way, colon, about = name.partition(":")
    if not colon:
        return _figure(store, table, name, span)
    if way not in WAYS:
        known = ", ".join(f"{one}:" for one in WAYS)
        raise BadRequest(
            f"the variable {name!r}", f"{way!r} is no way to reckon it", f"use {known}"
        )
    return WAYS[way](store, table, (name, about), span)


def covered(rows: pl.DataFrame, table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the table with absent figures 0 in the years that ``rows`` cover."""
    years = rows["year"].unique().to_list()
    return table.with_columns(
        pl.when(pl.col("year").is_in(years)).then(pl.col(name).fill_null(0)).otherwise(pl.col(name))
    )


def figures(store: Store) -> tuple[str, ...]:
    """Return the measures that the store holds, after those of service."""
    held = store.scan("nation_years").select(pl.col("measure").unique().sort()).collect()
    return (*SERVICE, *held["measure"].to_list())


def _figure(store: Store, table: pl.DataFrame, name: str, span: Span) -> Part:
    if name in SERVICE:
        sums, keys = _service(store, name, span)
        return covered(sums, table.join(sums, on=["year", "nation"], how="left"), name), keys
    rows = within(store.scan("nation_years").filter(pl.col("measure") == name), *span).collect()
    if rows.is_empty():
        there = ", ".join(figures(store))
        raise BadRequest(f"the variable {name!r}", f"the store holds {there}", "choose one")
    once = rows.sort("year", "nation", "origin").unique(["year", "nation"], keep="first")
    sums = once.select("year", "nation", pl.col("value").alias(name))
    return table.join(sums, on=["year", "nation"], how="left"), rows["origin"].to_list()


def _service(store: Store, name: str, span: Span) -> Part:
    rows = store.scan("contributions").with_columns(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")
    )
    own = within(rows, *span).collect()
    months = own.group_by("year").agg(pl.col("month").n_unique().alias("months"))
    if name == "operations":
        sums = (
            own.filter(pl.col("persons") > 0)
            .group_by("year", "nation")
            .agg(pl.col("operation").drop_nulls().n_unique().cast(pl.Float64).alias(name))
        )
    else:
        sums = (
            own.group_by("year", "nation")
            .agg(pl.col("persons").sum())
            .join(months, on="year")
            .select("year", "nation", (pl.col("persons") / pl.col("months")).alias(name))
        )
    return sums, own["origin"].unique().to_list()


def _summed(side: str) -> Callable[[Store, pl.DataFrame, tuple[str, str], Span], Part]:
    """Return how to sum a tie for the nations of one side."""

    def summed(store: Store, table: pl.DataFrame, names: tuple[str, str], span: Span) -> Part:
        name, kind = names
        rows = edges(store, kind, span)
        value = pl.col("value").sum().alias(name)
        sums = rows.group_by("year", pl.col(side).alias("nation")).agg(value)
        return _joined(store, table, (rows, sums), name)

    return summed


def _partners(store: Store, table: pl.DataFrame, names: tuple[str, str], span: Span) -> Part:
    """Add the number of nations with a tie from or to a nation."""
    name, kind = names
    rows = edges(store, kind, span)
    turned = rows.rename({"nation": "partner", "partner": "nation"}).select(rows.columns)
    number = pl.col("partner").n_unique().cast(pl.Int64).alias(name)
    sums = pl.concat([rows, turned]).group_by("year", "nation").agg(number)
    return _joined(store, table, (rows, sums), name)


def _votes(store: Store, table: pl.DataFrame, names: tuple[str, str], span: Span) -> Part:
    """Add the likeness of votes with one nation; without a roll call in common it is unknown."""
    name, text = names
    code = text if len(text) == 3 and text.isupper() else None
    other = resolve_nation(None if code else text, code, on=str(span[1])).nation
    rows = edges(store, "votes", span)
    sums = rows.filter(pl.col("partner") == other)
    sums = sums.group_by("year", "nation").agg(pl.col("value").first().alias(name))
    return table.join(sums, on=["year", "nation"], how="left"), _keys(store, rows)


def _member(_: Store, table: pl.DataFrame, names: tuple[str, str], span: Span) -> Part:
    """Add 1 for the members of a group in December of the year, 0 for others."""
    name, group = names
    months = tuple(f"{year}-12" for year in range(span[0], span[1] + 1))
    rows = members_by_month(group, months, "dated").select(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        "nation",
        pl.lit(1, dtype=pl.Int64).alias(name),
    )
    joined = table.join(rows, on=["year", "nation"], how="left")
    return joined.with_columns(pl.col(name).fill_null(0)), []


def _joined(
    store: Store, table: pl.DataFrame, found: tuple[pl.DataFrame, pl.DataFrame], name: str
) -> Part:
    rows, sums = found
    joined = table.join(sums, on=["year", "nation"], how="left")
    return covered(rows, joined, name), _keys(store, rows)


def _keys(store: Store, rows: pl.DataFrame) -> list[str]:
    return cited(store, rows) if rows.height else []


WAYS = {
    "sent": _summed("nation"),
    "received": _summed("partner"),
    "partners": _partners,
    "votes": _votes,
    "member": _member,
}
