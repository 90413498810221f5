"""Alliance Treaty Obligations and Provisions 5.1, directed pairs by year.

Source: Leeds, Ritter, Mitchell & Long (2002); a row says what the first nation owes the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Parsed
from sulh.intake.cooperation.dyads import pairs, ties
from sulh.intake.figures import counted
from sulh.intake.text import header

_CODES = ("ccode1", "ccode2")
_KINDS = {
    "atop_defense": "alliance_defence",
    "atop_offense": "alliance_offence",
    "atop_neutral": "alliance_neutrality",
    "atop_nonagg": "alliance_non_aggression",
    "atop_consul": "alliance_consultation",
}


@dataclass(frozen=True)
class AtopDyads:
    """The file of directed dyad-years, in CSV."""

    key: str = "atop_dyads"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the five obligations between two nations."""
        return set(header(document)) >= {*_CODES, "year", *_KINDS}

    def parse(self, document: Document) -> Parsed:
        """Return a tie for each obligation that holds, by year."""
        frame, flags = pairs(document, _CODES, list(_KINDS), most=1)
        rows = ties(frame, _CODES, _KINDS)
        silent = frame.filter(pl.max_horizontal(list(_KINDS)).fill_null(0) == 0)
        told = "an alliance without one of the five obligations gives no tie"
        flags += counted("no_obligation", told, silent["line"].to_list(), "note")
        return Parsed(self.key, {"ties": rows}, tuple(flags))


SOURCE = AtopDyads()
