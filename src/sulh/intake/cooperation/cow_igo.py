"""Membership of nations in intergovernmental organisations by year.

Source: Pevehouse, Nordstrom, McManus & Jamison (2020), Correlates of War, IGO v3, state-years.
Cells: 1 full member, 2 associate, 3 observer, 0 none, -9 unknown, -1 no such organisation or state.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts
from sulh.intake.figures import counted, refuse_if_unfit, require_columns, required, years
from sulh.intake.text import header, read_csv

_ROLES = {"1": "full", "2": "associate", "3": "observer", "-9": "unknown"}
_ABSENT = ("0", "-1")
_KNOWN = {"ccode", "year", "state", "un", "oau", "nato", "asean"}
_LEAST_ORGANISATIONS = 300


@dataclass(frozen=True)
class CowIgo:
    """The file of state-years with a column for each organisation, in CSV."""

    key: str = "cow_igo"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has states, years and hundreds of organisations."""
        cells = header(document)
        return set(cells) >= _KNOWN and len(cells) > _LEAST_ORGANISATIONS

    def parse(self, document: Document) -> Parsed:
        """Return a row for each membership of whatever kind, and for each that is unknown."""
        table = read_csv(document)
        require_columns(document, table.frame, ["ccode", "year", "state"])
        flags: list[Flag] = list(table.flags)
        frame, found = years(table.frame)
        flags += found
        frame, found = counts(frame, ["ccode"], most=999)
        flags += found
        frame, found = required(frame, ["ccode"])
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        bodies = [c for c in frame.columns if c not in ("ccode", "year", "state", "line")]
        parts, odd = [], []
        for body in bodies:  # one column at a time: the whole would be ten million rows
            cells = frame.select(
                "year",
                pl.col("ccode").cast(pl.String).alias("nation_code"),
                pl.lit(body).alias("organisation"),
                pl.col(body).str.strip_chars().alias("cell"),
                "line",
            ).filter(~pl.col("cell").is_in(_ABSENT))
            odd += cells.filter(~pl.col("cell").is_in(list(_ROLES)))["line"].to_list()
            parts.append(cells.filter(pl.col("cell").is_in(list(_ROLES))))
        flags += counted("not_a_role", "a cell is no kind of membership", odd, "refused")
        rows = pl.concat(parts).with_columns(
            pl.col("cell").replace_strict(_ROLES, return_dtype=pl.String).alias("role"),
            pl.lit("cow").alias("code_system"),
        )
        whole = tidy("memberships", rows.drop("cell"))
        return Parsed(self.key, {"memberships": whole.sort("line", "organisation")}, tuple(flags))


SOURCE = CowIgo()
