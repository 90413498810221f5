"""Which events have been seen. Of numbers a bit each, in pieces made when first needed.

GDELT numbers events one after another, so that 100 million events take 12 megabytes; all numbers
that are accepted together, 512.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sulh.methods.simulation.compiling import allocating

PIECE = 16  # a piece holds 2**16 numbers in 8,192 bytes
_BYTES = 2**PIECE // 8
_PIECES = 2**16
Bits = NDArray[np.uint8]


@allocating
def _mark(
    ids: NDArray[np.int64],
    index: NDArray[np.int32],
    pool: NDArray[np.uint8],
    fresh: NDArray[np.bool_],
) -> None:
    for place in range(len(ids)):
        number = ids[place]
        row = index[number >> PIECE]
        bit = number & (2**PIECE - 1)
        mask = np.uint8(1 << (bit & 7))
        fresh[place] = (pool[row, bit >> 3] & mask) == 0
        pool[row, bit >> 3] |= mask


@allocating
def _missing(ids: NDArray[np.int64], index: NDArray[np.int32], found: NDArray[np.int64]) -> int:
    """Put the pieces that numbers need and that are not there into ``found``; return how many."""
    number = 0
    for one in ids:
        place = one >> PIECE
        if index[place] == -1:
            index[place] = -2
            found[number] = place
            number += 1
    for place in found[:number]:
        index[place] = -1
    return number


class Seen:
    """A set of numbers below 2**32."""

    def __init__(self) -> None:
        self._index = np.full(_PIECES, -1, dtype=np.int32)
        self._pool = np.zeros((0, _BYTES), dtype=np.uint8)
        self._used = 0

    def __len__(self) -> int:
        """Return how many numbers are in the set."""
        return int(np.bitwise_count(self._pool[: self._used]).sum())

    def add(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Add numbers; return for each whether it was new, counting repeats among them.

        >>> Seen().add(np.array([7, 70_000, 7])).tolist()
        [True, True, False]
        """
        missing = np.empty(min(len(ids), _PIECES), dtype=np.int64)
        self._make_room(missing[: _missing(ids, self._index, missing)])
        fresh = np.empty(len(ids), dtype=np.bool_)
        _mark(ids, self._index, self._pool, fresh)
        return fresh

    def holds(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each number whether it is in the set."""
        rows = self._index[ids >> PIECE]
        bit = ids & (2**PIECE - 1)
        known = rows >= 0
        found = np.zeros(len(ids), dtype=np.bool_)
        bytes_ = self._pool[rows[known], bit[known] >> 3]
        found[known] = (bytes_ >> (bit[known] & 7).astype(np.uint8)) & 1 == 1
        return found

    def pieces(self) -> Iterator[tuple[int, Bits]]:
        """Yield each piece that holds a number, with its place."""
        for place in np.flatnonzero(self._index >= 0):
            yield int(place), self._pool[self._index[place]]

    def merge(self, pieces: list[tuple[int, Bits]]) -> list[tuple[int, Bits]]:
        """Add pieces; return the bits of them that were in the set before."""
        self._make_room(np.array([place for place, _ in pieces], dtype=np.int64))
        known = []
        for place, bits in pieces:
            own = self._pool[self._index[place]]
            both = own & bits
            if both.any():
                known.append((place, both))
            own |= bits
        return known

    @classmethod
    def of(cls, pieces: list[tuple[int, Bits]]) -> Seen:
        """Return a set made of pieces."""
        made = cls()
        made.merge(pieces)
        return made

    def _make_room(self, places: NDArray[np.int64]) -> None:
        new = places[self._index[places] < 0]
        needed = self._used + len(new)
        if needed > len(self._pool):
            grown = np.zeros((max(needed, 2 * len(self._pool), 16), _BYTES), dtype=np.uint8)
            grown[: self._used] = self._pool[: self._used]
            self._pool = grown
        self._index[new] = np.arange(self._used, needed, dtype=np.int32)
        self._used = needed


class Marks:
    """A set of marks of 64 bits, in order: 8 bytes each."""

    def __init__(self) -> None:
        self._held = np.empty(0, dtype=np.int64)

    def add(self, marks: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Add marks; return for each whether it was not there before the call.

        >>> marks = Marks()
        >>> marks.add(np.array([5, 5])).tolist(), marks.add(np.array([6, 5])).tolist()
        ([True, True], [True, False])
        """
        place = np.searchsorted(self._held, marks)
        fresh = np.ones(len(marks), dtype=np.bool_)
        inside = place < len(self._held)
        fresh[inside] = self._held[place[inside]] != marks[inside]
        self._held = np.sort(np.concatenate([self._held, np.unique(marks[fresh])]), kind="stable")
        return fresh
