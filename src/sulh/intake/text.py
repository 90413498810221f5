"""Read text, CSV and JSON strictly: encodings told apart, line numbers kept, nothing guessed.

A table read here holds text only; `sulh.intake.cells` turns columns into counts, months and
decimals. An empty cell is null; ``NA`` and the like stay text, so that Namibia keeps its code.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Flag

MAX_BYTES = 512 * 1024 * 1024
MAX_CELL = 100_000
_PEEK = 65_536
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True)
class TextTable:
    """A table of text as a file holds it.

    ``frame`` has the columns of the header and ``line`` (CSV: the line of the file on which the
    record begins; JSON: the number of the record, from 1). ``flags`` are remarks on the reading.
    """

    frame: pl.DataFrame
    flags: tuple[Flag, ...] = ()


def refused(document: Document, found: str, why: str, mend: str) -> RefusedFile:
    """Return the error that refuses a document, with its name in front."""
    return RefusedFile(f"{document.name}: {found}", why, mend)


def encoding_of(data: bytes) -> str | None:
    """Return the encoding of text, or None where the bytes are no text.

    A byte order mark decides; else UTF-16 is known by its empty bytes, UTF-8 by its rules, and
    what is left is read as Windows-1252.

    >>> encoding_of("Türkiye".encode("cp1252"))
    'cp1252'
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    start = data[:_PEEK]
    if b"\x00" in start:
        return _utf16_without_mark(start)
    if _CONTROL.search(start.decode("latin-1")):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _utf16_without_mark(start: bytes) -> str | None:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > 0.8 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.8 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def decode(document: Document) -> tuple[str, tuple[Flag, ...]]:
    """Return the text of a document and remarks on its encoding, or raise `RefusedFile`."""
    data = document.data
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise refused(document, "no content", "there is nothing to read", "fetch the file again")
    if len(data) > MAX_BYTES:
        raise refused(
            document,
            f"{len(data):,} bytes",
            f"text files of more than {MAX_BYTES:,} bytes are not read",
            "split the file",
        )
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding) if encoding else ""
    except UnicodeDecodeError as error:
        raise _damaged(document, error) from error
    if not encoding or _CONTROL.search(text):
        raise refused(
            document,
            "bytes that no text holds",
            "the file is binary or damaged",
            "give the publisher's CSV or JSON",
        )
    if encoding == "cp1252":
        return text, _old_encoding(document)
    return text, ()


def _old_encoding(document: Document) -> tuple[Flag, ...]:
    """Return the note on Windows-1252; refuse what is plainly UTF-8 with a broken byte."""
    replaced = document.data.decode("utf-8", errors="replace")
    broken = replaced.count("\ufffd")
    whole = sum(character > "\x7f" for character in replaced) - broken
    if whole > broken:
        line = replaced[: replaced.index("\ufffd")].count("\n") + 1
        raise refused(
            document,
            f"{broken} broken character(s), the first on line {line}",
            "the rest is UTF-8, so the file was damaged",
            "fetch the file again",
        )
    message = "the text is not UTF-8 and was read as Windows-1252; check names with accents"
    return (Flag("encoding", message, "note"),)


def _damaged(document: Document, error: UnicodeDecodeError) -> RefusedFile:
    return refused(
        document,
        f"byte {error.start:,} is not {error.encoding}",
        "the file is damaged or in an encoding that is not known",
        "save it as UTF-8",
    )


def header(document: Document) -> tuple[str, ...]:
    """Return the cells of the first line, stripped, or () where there is no text; cheap.

    >>> header(Document("a", b'"Date","Troops"\\n2010-01-31,4\\n'))
    ('Date', 'Troops')
    """
    start = document.data[:_PEEK]
    encoding = encoding_of(start)
    if encoding is None:
        return ()
    lines = io.StringIO(start.decode(encoding, errors="replace"), newline="")
    try:
        first = next(csv.reader(lines, delimiter=_delimiter(lines)), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in first)


def _delimiter(lines: io.StringIO) -> str:
    first = lines.readline()
    lines.seek(0)
    return max(",;\t", key=first.count)


def read_csv(document: Document, delimiter: str | None = None) -> TextTable:
    """Return a CSV file with a header as text, or raise `RefusedFile`.

    The delimiter, unless given, is the comma, the semicolon or the tabulator, whichever the header
    uses. A record
    with too few or too many cells is kept apart with a flag; a file that ends within a record, or
    in which more than a tenth of the records do not fit the header, is refused.
    """
    text, flags = decode(document)
    stream = io.StringIO(text, newline="")
    records = _records(document, stream, delimiter or _delimiter(stream))
    _, first = next(records, (1, []))
    names = column_names(document, first)
    kept: list[list[str]] = []
    lines: list[int] = []
    misfits: list[tuple[int, int]] = []
    for line, record in records:
        if len(record) == len(names):
            kept.append(record)
            lines.append(line)
        elif record and any(cell.strip() for cell in record):
            misfits.append((line, len(record)))
    _refuse_if_cut(document, text, misfits, lines)
    found = [*flags, *_misfit_flags(misfits, len(names))]
    if not text.endswith(("\n", "\r")):
        message = "the last line has no end of line, so the file may be cut: check its last row"
        found.append(Flag("no_end_of_line", message, "doubt", line=lines[-1] if lines else 1))
    return TextTable(_frame(names, kept, lines), tuple(found))


def _records(
    document: Document, stream: io.StringIO, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins."""
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused(
                document,
                f"line {line}: {error}",
                "the quotes or cells of the file do not close, so rows cannot be told apart",
                "fetch the file again or save it as CSV anew",
            ) from error
        yield line, record


def column_names(document: Document, cells: Sequence[str]) -> list[str]:
    """Return the names of the columns; an unnamed one, or ``line``, is called by its place."""
    names = [cell.strip() for cell in cells]
    names = [
        f"column {place}" if name in ("", "line") else name for place, name in enumerate(names, 1)
    ]
    doubled = sorted(name for name, times in Counter(names).items() if times > 1)
    if doubled:
        raise refused(
            document,
            f"columns named twice: {', '.join(doubled)[:200]}",
            "it is not known which of them is meant",
            "give each column its own name",
        )
    return names


def _frame(names: list[str], rows: list[list[str]], lines: list[int]) -> pl.DataFrame:
    columns: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    series = [
        pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)
    ]
    frame = pl.DataFrame(series).with_columns(pl.col(pl.String).replace("", None))
    return frame.with_columns(pl.Series("line", lines, dtype=pl.Int64))


def _refuse_if_cut(
    document: Document, text: str, misfits: list[tuple[int, int]], lines: list[int]
) -> None:
    open_end = bool(misfits) and not text.endswith(("\n", "\r"))
    cut = open_end and (not lines or misfits[-1][0] > lines[-1])
    if cut or len(misfits) * 10 > len(lines) + len(misfits):
        line, cells = misfits[-1] if cut else misfits[0]
        raise refused(
            document,
            f"line {line} has {cells} cell(s), unlike the header",
            "the file ends within a row" if cut else "the rows do not fit the header",
            "fetch the file again",
        )


def _misfit_flags(misfits: list[tuple[int, int]], width: int) -> list[Flag]:
    return [
        Flag(
            "cells_do_not_fit",
            f"the row has {cells} cells where the header has {width}; it was kept apart",
            "refused",
            line=line,
        )
        for line, cells in misfits
    ]
