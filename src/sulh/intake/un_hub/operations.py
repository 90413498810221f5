"""The hub's lists of peacekeeping operations and of political missions."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells, coordinates
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows, unread_columns
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.places import known_places
from sulh.intake.umbrellas import umbrella_flags

_WANTED = frozenset({"mission_acronym", "mission_name", "mission_isactive"})
_DAYS = ("start_date", "end_date")
_POINT = {"mission_latitude": "latitude", "mission_longitude": "longitude"}
_KNOWN = {*_WANTED, *_DAYS, *_POINT, "mission_location", "id", "lead_department", "last_update"}


@dataclass(frozen=True)
class Operations:
    """Operations with their days, headquarters and whether they run.

    The hub writes the first of the month where only the month is known, and no end for some that
    have ended.
    """

    key: str = "un_hub_operations"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns are those of the hub's list of operations."""
        return keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``operations``, or raise `RefusedFile`."""
        table, is_json = read_rows(document, _WANTED)
        flags = [*table.flags, *unread_columns(table.frame, _KNOWN)]
        absent = [name for name in _KNOWN if name not in table.frame.columns]
        frame = table.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
        flags += _comma_note(frame)
        frame, found = _without_quotes(frame)
        flags += found
        frame, found = cells.in_turn(
            frame,
            lambda rows: cells.days(rows, _DAYS, epoch=is_json),
            lambda rows: cells.names(rows, ["mission_acronym"]),
            lambda rows: cells.names(
                rows, ["mission_name", "mission_location"], required=False, longest=300
            ),
            lambda rows: cells.decimals(rows, list(_POINT)),
        )
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        frame, found = coordinates.mended(_named(frame), known_places())
        flags += [*found, *_dates(frame), *umbrella_flags(frame)]
        columns = ["operation_name", "name", "start", "end", "headquarters", "latitude",
                   "longitude", "active", "line"]  # fmt: skip
        rows = tidy("operations", frame.select(columns))
        return Parsed(self.key, {"operations": rows}, tuple(flags))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    active = pl.col("mission_isactive").str.strip_chars().str.to_lowercase()
    return frame.rename(
        {
            **_POINT,
            "mission_acronym": "operation_name",
            "mission_name": "name",
            "start_date": "start",
            "end_date": "end",
            "mission_location": "headquarters",
        }
    ).with_columns(
        active.replace_strict(
            {"yes": True, "true": True, "no": False, "false": False},
            default=None,
            return_dtype=pl.Boolean,
        ).alias("active")
    )


def _comma_note(frame: pl.DataFrame) -> list[Flag]:
    comma = pl.any_horizontal(pl.col(name).str.contains(",") for name in _POINT)
    lines = frame.filter(comma)["line"].to_list()
    message = "decimal commas were read as points"
    return list(counted("decimal_comma", message, lines, "repaired"))


def _without_quotes(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Take off a quotation mark that opens a name and does not close: the name was cut there."""
    name = pl.col("mission_name").str.strip_chars()
    broken = name.str.count_matches('"').mod(2) == 1
    lines = frame.filter(broken)["line"].to_list()
    flags = counted("name_cut", "the name has a quotation mark too many and may be cut", lines)
    return frame.with_columns(name.str.strip_chars('" ').alias("mission_name")), list(flags)


def _dates(frame: pl.DataFrame) -> list[Flag]:
    ended = frame.filter(~pl.col("active") & pl.col("end").is_null())
    endless = frame.filter(pl.col("start").is_null())
    reversed_ = frame.filter(pl.col("end") < pl.col("start"))
    unknown = frame.filter(pl.col("active").is_null())
    return [
        *counted(
            "end_unknown",
            "not active, but no end is given; the end is unknown",
            ended["line"].to_list(),
            "note",
        ),
        *counted("start_unknown", "no start is given", endless["line"].to_list(), "note"),
        *counted(
            "end_before_start",
            "the end lies before the start",
            reversed_["line"].to_list(),
            "doubt",
        ),
        *counted(
            "activity_unknown", "neither active nor ended", unknown["line"].to_list(), "doubt"
        ),
    ]
