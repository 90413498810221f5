"""Independent random streams by replication and process, for compiled kernels.

A stream is the state of a xoshiro256++ generator (Blackman and Vigna 2019), four words that numpy's
`SeedSequence` makes from the seed, the number of the replication and the name of the process. So a
process draws the same numbers in two variants of a case (common random numbers), whatever else the
variants hold and however many workers share the replications.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from sulh.methods.simulation.compiling import inner

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]

_23, _41, _17 = np.uint64(23), np.uint64(41), np.uint64(17)
_45, _19, _11 = np.uint64(45), np.uint64(19), np.uint64(11)


def stream(seed: int, replication: int, process: str) -> Words:
    """Return the state of the stream of a process in a replication.

    >>> a, b = stream(1, 0, "arrivals"), stream(1, 1, "arrivals")
    >>> bool((a == b).any()), bool((a == stream(1, 0, "arrivals")).all())
    (False, True)
    """
    key = (replication, zlib.crc32(process.encode()), len(process))
    words = np.random.SeedSequence(seed, spawn_key=key).generate_state(4, np.uint64)
    return words.astype(np.uint64)


def streams(seed: int, replication: int, processes: Sequence[str]) -> Words:
    """Return the states of several processes, one a row."""
    if not processes:
        return np.empty((0, 4), dtype=np.uint64)
    return np.stack([stream(seed, replication, process) for process in processes])


@inner
def uniform(state):  # type: ignore[no-untyped-def]
    """Return a number from 0 to below 1 and move the stream on."""
    total = state[0] + state[3]
    result = ((total << _23) | (total >> _41)) + state[0]
    moved = state[1] << _17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= moved
    state[3] = (state[3] << _45) | (state[3] >> _19)
    return np.float64(result >> _11) * (1.0 / 9007199254740992.0)


@inner
def uniforms(state, out):  # type: ignore[no-untyped-def]
    """Set ``out`` to as many numbers as it holds, those that `uniform` would return in turn."""
    first, second, third, fourth = state[0], state[1], state[2], state[3]
    for place in range(out.size):
        total = first + fourth
        result = ((total << _23) | (total >> _41)) + first
        moved = second << _17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= moved
        fourth = (fourth << _45) | (fourth >> _19)
        out[place] = np.float64(result >> _11) * (1.0 / 9007199254740992.0)
    state[0], state[1], state[2], state[3] = first, second, third, fourth


@inner
def exponential(state, mean):  # type: ignore[no-untyped-def]
    """Return an exponential time with a mean."""
    return -math.log(1.0 - uniform(state)) * mean


@inner
def normal_quantile(share):  # type: ignore[no-untyped-def]
    """Return the value that a share of the standard normal lies below, to 5e-4.

    Abramowitz and Stegun 26.2.23.
    """
    tail = min(max(share, 1e-12), 1.0 - 1e-12)
    sign = 1.0
    if tail < 0.5:
        sign = -1.0
    else:
        tail = 1.0 - tail
    root = math.sqrt(-2.0 * math.log(tail))
    above = 2.515517 + root * (0.802853 + root * 0.010328)
    below = 1.0 + root * (1.432788 + root * (0.189269 + root * 0.001308))
    return sign * (root - above / below)


def spread_of(median: ArrayLike, tenth: ArrayLike) -> npt.NDArray[np.float64]:
    """Return medians and, for each, the standard deviation of the logarithm: two rows.

    One in ten exceeds ``tenth``; 1.28 is the normal quantile of nine in ten.

    >>> spread_of([2.0, 0.0], [2.0 * math.e**1.2815515655446004, 1.0]).round(6).tolist()
    [[2.0, 0.0], [1.0, 0.0]]
    """
    middle = np.asarray(median, dtype=np.float64)
    known = np.where(middle > 0, middle, 1.0)
    above = np.maximum(np.asarray(tenth, dtype=np.float64), known)
    spread = np.where(middle > 0, np.log(above / known) / 1.2815515655446004, 0.0)
    return np.stack([middle, spread])


@inner
def lognormal(share, median, spread):  # type: ignore[no-untyped-def]
    """Return the lognormal value that a share lies below; see `spread_of`."""
    if spread <= 0.0:
        return median
    return median * math.exp(spread * normal_quantile(share))
