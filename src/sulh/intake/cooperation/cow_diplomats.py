"""Diplomatic Exchange 2006v1: at which level one nation represents itself at another.

Source: Bayer (2006), Correlates of War. Levels: 1 chargé d'affaires, 2 minister, 3 ambassador,
9 other. The figures come about every five years; the years between are unknown, not empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Parsed
from sulh.intake.cooperation.dyads import pairs, ties
from sulh.intake.text import header

_CODES = ("ccode1", "ccode2")
_COLUMNS = ("DR_at_1", "DR_at_2", "DE")


@dataclass(frozen=True)
class CowDiplomats:
    """The file of directed pairs, in CSV."""

    key: str = "cow_diplomats"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has pairs, years and representation at either side."""
        return set(header(document)) >= {*_CODES, "year", *_COLUMNS}

    def parse(self, document: Document) -> Parsed:
        """Return a tie from the sender to the host for each mission, with its level as value."""
        frame, flags = pairs(document, _CODES, _COLUMNS)
        sent = ties(frame, _CODES, {"DR_at_2": "diplomatic_mission"})
        received = ties(frame, _CODES[::-1], {"DR_at_1": "diplomatic_mission"})
        key = ["year", "nation_code", "partner_code", "kind"]
        whole = pl.concat([sent, received]).unique(key, keep="first", maintain_order=True)
        rows = whole.sort("line", maintain_order=True)
        return Parsed(self.key, {"ties": rows}, tuple(flags))


SOURCE = CowDiplomats()
