"""Read XLSX workbooks cell by cell: bounded, exact, without evaluating formulas.

openpyxl reads them. Before it may, the archive is measured and each part's beginning looked at, so
that nothing is unpacked, expanded or padded beyond bounds; see docs/decisions/0002-workbooks.md.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Any, TypeVar
from xml.etree.ElementTree import Element, ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from sulh.intake.base import Document
from sulh.intake.text import MAX_CELL, refused

MOST_UNPACKED = 128 * 1024 * 1024
MOST_PARTS = 2_000
MOST_TAGS = 2_000_000  # a cell has two to six
MOST_OTHER_TAGS = 200_000  # outside of cells and texts; a style costs more than a cell
_MANY = ("xl/worksheets/", "xl/sharedStrings.xml")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_STRICT = "{http://purl.oclc.org/ooxml/"
_DAMAGED = "the workbook is damaged, cut or hostile"
_AGAIN = "open it in a spreadsheet program and save it as XLSX anew, or as CSV"

_T = TypeVar("_T")


class BadPartError(ValueError):
    """A part of a workbook that breaks the standard or a bound."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text (figures exact, dates ISO), whether a formula made it, and its font.

    ``colour`` is the font's (``FF0000FF`` is blue), where the styles write it out, or None;
    ``problem`` is the spreadsheet's error value (``#REF!``), or None.
    """

    text: str | None
    formula: bool = False
    colour: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its cells that are not empty, by row number and column number, both from 1."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(repr=False)

    def texts(self, row: int) -> dict[int, str]:
        """Return the texts of a row by column, stripped, without empty ones."""
        cells = self.rows.get(row, {})
        found = {column: (cell.text or "").strip() for column, cell in cells.items()}
        return {column: text for column, text in found.items() if text}


@dataclass(frozen=True)
class Workbook:
    """An opened workbook; a sheet is read when it is asked for."""

    document: Document
    sheet_names: tuple[str, ...]
    _book: Any = field(repr=False)

    def sheet(self, name: str | None = None) -> Sheet:
        """Return the sheet ``name``, or the first one; raise `RefusedFile` if there is none."""
        wanted = name if name is not None else next(iter(self.sheet_names), "")
        if wanted not in self.sheet_names:
            raise refused(
                self.document,
                f"no sheet {wanted[:80]!r}; there are {', '.join(self.sheet_names)[:300]}",
                "the sheet to read must be named as in the workbook",
                "correct the name of the sheet",
            )
        return _guarded(self.document, lambda: Sheet(wanted, _read_cells(self._book[wanted])))


def is_workbook(data: bytes) -> bool:
    """Return whether the bytes are a zip archive with a workbook in it; cheap."""
    return data.startswith(_ZIP) and b"xl/workbook.xml" in data


def is_sealed(data: bytes) -> bool:
    """Return whether the bytes are an OLE file: an encrypted workbook, or one of the old kind."""
    return data.startswith(_OLE)


def open_workbook(document: Document) -> Workbook:
    """Return the opened workbook, or raise `RefusedFile`.

    Refused are encrypted workbooks, those of the old binary kind, archives that unpack to more
    than 128 MB, hold a part twice or more than 2 million tags, and XML with a document type.
    """
    if is_sealed(document.data):
        raise refused(
            document,
            "an encrypted workbook, or one of the old binary kind (XLS)",
            "it cannot be read without its password or its program",
            "save it without a password as XLSX",
        )
    return _guarded(document, lambda: _open(document))


def _guarded(document: Document, act: Callable[[], _T]) -> _T:
    """Return what ``act`` returns; whatever it raises on damaged bytes becomes `RefusedFile`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on styles and extensions
            return act()
    except BadPartError as error:
        raise refused(document, str(error), _DAMAGED, _AGAIN) from error
    except Exception as error:
        found = f"{type(error).__name__}: {error}"[:200]
        raise refused(document, found, _DAMAGED, _AGAIN) from error


