"""A user's table as a grid of text, whether it came as CSV or as XLSX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Flag
from sulh.intake.text import column_names, decode, read_csv, refused
from sulh.intake.user.mapping import FilePart
from sulh.intake.user.problems import Problem
from sulh.intake.user.template import HELP
from sulh.intake.workbook import Cell, Workbook, is_sealed, is_workbook, open_workbook

_MOST_COLUMNS = 500
_FIGURE = re.compile(r"[0-9][0-9 ,.]*")


@dataclass(frozen=True)
class Grid:
    """A table of text: names of columns, and rows with their line; an empty cell is absent.

    ``formulas`` names, by column, the cells whose text a formula made.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    formulas: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()
    flags: tuple[Flag, ...] = ()


def read_grid(document: Document, settings: FilePart) -> Grid:
    """Return the table of a CSV or XLSX document, or raise `RefusedFile`."""
    if is_workbook(document.data) or is_sealed(document.data):
        return _from_workbook(document, settings)
    return _from_csv(document, settings)


def _from_csv(document: Document, settings: FilePart) -> Grid:
    skipped = settings.header_row - 1
    if skipped:
        text, _ = decode(document)
        lines = text.splitlines(keepends=True)
        rest = "".join(lines[skipped:]).encode("utf-8")
        document = Document(document.name, rest)
    table = read_csv(document, settings.delimiter)
    names = tuple(name for name in table.frame.columns if name != "line")
    rows = []
    for record in table.frame.iter_rows(named=True):
        cells = {name: record[name].strip() for name in names if record[name] is not None}
        kept = {name: text for name, text in cells.items() if text}
        if kept:
            rows.append((record["line"] + skipped, kept))
    problems = [
        Problem(flag.message, "give the row as many cells", (flag.line or 0) + skipped)
        for flag in table.flags
        if flag.severity == "refused"
    ]
    flags = tuple(flag for flag in table.flags if flag.severity != "refused")
    return Grid(names, tuple(rows), {}, tuple(problems), flags)


def _from_workbook(document: Document, settings: FilePart) -> Grid:
    book = open_workbook(document)
    sheet = book.sheet(settings.sheet)
    header = sheet.texts(settings.header_row)
    if not header or max(header) > _MOST_COLUMNS:
        raise refused(
            document,
            f"row {settings.header_row} of sheet {sheet.name!r} names "
            + (f"more than {_MOST_COLUMNS} columns" if header else "no column"),
            "it must hold the names of the columns",
            "put the names there, or say header_row in the mapping file",
        )
    cells = [header.get(place, "") for place in range(1, max(header) + 1)]
    names = column_names(document, cells)
    rows = []
    problems = []
    formulas: dict[str, list[str]] = {}
    for line in sorted(number for number in sheet.rows if number > settings.header_row):
        texts = sheet.texts(line)
        kept = {names[place - 1]: text for place, text in texts.items() if place <= len(names)}
        if kept:
            rows.append((line, kept))
        for place, cell in sheet.rows[line].items():
            name = names[place - 1] if place <= len(names) else ""
            problems += _of_cell(cell, name, line)
            if name and cell.formula:
                formulas.setdefault(name, []).append(f"{get_column_letter(place)}{line}")
    made = {name: tuple(references) for name, references in formulas.items()}
    flags = tuple(_unread_sheets(book, sheet.name, named=settings.sheet is not None))
    return Grid(tuple(names), tuple(rows), made, tuple(problems), flags)


def _unread_sheets(book: Workbook, read: str, *, named: bool) -> Iterator[Flag]:
    """Yield a flag for each other sheet with rows: a doubt for figures, unless one was named."""
    for name in book.sheet_names:
        if name == read:
            continue
        try:
            sheet = book.sheet(name)
        except RefusedFile as error:
            yield Flag("sheet_not_read", f"sheet {name!r} cannot be read: {error.found}", "doubt")
            continue
        lines = [texts for row in sorted(sheet.rows) if (texts := sheet.texts(row))]
        if len(lines) < 2 or tuple(lines[0].values()) == HELP:
            continue
        figures = any(_FIGURE.fullmatch(text) for texts in lines for text in texts.values())
        message = (
            f"sheet {name!r} has {len(lines)} rows and was not read, sheet {read!r} was. Save each "
            "sheet as a file of its own, or name the sheet in a mapping file"
        )
        yield Flag("sheet_not_read", message, "doubt" if figures and not named else "note")


def _of_cell(cell: Cell, name: str, line: int) -> list[Problem]:
    if not name and cell.text:
        return [Problem(f"{cell.text[:40]!r} stands in no named column", "name or clear it", line)]
    if cell.problem:
        return [Problem(f"{name} is the error {cell.problem}", "correct the formula", line)]
    if cell.formula and cell.text is None:
        mend = "open the workbook, let it compute, and save it"
        return [Problem(f"{name} is a formula without a stored value", mend, line)]
    return []
