"""Population by nation and year, 1945 to 2019, in persons.

Compiled by T. D. Ballesteros (conflict-relapse). ``population`` is the series from the United
Nations' World Population Prospects 2019 (column ``un.pop``; Puerto Rico is counted with the United
States, former states are pieced together); ``population_cow``, ``population_maddison`` and
``population_gleditsch`` are the compiler's other series.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed
from sulh.intake.cells import names
from sulh.intake.denominators.nation_years import (
    ESTIMATED,
    Series,
    checked,
    left_out,
    measured,
)
from sulh.intake.figures import counted, figures, refuse_if_unfit, require_columns, years
from sulh.intake.text import header, read_csv

_COLUMNS = {
    "population": "un.pop",
    "population_cow": "cow.pop",
    "population_maddison": "mpd.pop",
    "population_gleditsch": "gl.pop",
}
_MARKS = {"un.pop": "un.pop.estimated", "cow.pop": "cow.pop.estimated"}
_HEADER = {"iso3c", "year", *_COLUMNS.values(), *_MARKS.values()}
_MOST_PERSONS = 3e9
_DIFFER = 1.5
# a former state (the compiler's code) and states that were within it
_WITHIN = {
    "SOV": ("RUS", "UKR", "BLR", "KAZ", "UZB"),
    "YUG": ("SRB", "HRV", "BIH", "SVN", "MKD"),
    "BRD": ("DEU",),
    "DDR": ("DEU",),
    "YAR": ("YEM",),
    "YPR": ("YEM",),
}


@dataclass(frozen=True)
class Population:
    """The compiled file, in CSV; nations by ISO code, with the compiler's own for former states."""

    key: str = "population"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has all four series."""
        return set(header(document)) >= _HEADER

    def parse(self, document: Document) -> Parsed:
        """Return the four series; a population of zero is read as not available."""
        table = read_csv(document)
        require_columns(document, table.frame, _HEADER)
        flags = list(table.flags)
        frame, found = years(table.frame)
        flags += found
        frame, found = names(frame, ["iso3c"], longest=3)
        flags += found
        columns = list(_COLUMNS.values())
        frame, found = figures(frame, columns, none=("NA",), between=(0, _MOST_PERSONS))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = measured(frame, "iso3c", "iso3", [_series(*item) for item in _COLUMNS.items()])
        rows, found = checked(rows)
        flags += [*found, *_counted_twice(frame), *_disagreeing(frame)]
        flags += left_out(document, sorted(set(table.frame.columns) - _HEADER - {"line"}))
        return Parsed(self.key, {"nation_years": rows}, tuple(flags))


def _series(measure: str, column: str) -> Series:
    mark = _MARKS.get(column)
    quality = pl.when(pl.col(mark) == "1").then(pl.lit(ESTIMATED)) if mark else None
    return Series(measure, column, quality=quality, known=pl.col(column) > 0)


def _counted_twice(frame: pl.DataFrame) -> list[Flag]:
    """Warn of years in which a former state stands beside states that were within it."""
    known = frame.filter(pl.col("un.pop") > 0)
    flags: list[Flag] = []
    for whole, parts in _WITHIN.items():
        years = known.filter(pl.col("iso3c") == whole)["year"].unique().to_list()
        doubled = known.filter(pl.col("iso3c").is_in(parts), pl.col("year").is_in(years))
        message = f"{whole} stands beside {', '.join(parts)}: a sum over nations counts them twice"
        flags += counted("counted_twice", message, doubled["line"].to_list())
    return flags


def _disagreeing(frame: pl.DataFrame) -> list[Flag]:
    """Doubt rows whose two oldest series differ by half or more: one of them is wrong there."""
    first, second = pl.col("un.pop"), pl.col("cow.pop")
    apart = (first > _DIFFER * second) | (second > _DIFFER * first)
    rows = frame.filter((first > 0) & (second > 0) & apart)
    flags: list[Flag] = []
    for (nation,), part in rows.group_by("iso3c", maintain_order=True):
        years = part["year"].to_list()
        span = f"{nation}, {min(years)} to {max(years)}"
        message = f"{span}: the United Nations' figure and the other differ by half"
        flags += counted("series_disagree", message, part["line"].to_list())
    return flags


SOURCE = Population()
