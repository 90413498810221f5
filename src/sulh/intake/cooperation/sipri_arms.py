"""Arms transfers between nations by year, in millions of trend-indicator values.

Source: SIPRI Arms Transfers Database, as pairs by year with Correlates of War numbers. The value
rests on the cost of production, not on the price. A zero says that the database holds no delivery.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed
from sulh.intake.cells import counts
from sulh.intake.cooperation.dyads import ties
from sulh.intake.figures import figures, refuse_if_unfit, require_columns, required, years
from sulh.intake.text import header, read_csv

_CODES = ("ccode1", "ccode2")
_HEADER = {"year", "sender", "receiver", "value", *_CODES}


@dataclass(frozen=True)
class SipriArms:
    """The file of suppliers and recipients by year, in CSV."""

    key: str = "sipri_arms"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has senders, receivers and a value."""
        return set(header(document)) >= _HEADER

    def parse(self, document: Document) -> Parsed:
        """Return a tie from supplier to recipient for each year with deliveries."""
        table = read_csv(document)
        require_columns(document, table.frame, _HEADER)
        flags = list(table.flags)
        frame, found = years(table.frame, 1900)
        flags += found
        frame, found = counts(frame, _CODES, most=999)
        flags += found
        frame, found = required(frame, list(_CODES))
        flags += found
        frame, found = figures(frame, ["value"], none=("NA",), between=(0, 1e6))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        none = frame.filter(pl.col("value") == 0).height
        told = f"{none:,} pairs and years without a delivery give no tie"
        flags.append(Flag("no_delivery", told, "note"))
        coded = frame.with_columns(pl.col(name).cast(pl.String) for name in _CODES)
        rows = ties(coded, _CODES, {"value": "arms_transfer"})
        return Parsed(self.key, {"ties": rows}, tuple(flags))


SOURCE = SipriArms()
