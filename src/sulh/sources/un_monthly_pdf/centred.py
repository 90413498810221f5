"""Names that stand at the middle of the rows that they belong to (vertically merged cells).

A merged cell covers the rows r1 ... rn and its name is printed at their middle, so that the name's
height gives the last row once the first is known: the block of the first name begins with the
first row, each next block after the one before. Some prints repeat the name when a page breaks the
cell, each name at the middle of its part; others print it once, at the middle of the whole cell.
Heights therefore run on from page to page, as if the pages were one column. A name that is not the
middle of any such run of rows is a doubt, and so is a row that is left over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sulh.sources.un_monthly_pdf.entries import Entry

_FIT = 3.0  # points; half a row is at least 5


def is_centred(pages: Sequence[Sequence[Entry]]) -> bool:
    """Return whether names are centred on their rows, which shows in two ways.

    A name between two rows that are no further apart than rows without a name between them; or a
    name beside a row while the rows over it, back to the last total, have none.
    """
    for entries in pages:
        pitch = _pitch(entries)
        for index, entry in enumerate(entries[1:-1], start=1):
            above, below = entries[index - 1], entries[index + 1]
            if (
                entry.nation
                and entry.figures is None
                and above.data
                and below.data
                and not below.nation
                and above.base - below.base <= 1.2 * pitch
            ):
                return True
    return any(_named_late(entries) for entries in pages)


def _named_late(entries: Sequence[Entry]) -> bool:
    for index, entry in enumerate(entries[1:-1], start=1):
        before, after = entries[index - 1], entries[index + 1]
        heads = before.operation and not before.nation and before.figures is None
        if heads and entry.data and not entry.nation and after.data and after.nation:
            return True
    return False


def _pitch(entries: Sequence[Entry]) -> float:
    gaps = [
        upper.base - lower.base for upper, lower in pairwise(entries) if upper.data and lower.data
    ]
    return min(gaps, default=0.0)


def assign(pages: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Give every row the name of its block, in place; return the entries that remain in doubt."""
    pitch = min((p for p in map(_pitch, pages) if p > 0), default=0.0)
    doubtful: list[Entry] = []
    for segment in _segments(pages, pitch):
        _assign_segment(segment, doubtful)
    return doubtful


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


def _assign_segment(segment: list[_Placed], doubtful: list[Entry]) -> None:
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
            doubtful.append(entry)
            continue
        for _, row in rows[start : end + 1]:
            row.nation = nation
        start = end + 1
        placed = (height, nation)
    doubtful += [row for _, row in rows[start:]]


def _end(rows: Sequence[_Placed], start: int, height: float) -> int | None:
    """Return the last row of the block that begins at ``start`` and is centred on ``height``."""
    for end in range(start, len(rows)):
        middle = (rows[start][0] + rows[end][0]) / 2
        if abs(middle - height) <= _FIT:
            return end
        if middle < height - _FIT:
            return None
    return None
