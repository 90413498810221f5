"""Alliance Treaty Obligations and Provisions 5.1: alliances, their members, nations by year.

Source: Leeds, Ritter, Mitchell & Long (2002). A year of end 0 means in force at the end of 2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts
from sulh.intake.figures import refuse_if_unfit, require_columns, required, years
from sulh.intake.text import header, read_csv

_NONE = ("NA", "-9", ".")
_OBLIGATIONS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non_aggression",
    "consul": "consultation",
}
_ENDS_OF = {"atop_alliances": ("begyr", "endyr"), "atop_members": ("yrent", "yrexit")}


@dataclass(frozen=True)
class Atop:
    """The file of alliances or that of their members, in CSV; ``mark`` is a column of it alone."""

    key: str
    table: str
    mark: str

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the columns of this file of alliances."""
        cells = set(header(document))
        return cells >= {"atopid", self.mark, *_OBLIGATIONS, *_ENDS_OF[self.key]}

    def parse(self, document: Document) -> Parsed:
        """Return a row for each alliance, or each spell of a member in a phase of an alliance."""
        start, end = _ENDS_OF[self.key]
        member = ["member"] if self.key == "atop_members" else []
        wanted = ["atopid", start, end, "bilat", "wartime", "phase", *member, *_OBLIGATIONS]
        wanted = [name for name in wanted if name != "phase" or member]
        frame, flags = _read(document, wanted, [*member, "atopid", start])
        rows = frame.select(
            pl.col("atopid").cast(pl.String).alias("alliance"),
            *(pl.col(name).cast(pl.String).alias("nation_code") for name in member),
            *(pl.lit("cow").alias("code_system") for _ in member),
            *(pl.col("phase") for _ in member),
            pl.col(start).alias("first_year"),
            pl.when(pl.col(end) > 0).then(pl.col(end)).alias("last_year"),
            (pl.col("bilat") == 1).alias("bilateral"),
            *((pl.col(old) == 1).alias(new) for old, new in _OBLIGATIONS.items()),
            "line",
        )
        return Parsed(self.key, {self.table: tidy(self.table, rows)}, tuple(flags))


def _read(
    document: Document, wanted: Sequence[str], needed: Sequence[str]
) -> tuple[pl.DataFrame, list[Flag]]:
    table = read_csv(document)
    require_columns(document, table.frame, wanted)
    flags = list(table.flags)
    frame, found = counts(table.frame, list(wanted), none=_NONE, most=99_999)
    flags += found
    frame, found = required(frame, list(needed))
    flags += found
    refuse_if_unfit(document, table.frame.height, frame.height, flags)
    return frame, flags


@dataclass(frozen=True)
class AtopStateYears:
    """The file of nations by year, in CSV: in how many alliances each stands."""

    key: str = "atop_state_years"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has nations, years and the number of alliances."""
        return set(header(document)) >= {"state", "year", "atopally", "number", "atopid1"}

    def parse(self, document: Document) -> Parsed:
        """Return the number of alliances by nation and year."""
        table = read_csv(document)
        require_columns(document, table.frame, ["state", "year", "number"])
        flags = list(table.flags)
        frame, found = years(table.frame)
        flags += found
        frame, found = counts(frame, ["state", "number"], none=_NONE, most=999)
        flags += found
        frame, found = required(frame, ["state"])
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = frame.select(
            "year",
            pl.col("state").cast(pl.String).alias("nation_code"),
            pl.lit("cow").alias("code_system"),
            pl.lit("alliances").alias("measure"),
            pl.col("number").cast(pl.Float64).alias("value"),
            "line",
        )
        return Parsed(self.key, {"nation_years": tidy("nation_years", rows)}, tuple(flags))


SOURCES = (
    Atop("atop_alliances", "alliances", "mem1"),
    Atop("atop_members", "alliance_members", "member"),
    AtopStateYears(),
)
