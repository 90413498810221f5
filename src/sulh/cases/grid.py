"""Read the files of a case cell by cell, each problem noted with its file, line and value."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sulh.cases.problems import Problems, shown
from sulh.core.errors import BadMonth
from sulh.core.months import parse_month

MAX_ROWS = 100_000
MAX_BYTES = 64 * 1024 * 1024
MAX_SETTINGS = 1024 * 1024
MAX_NUMBER = 10**12
SAVE_ANEW = "save it as CSV with ',' between the cells and '.' in decimals"
_MARKS = {";": "';'", "\t": "tabulators", "|": "'|'"}
_KEY = re.compile(r"\w[\w.:/ \-]{0,62}\w|\w")


@dataclass(frozen=True)
class Row:
    """A row of a file; each method reads a cell, notes what is wrong with it and goes on."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: Problems

    def bad(self, column: str, why: str, mend: str) -> None:
        """Note a problem of one cell."""
        found = f"{column} is {shown(self.cells[column])}" if self.cells[column] else ""
        self.problems.add(self.file, self.line, found or f"{column} is empty", why, mend)

    def key(self, column: str) -> str:
        """Return an identifier: letters, digits and ``_ . : / -``, at most 64 of them."""
        text = self.cells[column]
        if not _KEY.fullmatch(text):
            self.bad(
                column,
                "an identifier has 1 to 64 letters, digits and . : / - _, no spaces around it",
                "write a short name",
            )
        return text

    def optional_key(self, column: str) -> str | None:
        """Return an identifier, or None for an empty cell."""
        return self.key(column) if self.cells[column] else None

    def keys(self, column: str) -> tuple[str, ...]:
        """Return the identifiers of a list separated by ``|``, sorted, each once."""
        parts = sorted({part for part in self.cells[column].split("|") if part})
        if any(not _KEY.fullmatch(part) for part in parts):
            self.bad(column, "a list holds short names separated by |", "write A|B|C")
            return ()
        return tuple(parts)

    def number(self, column: str, least: int, most: int = MAX_NUMBER) -> int:
        """Return a whole number between ``least`` and ``most``."""
        text = self.cells[column]
        if len(text) <= 20 and re.fullmatch(r"[+-]?[0-9]+", text, re.ASCII):
            value = int(text)
            if least <= value <= most:
                return value
        self.bad(
            column,
            f"it must be a whole number from {least:,} to {most:,}",
            "write it with digits only, without separators or units",
        )
        return least

    def optional_number(self, column: str, least: int, most: int = MAX_NUMBER) -> int | None:
        """Return a whole number, or None for an empty cell: no limit."""
        return self.number(column, least, most) if self.cells[column] else None

    def decimal(self, column: str, most: float = math.inf, *, zero: bool = False) -> float:
        """Return a finite number above 0 (from 0 if ``zero``), at most ``most``."""
        text = self.cells[column]
        try:
            value = float(text) if len(text) <= 40 and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if math.isfinite(value) and value <= most and (value > 0 or (zero and value == 0)):
            return value
        bound = f" and at most {most:g}" if most < math.inf else ""
        least = "0 or more" if zero else "more than 0"
        self.bad(column, f"it must be a number, {least}{bound}", "write for example 0.15")
        return 1.0

    def optional_decimal(
        self, column: str, most: float = math.inf, *, zero: bool = False
    ) -> float | None:
        """Return a number as `decimal` does, or None for an empty cell."""
        return self.decimal(column, most, zero=zero) if self.cells[column] else None

    def degrees(self, column: str, most: float) -> float:
        """Return a latitude (``most`` 90) or longitude (180) in decimal degrees."""
        text = self.cells[column]
        try:
            value = float(text) if len(text) <= 40 and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if abs(value) <= most:
            return value
        self.bad(
            column,
            f"it must be decimal degrees from -{most:g} to {most:g}",
            "write for example 16.27",
        )
        return 0.0

    def choice(self, column: str, known: Sequence[str]) -> str:
        """Return a text that is one of those known."""
        text = self.cells[column]
        if text not in known:
            self.bad(column, "it is none of those known", f"write one of {', '.join(known)}")
        return text

    def text(self, column: str, most: int = 200) -> str:
        """Return a text of at most ``most`` letters, empty or not."""
        text = self.cells[column]
        if len(text) > most or not (text.isprintable()):
            self.bad(column, f"a text has at most {most} printable letters", "shorten it")
        return text

    def month(self, column: str) -> str:
        """Return a month, YYYY-MM."""
        text = self.cells[column]
        try:
            if text == parse_month(text):
                return text
        except BadMonth:
            pass
        self.bad(column, "a month is written YYYY-MM", "write for example 2026-07")
        return ""

    def months(self, first: str, last: str) -> tuple[str, str]:
        """Return the two ends of a range of months; note one that ends before it starts."""
        start, end = self.month(first), self.month(last)
        if start and end and end < start:
            self.problems.add(
                self.file,
                self.line,
                f"{first} is {start} and {last} is {end}",
                "the range ends before it starts",
                "give the earlier month first",
            )
        return start, end


