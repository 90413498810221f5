"""Cells of the training reports: put back what slipped, then read dates, numbers and dollars."""

from __future__ import annotations

import polars as pl

from sulh.intake.base import Flag
from sulh.intake.figures import counted

_DAY = r"\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})"
_YEAR = r"(?:FY|Fiscal Year) ?(\d{4}|\d{2})\b"
_COST = r"^\$?\s*(\d[\d,]*(?:\.\d+)?)$"
_TEXTS = ("country", "program", "course_title", "location")
_CELLS = ("start_date", "end_date", "quantity", "cost", "source")

Rows = tuple[pl.DataFrame, list[Flag]]


def mended(frame: pl.DataFrame) -> Rows:
    """Return the frame with slipped cells in their columns, and one remark for each kind.

    Four slips are known: both dates in the column of the first; dates after the cost; the number
    of students before the place, in its own column or in that of the place.
    """
    plain = frame.with_columns(
        pl.col(name).fill_null("").str.strip_chars().str.replace_all(r"\s+", " ")
        for name in (*_TEXTS, *_CELLS)
    )
    flags: list[Flag] = []
    for code, told, where, columns in _slips():
        lines = plain.filter(where)["line"].to_list()
        flags += counted(code, told, lines, "repaired")
        plain = plain.with_columns(
            pl.when(where).then(value).otherwise(pl.col(name)).alias(name)
            for name, value in columns.items()
        )
    return plain, flags


def _slips() -> list[tuple[str, str, pl.Expr, dict[str, pl.Expr]]]:
    start, end, cost = pl.col("start_date"), pl.col("end_date"), pl.col("cost")
    students, place = pl.col("quantity"), pl.col("location")
    two = rf"^({_DAY}) ({_DAY})$"
    after = rf"^\$?\s*([\d,.]*) ?({_DAY})(?: ({_DAY}))?$"
    led = r"^(\d{1,4}) (\D.*)$"
    both = start.str.contains(two) & (end == "")
    late = cost.str.contains(after) & (start == "")
    return [
        (
            "dates_together",
            "both dates stand in the column of the first; parted",
            both,
            {"start_date": start.str.extract(two, 1), "end_date": start.str.extract(two, 2)},
        ),
        (
            "dates_after_cost",
            "the first date stands after the cost; put back",
            late,
            {
                "cost": cost.str.extract(after, 1),
                "start_date": cost.str.extract(after, 2),
                "end_date": pl.when(end == "")
                .then(cost.str.extract(after, 3).fill_null(""))
                .otherwise(end),
            },
        ),
        (
            "students_with_place",
            "the number of students stands before the place; parted",
            students.str.contains(led),
            {
                "quantity": students.str.extract(led, 1),
                "location": pl.concat_str(
                    students.str.extract(led, 2), place, separator=" "
                ).str.strip_chars(),
            },
        ),
        (
            "students_in_place",
            "the number of students stands in the column of the place; parted",
            (students == "") & place.str.contains(led),
            {"quantity": place.str.extract(led, 1), "location": place.str.extract(led, 2)},
        ),
    ]


def read_cells(frame: pl.DataFrame) -> Rows:
    """Return nation, programme, course, dates, place, students and dollars of each row.

    A cell that cannot be read is null and remarked on; a row whose programme names no fiscal year
    takes that of its first day, and without one is kept apart.
    """
    rows = frame.select(
        _day("start_date").alias("start"),
        _day("end_date").alias("end"),
        pl.col("quantity").str.extract(r"^(\d{1,6})$", 1).cast(pl.Int64).alias("students"),
        pl.col("cost")
        .str.extract(_COST, 1)
        .str.replace_all(",", "")
        .cast(pl.Float64)
        .alias("cost_usd"),
        pl.col("country").alias("nation_name"),
        pl.col("program").alias("programme"),
        *(
            pl.when(pl.col(old) != "").then(pl.col(old)).alias(new)
            for old, new in (
                ("course_title", "course"),
                ("location", "location"),
                ("source", "report"),
            )
        ),
        *(
            pl.col(name).alias(f"_{name}")
            for name in ("start_date", "end_date", "quantity", "cost")
        ),
        "line",
    ).with_columns(_fiscal_year().alias("year"))
    flags = _unread(rows)
    undated = pl.col("year").is_null()
    lines = rows.filter(undated)["line"].to_list()
    flags += counted("no_year", "neither programme nor date gives a year", lines, "refused")
    backwards = rows.filter(pl.col("end") < pl.col("start"))["line"].to_list()
    flags += counted("ends_before_start", "the course ends before it begins", backwards)
    shown = [name for name in rows.columns if not name.startswith("_")]
    return rows.filter(~undated).select(shown), flags


def _day(column: str) -> pl.Expr:
    """Return the day of a cell, month first; years of two digits are of this century."""
    text = pl.col(column)
    long = text.str.to_date("%m/%d/%Y", strict=False)
    short = text.str.replace(r"/(\d\d)$", "/20${1}").str.to_date("%m/%d/%Y", strict=False)
    day = pl.when(text.str.contains(r"/\d\d$")).then(short).otherwise(long)
    return pl.when(day.dt.year().is_between(1990, 2100)).then(day)


def _fiscal_year() -> pl.Expr:
    written = pl.col("programme").str.extract(_YEAR, 1).cast(pl.Int64)
    century = pl.when(written < 100).then(written + 2000).otherwise(written)
    day = pl.col("start")
    return pl.coalesce(century, day.dt.year() + (day.dt.month() >= 10).cast(pl.Int32)).cast(
        pl.Int64
    )


def _unread(rows: pl.DataFrame) -> list[Flag]:
    flags: list[Flag] = []
    marks = {"start": "start_date", "end": "end_date", "students": "quantity", "cost_usd": "cost"}
    empty = ["", "-", "$", "N/A", "$ -"]
    for name, cell in marks.items():
        bad = pl.col(name).is_null() & ~pl.col(f"_{cell}").is_in(empty)
        lines = rows.filter(bad)["line"].to_list()
        flags += counted(f"{name}_unread", f"the cell {cell} cannot be read and is unknown", lines)
    return flags
