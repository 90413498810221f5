"""Contingents in which women outnumber men: the two are exchanged, most likely."""

from __future__ import annotations

import polars as pl

from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger

_LEAST = 200  # of troops; but for August 2020, no report since 2009 has more than 132 (68 and 64)
_SHOWN = 3


def doubt_exchanged(rows: pl.DataFrame, ledger: Ledger) -> None:
    """Remark, once a file and month, on contingents that are said to be mostly of women.

    ``rows`` have a nation, an operation and a place in their file; they stay as they are. Police
    are left out: several nations send units and advisers of whom most are women.
    """
    odd = rows.filter(
        pl.col("personnel_type") == "troops",
        pl.col("persons") >= _LEAST,
        pl.col("women") > pl.col("men"),
    ).sort("sha256", "month", "line", "nation")
    for _, part in odd.group_by("sha256", "month", maintain_order=True):
        first = part.row(0, named=True)
        each = [
            f"{nation} in {operation or 'no operation'} {women:,} women and {men:,} men"
            for nation, operation, women, men in part.head(_SHOWN)
            .select("nation", "operation", "women", "men")
            .iter_rows()
        ]
        more = f" and {part.height - _SHOWN} more" if part.height > _SHOWN else ""
        told = f"women outnumber men among troops: {'; '.join(each)}{more}; they may be exchanged"
        place = {"page": first["page"], "line": first["line"]}
        remark = Remark("women_exceed_men", told, "doubt", first["month"], **place)
        ledger.remark(first["sha256"], first["origin"], remark)
