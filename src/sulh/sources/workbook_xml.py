"""The XML of XLSX: relations, sheets, shared texts, styles and cells, as the standard has them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from sulh.sources.text import MAX_CELL

MOST_CELLS = 3_000_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_PALETTE = {"10": "FFFF0000", "12": "FF0000FF", "2": "FFFF0000", "4": "FF0000FF"}  # red, blue
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LAST_SERIAL = 2_958_465.999999  # 9999-12-31

_Attributes = Mapping[str, str]


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


@dataclass(frozen=True)
class Styles:
    """For each cell style: whether it shows a date, and its font's colour."""

    dates: Sequence[bool] = ()
    colours: Sequence[str | None] = ()
    epoch: dt.datetime = dt.datetime(1899, 12, 30)


def _walk(
    data: bytes,
    start: Callable[[str, _Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers for each element by its local name; refuse what declares entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def forbidden(*_: object) -> None:
        raise BadPartError("XML that declares a document type or entities")

    def opened(name: str, attributes: dict[str, str]) -> None:
        if any(" " in key for key in attributes):
            attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(name.rpartition(" ")[2], attributes)

    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.StartElementHandler = opened
    if end is not None:
        closing = end
        parser.EndElementHandler = lambda name: closing(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def read_relations(data: bytes) -> dict[str, tuple[str, str]]:
    """Return the relations of a part: identifier to the last word of its type, and target."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: _Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    _walk(data, start)
    return found


def read_sheets(data: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Return name and relation of each sheet, and whether days are counted from 1904."""
    found: list[tuple[str, str]] = []
    epoch_1904 = False

    def start(name: str, attributes: _Attributes) -> None:
        nonlocal epoch_1904
        if name == "sheet":
            found.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            epoch_1904 = attributes.get("date1904") in ("1", "true")

    _walk(data, start)
    return found, epoch_1904


def read_strings(data: bytes) -> list[str]:
    """Return the shared texts, without their phonetic runs."""
    found: list[str] = []
    pieces: list[str] = []
    size = 0
    inside = phonetic = False

    def start(name: str, _: _Attributes) -> None:
        nonlocal inside, phonetic, size
        if name == "si":
            pieces.clear()
            size = 0
        phonetic = phonetic or name == "rPh"
        inside = name == "t"

    def end(name: str) -> None:
        nonlocal inside, phonetic
        if name == "si":
            found.append(_unescaped("".join(pieces)))
        phonetic = phonetic and name != "rPh"
        inside = False

    def text(piece: str) -> None:
        nonlocal size
        if inside and not phonetic:
            size = _bounded(size + len(piece))
            pieces.append(piece)

    _walk(data, start, end, text)
    return found


def _bounded(size: int) -> int:
    if size > MAX_CELL:
        raise BadPartError(f"a cell with more than {MAX_CELL:,} characters")
    return size


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def read_styles(data: bytes, epoch_1904: bool = False) -> Styles:
    """Return what the styles say of cells; an empty part gives the default style."""
    epoch = dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30)
    if not data:
        return Styles(epoch=epoch)
    formats: dict[str, str] = {}
    fonts: list[str | None] = []
    cells: list[tuple[str, str]] = []
    path: list[str] = []

    def start(name: str, attributes: _Attributes) -> None:
        parent = path[-1] if path else ""
        path.append(name)
        if name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "font" and parent == "fonts":
            fonts.append(None)
        elif name == "color" and path[-3:-1] == ["fonts", "font"]:
            fonts[-1] = attributes.get("rgb") or _PALETTE.get(attributes.get("indexed", ""))
        elif name == "xf" and parent == "cellXfs":
            cells.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "")))

    def end(_: str) -> None:
        path.pop()

    _walk(data, start, end)
    colours = {str(place): colour for place, colour in enumerate(fonts)}
    return Styles(
        [_is_date(number, formats.get(number)) for number, _ in cells],
        [colours.get(font) for _, font in cells],
        epoch,
    )


def _is_date(number: str, code: str | None) -> bool:
    """Return whether a number format shows a date or a time.

    >>> _is_date("14", None), _is_date("164", 'yyyy"m"'), _is_date("165", '0.0" days"')
    (True, True, False)
    """
    if code is None:
        return number.isdigit() and int(number) in _DATE_FORMATS
    return bool(set(_QUOTED.sub("", code.split(";")[0]).lower()) & set("ymdhs"))


