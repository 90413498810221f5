"""Records as CSV, XLSX and JSON, and back: what is written can be read with nothing changed.

A spreadsheet takes text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. In CSV and
XLSX such text gets an apostrophe in front; so does text that already begins with apostrophes and
then one of these signs. Reading takes exactly one apostrophe away from such text. So no cell is a
formula, and every text comes back as it was:

>>> [shielded(text) for text in ("=1+1", "'=1+1", "O'Brien", "'quoted'")]
["'=1+1", "''=1+1", "O'Brien", "'quoted'"]
>>> all(unshielded(shielded(t)) == t for t in ("=1+1", "'=1+1", "''@x", "'quoted'", " -3"))
True
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sulh.cases.grid import SAVE_ANEW, other_separator
from sulh.core.errors import BadRequest, RefusedFile
from sulh.intake.base import Document
from sulh.intake.workbook import is_workbook, open_workbook
from sulh.registry.edits import Cells
from sulh.registry.models import KINDS, fields

FORMATS = ("csv", "xlsx", "json")
# Each cell has up to eight tags with its text, and the reader takes two million.
MOST_CELLS = 240_000
MAX_BYTES = 512 * 1024 * 1024
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r]")
_SHIELDED = re.compile(r"'+\s*[=+\-@\t\r]")
_ESCAPE = re.compile(r"_?x[0-9A-Fa-f]{4}_")
_MARK = "'\\u"

Tables = Mapping[str, Iterable[Mapping[str, Any]]]


def shielded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unshielded(text: str) -> str:
    """Return the text that was shielded."""
    return text[1:] if _SHIELDED.match(text) else text


def header(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind of record in files."""
    return (*fields(kind), "version")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return shielded(value) if isinstance(value, str) else repr(value)


