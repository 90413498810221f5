"""Build the published tables from the tidy rows of all files.

Each stage can be looked at: gather, name, correct, let one file speak, check, choose, publish. The
result depends on the files alone, not on their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from sulh.store import contributions, cooperation, deaths, places, yearly
from sulh.store.checks.wholeness import part_months
from sulh.store.condensing import condense
from sulh.store.correcting import corrected
from sulh.store.gathering import gather
from sulh.store.keeping import Remark
from sulh.store.ledger import BuildInput, Ledger
from sulh.store.locating import located
from sulh.store.publishing import Edition
from sulh.store.swings import swings

__all__ = ["BuildInput", "build"]

_MAKERS = (contributions.make, deaths.make, places.make, yearly.make, cooperation.make)


def build(inputs: Sequence[BuildInput]) -> tuple[Edition, Mapping[str, tuple[Remark, ...]]]:
    """Return the edition to publish, and the remarks of the build on each file by its hash."""
    ordered = sorted(inputs, key=lambda item: item.entry.sha256)
    ledger = Ledger(ordered)

    def read(table: str) -> pl.DataFrame | None:
        return gather(ordered, table)

    tables: dict[str, pl.DataFrame] = {}
    for make in _MAKERS:
        for name, rows in make(read, ledger).items():
            # Readings were corrected before a source was chosen; the faults are gone from them.
            tables[name] = rows if name == "readings" else corrected(name, rows, ledger)
    tables["files"] = _files(ordered)
    told = read("user_files")
    if told is not None:
        tables["user_files"] = told.rename({"file_name": "name"}).drop("origin", "sha256")
    apart = ledger.kept_apart()
    if apart is not None:
        tables["set_apart"] = apart
    flags, readings = ledger.flags(), tables.get("readings")
    tables["flags"] = flags if readings is None else located(flags, readings)
    if "contributions" in tables:
        part = part_months(tables["coverage"], tables["flags"])
        tables["nation_months"] = condense(tables["contributions"].lazy()).collect()
        tables["swings"] = swings(tables["nation_months"], part)
    edition = Edition(tables, tuple(item.entry for item in ordered))
    return edition, ledger.by_file()


def _files(inputs: Sequence[BuildInput]) -> pl.DataFrame:
    rows = [
        {
            "file": item.tidy.file,
            "sha256": item.entry.sha256,
            "name": item.entry.name,
            "origin": item.entry.source,
            "bytes": item.tidy.bytes,
            "rows": item.tidy.rows,
            "start": min(item.tidy.months, default=None) or _years(item)[0],
            "end": max(item.tidy.months, default=None) or _years(item)[1],
            "retrieved": item.entry.retrieved or None,
        }
        for item in inputs
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _years(item: BuildInput) -> tuple[str | None, str | None]:
    """Return the first and last year or day of a file whose rows have no month."""
    found: list[str] = []
    for name in item.tidy.tables:
        table = item.tidy.table(name)
        for column in {"year", "date"} & set(table.columns):
            values: list[int | date | None] = [table[column].min(), table[column].max()]  # type: ignore[list-item]
            found += [str(value) for value in values if value is not None]
    return min(found, default=None), max(found, default=None)
