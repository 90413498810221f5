"""Activities of UN operations by year, coded from the Secretary-General's reports.

Source: Peacekeeping Activity Dataset 2.0 (Otto, Smidt and others, Uppsala University). It is
evidence of practice, not of mandate, for operations in Europe, Asia and the Americas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from sulh.sources.base import Document, Flag, Parsed, tidy
from sulh.sources.cells import counts, names
from sulh.sources.figures import counted, figures, refuse_if_unfit, required
from sulh.sources.text import header, read_csv

_ACTIVITY = re.compile(r"(?P<activity>[A-Za-z_]+?)__(?P<manner>[A-Za-z]+)(?P<others>__IA)?")
_LEAST_ACTIVITIES = 50
_OTHERS = "hostility|abuse|sexualViolence"


@dataclass(frozen=True)
class Pact:
    """The file of operation-years, in CSV."""

    key: str = "pact"

    def recognises(self, document: Document) -> bool:
        """Return whether the header names operations, years and many ``Activity__Manner``."""
        cells = header(document)
        many = sum(bool(_ACTIVITY.fullmatch(cell)) for cell in cells) >= _LEAST_ACTIVITIES
        return many and {"PKO", "year"} <= set(cells)

    def parse(self, document: Document) -> Parsed:
        """Return a row for each operation, year, activity and manner, coded 1 or 0.

        Columns that end in ``__IA`` code the same with a mark of the authors (``manner`` keeps it
        as ``… IA``). Columns on hostility and abuse are no activities and are left out.
        """
        table = read_csv(document)
        flags = list(table.flags)
        columns = [name for name in table.frame.columns if _ACTIVITY.fullmatch(name)]
        frame, found = names(table.frame, ["PKO"])
        flags += found
        frame, found = figures(frame, ["year"], between=(1948, 2100))
        flags += found
        frame, found = required(frame, ["year"])
        flags += found
        frame, found = counts(frame, columns, none=("NA",), most=1)
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        twice = frame.filter(pl.struct("PKO", "year").is_duplicated())["line"].to_list()
        flags += counted("year_repeated", "an operation has several rows for a year", twice)
        flags += _left_out(table.frame.columns)
        return Parsed(
            self.key, {"activities": tidy("activities", _long(frame, columns))}, (*flags,)
        )


def _long(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    parts = {name: _ACTIVITY.fullmatch(name) for name in columns}
    named = {name: found for name, found in parts.items() if found}
    activity = {name: found["activity"] for name, found in named.items()}
    manner = {
        name: found["manner"] + (" IA" if found["others"] else "") for name, found in named.items()
    }
    return (
        frame.select("year", pl.col("PKO").alias("operation_name"), "line", *columns)
        .unpivot(columns, index=["year", "operation_name", "line"], value_name="coded")
        .with_columns(
            pl.col("variable").replace_strict(activity, return_dtype=pl.String).alias("activity"),
            pl.col("variable").replace_strict(manner, return_dtype=pl.String).alias("manner"),
        )
        .sort("line", maintain_order=True)
        .drop("variable")
    )


def _left_out(columns: list[str]) -> list[Flag]:
    others = [name for name in columns if re.match(_OTHERS, name)]
    if not others:
        return []
    message = f"{len(others)} columns on hostility and abuse are no activities and are left out"
    return [Flag("columns_left_out", message, "note")]


SOURCE = Pact()
