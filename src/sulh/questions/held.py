"""Rows of a store in order of month, held in memory: a period is a slice of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import polars as pl

from sulh.questions.labels import labels_of
from sulh.questions.view import View

AGAIN = pl.all_horizontal(
    *(pl.col(name) == pl.col(name).shift() for name in ("month", "nation"))
).fill_null(value=False)
"""Whether the row before is of the same month and nation, of rows in order of both."""


@dataclass(frozen=True)
class Held:
    """Rows with labels instead of text, in order of month, so that a period is a slice of them.

    Parameters
    ----------
    rows
        All rows.
    calendar
        The months that the column ``month`` may name.
    starts
        Number of the first row of each month of the calendar, and of the end.
    """

    rows: pl.DataFrame
    calendar: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Held:
        """Return the rows, which are in order of month, ready to be cut by period."""
        calendar = labels_of(rows["month"])
        month = rows["month"].set_sorted()
        ordered = rows.clone().replace_column(rows.get_column_index("month"), month)
        numbers = pl.lit(pl.Series(range(len(calendar)), dtype=pl.UInt32))
        code = pl.col("month").to_physical()
        starts = ordered.select(code.search_sorted(numbers, side="left")).to_series()
        return cls(ordered, calendar, (*starts.to_list(), rows.height))

    def within(self, view: View) -> pl.DataFrame:
        """Return the rows of the view's period."""
        first = 0 if view.from_ is None else bisect_left(self.calendar, view.from_)
        last = len(self.calendar) if view.to is None else bisect_right(self.calendar, view.to)
        start = self.starts[first]
        return self.rows.slice(start, max(0, self.starts[last] - start))


def nation_months(rows: pl.DataFrame) -> pl.DataFrame:
    """Return persons by month and nation, those above zero, of rows in order of both."""
    persons = pl.col("persons")
    ends = ~AGAIN.shift(-1, fill_value=False)
    counted = rows[["month", "nation", "persons"]].with_columns(persons.cum_sum()).filter(ends)
    return counted.with_columns(persons - persons.shift(fill_value=0)).filter(persons > 0)
