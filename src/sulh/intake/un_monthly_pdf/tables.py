"""Rows and printed totals as tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from sulh.intake.base import tidy, tidy_schemas
from sulh.intake.un_monthly_pdf.entries import Figures
from sulh.intake.un_monthly_pdf.layout import Column
from sulh.intake.un_monthly_pdf.reading import Total


class Cell(NamedTuple):
    """Persons of one type, women and men where printed."""

    type: str
    women: int | None
    men: int | None
    persons: int | None


class Key(NamedTuple):
    """What one row of the contributions table is about."""

    month: str
    nation: str
    operation: str | None
    type: str


@dataclass(slots=True)
class Stock:
    """A row of the contributions table; ``printed`` counts the lines that it was added up from."""

    women: int | None
    men: int | None
    persons: int
    page: int
    line: int
    printed: int = 1

    def add(self, cell: Cell) -> None:
        """Add a further line about the same persons' nation, operation and type."""
        known = self.women is not None and cell.women is not None
        self.women = (self.women or 0) + (cell.women or 0) if known else None
        known = self.men is not None and cell.men is not None
        self.men = (self.men or 0) + (cell.men or 0) if known else None
        self.persons += cell.persons or 0
        self.printed += 1


def cells(figures: Figures, columns: Sequence[Column], row_type: str | None) -> list[Cell]:
    """Return a line of figures by type.

    In a table with a column for each type an empty cell is a zero, as its totals count it, and
    zeros are passed over unless the line holds nothing else.
    """
    if row_type is not None:
        measures = {c.measure: figure for c, figure in zip(columns, figures, strict=True)}
        return [_cell(row_type, measures)]
    found: dict[str, dict[str, int | None]] = {}
    for column, figure in zip(columns, figures, strict=True):
        if column.type is not None:
            found.setdefault(column.type, {})[column.measure] = figure or 0
    rows = [_cell(kind, measures) for kind, measures in found.items()]
    return [cell for cell in rows if cell.persons] or rows


def _cell(kind: str, measures: dict[str, int | None]) -> Cell:
    """Return a cell; the one of women, men and persons that is not printed follows from the two."""
    women, men = measures.get("women"), measures.get("men")
    persons = measures.get("persons")
    if women is not None and men is not None:
        persons = women + men if persons is None else persons
    elif persons is not None and men is not None and men <= persons:
        women = persons - men
    elif persons is not None and women is not None and women <= persons:
        men = persons - women
    return Cell(kind, women, men, persons)


def contributions(stocks: Iterable[tuple[Key, Stock]]) -> pl.DataFrame:
    """Return the contributions table."""
    rows: list[tuple[object, ...]] = [
        (k.month, k.nation, k.operation, k.type, s.women, s.men, s.persons, s.page, s.line)
        for k, s in stocks
    ]
    return _table("contributions", rows, _CONTRIBUTIONS)


_CONTRIBUTIONS = (
    *("month", "nation_name", "operation_name", "personnel_type"),
    *("women", "men", "persons", "page", "line"),
)
_WORLD = ("month", "personnel_type", "women", "men", "persons", "page", "line")
_OPERATION = ("month", "operation_name", "personnel_type", "persons", "page", "line")


def _table(table: str, rows: list[tuple[object, ...]], columns: tuple[str, ...]) -> pl.DataFrame:
    schema = {column: tidy_schemas()[table][column] for column in columns}
    return tidy(table, pl.DataFrame(rows, schema=schema, orient="row"))


def world_totals(totals: Sequence[Total], columns: Sequence[Column], month: str) -> pl.DataFrame:
    """Return the printed grand totals: by type where printed, and their sum as "uniformed"."""
    rows: list[tuple[object, ...]] = [
        (month, c.type, c.women, c.men, c.persons, total.entry.page, total.entry.line)
        for total in totals
        if total.scope == "world"
        for c in _all_cells(total.entry.figures or (), columns)
        if c.persons is not None
    ]
    return _table("world_totals", rows, _WORLD)


def _all_cells(figures: Figures, columns: Sequence[Column]) -> Iterator[Cell]:
    found: dict[str, dict[str, int | None]] = {}
    for column, figure in zip(columns, figures, strict=True):
        found.setdefault(column.type or "uniformed", {})[column.measure] = figure
    return (_cell(kind, measures) for kind, measures in found.items())


def operation_totals(
    totals: Sequence[Total], columns: Sequence[Column], month: str
) -> pl.DataFrame:
    """Return the printed totals of operations over all nations."""
    rows: list[tuple[object, ...]] = [
        (month, total.operation, c.type, c.persons, total.entry.page, total.entry.line)
        for total in totals
        if total.scope == "operation" and total.nation is None
        for c in _all_cells(total.entry.figures or (), columns)
        if c.persons is not None
    ]
    return _table("operation_totals", rows, _OPERATION)
