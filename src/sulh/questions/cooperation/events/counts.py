"""How often each key occurs: a table of keys by their hash, which grows as keys are met."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sulh.methods.simulation.compiling import allocating

Ints = NDArray[np.int64]
_FREE = -1
_FIRST = 2**14


@allocating
def _place(key: int, held: Ints) -> np.int64:
    """Return where a key stands in the table, or where it would."""
    last = len(held) - 1
    place = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & last
    while held[place] != _FREE and held[place] != key:
        place = (place + 1) & last
    return place


@allocating
def _count(keys: Ints, fresh: NDArray[np.bool_], held: Ints, counts: Ints) -> int:
    """Count the fresh keys; return how many were not in the table before."""
    new = 0
    for number in range(len(keys)):
        if fresh[number]:
            place = _place(keys[number], held)
            if held[place] == _FREE:
                held[place] = keys[number]
                new += 1
            counts[place] += 1
    return new


@allocating
def _move(old: Ints, numbers: Ints, held: Ints, counts: Ints) -> None:
    for number in range(len(old)):
        if old[number] != _FREE:
            place = _place(old[number], held)
            held[place] = old[number]
            counts[place] = numbers[number]


class Counts:
    """Counts of keys from 0."""

    def __init__(self) -> None:
        self._held = np.full(_FIRST, _FREE, dtype=np.int64)
        self._counts = np.zeros(_FIRST, dtype=np.int64)
        self._used = 0

    def add(self, keys: Ints, fresh: NDArray[np.bool_]) -> None:
        """Count each key that is fresh.

        >>> counts = Counts()
        >>> counts.add(np.array([7, 9, 7, 9]), np.array([True, True, True, False]))
        >>> [found.tolist() for found in counts.sums()]
        [[7, 9], [2, 1]]
        """
        self._make_room(len(keys))
        self._used += _count(keys, fresh, self._held, self._counts)

    def sums(self) -> tuple[Ints, Ints]:
        """Return the keys in order, and their counts."""
        keys = self._held[self._held != _FREE]
        order = np.argsort(keys)
        return keys[order], self._counts[self._held != _FREE][order]

    def _make_room(self, more: int) -> None:
        size = len(self._held)
        while 2 * (self._used + more) > size:
            size *= 2
        if size > len(self._held):
            held, counts = np.full(size, _FREE, dtype=np.int64), np.zeros(size, dtype=np.int64)
            _move(self._held, self._counts, held, counts)
            self._held, self._counts = held, counts
