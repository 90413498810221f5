"""Formal Alliances v4.1, pairs by year.

Source: Gibler (2009), Correlates of War. The published file repeats whole rows of a few pairs;
each counts once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sulh.intake.base import Document, Parsed
from sulh.intake.cooperation.dyads import both_ways, pairs, ties
from sulh.intake.text import header

_CODES = ("ccode1", "ccode2")
_KINDS = {
    "defense": "cow_defence_pact",
    "neutrality": "cow_neutrality_pact",
    "nonaggression": "cow_non_aggression_pact",
    "entente": "cow_entente",
}


@dataclass(frozen=True)
class CowAlliances:
    """The file ``by_dyad_yearly``, in CSV."""

    key: str = "cow_alliances"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has pairs, years and the four kinds of pact."""
        return set(header(document)) >= {"version4id", *_CODES, "year", *_KINDS}

    def parse(self, document: Document) -> Parsed:
        """Return a tie each way for each pact in force, by year."""
        frame, flags = pairs(document, _CODES, list(_KINDS), most=1)
        rows = both_ways(ties(frame, _CODES, _KINDS))
        return Parsed(self.key, {"ties": rows}, tuple(flags))


SOURCE = CowAlliances()