@dataclass(frozen=True, slots=True)
class Absence:
    """What is said of a file that is not there: why it is needed, and how to come by it."""

    why: str
    mend: str


OF_CASE = Absence(
    "a case is a folder of such files", "add it; the command `new` writes an example of each"
)


def read_rows(
    path: Path, columns: Sequence[str], problems: Problems, absence: Absence = OF_CASE
) -> Iterator[Row]:
    """Yield the rows of a CSV file that has ``columns``; note what keeps others from being read.

    Columns that are not asked for are left alone. At most `MAX_ROWS` rows and `MAX_BYTES` bytes.
    """
    text = read_text(path, problems, absence=absence)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _sound_header(path.name, header, columns, problems):
            return
        yield from _rows(path.name, reader, header, problems)
    except csv.Error as error:
        problems.add(
            path.name,
            reader.line_num,
            str(error),
            "the quotes or cells of the file do not close, so its rows cannot be told apart",
            "save the file as CSV anew; a cell holds at most 131,072 characters",
        )


def read_text(
    path: Path, problems: Problems, most: int = MAX_BYTES, absence: Absence = OF_CASE
) -> str | None:
    """Return the text of a UTF-8 file, or None with the problem noted."""
    why = "none of its rows can be used"
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise OSError("it is not a file")
        if size > most:
            found = f"the file has {size:,} bytes, and at most {most:,} are read"
            problems.add(path.name, None, found, why, "keep in it only the rows that are needed")
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found, mend = f"byte {error.start:,} is not UTF-8", "save the file as UTF-8"
    except FileNotFoundError:
        found, why, mend = "the file is missing", absence.why, absence.mend
    except (OSError, ValueError) as error:
        found, mend = f"the file cannot be read: {error}", "give a readable file"
    problems.add(path.name, None, found, why, mend)
    return None


def _sound_header(
    file: str, header: Sequence[str], columns: Sequence[str], problems: Problems
) -> bool:
    if mark := other_separator(header, columns):
        problems.add(
            file, 1, f"its cells are separated by {mark}", "they are told apart by ','", SAVE_ANEW
        )
        return False
    missing = [column for column in columns if column not in header]
    doubled = sorted({name for name in header if name in columns and header.count(name) > 1})
    if missing:
        problems.add(
            file,
            1,
            f"no column {', '.join(missing)}",
            f"the header row has {shown(','.join(header))}",
            f"write the header {','.join(columns)}",
        )
    if doubled:
        problems.add(
            file,
            1,
            f"two columns {', '.join(doubled)}",
            "it is not known which of them is meant",
            "keep one of each",
        )
    return not missing and not doubled


def other_separator(header: Sequence[str], columns: Iterable[str]) -> str:
    """Return what separates the cells of a header that was read as one cell, or "".

    >>> other_separator(["nation;max_personnel"], ("nation", "max_personnel"))
    "';'"
    >>> other_separator(["nation"], ("nation", "max_personnel"))
    ''
    """
    known = set(columns)
    for mark, shape in _MARKS.items() if len(header) == 1 else ():
        if len(known.intersection(part.strip(' "') for part in header[0].split(mark))) > 1:
            return shape
    return ""


def _rows(
    file: str, reader: Iterator[list[str]], header: Sequence[str], problems: Problems
) -> Iterator[Row]:
    count = 0
    line = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if count == MAX_ROWS:
            problems.add(
                file,
                line,
                f"more than {MAX_ROWS:,} rows",
                "a case of that size is a damaged file, not a plan",
                "keep the rows that matter",
            )
            return
        if len(cells) == len(header):
            count += 1
            yield Row(file, line, dict(zip(header, cells, strict=True)), problems)
        elif cells:
            problems.add(
                file,
                line,
                f"{len(cells)} cells where the header has {len(header)}",
                "values would stand under the wrong heading",
                "give each column one cell; quote a cell that holds a comma",
            )
        line = reader.line_num + 1  # type: ignore[attr-defined]