@dataclass
class _Reading:
    """The state of reading a sheet."""

    strings: Sequence[str]
    styles: Styles
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    kind: str = "n"
    style: int = 0
    formula: bool = False
    taking: bool = False
    value: list[str] = field(default_factory=list)
    size: int = 0
    cells: int = 0

    def start(self, name: str, attributes: _Attributes) -> None:
        """Begin a row, a cell, a formula or a value."""
        if name == "row":
            self.row = _place(attributes.get("r"), self.row + 1, _LAST_ROW)
            self.column = 0
        elif name == "c":
            self._begin(attributes)
        elif name == "f":
            self.formula = True
        self.taking = name in ("v", "t")

    def _begin(self, attributes: _Attributes) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        if found:
            self.row = _place(found[2], self.row, _LAST_ROW)
            self.column = column_number(found[1])
        else:
            self.column += 1
        if not 0 < self.column <= _LAST_COLUMN or not self.row:
            raise BadPartError(f"a cell outside the sheet: {attributes.get('r', '')[:20]!r}")
        self.kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self.style = int(style) if style.isdigit() and len(style) < 7 else 0
        self.formula = False
        self.value.clear()
        self.size = 0

    def text(self, piece: str) -> None:
        """Take a piece of a value."""
        if self.taking:
            self.size = _bounded(self.size + len(piece))
            self.value.append(piece)

    def end(self, name: str) -> None:
        """Finish a value or a cell; empty cells are not kept."""
        self.taking = False
        if name != "c":
            return
        cell = self._cell("".join(self.value))
        if cell.text is None and not cell.formula:
            return
        row = self.rows.setdefault(self.row, {})
        if self.column in row:
            raise BadPartError(f"row {self.row} holds column {self.column} twice")
        row[self.column] = cell
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise BadPartError(f"a sheet with more than {MOST_CELLS:,} cells")

    def _cell(self, raw: str) -> Cell:
        colours = self.styles.colours
        colour = colours[self.style] if self.style < len(colours) else None
        if self.kind == "e":
            return Cell(raw or "#ERROR!", self.formula, colour, raw or "#ERROR!")
        return Cell(self._text(raw), self.formula, colour)

    def _text(self, raw: str) -> str | None:
        if not raw:
            return None
        if self.kind == "s":
            if not raw.isdigit() or len(raw) > 9 or int(raw) >= len(self.strings):
                raise BadPartError(f"row {self.row}: a cell names shared text {raw[:20]!r}")
            return self.strings[int(raw)]
        if self.kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if self.kind in ("str", "inlineStr"):
            return _unescaped(raw)
        dates = self.styles.dates
        is_date = self.style < len(dates) and dates[self.style]
        return raw if self.kind == "d" else _figure(raw, is_date, self.styles.epoch)


def _figure(raw: str, is_date: bool, epoch: dt.datetime) -> str:
    """Return a stored number as text: whole numbers without a point, dates ISO.

    >>> _figure("4.0E3", False, Styles().epoch), _figure("35110", True, Styles().epoch)
    ('4000', '1996-02-15')
    """
    try:
        number = float(raw)
    except ValueError:
        return raw
    if is_date and 1 <= number <= _LAST_SERIAL:
        moment = epoch + dt.timedelta(seconds=round(number * 86_400))
        whole = moment.time() == dt.time()
        return moment.date().isoformat() if whole else moment.isoformat(sep=" ")
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def _place(text: str | None, otherwise: int, last: int) -> int:
    if text is None:
        return otherwise
    if not text.isdigit() or len(text) > 7 or not 0 < int(text) <= last:
        raise BadPartError(f"a row numbered {text[:20]!r}")
    return int(text)


def column_number(letters: str) -> int:
    """Return the number of a column by its letters.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column by its number; the inverse of `column_number`.

    >>> column_letters(28)
    'AB'
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_cells(data: bytes, strings: Sequence[str], styles: Styles) -> dict[int, dict[int, Cell]]:
    """Return the cells of a sheet that hold something, by row and column, both from 1."""
    reading = _Reading(strings, styles)
    _walk(data, reading.start, reading.end, reading.text)
    return reading.rows
