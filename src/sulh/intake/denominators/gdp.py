"""Gross domestic product by nation and year, 1945 to 2019, in US dollars of 2019.

Two series, both compiled by T. D. Ballesteros (conflict-relapse) and raised to prices of 2019:

- ``gdp_usd``: Penn World Table 9.1, real GDP at constant national prices (``rgdpna``, US dollars
  of 2011 times 1.14); gaps filled by the compiler from growth rates (column ``gdp.pwt.est``).
- ``gdp_gleditsch_usd``: Gleditsch's expanded GDP 6 (US dollars of 2005 times 1.31), likewise
  (column ``gdp.gl.est``).

Dollars are at purchasing power of a base year: fit for shares between nations, not for invoices.
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

_MISSING = ("NA",)
_FIGURES = ("gdp.pwt.original", "gdp.gl.original", "gdp.pwt.est", "gdp.gl.est")
_HEADER = {"iso3c", "year", *_FIGURES}
_SERIES_OF = {"gdp_usd": "gdp.pwt", "gdp_gleditsch_usd": "gdp.gl"}


@dataclass(frozen=True)
class Gdp:
    """The compiled file, in CSV; nations by ISO code, with the compiler's own for former states."""

    key: str = "gdp"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has both estimates beside their originals."""
        return set(header(document)) >= _HEADER

    def parse(self, document: Document) -> Parsed:
        """Return both series; what the compiler filled in is marked ``estimated``."""
        table = read_csv(document)
        require_columns(document, table.frame, _HEADER)
        flags = list(table.flags)
        frame, found = years(table.frame)
        flags += found
        frame, found = names(frame, ["iso3c"], longest=3)
        flags += found
        frame, found = figures(frame, _FIGURES, none=_MISSING)
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = measured(frame, "iso3c", "iso3", [_series(*item) for item in _SERIES_OF.items()])
        rows, found = checked(rows)
        flags += [*_zeros(frame), *found]
        flags += left_out(document, sorted(set(table.frame.columns) - _HEADER - {"line"}))
        return Parsed(self.key, {"nation_years": rows}, tuple(flags))


def _series(measure: str, stem: str) -> Series:
    """Return a series; a zero means that there is no figure, so it counts as unknown."""
    same = (pl.col(f"{stem}.original") == pl.col(f"{stem}.est")).fill_null(False)
    quality = pl.when(~same).then(pl.lit(ESTIMATED))
    return Series(measure, f"{stem}.est", quality=quality, known=pl.col(f"{stem}.est") > 0)


def _zeros(frame: pl.DataFrame) -> list[Flag]:
    zero = pl.any_horizontal(pl.col(f"{stem}.est") == 0 for stem in _SERIES_OF.values())
    message = "an output of zero is read as not available"
    return list(counted("zero_output", message, frame.filter(zero)["line"].to_list(), "repaired"))


SOURCE = Gdp()
