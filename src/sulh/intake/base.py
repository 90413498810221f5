"""What a source is: it recognises a document by its content and parses it to tidy tables."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from sulh.core.errors import FactsError

Severity = Literal["note", "repaired", "doubt", "refused"]

_DTYPES: Mapping[str, type[pl.DataType]] = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}


@dataclass(frozen=True)
class Document:
    """The bytes of one file and the name to use in messages; the name decides nothing.

    ``day`` is that of the import, YYYY-MM-DD, where it is known: of later months nothing can have
    been observed. It decides only whether a document is refused, never what is read from it.
    """

    name: str
    data: bytes = field(repr=False)
    day: str = ""

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark on part of a file: what was found, where, and what was done about it.

    ``severity`` is ``note`` (harmless), ``repaired`` (mended, the message says how), ``doubt``
    (kept, but it does not reconcile) or ``refused`` (rows kept apart).
    """

    code: str
    message: str
    severity: Severity
    month: str | None = None
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class Parsed:
    """What a source made of a document: tidy tables by name, and the flags raised on the way."""

    source: str
    tables: Mapping[str, pl.DataFrame]
    flags: tuple[Flag, ...] = ()

    @property
    def rows(self) -> int:
        """Return the number of rows in all tables."""
        return sum(table.height for table in self.tables.values())

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months that occur in any table, in order."""
        found: set[str] = set()
        for table in self.tables.values():
            if "month" in table.columns:
                found.update(table["month"].drop_nulls().unique().to_list())
        return tuple(sorted(found))


@runtime_checkable
class Source(Protocol):
    """A public source."""

    @property
    def key(self) -> str:
        """Return the key in the catalogue of sources."""
        ...

    def recognises(self, document: Document) -> bool:
        """Return whether the content is this source's; cheap, and never by the file's name."""
        ...

    def parse(self, document: Document) -> Parsed:
        """Return the tidy tables, or raise `sulh.core.errors.RefusedFile`."""
        ...


@cache
def tidy_schemas() -> dict[str, dict[str, type[pl.DataType]]]:
    """Return the columns and types of every tidy table, as ``tidy.toml`` declares them."""
    text = files("sulh.intake").joinpath("tidy.toml").read_text(encoding="utf-8")
    return {
        table: {column: _DTYPES[kind] for column, kind in columns.items()}
        for table, columns in tomllib.loads(text).items()
    }


def tidy(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``rows`` with exactly the columns and types of the tidy ``table``.

    Columns that the source does not give are filled with nulls; a column that the schema does not
    know raises `FactsError`, so that nothing is dropped in silence.
    """
    schema = tidy_schemas()[table]
    extra = sorted(set(rows.columns) - set(schema))
    if extra:
        raise FactsError(
            f"columns {', '.join(extra)} are not in the tidy table {table}",
            "a column outside the schema would be lost",
            "declare them in intake/tidy.toml or leave them out",
        )
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
