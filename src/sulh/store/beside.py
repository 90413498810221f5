"""What answers tell beside their figures, drawn once from the small tables of a version.

A version keeps it as a file of its own, so that a question need not read and filter five tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import polars as pl

from sulh.store.checks.remarks import remark_rows

COPIED, WOMEN, LACKING = MONTH_CODES = ("copied_month", "women_not_plausible", "not_whole")
"""Codes of remarks on whole months."""

FILE = "beside.json"
_SOURCES = ("coverage", "flags", "world_totals", "files", "nation_months")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside figures.

    Parameters
    ----------
    chosen
        Month, origin chosen for it, and persons of ``coverage``.
    told
        Rows of `remark_rows`, with those of `MONTH_CODES`.
    printed
        Month, origin, persons and nations of the printed totals of the world, in order.
    fetched
        The last day on which a file of each source was fetched, empty if unknown.
    world
        Month, scope, origin and persons of ``nation_months``, in order.
    """

    chosen: list[tuple[str, str, int]]
    told: list[tuple[str | int | None, ...]]
    printed: list[tuple[str, str, int, int | None]]
    fetched: dict[str, str]
    world: list[tuple[str, str | None, str, int]]

    def to_json(self) -> str:
        """Return it as JSON, the same text for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Beside:
        """Return what `to_json` was given."""
        body = json.loads(text)
        rows = {name: [tuple(row) for row in body[name]] for name in body if name != "fetched"}
        return cls(fetched=body["fetched"], **rows)


def beside_of(table: Callable[[str], pl.DataFrame]) -> Beside:
    """Return what is told beside the figures of the tables that ``table`` gives by name."""
    coverage, flags, totals, files, counts = (table(name) for name in _SOURCES)
    printed = totals.filter(pl.col("personnel_type") == "uniformed", pl.col("persons") > 0)
    keys = ("month", "scope", "origin")
    return Beside(
        chosen=coverage.select("month", "chosen", "persons").rows(),
        told=remark_rows(flags, MONTH_CODES),
        printed=sorted(
            printed.select("month", "origin", "persons", "nations").rows(), key=lambda row: row[:2]
        ),
        fetched=_days(files),
        world=counts.group_by(keys).agg(pl.col("persons").sum()).sort(keys, nulls_last=True).rows(),
    )


def _days(files: pl.DataFrame) -> dict[str, str]:
    days: dict[str, str] = {}
    for key, day in files.select("origin", "retrieved").sort("origin").iter_rows():
        days[key] = max(days.get(key, ""), day or "")
    return days
