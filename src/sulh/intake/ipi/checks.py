"""Faults that IPI files have in common: stray apostrophes, copied and missing months."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag
from sulh.intake.figures import counted
from sulh.intake.text import refused
from sulh.store.checks.series import missing_months, repeated_months

NONE = ("NA",)


def without_apostrophes(frame: pl.DataFrame, columns: Sequence[str]) -> cells.Kept:
    """Return the text of ``columns`` without an apostrophe at its end (``BGD'``).

    An apostrophe within a name, as in N'Djamena, stays.
    """
    strayed = pl.any_horizontal(pl.col(name).str.contains(r"'\s*$") for name in columns)
    lines = frame.filter(strayed)["line"].to_list()
    message = "an apostrophe at the end of a name or code was taken off"
    cleaned = frame.with_columns(
        pl.col(name).str.strip_chars().str.strip_chars_end("'").str.strip_chars()
        for name in columns
    )
    return cleaned, list(counted("stray_apostrophe", message, lines, "repaired"))


def dated(frame: pl.DataFrame) -> cells.Kept:
    """Return the frame with ``month`` from ``date``; a row without a date is kept apart."""
    frame, flags = cells.days(frame, ["date"])
    undated = frame.filter(pl.col("date").is_null())["line"].to_list()
    flags += counted("no_date", "no date; the row was kept apart", undated, "refused")
    kept = frame.filter(pl.col("date").is_not_null())
    return kept.with_columns(cells.month_text("date").alias("month")), flags


def coded(frame: pl.DataFrame, column: str, into: str = "nation_code") -> cells.Kept:
    """Return the frame with the ISO alpha-3 code of ``column``; another text keeps the row apart.

    Every row of these files has a code, so that a row without one has its columns mixed up.
    """
    code = pl.col(column).str.strip_chars()
    good = code.str.contains(r"^[A-Z]{3}$").fill_null(False)
    lines = frame.filter(~good)["line"].to_list()
    message = f"{column} holds no ISO 3166-1 alpha-3 code; the row was kept apart"
    return (
        frame.filter(good).with_columns(code.alias(into)),
        list(counted("not_an_iso_code", message, lines, "refused")),
    )


def month_flags(frame: pl.DataFrame, columns: Sequence[str]) -> list[Flag]:
    """Return a doubt for each month that copies the one before, and for each that is missing."""
    copied = [
        Flag(
            "copied_month",
            f"all figures of {month} equal those of the month before, which real reports never "
            "do: the month was not observed but copied",
            "doubt",
            month=month,
        )
        for month in repeated_months(frame, columns)
    ]
    missing = [
        Flag("missing_month", f"the file has no row for {month}", "doubt", month=month)
        for month in missing_months(frame["month"].to_list())
    ]
    return [*copied, *missing]


def refuse_month_twice(document: Document, frame: pl.DataFrame, key: Sequence[str]) -> None:
    """Raise `RefusedFile` where a series has two rows for one key."""
    twice = frame.filter(pl.struct(key).is_duplicated())
    if twice.is_empty():
        return
    row = twice.row(0, named=True)
    raise refused(
        document,
        f"{', '.join(str(row[name]) for name in key)} stands {twice.height} times, "
        f"first on line {row['line']}",
        "a stock has one figure a month, and it is not known which is right",
        "fetch the file again",
    )