def to_csv(kind: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the records of one kind as CSV; an empty cell is a value that is not known."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    names = header(kind)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return buffer.getvalue().encode()


def to_json(tables: Tables) -> bytes:
    """Return records of several kinds as one JSON object of arrays."""
    document = {kind: [dict(row) for row in rows] for kind, rows in tables.items()}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def to_xlsx(tables: Tables) -> bytes:
    """Return a workbook with a sheet for each kind; every cell of text is written as text."""
    import xlsxwriter

    tables = {kind: list(rows) for kind, rows in tables.items()}
    cells = sum(v is not None for rows in tables.values() for row in rows for v in row.values())
    if cells > MOST_CELLS:
        raise BadRequest(
            f"the records have {cells:,} cells",
            f"a workbook of more than {MOST_CELLS:,} would not be read back",
            "write them to .json, or to a folder of CSV files",
        )
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for kind, rows in tables.items():
            sheet = book.add_worksheet(kind)
            sheet.freeze_panes(1, 1)
            names = header(kind)
            for column, name in enumerate(names):
                sheet.write_string(0, column, name)
            for line, row in enumerate(rows, start=1):
                for column, name in enumerate(names):
                    if row[name] is not None:
                        sheet.write_string(line, column, escaped(_cell(row[name])))
    return buffer.getvalue()


def escaped(text: str) -> str:
    """Return a text in which a workbook finds no escape of its own, such as ``_x0041_`` for A.

    >>> escaped("_x0041_"), unescaped(escaped("_x0041_"))
    ("'\\\\u\\\\_x0041\\\\_", '_x0041_')
    """
    if not _ESCAPE.search(text) and not text.startswith(_MARK):
        return text
    return _MARK + text.replace("\\", "\\\\").replace("_", "\\_")


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    if not text.startswith(_MARK):
        return text
    return re.sub(r"\\(.)", r"\1", text.removeprefix(_MARK), flags=re.DOTALL)


def read_file(path: Path, kind: str | None = None) -> Iterator[Cells]:
    """Yield the records in a CSV, XLSX or JSON file as cells, or raise `RefusedFile`.

    The kind of a CSV file is its name (``agreement.csv``) unless told.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError(f"it has more than {MAX_BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise RefusedFile(
            f"{path} cannot be read: {error.strerror or error}",
            "records are read from files",
            "give a readable file",
        ) from error
    ending = path.suffix.lower()
    if ending == ".csv":
        yield from _from_csv(path, data, kind or path.stem)
    elif ending == ".xlsx":
        yield from _from_xlsx(path, data)
    elif ending == ".json":
        yield from _from_json(path, data)
    else:
        raise BadRequest(
            f"{path.name} ends in {ending or 'nothing'}",
            "records are kept in .csv, .xlsx or .json",
            "save it as one of them",
        )


def _known(path: Path, kind: str, names: Iterable[object]) -> None:
    if kind not in KINDS:
        raise RefusedFile(
            f"{path.name} is of the kind {kind!r:.80}",
            "the registry keeps " + ", ".join(KINDS),
            "name the file or the sheet after one of them, or say --kind",
        )
    unknown = [str(name) for name in names if name not in header(kind)]
    if unknown or "id" not in names:
        found = f"columns {', '.join(unknown)[:200]}" if unknown else "no column id"
        raise RefusedFile(
            f"{path.name} has {found}",
            f"a {kind} has the columns {', '.join(header(kind))}",
            "correct the header row",
        )


def _from_csv(path: Path, data: bytes, kind: str) -> Iterator[Cells]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFile(
            f"byte {error.start:,} of {path.name} is not UTF-8",
            "names would be read wrongly",
            "save the file as UTF-8",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        if mark := other_separator(names, header(kind) if kind in KINDS else ()):
            raise RefusedFile(
                f"{path.name} has cells separated by {mark}",
                "they are told apart by ','",
                SAVE_ANEW,
            )
        _known(path, kind, names)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(names):
                texts = {n: unshielded(c) for n, c in zip(names, cells, strict=True)}
                yield Cells(kind, texts, path.name, line)
            elif cells:
                raise _uneven(path, line, len(cells), len(names))
            line = reader.line_num + 1
    except csv.Error as error:
        raise RefusedFile(
            f"{path.name}, line {reader.line_num}: {error}",
            "its cells cannot be told apart",
            "save the file as CSV anew",
        ) from error


def _uneven(path: Path, line: int, found: int, expected: int) -> RefusedFile:
    return RefusedFile(
        f"{path.name}, line {line} has {found} cells, the header {expected}",
        "values would stand under the wrong heading",
        "quote cells that hold a comma",
    )


def _from_json(path: Path, data: bytes) -> Iterator[Cells]:
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        sound = isinstance(document, dict) and all(
            isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
            for rows in document.values()
        )
    except (ValueError, RecursionError) as error:
        raise RefusedFile(
            f"{path.name}: {str(error)[:200]}", "it is not JSON", "export it anew"
        ) from error
    if not sound:
        raise RefusedFile(
            f"{path.name} is no object of arrays of objects",
            "records stand under their kind",
            'write {"agreement": [{"id": …}]}',
        )
    for kind, rows in document.items():
        for number, row in enumerate(rows, start=1):
            _known(path, kind, list(row))
            yield Cells(kind, {n: _text(v) for n, v in row.items()}, f"{path.name}:{kind}", number)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value)


def _from_xlsx(path: Path, data: bytes) -> Iterator[Cells]:
    document = Document(path.name, data)
    if not is_workbook(data):
        raise RefusedFile(
            f"{path.name} holds no workbook", "its ending says so", "save it as .xlsx anew"
        )
    book = open_workbook(document)
    for kind in book.sheet_names:
        rows = book.sheet(kind).rows
        names = {column: cell.text or "" for column, cell in rows.get(1, {}).items()}
        _known(path, kind, list(names.values()))
        for line in sorted(rows.keys() - {1}):
            texts = {
                names[column]: unshielded(unescaped(cell.text or ""))
                for column, cell in rows[line].items()
                if column in names
            }
            if texts:
                yield Cells(
                    kind, dict.fromkeys(names.values(), "") | texts, f"{path.name}:{kind}", line
                )
