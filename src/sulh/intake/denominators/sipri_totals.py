"""Compare SIPRI's printed world totals with the sum over nations."""

from __future__ import annotations

import re

import polars as pl

from sulh.intake.base import Flag
from sulh.intake.workbook import Workbook

_SHEET = "regional totals"
_BILLION = 1e9
_CONSTANT = re.compile(r"military_expenditure_\d{4}_usd")
_CURRENT = re.compile(r"(\d{4}) \(current prices\)")
# the totals hold estimates for nations without a figure, and leave out some that have one
_BELOW, _ABOVE = 0.95, 1.02


def compare_totals(workbook: Workbook, table: pl.DataFrame) -> list[Flag]:
    """Return a doubt for each year whose printed world total is far from the sum over nations.

    A workbook without the sheet of totals gives a note.
    """
    names = [name for name in workbook.sheet_names if name.strip().lower() == _SHEET]
    constant = [name for name in table["measure"].unique() if _CONSTANT.fullmatch(name)]
    printed = _world(workbook, names[0], constant[0]) if names and constant else []
    if not printed:
        message = "no printed world totals to compare with"
        return [Flag("no_totals", message, "note")]
    sums = {
        (row["measure"], row["year"]): row["value"]
        for row in table.group_by("measure", "year").agg(pl.col("value").sum()).to_dicts()
    }
    flags = []
    for measure, year, total in printed:
        found = sums.get((measure, year), 0.0)
        if not _BELOW <= found / total <= _ABOVE:
            message = (
                f"{measure} {year}: nations add up to {found / _BILLION:,.1f} bn, "
                f"the printed world total is {total / _BILLION:,.1f} bn"
            )
            flags.append(Flag("total_differs", message, "doubt"))
    return flags


def _world(workbook: Workbook, sheet_name: str, constant: str) -> list[tuple[str, int, float]]:
    """Return measure, year and total, in dollars, of each figure in the row World."""
    sheet = workbook.sheet(sheet_name)
    rows = {sheet.texts(line).get(1): line for line in sorted(sheet.rows, reverse=True)}
    if not {"Region", "World"} <= set(rows):
        return []
    header, world = sheet.texts(rows["Region"]), sheet.texts(rows["World"])
    found = []
    for place, text in header.items():
        current = _CURRENT.fullmatch(text)
        year = current[1] if current else text
        total = _positive(world.get(place, ""))
        if year.isdigit() and len(year) == 4 and total:
            measure = "military_expenditure_usd" if current else constant
            found.append((measure, int(year), total * _BILLION))
    return found


def _positive(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < 1e6 else None
