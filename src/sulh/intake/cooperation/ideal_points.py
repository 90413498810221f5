"""Ideal points of nations in the General Assembly by year: where their votes place them.

Source: Bailey, Strezhnev & Voeten (2017). The scale has no unit; in their files the United States
stand high. A session is that of the year in which it began: the 1st is of 1946.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Parsed
from sulh.intake.cells import counts, names
from sulh.intake.denominators.nation_years import Series, measured
from sulh.intake.figures import figures, refuse_if_unfit, required, years
from sulh.intake.text import header, read_csv

_POINT = "idealpointall"
_MOST = 10.0
_BEFORE = 1945


@dataclass(frozen=True)
class IdealPoints:
    """The file of nations and sessions or years, in CSV or tab-separated."""

    key: str = "ideal_points"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has a point, a session or year, and a code of the nation."""
        found = {name.lower() for name in header(document)}
        return _POINT in found and bool(found & {"session", "year"}) and bool(found & set(_CODES))

    def parse(self, document: Document) -> Parsed:
        """Return the points as the measure ``ideal_point``; a nation without one has none."""
        table = read_csv(document)
        flags = list(table.flags)
        frame = table.frame.rename({name: name.lower() for name in table.frame.columns})
        code = next(name for name in _CODES if name in frame.columns)
        if "year" not in frame.columns:
            frame, found = counts(frame, ["session"], none=("NA",), most=200)
            flags += found
            frame, found = required(frame, ["session"])
            flags += found
            frame = frame.with_columns((pl.col("session") + _BEFORE).cast(pl.String).alias("year"))
        frame, found = years(frame, 1946)
        flags += found
        frame, found = names(frame, [code], longest=3)
        flags += found
        frame, found = required(frame, [code])
        flags += found
        frame, found = figures(frame, [_POINT], none=("NA",), between=(-_MOST, _MOST))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = measured(frame, code, _CODES[code], [Series("ideal_point", _POINT)])
        return Parsed(self.key, {"nation_years": rows}, tuple(flags))


_CODES = {"iso3c": "iso3", "ccode": "cow"}
SOURCE = IdealPoints()
