"""Count one file: a pure task that any process, here or on a cluster, can run."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sulh.core.errors import RefusedFile
from sulh.questions.cooperation.events.blocks import blocks
from sulh.questions.cooperation.events.families import codes_array
from sulh.questions.cooperation.events.lines import SOUND, any_array, read_lines
from sulh.questions.cooperation.events.seen import Bits, Seen

WIDTHS = {57: True, 58: True, 61: False}
_SHOWN = 20
_PEEK = 200
_SPARSE = 2_000_000
_SHORTEST = 60  # 57 columns need 56 tabulators


@dataclass(frozen=True)
class Task:
    """A file to count; with ``only``, the events of these numbers alone."""

    path: str
    only: tuple[tuple[int, bytes], ...] | None = None


@dataclass(frozen=True)
class Tally:
    """What a file holds: counts by key, the event numbers, and its damaged lines.

    ``keys`` and ``counts`` are of events that the file had not given before; ``numbers`` are their
    numbers as pieces of bits, compressed; ``damaged`` counts lines by kind of damage.
    """

    path: str
    keys: NDArray[np.int64] = field(repr=False)
    counts: NDArray[np.int64] = field(repr=False)
    numbers: tuple[tuple[int, bytes], ...] = field(repr=False)
    lines: int = 0
    repeated: int = 0
    damaged: dict[int, int] = field(default_factory=dict)
    damaged_lines: tuple[int, ...] = ()
    refused: str | None = None


def count_file(task: Task) -> Tally:
    """Return the tally of a file; a file that cannot be used is refused in it, never raised."""
    try:
        return _Counter(task).run()
    except RefusedFile as error:
        empty = np.empty(0, dtype=np.int64)
        return Tally(task.path, empty, empty, (), refused=str(error))


def packed(pieces: list[tuple[int, Bits]]) -> tuple[tuple[int, bytes], ...]:
    """Return pieces of bits compressed, to be sent between processes."""
    return tuple((place, zlib.compress(bits.tobytes(), 1)) for place, bits in pieces)


def unpacked(pieces: tuple[tuple[int, bytes], ...]) -> list[tuple[int, Bits]]:
    """Return compressed pieces as bits."""
    return [(place, np.frombuffer(zlib.decompress(bits), dtype=np.uint8)) for place, bits in pieces]


class _Counter:
    """The state of one pass over a file, in memory that does not grow with its length."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.only = None if task.only is None else Seen.of(unpacked(task.only))
        self.seen = Seen()
        self.parts: list[pl.DataFrame] = []
        self.lines = self.repeated = self.pending = 0
        self.damaged: dict[int, int] = {}
        self.damaged_lines: list[int] = []

    def run(self) -> Tally:
        narrow: bool | None = None
        families = codes_array()
        for block in blocks(Path(self.task.path)):
            if narrow is None:
                narrow = _narrow(self.task.path, block)
            data = np.frombuffer(block, dtype=np.uint8)
            most = block.count(b"\n")
            ids, keys = any_array(most, np.int64), any_array(most, np.int64)
            states = any_array(most, np.uint8)
            found = read_lines(data, narrow, families, ids, keys, states)
            self._take(ids[:found], keys[:found], states[:found])
        if narrow is None:
            raise _no_events(self.task.path)
        whole = _summed(self.parts)
        return Tally(
            self.task.path,
            whole["key"].to_numpy(),
            whole["events"].to_numpy(),
            packed(list(self.seen.pieces())),
            self.lines,
            self.repeated,
            self.damaged,
            tuple(self.damaged_lines),
        )

    def _take(
        self, ids: NDArray[np.int64], keys: NDArray[np.int64], states: NDArray[np.uint8]
    ) -> None:
        sound = states == SOUND
        if not sound.all():
            self._note_damage(states, sound)
            ids, keys = ids[sound], keys[sound]
        self.lines += len(states)
        if self.only is not None:
            wanted = self.only.holds(ids)
            ids, keys = ids[wanted], keys[wanted]
        fresh = self.seen.add(ids)
        if not fresh.all():
            self.repeated += int(len(fresh) - fresh.sum())
            keys = keys[fresh]
        counted = (
            pl.DataFrame({"key": keys}).group_by("key").agg(pl.len().cast(pl.Int64).alias("events"))
        )
        self.parts.append(counted)
        self.pending += counted.height
        if self.pending > _SPARSE:
            self.parts = [_summed(self.parts)]
            self.pending = 0

    def _note_damage(self, states: NDArray[np.uint8], sound: NDArray[np.bool_]) -> None:
        kinds, numbers = np.unique(states[~sound], return_counts=True)
        for kind, number in zip(kinds.tolist(), numbers.tolist(), strict=True):
            self.damaged[kind] = self.damaged.get(kind, 0) + number
        room = _SHOWN - len(self.damaged_lines)
        places = np.flatnonzero(~sound)[:room] + self.lines + 1
        self.damaged_lines += places.tolist()


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    if not parts:
        return pl.DataFrame(schema={"key": pl.Int64, "events": pl.Int64})
    return pl.concat(parts).group_by("key").agg(pl.col("events").sum()).sort("key")


def _narrow(path: str, block: bytes) -> bool:
    """Return whether the lines are of GDELT 1.0, by the width that most of the first have."""
    votes: dict[bool, int] = {}
    for line in block.split(b"\n", _PEEK)[:_PEEK]:
        width = line.count(b"\t") + 1
        if width in WIDTHS and line.split(b"\t", 1)[0].isdigit():
            votes[WIDTHS[width]] = votes.get(WIDTHS[width], 0) + 1
    if not votes:
        raise _no_events(path)
    return max(votes, key=lambda narrow: votes[narrow])


def _no_events(path: str) -> RefusedFile:
    return RefusedFile(
        f"{path}: no lines of 57, 58 or 61 columns that begin with a number",
        "it is no file of GDELT 1.0 or 2.0 events",
        "give event files, plain, zipped or gzipped",
    )
