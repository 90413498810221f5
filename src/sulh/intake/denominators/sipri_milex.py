"""Military expenditure by nation and year, 1949 to 2022.

Source: Stockholm International Peace Research Institute, SIPRI Military Expenditure Database 2023.
Sheets are recognised by their words, years by the header row, whatever its place. ``. .`` is not
available, ``xxx`` not applicable (the state did not exist or was not independent); figures in blue
are SIPRI's estimates, in red highly uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.denominators.nation_years import (
    ESTIMATED,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    UNCERTAIN,
    checked,
)
from sulh.intake.denominators.sipri_totals import compare_totals
from sulh.intake.text import refused
from sulh.intake.workbook import Cell, Sheet, is_workbook, open_workbook

_MILLION = 1e6
_UNAVAILABLE = (". .", "...", "..", "…")
_INAPPLICABLE = "xxx"
_COLOURS = {"FF0000FF": ESTIMATED, "FFFF0000": UNCERTAIN}
_YEAR = re.compile(r"(19|20)\d\d")
_CONSTANT = re.compile(r"constant \((\d{4})\) us\$")
_MOST_HEADER_ROWS = 30
_NO_NATIONS = ("European Union",)
_UNREAD = ("front page", "local currency", "footnotes", "regional totals")

# words of a sheet's name -> measure, and the factor from its unit
_MEASURES = {
    "current us$": ("military_expenditure_usd", _MILLION),
    "share of gdp": ("military_expenditure_share_of_gdp", 1.0),
    "per capita": ("military_expenditure_per_head_usd", 1.0),
    "share of govt. spending": ("military_expenditure_share_of_budget", 1.0),
}


@dataclass(frozen=True)
class SipriMilex:
    """The workbook of all nations and years; nations by SIPRI's names."""

    key: str = "sipri_milex"

    def recognises(self, document: Document) -> bool:
        """Return whether it is a workbook with SIPRI's sheets of expenditure."""
        if not is_workbook(document.data):
            return False
        try:
            sheets = {name.strip().lower() for name in open_workbook(document).sheet_names}
        except RefusedFile:
            return False
        return {"current us$", "share of gdp"} <= sheets

    def parse(self, document: Document) -> Parsed:
        """Return a row for each nation, year and measure, shares as fractions of one."""
        workbook = open_workbook(document)
        parts: list[pl.DataFrame] = []
        flags: list[Flag] = []
        for name in workbook.sheet_names:
            measure = _measure_of(name)
            if measure:
                rows, found = _read(document, workbook.sheet(name), *measure)
                parts.append(rows)
                flags += found
            elif not name.lower().startswith(_UNREAD):
                message = f"the sheet {name[:60]!r} is not known and was left out"
                flags.append(Flag("sheet_left_out", message, "doubt"))
        if not parts:
            raise refused(document, "no sheet of expenditure", "nothing to read", "fetch it again")
        table, found = checked(pl.concat(parts))
        flags += [*found, *compare_totals(workbook, table), *_left_out()]
        return Parsed(self.key, {"nation_years": table}, tuple(flags))


def _measure_of(name: str) -> tuple[str, float] | None:
    """Return the measure of a sheet and the factor from its unit, or None.

    >>> _measure_of("Constant (2021) US$")
    ('military_expenditure_2021_usd', 1000000.0)
    """
    plain = name.strip().lower()
    constant = _CONSTANT.fullmatch(plain)
    if constant:
        return f"military_expenditure_{constant[1]}_usd", _MILLION
    return _MEASURES.get(plain)


def _header(document: Document, sheet: Sheet) -> tuple[int, dict[int, int]]:
    """Return the row of the header and the year of each of its columns."""
    for line in sorted(sheet.rows)[:_MOST_HEADER_ROWS]:
        texts = sheet.texts(line)
        years = {place: int(text) for place, text in texts.items() if _YEAR.fullmatch(text)}
        if texts.get(1) == "Country" and len(years) > 1:
            if len(set(years.values())) < len(years):
                break
            return line, years
    raise refused(
        document,
        f"no row in sheet {sheet.name!r} that begins with Country and names each year once",
        "without it no figure has a year",
        "fetch the file again",
    )


def _read(
    document: Document, sheet: Sheet, measure: str, factor: float
) -> tuple[pl.DataFrame, list[Flag]]:
    line, years = _header(document, sheet)
    rows: list[tuple[int, str, str, float | None, str | None, int]] = []
    flags: list[Flag] = []
    for row, name, cells in _nations(sheet, line, years):
        if name in _NO_NATIONS:
            message = f"{sheet.name}: {name} is no nation and was left out"
            flags.append(Flag("not_a_nation", message, "note", line=row))
            continue
        for place, cell in cells.items():
            value, quality, problem = _figure(cell)
            if problem:
                message = f"{sheet.name}, {name} {years[place]}: {problem}; kept apart"
                flags.append(Flag("not_a_figure", message, "refused", line=row))
            else:
                scaled = None if value is None else value * factor
                rows.append((years[place], name, measure, scaled, quality, row))
    if len(flags) * 10 > len(rows):
        raise refused(
            document,
            f"{len(flags)} unreadable cells in sheet {sheet.name!r}",
            "so many mean a damaged file",
            "fetch the file again",
        )
    schema = ("year", "nation_name", "measure", "value", "quality", "line")
    return tidy("nation_years", pl.DataFrame(rows, schema=schema, orient="row")), flags


def _nations(
    sheet: Sheet, header: int, years: dict[int, int]
) -> Iterator[tuple[int, str, dict[int, Cell]]]:
    """Yield row, name and cells of each row below the header that has some; regions have none."""
    for row in sorted(line for line in sheet.rows if line > header):
        name = sheet.texts(row).get(1)
        cells = {place: cell for place, cell in sheet.rows[row].items() if place in years}
        if name and cells:
            yield row, name, cells


def _figure(cell: Cell) -> tuple[float | None, str | None, str | None]:
    """Return value, quality and problem of a cell; one of value and quality may be None."""
    text = (cell.text or "").strip()
    if text in _UNAVAILABLE or not text:
        return None, NOT_AVAILABLE, None
    if text.lower() == _INAPPLICABLE:
        return None, NOT_APPLICABLE, None
    try:
        value = float(text)
    except ValueError:
        return None, None, f"{text[:40]!r} is no figure and no known mark"
    if cell.formula or not 0 <= value < 1e9:
        return None, None, f"{text[:40]!r} is out of bounds or made by a formula"
    return value, _COLOURS.get(cell.colour or ""), None


def _left_out() -> list[Flag]:
    message = "the sheets in local currency are not tabulated"
    return [Flag("sheet_left_out", message, "note")]


SOURCE = SipriMilex()
