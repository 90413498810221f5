"""numpy's `SeedSequence`, compiled: the states of many streams at once.

A replication has two streams for each site and cause. Made one by one in Python they would take
longer than the simulation. The algorithm is M. E. O'Neill's `seed_seq` as numpy has it, word for
word: the states are the same as those of `streams.stream`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from sulh.methods.simulation.compiling import inner, kernel
from sulh.methods.simulation.streams import Words

_MASK = np.uint64(0xFFFFFFFF)
_INIT_A, _MULT_A = np.uint64(0x43B0D7E5), np.uint64(0x931E8875)
_INIT_B, _MULT_B = np.uint64(0x8B51F9DD), np.uint64(0x58F38DED)
_LEFT, _RIGHT, _SHIFT, _WORD = (
    np.uint64(0xCA01F9DD),
    np.uint64(0x4973F715),
    np.uint64(16),
    np.uint64(32),
)
POOL = 4
"""Words of 32 bits that a sequence mixes its entropy into."""


def names_of(processes: Sequence[str]) -> Words:
    """Return what stands for the names of processes in the key of a stream, a row each."""
    keys = [(zlib.crc32(name.encode()), len(name)) for name in processes]
    return np.array(keys, dtype=np.uint64).reshape(-1, 2)


def streams_of(seed: int, replication: int, names: Words) -> Words:
    """Return the states of the streams of processes (`names_of`) in a replication, a row each.

    >>> from sulh.methods.simulation.streams import stream
    >>> bool((streams_of(7, 3, names_of(["arrivals"]))[0] == stream(7, 3, "arrivals")).all())
    True
    """
    found = np.empty((len(names), POOL), dtype=np.uint64)
    pool = np.empty(POOL, dtype=np.uint64)
    _fill(np.uint64(seed), np.uint64(replication), names, found, pool)
    return found


@inner
def _hashed(value, constant):  # type: ignore[no-untyped-def]
    """Return a word mixed with the constant of a step, and the constant of the next."""
    following = (constant * _MULT_A) & _MASK
    mixed = ((value ^ constant) * following) & _MASK
    return mixed ^ (mixed >> _SHIFT), following


@inner
def _mixed(one, other):  # type: ignore[no-untyped-def]
    mixed = ((one * _LEFT) - (other * _RIGHT)) & _MASK
    return mixed ^ (mixed >> _SHIFT)


@inner
def _absorb(pool, word, constant):  # type: ignore[no-untyped-def]
    """Mix a word beyond the first four into the whole pool."""
    for place in range(POOL):
        hashed, constant = _hashed(word, constant)
        pool[place] = _mixed(pool[place], hashed)
    return constant


@kernel
def _fill(seed, replication, names, found, pool):  # type: ignore[no-untyped-def]
    zero = np.uint64(0)
    for row in range(names.shape[0]):
        # The seed is padded to the size of the pool, as numpy does where there is a spawn key.
        constant = _INIT_A
        pool[0], constant = _hashed(seed & _MASK, constant)
        pool[1], constant = _hashed(seed >> _WORD, constant)
        pool[2], constant = _hashed(zero, constant)
        pool[3], constant = _hashed(zero, constant)
        for source in range(POOL):
            for place in range(POOL):
                if source != place:
                    hashed, constant = _hashed(pool[source], constant)
                    pool[place] = _mixed(pool[place], hashed)
        constant = _absorb(pool, replication, constant)
        constant = _absorb(pool, names[row, 0], constant)
        constant = _absorb(pool, names[row, 1], constant)
        constant = _INIT_B
        for place in range(2 * POOL):
            value = pool[place % POOL] ^ constant
            constant = (constant * _MULT_B) & _MASK
            value = (value * constant) & _MASK
            value ^= value >> _SHIFT
            if place % 2 == 0:
                found[row, place // 2] = value
            else:
                found[row, place // 2] |= value << _WORD
