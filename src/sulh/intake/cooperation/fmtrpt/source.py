"""Training of foreign forces by the United States: a row a course and unit.

Source: United States Department of State, Foreign Military Training Report, read from the printed
reports by Security Force Monitor. Units of students are read past and never kept: some of them
name persons. Years are fiscal years, from 1 October before.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cooperation.fmtrpt.cells import mended, read_cells
from sulh.intake.cooperation.fmtrpt.lines import read_lines
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.text import header, refused

_HEADER = {"country", "program", "course_title", "start_date", "end_date", "location", "quantity"}
_COSTS = ("total_cost", "cost")
_TOTAL = r"^(FY|Fiscal Year) ?\d{4} Program Totals?$"
_SHARE = 0.2


@dataclass(frozen=True)
class Fmtrpt:
    """A report on a region, in text with tabulators."""

    key: str = "fmtrpt"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the columns of the reports."""
        cells = set(header(document))
        return cells >= _HEADER and bool(cells & set(_COSTS))

    def parse(self, document: Document) -> Parsed:
        """Return the courses and, apart, the totals that the report prints by programme.

        Cells that slipped into a neighbouring column are put back, with a remark. A row without a
        nation or a fiscal year is kept apart with its line.
        """
        table = read_lines(document)
        cost = next((name for name in _COSTS if name in table.frame.columns), None)
        if cost is None:
            raise refused(document, "no column of costs", "dollars are unknown", "fetch it again")
        flags = list(table.flags)
        frame, found = _sound(table.frame.rename({cost: "cost"}))
        flags += found
        frame, found = mended(frame)
        flags += found
        rows, found = read_cells(frame)
        flags += found
        refuse_if_unfit(document, table.frame.height, rows.height, flags, _SHARE)
        total = pl.col("course").str.contains(_TOTAL).fill_null(value=False)
        courses, totals = rows.filter(~total), rows.filter(total)
        flags += _compared(courses, totals)
        tables = {
            "training": tidy("training", courses),
            "training_totals": tidy(
                "training_totals", totals.drop("course", "start", "end", "location")
            ),
        }
        return Parsed(self.key, tables, tuple(flags))


def _sound(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Keep apart rows without a nation or a programme."""
    empty = pl.any_horizontal(
        pl.col(name).str.strip_chars().fill_null("") == "" for name in ("country", "program")
    )
    lines = frame.filter(empty)["line"].to_list()
    flags = counted("cell_empty", "no country or no programme", lines, "refused")
    return frame.filter(~empty), list(flags)


def _compared(courses: pl.DataFrame, totals: pl.DataFrame) -> tuple[Flag, ...]:
    """Return a doubt on the printed totals that the rows above them do not add up to."""
    key = ["nation_name", "programme", "year", "report"]
    sums = courses.group_by(key).agg(pl.col("cost_usd").sum(), pl.col("students").sum())
    both = totals.join(sums, on=key, how="left", suffix="_sum").with_columns(
        pl.col("cost_usd_sum").fill_null(0), pl.col("students_sum").fill_null(0)
    )
    off = (pl.col("cost_usd") - pl.col("cost_usd_sum")).abs() > pl.max_horizontal(
        pl.lit(50.0),
        pl.col("cost_usd") * 0.005,  # costs are printed to the dollar, row by row
    )
    differ = both.filter(off.fill_null(value=False))
    told = f"of {totals.height} printed totals of programmes some differ from the sum of their rows"
    return counted("printed_total_differs", told, differ["line"].to_list())


SOURCE = Fmtrpt()
