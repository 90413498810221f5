"""Published tables as results: one of them, whole or for some months, or the list of all."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import BadMonth, BadRequest
from sulh.core.months import parse_month
from sulh.result import Result
from sulh.store.reading import Store
from sulh.store.schema import table as declared
from sulh.store.schema import tables

_KIND = {"starter": "The starter store holds each December and the latest month only."}


def published(store: Store, name: str, from_: str | None = None, to: str | None = None) -> Result:
    """Return the table ``name``, its rows from one month to another, both included.

    A table by year is cut by the years of the months. Raises `UnknownName` for a table that there
    is not, `BadRequest` for months asked of a table that has neither month nor year.
    """
    shape = declared(name)
    rows = _between(store.scan(name), shape.name, from_, to).collect()
    keys = rows["origin"].drop_nulls().unique().to_list() if "origin" in rows.columns else []
    period = f", {from_ or 'start'} to {to or 'end'}" if from_ or to else ""
    return Result(
        name=name,
        title=f"Table {name}: {shape.meaning}{period}",
        table=rows,
        units={column.name: column.unit for column in shape.columns if column.unit},
        origins=store.origins(keys),
        missing=(_KIND[store.kind],) if _thin(store, rows, from_, to) else (),
    )


def _thin(store: Store, rows: pl.DataFrame, from_: str | None, to: str | None) -> bool:
    """Return whether months may be asked for that the store leaves out by design."""
    one = from_ is not None and from_ == to and rows.height > 0
    return store.kind in _KIND and "month" in rows.columns and not one


def _between(rows: pl.LazyFrame, name: str, from_: str | None, to: str | None) -> pl.LazyFrame:
    first, last = (None if m is None else parse_month(m) for m in (from_, to))
    if first and last and last < first:
        raise BadMonth(
            f"the period runs from {first} to {last}",
            "its end lies before its start",
            "give the earlier month first",
        )
    columns = declared(name).schema
    if not (first or last):
        return rows
    if "month" in columns:
        low, high, column = first, last, pl.col("month")
    elif "year" in columns:
        low, high = (m[:4] if m else None for m in (first, last))
        column = pl.col("year").cast(pl.String)
    else:
        raise BadRequest(
            f"months asked of the table {name}",
            "its rows have no month and no year",
            "leave out --from and --to",
        )
    if low:
        rows = rows.filter(column >= low)
    if high:
        rows = rows.filter(column <= high)
    return rows


def listing(store: Store) -> Result:
    """Return the published tables with their columns and the rows that the store holds."""
    rows = [
        {
            "table": name,
            "rows": entry.rows if (entry := store.manifest.tables.get(name)) else 0,
            "meaning": shape.meaning,
            "columns": ", ".join(shape.schema),
        }
        for name, shape in tables().items()
    ]
    return Result("tables", "Published tables", pl.DataFrame(rows), {"rows": "rows"})
