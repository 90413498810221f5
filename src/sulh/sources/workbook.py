"""Read XLSX workbooks cell by cell: bounded, exact, without evaluating formulas.

The parts of the archive are read with the standard library's zip and XML readers, which hold no
more in memory than the cells there are. Row numbers, the exact text of figures, the presence of
formulas and the colours of fonts survive; the table-reading libraries lose one or the other.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sulh.core.errors import RefusedFile
from sulh.sources.base import Document
from sulh.sources.text import refused
from sulh.sources.workbook_xml import (
    BadPartError,
    Cell,
    Styles,
    read_cells,
    read_relations,
    read_sheets,
    read_strings,
    read_styles,
)

MOST_UNPACKED = 128 * 1024 * 1024
MOST_PARTS = 2_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_DAMAGED = "the workbook is damaged, cut or hostile"
_AGAIN = "open it in a spreadsheet program and save it as XLSX anew, or as CSV"

_T = TypeVar("_T")


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
    _parts: dict[str, str] = field(repr=False)
    _strings: list[str] = field(repr=False)
    _styles: Styles = field(repr=False)

    def sheet(self, name: str | None = None) -> Sheet:
        """Return the sheet ``name``, or the first one; raise `RefusedFile` if there is none."""
        wanted = name if name is not None else next(iter(self.sheet_names), "")
        if wanted not in self._parts:
            raise refused(
                self.document,
                f"no sheet {wanted[:80]!r}; there are {', '.join(self.sheet_names)[:300]}",
                "the sheet to read must be named as in the workbook",
                "correct the name of the sheet",
            )
        return _guarded(self.document, lambda: self._read(wanted))

    def _read(self, name: str) -> Sheet:
        with zipfile.ZipFile(io.BytesIO(self.document.data)) as archive:
            data = archive.read(self._parts[name])
        return Sheet(name, read_cells(data, self._strings, self._styles))


def is_workbook(data: bytes) -> bool:
    """Return whether the bytes are a zip archive with a workbook in it; cheap."""
    return data.startswith(_ZIP) and b"xl/workbook.xml" in data


def is_sealed(data: bytes) -> bool:
    """Return whether the bytes are an OLE file: an encrypted workbook, or one of the old kind."""
    return data.startswith(_OLE)


def open_workbook(document: Document) -> Workbook:
    """Return the opened workbook, or raise `RefusedFile`.

    Refused are encrypted workbooks, those of the old binary kind, archives that unpack to more
    than 128 MB or hold a part twice, and XML that declares entities.
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
        return act()
    except RefusedFile:
        raise
    except BadPartError as error:
        raise refused(document, str(error), _DAMAGED, _AGAIN) from error
    except Exception as error:
        found = f"{type(error).__name__}: {error}"[:200]
        raise refused(document, found, _DAMAGED, _AGAIN) from error


def _open(document: Document) -> Workbook:
    with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
        _check_parts(archive)
        root = read_relations(archive.read("_rels/.rels"))
        main = next((target for kind, target in root.values() if kind == "officeDocument"), "")
        main = main.lstrip("/") or "xl/workbook.xml"
        folder, file = posixpath.split(main)
        relations = read_relations(archive.read(f"{folder}/_rels/{file}.rels"))
        targets = {key: _within(folder, target) for key, (_, target) in relations.items()}
        by_kind = {kind: targets[key] for key, (kind, _) in relations.items()}
        sheets, epoch_1904 = read_sheets(archive.read(main))
        parts = {name: targets[key] for name, key in sheets if key in targets}
        strings = by_kind.get("sharedStrings")
        styles = by_kind.get("styles")
        return Workbook(
            document,
            tuple(parts),
            parts,
            read_strings(archive.read(strings)) if strings in archive.NameToInfo else [],
            read_styles(archive.read(styles) if styles in archive.NameToInfo else b"", epoch_1904),
        )


def _within(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _check_parts(archive: zipfile.ZipFile) -> None:
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
