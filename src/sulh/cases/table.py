"""A file of a case as records by identifier, and what other files may refer to in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from sulh.cases.grid import MAX_ROWS, Row, read_rows, read_text
from sulh.cases.problems import Problems


class Keyed(Protocol):
    """A record with an identifier."""

    @property
    def key(self) -> str:
        """The identifier, unique in its file."""
        ...


Record = TypeVar("Record", bound=Keyed)


@dataclass(frozen=True)
class Table(Generic[Record]):
    """The records of a file: those that could be used, and every identifier that it names.

    ``records`` are of all rows that could be told apart, ``sound`` of those without a problem.
    ``keys`` are the identifiers as written, also of rows with other cells that are bad, so that a
    reference is checked whatever else is wrong; None where the file could not be read, and then
    nothing is said of references into it.
    """

    records: Mapping[str, Record]
    sound: Mapping[str, Record]
    keys: frozenset[str] | None

    def lacks(self, key: str) -> bool:
        """Return whether it is known that the file does not have an identifier."""
        return self.keys is not None and key not in self.keys

    @property
    def whole(self) -> bool:
        """Return whether every row could be used."""
        return self.keys is not None and self.keys <= self.sound.keys()


def read_table(
    path: Path, columns: Sequence[str], make: Callable[[Row], Record], problems: Problems
) -> Table[Record]:
    """Return the records of a file by its first column; every problem is noted."""
    records: dict[str, Record] = {}
    sound: dict[str, Record] = {}
    lines: dict[str, int] = {}
    column, before = columns[0], problems.total
    for row in read_rows(path, columns, problems):
        noted = problems.total
        record = make(row)
        if record.key in records:
            why = f"line {lines[record.key]} has the same {column}"
            row.bad(column, why, "give each row its own")
            continue
        records[record.key], lines[record.key] = record, row.line
        if problems.total == noted:
            sound[record.key] = record
    keys = frozenset(records) if problems.total == before else _keys(path, columns)
    return Table(records, sound, keys)


def _keys(path: Path, columns: Sequence[str]) -> frozenset[str] | None:
    """Return the cells of the first column, whatever the others hold; None if not readable."""
    text = read_text(path, Problems())
    reader = csv.reader(io.StringIO(text or "", newline=""), strict=True)
    try:
        header = next(reader, [])
        if any(header.count(column) != 1 for column in columns):
            return None
        place = header.index(columns[0])
        found = [cells[place] for cells in reader if len(cells) > place]
    except csv.Error:
        return None
    return frozenset(found) if len(found) <= MAX_ROWS else None
