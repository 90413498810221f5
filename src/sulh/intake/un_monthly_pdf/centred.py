"""Names that stand at the middle of the rows that they belong to (vertically merged cells).

A merged cell covers the rows r1 ... rn and its name is printed at their middle, so that the name's
height gives the last row once the first is known: the block of the first name begins with the
first row, each next block after the one before. Some prints repeat the name when a page breaks the
cell, each name at the middle of its part; others print it once, at the middle of the whole cell.
Heights therefore run on from page to page, as if the pages were one column. A name that is not the
middle of any such run of rows is a doubt, and so is a row that is left over.

Heights have to decide: these layouts print totals of operations, not of nations, so that no total
tells which of two nations a row belongs to. The second witness is that a nation has each type of
personnel once in an operation; a repetition is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sulh.intake.un_monthly_pdf.entries import Entry

_FIT = 3.0  # points; half a row is at least 5


@dataclass
class Assignment:
    """Which row has which name, and the entries that remain in doubt."""

    names: list[tuple[Entry, str]] = field(default_factory=list)
    doubtful: list[Entry] = field(default_factory=list)

    def apply(self) -> None:
        """Give the rows their names, in place."""
        for row, nation in self.names:
            row.nation = nation


def centred_names(pages: Sequence[Sequence[Entry]]) -> Assignment | None:
    """Return the assignment of rows to names in the middle of cells, or none if they are not.

    Names are in the middle if one stands between two rows that are no further apart than rows
    without a name between them, or if the first row under an operation has no name before it. If
    names read from above would repeat a type of personnel for a nation, names in the middle are
    tried too, and taken if every row then finds its name.
    """
    pitch = _pitch(pages)
    if any(_squeezed(page, pitch) for page in pages) or any(
        _named_late(page if number == 0 else page[1:]) for number, page in enumerate(pages)
    ):
        return _assign(pages)
    if _repeats(pages):
        assignment = _assign(pages)
        return None if assignment.doubtful else assignment
    return None


def _squeezed(entries: Sequence[Entry], pitch: float) -> bool:
    for index, entry in enumerate(entries[1:-1], start=1):
        if not entry.nation or entry.figures is not None:
            continue
        above, below = entries[index - 1], entries[index + 1]
        if above.data and below.data and not below.nation:
            return above.base - below.base <= 1.2 * pitch
    return False


def _named_late(entries: Sequence[Entry]) -> bool:
    """Return whether an operation's first row has no name and the next line has.

    An operation at the head of a page may be one that is printed again, above carried rows.
    """
    for index, entry in enumerate(entries[1:-1], start=1):
        before, after = entries[index - 1], entries[index + 1]
        heads = before.operation and not before.nation and before.figures is None
        if heads and entry.data and not entry.nation and after.nation and not after.total:
            return True
    return False


def _repeats(pages: Sequence[Sequence[Entry]]) -> bool:
    seen: set[tuple[str, str, str]] = set()
    nation = operation = ""
    for entries in pages:
        for entry in entries:
            operation = entry.operation or operation
            nation = entry.nation or nation
            if entry.data and entry.type and any(entry.figures or ()):
                key = (nation, operation, entry.type)
                if key in seen:
                    return True
                seen.add(key)
    return False


def _pitch(pages: Sequence[Sequence[Entry]]) -> float:
    """Return the least distance of two rows with nothing between them."""
    return min(
        (
            upper.base - lower.base
            for entries in pages
            for upper, lower in pairwise(entries)
            if upper.data and lower.data
        ),
        default=0.0,
    )


def _assign(pages: Sequence[Sequence[Entry]]) -> Assignment:
    pitch = _pitch([[e for e in page if e.figures is not None or e.operation] for page in pages])
    assignment = Assignment()
    for segment in _segments(pages, pitch):
        _assign_segment(segment, assignment)
    return assignment


_Placed = tuple[float, Entry]  # the height in one column as long as all pages, and the entry


def _segments(pages: Sequence[Sequence[Entry]], pitch: float) -> Iterator[list[_Placed]]:
    """Yield runs of rows and names that no total and no heading of an operation interrupts."""
    segment: list[_Placed] = []
    last_row: float | None = None
    for entries in pages:
        shift = 0.0
        first_row = next((entry for entry in entries if entry.data), None)
        if last_row is not None and first_row is not None:
            shift = last_row - pitch - first_row.base
        for entry in entries:
            if entry.total or (entry.operation and not entry.data):
                if segment:
                    yield segment
                segment, last_row = [], None
            elif entry.data or entry.nation:
                segment.append((entry.base + shift, entry))
                if entry.data:
                    last_row = entry.base + shift
    if segment:
        yield segment


def _assign_segment(segment: list[_Placed], assignment: Assignment) -> None:
    rows = [placed for placed in segment if placed[1].data]
    names = [(height, entry.nation, entry) for height, entry in segment if entry.nation]
    names.sort(key=lambda name: -name[0])
    start = 0
    placed: tuple[float, str] = (float("inf"), "")
    for height, nation, entry in names:
        if nation == placed[1] and abs(height - placed[0]) <= _FIT:
            continue  # a cell that a page breaks at its middle shows its name on both pages
        end = _end(rows, start, height)
        if end is None:
            assignment.doubtful.append(entry)
            continue
        assignment.names += [(row, nation) for _, row in rows[start : end + 1]]
        start = end + 1
        placed = (height, nation)
    assignment.doubtful += [row for _, row in rows[start:]]


def _end(rows: Sequence[_Placed], start: int, height: float) -> int | None:
    """Return the last row of the block that begins at ``start`` and is centred on ``height``."""
    for end in range(start, len(rows)):
        middle = (rows[start][0] + rows[end][0]) / 2
        if abs(middle - height) <= _FIT:
            return end
        if middle < height - _FIT:
            return None
    return None
