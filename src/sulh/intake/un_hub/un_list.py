"""The UN list of peacekeeping operations: acronym, name, first and last month in words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows
from sulh.intake.figures import counted, refuse_if_unfit

_WANTED = frozenset({"acronym", "mission_name", "start_date", "end_date"})


@dataclass(frozen=True)
class UnList:
    """Operations with the months in which they began and ended, such as ``May 1948``."""

    key: str = "un_hub_operations"

    def recognises(self, document: Document) -> bool:
        """Return whether the four columns of the list are there."""
        return keys_of(document) == _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``operations``; a month is written as its first day."""
        table, _ = read_rows(document, _WANTED)
        frame, flags = cells.names(table.frame, ["acronym"])
        frame, found = cells.names(frame, ["mission_name"], longest=300)
        flags += found
        frame = frame.with_columns(
            pl.col("end_date").str.strip_chars().str.to_lowercase().eq("present").alias("active"),
            _month("start_date").alias("start"),
            _month("end_date").alias("end"),
        )
        ended = ~pl.col("active").fill_null(False)
        unread = frame.filter(pl.col("start").is_null() | (ended & pl.col("end").is_null()))
        flags += counted(
            "not_a_date",
            "no month such as May 1948; the row was kept apart",
            unread["line"].to_list(),
            "refused",
        )
        frame = frame.filter(~pl.col("line").is_in(unread["line"].to_list()))
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        message = "only months are given; each stands as its first day"
        notes = (*table.flags, *flags, Flag("month_precision", message, "note"))
        rows = frame.select(
            pl.col("acronym").alias("operation_name"),
            pl.col("mission_name").alias("name"),
            "start",
            "end",
            "active",
            "line",
        )
        return Parsed(self.key, {"operations": tidy("operations", rows)}, notes)


def _month(name: str) -> pl.Expr:
    first = pl.lit("1 ") + pl.col(name).str.strip_chars()
    return first.str.to_date("%d %B %Y", strict=False)
