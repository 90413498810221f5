"""Read a shipped table: CSV rows, and the marks that say what in them is verified."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from sulh.core.errors import FactsError
from sulh.facts.when import Interval

GRADES: Mapping[str, str] = {
    "A": "official page or official data file",
    "B": "secondary page or research data set",
    "C": "computed from what the source names",
    "R": "recalled, not seen: unverified",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Who says so: the source of a row, its grade, and the cells that are only recalled."""

    source: str
    grade: str
    recalled: frozenset[str]
    note: str = ""

    def verified(self, column: str) -> bool:
        """Return whether a cell of the row was seen in its source."""
        return self.grade != "R" and not ({"all", column} & self.recalled)


def mark_of(row: Mapping[str, str]) -> Mark:
    """Return the mark of a row that has the columns source, grade, recalled and note."""
    recalled = frozenset(part for part in row.get("recalled", "").split(";") if part)
    return Mark(row["source"], row["grade"], recalled, row.get("note", ""))


def interval_of(row: Mapping[str, str], start: str = "from", end: str = "to") -> Interval:
    """Return the validity of a row."""
    return Interval(row[start], row[end])


def parts(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that lists several, separated by ``|``.

    >>> parts("CZE|SVK"), parts("")
    (('CZE', 'SVK'), ())
    """
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the shipped table ``name``; every cell is text, an empty one is ``""``.

    Raises `FactsError` if the table does not exist or a row has the wrong number of cells.
    """
    path = files("sulh.facts").joinpath("tables", f"{name}.csv")
    if not path.is_file():
        raise FactsError(
            f"no table {name}", "the package ships its facts as CSV", "reinstall the package"
        )
    reader = csv.reader(StringIO(path.read_text(encoding="utf-8"), newline=""))
    header = next(reader)
    rows = []
    for number, cells in enumerate(reader, start=2):
        if len(cells) != len(header):
            raise FactsError(
                f"row {number} of {name} has {len(cells)} cells, not {len(header)}",
                "a shifted row would put values under the wrong heading",
                "mend the table",
            )
        rows.append(dict(zip(header, cells, strict=True)))
    return tuple(rows)


def number(cell: str) -> int | None:
    """Return a whole number, or None for an empty cell: unknown is not zero."""
    return int(cell) if cell else None
