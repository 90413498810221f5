"""Armed forces by nation and year, 2012 to 2020, in persons.

Source: International Institute for Strategic Studies, The Military Balance, as compiled by
T. D. Ballesteros (conflict-relapse) in a workbook.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.cells import counts, names
from sulh.intake.denominators.nation_years import Series, checked, measured
from sulh.intake.figures import refuse_if_unfit, required, years
from sulh.intake.text import refused
from sulh.intake.workbook import is_workbook, open_workbook

_HEADER = ("iso3c", "year", "milper")
_MOST = 10_000_000


@dataclass(frozen=True)
class IissMilper:
    """The workbook; nations by ISO code."""

    key: str = "iiss_milper"

    def recognises(self, document: Document) -> bool:
        """Return whether it is a workbook whose first sheet has the three columns."""
        if not is_workbook(document.data):
            return False
        try:
            sheet = open_workbook(document).sheet()
        except RefusedFile:
            return False
        return tuple(sheet.texts(1).values()) == _HEADER

    def parse(self, document: Document) -> Parsed:
        """Return the armed forces; zero is a figure here (Costa Rica, Panama)."""
        sheet = open_workbook(document).sheet()
        if tuple(sheet.texts(1).values()) != _HEADER:
            other = f"a first row other than {', '.join(_HEADER)}"
            raise refused(document, other, "the columns are not known", "fetch the file again")
        cells = [(line, sheet.texts(line)) for line in sorted(sheet.rows) if line > 1]
        raw = pl.DataFrame(
            [(line, *(texts.get(place) for place in (1, 2, 3))) for line, texts in cells],
            schema={"line": pl.Int64, **dict.fromkeys(_HEADER, pl.String)},
            orient="row",
        )
        frame, flags = years(raw)
        frame, found = names(frame, ["iso3c"], longest=3)
        flags += found
        frame, found = counts(frame, ["milper"], most=_MOST)
        flags += found
        frame, found = required(frame, ["milper"])
        flags += found
        refuse_if_unfit(document, raw.height, frame.height, flags)
        rows = measured(frame, "iso3c", "iso3", [Series("armed_forces", "milper")])
        rows, found = checked(rows)
        flags += found
        return Parsed(self.key, {"nation_years": rows}, tuple(flags))


SOURCE = IissMilper()
