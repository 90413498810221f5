"""Rows of a user's own file that count somebody twice, seen once names are resolved.

A nation or an operation may stand under two names in one file, and a sum may stand beside its
parts. Neither is added up: what contradicts is kept apart, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from sulh.store.choosing import with_domain
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger

_POLICE = ("individual_police", "formed_police")
_UNIFORMED = ("troops", "staff_officers", "experts_on_mission", "police", *_POLICE)
_PARTS = {"police": _POLICE, "uniformed": _UNIFORMED}
_GROUP = ("sha256", "origin", "month", "nation")
_ROW = ("sha256", "line", "personnel_type")
_TYPES = (pl.String, pl.Int64, pl.String, pl.String)
_Place = tuple[str, int, str]
_SHOWN = 10


def without_doubles(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return a user's rows, each person once; the others are kept apart and remarked on.

    Of equal figures for one nation, operation, month and type the first counts; of different ones
    none. A sum beside its parts is left out where they add up to it; where they do not, neither
    counts.
    """
    apart: dict[_Place, str] = {}
    for _, part in _suspects(rows).group_by(_GROUP, maintain_order=True):
        found = _repeated(part.to_dicts())
        left = [row for row in part.to_dicts() if _place(row) not in found]
        apart |= found | _summed(left)
    if not apart:
        return rows
    told = pl.DataFrame(
        [(*place, why) for place, why in apart.items()],
        schema=dict(zip((*_ROW, "reason"), _TYPES, strict=True)),
        orient="row",
    )
    lost = rows.join(told, on=_ROW)
    ledger.set_apart("contributions", lost.drop("nation", "operation"))
    for row in lost.sort("sha256", "line").iter_rows(named=True):
        message = f"1 row of contributions kept apart: {row['reason']}"
        remark = Remark("counted_twice", message, "refused", row["month"], line=row["line"])
        ledger.remark(row["sha256"], row["origin"], remark)
    return rows.join(told, on=_ROW, how="anti")


def _suspects(rows: pl.DataFrame) -> pl.DataFrame:
    """Return all rows of the nations and months in which something may be counted twice."""
    again = pl.struct(*_GROUP, "operation", "personnel_type").is_duplicated()
    total = pl.col("personnel_type").is_in(list(_PARTS)) | pl.col("operation").is_null()
    odd = rows.filter(again | total).select(_GROUP).unique()
    return with_domain(rows.join(odd, on=_GROUP, how="semi").sort(_ROW))


def _place(row: dict[str, Any]) -> _Place:
    return row["sha256"], row["line"], row["personnel_type"]


def _repeated(rows: Sequence[dict[str, Any]]) -> dict[_Place, str]:
    """Return the rows that give a figure again, under another name, with the reason."""
    same: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
    for row in rows:
        same.setdefault((row["operation"], row["personnel_type"]), []).append(row)
    found: dict[_Place, str] = {}
    for (operation, kind), alike in same.items():
        if len(alike) == 1:
            continue
        agree = len({row["persons"] for row in alike}) == 1
        each = ", ".join(f"{_name(row)} {row['persons']:,} (line {row['line']})" for row in alike)
        told = (
            f"{alike[0]['nation']}, {operation or 'no operation'}, {kind}, {alike[0]['month']} "
            f"stands {len(alike)} times under names that mean the same: {each}; "
        )
        why = "the first counts" if agree else "a stock has one figure, and none counts"
        found |= {_place(row): told + why for row in (alike[1:] if agree else alike)}
    return found


def _name(row: dict[str, Any]) -> str:
    names = (row["nation_name"] or row["nation_code"], row["operation_name"])
    return " in ".join(repr(name) for name in names if name)


def _summed(rows: Sequence[dict[str, Any]]) -> dict[_Place, str]:
    """Return the rows of sums that stand beside their parts, or both, with the reason."""
    found: dict[_Place, str] = {}
    for total, kinds in _PARTS.items():
        for whole in rows:
            if whole["personnel_type"] != total or _place(whole) in found:
                continue
            parts = [
                row
                for row in rows
                if row["operation"] == whole["operation"]
                and row["personnel_type"] in kinds
                and _place(row) not in found
            ]
            if parts:
                found |= _against(whole, parts, f"the row of {total}")
    uniformed = [row for row in rows if row["personnel_type"] != "civilian"]
    for whole in uniformed:
        if whole["operation"] is None and _place(whole) not in found:
            parts = [
                row
                for row in uniformed
                if row["operation"] is not None
                and row["personnel_type"] == whole["personnel_type"]
                and row["domain"] == whole["domain"]
                and _place(row) not in found
            ]
            if parts:
                found |= _against(whole, parts, "the row without an operation")
    return found


def _against(
    whole: dict[str, Any], parts: Sequence[dict[str, Any]], what: str
) -> dict[_Place, str]:
    summed = sum(row["persons"] for row in parts)
    lines = ", ".join(str(row["line"]) for row in parts[:_SHOWN])
    told = (
        f"{whole['nation']}, {whole['operation'] or 'no operation'}, {whole['month']}: {what} "
        f"(line {whole['line']}, {whole['persons']:,}) stands beside its parts (line {lines}, "
        f"together {summed:,})"
    )
    if summed == whole["persons"]:
        return {_place(whole): f"{told}; the parts count"}
    why = f"{told}, which do not add up to it: neither counts, keep the sum or all of its parts"
    return {_place(row): why for row in (whole, *parts)}
