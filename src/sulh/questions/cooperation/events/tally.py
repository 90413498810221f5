"""What a task is given, and what it gives back: small enough to be sent between machines."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sulh.core.errors import RefusedFile
from sulh.questions.cooperation.events.seen import Bits

GDELT, POLECAT = "gdelt", "polecat"
SHOWN = 20
Pieces = tuple[tuple[int, bytes], ...]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """A file to count; with ``only``, the events of these numbers alone.

    ``sides`` says whether the nation and the partner are asked for. An event of several nations
    stands in every pair of them; without the sides it stands once.
    """

    path: str
    only: Pieces | None = None
    sides: tuple[bool, bool] = (True, True)


@dataclass(frozen=True)
class Tally:
    """What a file holds: counts by key, the event numbers, and its damaged lines.

    ``keys`` and ``counts`` are of events that the file had not given before. Of GDELT ``numbers``
    are their numbers as pieces of bits, compressed; of POLECAT, whose events have names and not
    numbers, ``marks`` has a mark of 64 bits beside each key. ``damaged`` counts lines by kind of
    damage; ``odd`` counts events by names of actors that are no nation.
    """

    path: str
    keys: Ints = field(repr=False)
    counts: Ints = field(repr=False)
    numbers: Pieces = field(default=(), repr=False)
    marks: Ints | None = field(default=None, repr=False)
    source: str = GDELT
    lines: int = 0
    repeated: int = 0
    damaged: dict[int, int] = field(default_factory=dict)
    damaged_lines: tuple[int, ...] = ()
    odd: dict[str, int] = field(default_factory=dict)
    refused: str | None = None


def refusal(path: str, error: RefusedFile) -> Tally:
    """Return the tally of a file that cannot be used."""
    empty = np.empty(0, dtype=np.int64)
    return Tally(path, empty, empty, refused=str(error))


def packed(pieces: list[tuple[int, Bits]]) -> Pieces:
    """Return pieces of bits compressed, to be sent between processes."""
    return tuple((place, zlib.compress(bits.tobytes(), 1)) for place, bits in pieces)


def unpacked(pieces: Pieces) -> list[tuple[int, Bits]]:
    """Return compressed pieces as bits."""
    return [(place, np.frombuffer(zlib.decompress(bits), dtype=np.uint8)) for place, bits in pieces]
