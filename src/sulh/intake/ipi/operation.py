"""Totals of operations by month, with host and headquarters: ``data_mission``."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells, coordinates
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.ipi.checks import (
    NONE,
    dated,
    month_flags,
    refuse_month_twice,
    without_apostrophes,
)
from sulh.intake.places import known_places
from sulh.intake.types import long_types, sum_flags
from sulh.intake.umbrellas import umbrella_flags

_TYPES = {"troops": "troops", "police": "police", "observers": "experts_on_mission"}
_PLACE = {
    "mission": "operation_name",
    "country_of_mission": "host_names",
    "mission_hq": "headquarters",
    "mission_hq_latitude": "latitude",
    "mission_hq_longitude": "longitude",
}
_WANTED = frozenset({"date", *_PLACE, *_TYPES, "number_of_contributors", "total"})


@dataclass(frozen=True)
class Operation:
    """Persons by operation, all nations together; ``NA`` in a type gives no row."""

    key: str = "ipi_operation"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns of operations' totals are there."""
        return keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``operation_totals`` and ``operations``, or raise `RefusedFile`."""
        table, _ = read_rows(document, _WANTED)
        numbers = [*_TYPES, "total", "number_of_contributors"]
        places = ["mission_hq_latitude", "mission_hq_longitude"]
        frame, found = cells.in_turn(
            table.frame,
            lambda rows: without_apostrophes(rows, ["mission", "country_of_mission"]),
            lambda rows: cells.names(rows, ["mission", "country_of_mission"]),
            lambda rows: cells.names(rows, ["mission_hq"], required=False),
            dated,
            lambda rows: cells.counts(rows, numbers, none=NONE),
            lambda rows: cells.decimals(rows, places, none=NONE),
        )
        flags = [*table.flags, *found]
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        frame = frame.rename(_PLACE)
        refuse_month_twice(document, frame, ["month", "operation_name"])
        flags += sum_flags(frame, list(_TYPES), "total", "types_do_not_add_up")
        flags += month_flags(frame, ["operation_name", *numbers])
        flags += _experts_flags(frame)
        operations, found = operations_in(frame)
        flags += [*found, *umbrella_flags(operations)]
        tables = {
            "operation_totals": tidy("operation_totals", _totals(frame)),
            "operations": tidy("operations", operations),
        }
        return Parsed(self.key, tables, tuple(flags))


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    keep = ["month", "operation_name", "line"]
    totals = long_types(
        frame.with_columns(pl.col("number_of_contributors").alias("nations")),
        [*keep, "nations"],
        {"total": "uniformed"},
    )
    parts = long_types(frame, keep, _TYPES)
    return pl.concat([parts, totals], how="diagonal").sort("line", "personnel_type")


def operations_in(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Return each operation once, with coordinates mended, and remarks.

    Rows of one operation that still differ after the mending are put in doubt.
    """
    columns = ["operation_name", "host_names", "headquarters", "latitude", "longitude"]
    frame, flags = coordinates.mended(frame.select(*columns, "line"), known_places())
    distinct = frame.unique(columns, keep="first", maintain_order=True)
    differing = distinct.filter(~pl.col("operation_name").is_first_distinct())
    message = "host or headquarters differ from those on an earlier row of the operation"
    flags += counted("place_differs", message, differing["line"].to_list(), "doubt")
    return distinct.unique("operation_name", keep="first", maintain_order=True), flags


def _experts_flags(frame: pl.DataFrame) -> list[Flag]:
    """Return a note on the months in which no operation has experts of its own."""
    by_month = frame.group_by("month").agg(
        pl.col("observers").sum().alias("experts"), pl.col("line").min()
    )
    lines = by_month.filter(pl.col("experts") == 0)["line"].to_list()
    message = "months in which experts on mission are not told apart from the troops"
    return list(counted("experts_in_troops", message, lines, "note"))
