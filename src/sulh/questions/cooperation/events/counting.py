"""Count one file: a pure task that any process, here or on a cluster, can run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sulh.core.errors import RefusedFile
from sulh.questions.cooperation.events.blocks import blocks
from sulh.questions.cooperation.events.counts import Counts
from sulh.questions.cooperation.events.families import codes_array
from sulh.questions.cooperation.events.lines import SOUND, any_array, read_lines
from sulh.questions.cooperation.events.polecat import count_polecat, is_polecat
from sulh.questions.cooperation.events.seen import Seen
from sulh.questions.cooperation.events.tally import SHOWN, Tally, Task, packed, refusal, unpacked

WIDTHS = {57: True, 58: True, 61: False}
_PEEK = 200


def count_file(task: Task) -> Tally:
    """Return the tally of a file; a file that cannot be used is refused in it, never raised."""
    try:
        found = blocks(Path(task.path))
        first = next(found, b"")
        whole = chain([first], found)
        if is_polecat(first):
            return count_polecat(task, whole)
        return _Counter(task).run(whole, _narrow(task.path, first))
    except RefusedFile as error:
        return refusal(task.path, error)


class _Counter:
    """The state of one pass over a file, in memory that does not grow with its length."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.only = None if task.only is None else Seen.of(unpacked(task.only))
        self.seen = Seen()
        self.counts = Counts()
        self.lines = self.repeated = 0
        self.damaged: dict[int, int] = {}
        self.damaged_lines: list[int] = []

    def run(self, found: Iterator[bytes], narrow: bool) -> Tally:
        families = codes_array()
        ids, keys, states = (any_array(0, kind) for kind in (np.int64, np.int64, np.uint8))
        for block in found:
            data = np.frombuffer(block, dtype=np.uint8)
            if len(data) > 2 * len(states):  # a line that is read has a sign and its end
                ids, keys = any_array(len(data), np.int64), any_array(len(data), np.int64)
                states = any_array(len(data), np.uint8)
            lines = read_lines(data, narrow, families, ids, keys, states)
            self._take(ids[:lines], keys[:lines], states[:lines])
        keys, counts = self.counts.sums()
        return Tally(
            self.task.path,
            keys,
            counts,
            packed(list(self.seen.pieces())),
            lines=self.lines,
            repeated=self.repeated,
            damaged=self.damaged,
            damaged_lines=tuple(self.damaged_lines),
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
        self.repeated += int(len(fresh) - np.count_nonzero(fresh))
        self.counts.add(keys, fresh)

    def _note_damage(self, states: NDArray[np.uint8], sound: NDArray[np.bool_]) -> None:
        kinds, numbers = np.unique(states[~sound], return_counts=True)
        for kind, number in zip(kinds.tolist(), numbers.tolist(), strict=True):
            self.damaged[kind] = self.damaged.get(kind, 0) + number
        room = SHOWN - len(self.damaged_lines)
        places = np.flatnonzero(~sound)[:room] + self.lines + 1
        self.damaged_lines += places.tolist()


def _narrow(path: str, block: bytes) -> bool:
    """Return whether the lines are of GDELT 1.0, by the width that most of the first have."""
    votes: dict[bool, int] = {}
    for line in block.split(b"\n", _PEEK)[:_PEEK]:
        width = line.count(b"\t") + 1
        if width in WIDTHS and line.split(b"\t", 1)[0].isdigit():
            votes[WIDTHS[width]] = votes.get(WIDTHS[width], 0) + 1
    if not votes:
        raise RefusedFile(
            f"{path}: no lines of 57, 58 or 61 columns that begin with a number",
            "it is no file of GDELT 1.0 or 2.0 events, nor of POLECAT",
            "give event files, plain, zipped or gzipped",
        )
    return max(votes, key=lambda narrow: votes[narrow])
