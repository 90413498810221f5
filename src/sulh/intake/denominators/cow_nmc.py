"""National Material Capabilities: armed forces, population, military expenditure since 1816.

Source: Singer, Bremer & Stuckey (1972), Correlates of War. Persons are given in thousands, money
in thousands of current US dollars from 1914, of current British pounds before.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Parsed
from sulh.intake.cells import counts
from sulh.intake.denominators.nation_years import (
    Series,
    checked,
    left_out,
    measured,
)
from sulh.intake.figures import figures, refuse_if_unfit, require_columns, required, years
from sulh.intake.text import header, read_csv

_MISSING = ("-9", "-9.0", "NA", ".")
_DOLLARS_FROM = 1914
_THOUSAND = 1000.0
_USED = ("milper", "tpop", "milex")
_HEADER = {"ccode", "year", "cinc", *_USED}
_SERIES = (
    Series("armed_forces", "milper", _THOUSAND),
    Series("population", "tpop", _THOUSAND),
)
_HIGHEST_CODE = 999
_THOUSANDS_OF_PERSONS = 2_000_000.0


@dataclass(frozen=True)
class CowNmc:
    """The state-year file, in CSV; nations by their Correlates of War number."""

    key: str = "cow_nmc"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the columns of the capabilities."""
        return set(header(document)) >= _HEADER

    def parse(self, document: Document) -> Parsed:
        """Return armed forces and population in persons, military expenditure in money."""
        table = read_csv(document)
        require_columns(document, table.frame, _HEADER)
        flags = list(table.flags)
        frame, found = years(table.frame)
        flags += found
        frame, found = counts(frame, ["ccode"], most=_HIGHEST_CODE)
        flags += found
        frame, found = required(frame, ["ccode"])
        flags += found
        frame, found = figures(
            frame, ["milper", "tpop"], none=_MISSING, between=(0, _THOUSANDS_OF_PERSONS)
        )
        flags += found
        frame, found = figures(frame, ["milex"], none=_MISSING, between=(0, 1e10))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = _rows(frame.with_columns(pl.col("ccode").cast(pl.String)))
        rows, found = checked(rows)
        flags += found
        unused = set(table.frame.columns) - {"line", "ccode", "year", *_USED}
        flags += left_out(document, sorted(unused))
        return Parsed(self.key, {"nation_years": rows}, tuple(flags))


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    dollars = frame.filter(pl.col("year") >= _DOLLARS_FROM)
    pounds = frame.filter(pl.col("year") < _DOLLARS_FROM)
    return pl.concat(
        [
            measured(frame, "ccode", "cow", _SERIES),
            measured(dollars, "ccode", "cow", [_money("usd")]),
            measured(pounds, "ccode", "cow", [_money("gbp")]),
        ]
    ).sort("line", maintain_order=True)


def _money(currency: str) -> Series:
    return Series(f"military_expenditure_{currency}", "milex", _THOUSAND)


SOURCE = CowNmc()
