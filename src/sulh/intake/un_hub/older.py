"""The hub's older file of contributions, before 2010: a column for each personnel type."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows, unread_columns
from sulh.intake.duplicates import without_duplicates
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.types import long_types, sum_flags

_WANTED = frozenset({"date", "contributor", "contributor_iso_3", "mission", "troops"})
_TYPES = {
    "troops": "troops",
    "experts_on_mission": "experts_on_mission",
    "observers": "experts_on_mission",
    "military_observers": "experts_on_mission",
    "experts": "experts_on_mission",
    "individual_police": "individual_police",
    "formed_police_units": "formed_police",
    "civilian_police": "police",
    "police": "police",
}
_PARTS = {"police": {"individual_police", "formed_police_units"}}


@dataclass(frozen=True)
class OlderContributions:
    """Contributions by nation and operation as documented for the months before 2010.

    Only ``Contributor, Contributor_ISO-3, Troops, Date, Mission`` are documented; the other types
    are read where their columns exist. Staff officers count among the troops.
    """

    key: str = "un_hub_contributions_older"

    def recognises(self, document: Document) -> bool:
        """Return whether the documented columns are there, and not those of the fuller files."""
        keys = keys_of(document)
        return keys >= _WANTED and not keys & {"contributor_capital", "troops_male"}

    def parse(self, document: Document) -> Parsed:
        """Return ``contributions``, or raise `RefusedFile`."""
        table, is_json = read_rows(document, _WANTED)
        columns = types_in(table.frame)
        totals = ["total"] if "total" in table.frame.columns else []
        known = {*_WANTED, *_TYPES, "total", "column_1"}
        frame, flags = table.frame, [*table.flags, *unread_columns(table.frame, known)]
        frame, found = cells.in_turn(
            frame,
            lambda rows: cells.days(rows, ["date"], epoch=is_json),
            lambda rows: cells.names(rows, ["contributor", "mission"]),
            lambda rows: cells.counts(rows, [*columns, *totals], none=("NA",)),
        )
        flags += found
        undated = frame.filter(pl.col("date").is_null())["line"].to_list()
        message = "no date; the row was kept apart"
        flags += counted("no_date", message, undated, "refused")
        frame = _named(frame.filter(pl.col("date").is_not_null()))
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        key = ["month", "nation_name", "operation_name"]
        frame, found = without_duplicates(frame, key, list(columns))
        flags += found
        if totals:
            flags += sum_flags(frame, list(columns), "total", "types_do_not_add_up")
        rows = long_types(frame, [*key, "nation_code", "line"], columns)
        return Parsed(self.key, {"contributions": tidy("contributions", rows)}, tuple(flags))


def types_in(frame: pl.DataFrame) -> dict[str, str]:
    """Return the columns to read with their types, each person once.

    A sum of police is left out beside its parts, a second spelling of a type beside the first.
    """
    found: dict[str, str] = {}
    for column, kind in _TYPES.items():
        parts = _PARTS.get(kind, set())
        if column in frame.columns and kind not in found.values() and not parts & set(found):
            found[column] = kind
    return found


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("contributor_iso_3").str.strip_chars()
    return frame.with_columns(
        cells.month_text("date").alias("month"),
        pl.col("contributor").alias("nation_name"),
        pl.col("mission").alias("operation_name"),
        pl.when(code.str.contains(r"^[A-Z]{3}$")).then(code).alias("nation_code"),
    )
