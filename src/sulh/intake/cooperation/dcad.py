"""Defense Cooperation Agreement Dataset 1.0: pairs by year, and single agreements.

Source: Kinne (2020), 1980 to 2010, 1,872 agreements. V1 counts what is certain, V2 also what is
probable. The files are not shipped: bring the publisher's.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Parsed, tidy
from sulh.intake.cells import counts
from sulh.intake.cooperation.dyads import both_ways, pairs, ties
from sulh.intake.figures import refuse_if_unfit, require_columns, required
from sulh.intake.text import header, read_csv

_CODES = ("ccode1", "ccode2")
_KINDS = {
    "dcaGeneralV1": "dca_general",
    "dcaSectorV1": "dca_sector",
    "dcaGeneralV2": "dca_general_probable",
    "dcaSectorV2": "dca_sector_probable",
}
_MAIN = ("ccode1", "ccode2", "signYear", "EIFYear", "endYearEstimate", "DCAid")
_NONE = ("NA", "-9", "-99", ".")


@dataclass(frozen=True)
class DcadDyads:
    """The file of pairs by year, in CSV."""

    key: str = "dcad_dyads"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has pairs, years and the kinds of agreement."""
        return set(header(document)) >= {*_CODES, "year", *_KINDS}

    def parse(self, document: Document) -> Parsed:
        """Return a tie each way for each kind of agreement in force."""
        frame, flags = pairs(document, _CODES, list(_KINDS), most=99)
        return Parsed(self.key, {"ties": both_ways(ties(frame, _CODES, _KINDS))}, tuple(flags))


@dataclass(frozen=True)
class DcadMain:
    """The file of agreements, in CSV."""

    key: str = "dcad_agreements"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the columns of single agreements."""
        return set(header(document)) >= {*_MAIN, "cowName1", "type"}

    def parse(self, document: Document) -> Parsed:
        """Return a row for each agreement: parties, kind, years of signature, force and end."""
        table = read_csv(document)
        require_columns(document, table.frame, [*_MAIN, "type"])
        flags = list(table.flags)
        numbers = [*_CODES, "signYear", "EIFYear", "endYearEstimate"]
        frame, found = counts(table.frame, numbers, none=_NONE, most=2100)
        flags += found
        frame, found = required(frame, [*_CODES, "DCAid", "signYear"])
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = frame.select(
            pl.col("DCAid").alias("agreement"),
            pl.col("ccode1").cast(pl.String).alias("nation_code"),
            pl.col("ccode2").cast(pl.String).alias("partner_code"),
            pl.lit("cow").alias("code_system"),
            pl.col("type").alias("kind"),
            pl.col("signYear").alias("signed_year"),
            pl.col("EIFYear").alias("first_year"),
            pl.col("endYearEstimate").alias("last_year"),
            "line",
        )
        return Parsed(self.key, {"agreements": tidy("agreements", rows)}, tuple(flags))


SOURCES = (DcadDyads(), DcadMain())