def _open(document: Document) -> Workbook:
    with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
        _check_archive(archive)
        _check_parts(archive)
    with redirect_stdout(io.StringIO()):  # openpyxl prints a remark on damaged styles
        book = openpyxl.load_workbook(
            io.BytesIO(document.data), read_only=True, data_only=True, keep_links=False
        )
    names = tuple(sheet.title for sheet in book.worksheets)
    if len(set(names)) < len(names):
        raise BadPartError("two sheets of the same name")
    return Workbook(document, names, book)


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Raise `BadPartError` for an archive that is encrypted, ambiguous or far too large."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise BadPartError(f"an archive of {len(parts)} parts, or with a part that occurs twice")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadPartError("an encrypted archive")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise BadPartError(
            f"an archive that unpacks to {unpacked:,} bytes (the limit is {MOST_UNPACKED:,})"
        )


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Raise `BadPartError` for too many tags, a document type, or the standard's strict variant.

    Each part is unpacked to its end, which also proves its declared size and its checksum. Tags
    are counted since the tree of a few megabytes of ``<c/>`` takes gigabytes.
    """
    tags = other = 0
    for part in archive.infolist():
        with archive.open(part) as stream:
            found = sum(chunk.count(b"<") for chunk in iter(lambda: stream.read(_CHUNK), b""))
        tags += found
        other += 0 if part.filename.startswith(_MANY) else found
        if tags > MOST_TAGS or other > MOST_OTHER_TAGS:
            raise BadPartError(
                f"an archive with more than {MOST_TAGS:,} tags in its XML, or "
                f"{MOST_OTHER_TAGS:,} outside of its sheets and shared texts"
            )
        with archive.open(part) as stream:
            if _root(stream).startswith(_STRICT):
                raise BadPartError("a workbook in the variant Strict Open XML")


def _root(stream: IO[bytes]) -> str:
    """Return the name of the first tag, or nothing where the part is no XML.

    A document type can stand only before that tag; whatever declares one is refused.
    """
    try:
        _, root = next(iterparse(stream, events=("start",), forbid_dtd=True), (None, None))
    except DefusedXmlException as error:
        raise BadPartError("XML that declares a document type or entities") from error
    except ParseError:
        return ""
    return str(root.tag) if root is not None else ""


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's parser of a sheet, that also says which values a formula made."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Return row, column, value, kind and style of a cell, and whether it has a formula."""
        cell: dict[str, Any] = super().parse_cell(element)
        cell["formula"] = element.find(FORMULA_TAG) is not None
        return cell


def _read_cells(sheet: Any) -> dict[int, dict[int, Cell]]:
    """Return the cells that hold something, by row and column.

    The parser is used without the sheet's ``iter_rows``, which pads what lies between cells and
    drops without a word what is out of order or stands twice.
    """

    @cache
    def look(style: int) -> tuple[bool, str | None]:
        return _look(sheet, style)

    rows: dict[int, dict[int, Cell]] = {}
    texts = dict(enumerate(sheet._shared_strings))  # a list would take -1 for its last
    with sheet._get_source() as stream:
        parser = _Parser(stream, texts, data_only=True)
        for number, raws in parser.parse():
            _within(number, 1)
            for raw in raws:
                row, column = raw["row"], raw["column"]
                _within(row, column)
                cell = _cell(raw, *look(raw["style_id"]), sheet.parent.epoch)
                if cell.text is None and not cell.formula:
                    continue
                if column in rows.setdefault(row, {}):
                    raise BadPartError(f"row {row} holds column {column} twice")
                rows[row][column] = cell
    return rows


def _within(row: int, column: int) -> None:
    if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
        raise BadPartError(f"a cell outside the sheet: row {row}, column {column}")


def _look(sheet: Any, style: int) -> tuple[bool, str | None]:
    """Return whether a style shows numbers as dates, and its font's colour."""
    cell = ReadOnlyCell(sheet, 1, 1, 1.0, style_id=style)
    try:
        return cell.is_date, _colour(cell.font.color)
    except IndexError:  # a style that the workbook does not hold
        return False, None


def _colour(color: Any) -> str | None:
    """Return a colour as eight digits, opaque, or None where it is not written out."""
    if color is None or color.type not in ("rgb", "indexed"):
        return None
    if color.type == "indexed":
        known = 0 <= color.indexed < len(COLOR_INDEX)
        return f"FF{COLOR_INDEX[color.indexed][-6:]}" if known else None
    return f"FF{color.rgb[-6:].upper()}"


def _cell(raw: dict[str, Any], is_date: bool, colour: str | None, epoch: dt.datetime) -> Cell:
    value, formula = raw["value"], raw["formula"]
    if raw["data_type"] == "e":
        problem = str(value or "#ERROR!")
        return Cell(problem, formula, colour, problem)
    if isinstance(value, str) and len(value) > MAX_CELL:
        raise BadPartError(f"a cell with more than {MAX_CELL:,} characters")
    return Cell(_text(value, is_date, epoch), formula, colour)


def _text(value: Any, is_date: bool, epoch: dt.datetime) -> str | None:
    """Return a value as text: whole numbers without a point, dates ISO, nothing as None.

    >>> _text(4e3, False, dt.datetime(1899, 12, 30)), _text(35110, True, dt.datetime(1899, 12, 30))
    ('4000', '1996-02-15')
    """
    if isinstance(value, str):
        return unescape(value) or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and is_date:
        value = _moment(value, epoch)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return None if value is None else str(value)


def _moment(value: float, epoch: dt.datetime) -> object:
    """Return the day or the moment of a serial number, or the number where there is none."""
    try:
        moment: object = from_excel(value, epoch) if value >= 1 else value
    except (OverflowError, ValueError):
        return value
    if isinstance(moment, dt.datetime) and moment.time() == dt.time():
        return moment.date()
    return moment
