"""The published tables as ``tables.toml`` declares them: columns, types, meanings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from sulh.core.errors import FactsError, UnknownName

_DTYPES: Mapping[str, type[pl.DataType]] = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}

Schema = dict[str, type[pl.DataType]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the published tables: its type, its meaning and, where it has one, its unit."""

    name: str
    type: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: what a row is, and its columns in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> Schema:
        """Return the polars types by column name, in order."""
        return {column.name: _DTYPES[column.type] for column in self.columns}


@cache
def tables() -> Mapping[str, Table]:
    """Return every published table by name, in the order of ``tables.toml``.

    >>> list(tables()["coverage"].schema)
    ['month', 'chosen', 'alternatives', 'persons', 'nations', 'reason']
    """
    text = files("sulh.store").joinpath("tables.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    columns = {name: Column(name, **body) for name, body in declared["columns"].items()}
    return {
        name: Table(name, body["meaning"], tuple(columns[column] for column in body["columns"]))
        for name, body in declared["tables"].items()
    }


def table(name: str) -> Table:
    """Return a published table, or raise `UnknownName` with the names there are."""
    found = tables().get(name)
    if found is None:
        raise UnknownName(
            f"there is no table {name!r}",
            "the store publishes a fixed set of tables",
            f"use one of {', '.join(tables())}",
        )
    return found


def schema(name: str) -> Schema:
    """Return the columns and polars types of a published table."""
    return table(name).schema


def conform(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``rows`` with exactly the columns and types of the table ``name``, sorted.

    Columns that are absent become null; a column that the table does not have raises `FactsError`.
    Rows are sorted by all columns, month, nation and operation first where they occur, so that the
    same rows give the same bytes whatever order they came in.
    """
    wanted = schema(name)
    extra = sorted(set(rows.columns) - set(wanted))
    if extra:
        raise FactsError(
            f"columns {', '.join(extra)} are not in the table {name}",
            "a column outside the schema would be lost",
            "declare them in store/tables.toml or leave them out",
        )
    whole = rows.select(
        (pl.col(column) if column in rows.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in wanted.items()
    )
    first = [c for c in ("month", "year", "nation", "operation") if c in wanted]
    rest = [c for c in wanted if c not in first]
    return whole.sort([*first, *rest], nulls_last=True, maintain_order=True)
