"""An event list for compiled kernels: a binary heap in arrays that grow."""

from __future__ import annotations

import numpy as np
from numba import njit

# The arrays: times, codes of what happens, and size[0], how many are in use.


@njit(cache=True)
def push(times, codes, size, time, code):  # type: ignore[no-untyped-def]
    """Add an event and return the arrays, which are new ones if the old were full."""
    place = size[0]
    if place == times.size:
        more_times = np.empty(2 * place, dtype=np.float64)
        more_codes = np.empty(2 * place, dtype=np.int64)
        more_times[:place] = times
        more_codes[:place] = codes
        times, codes = more_times, more_codes
    size[0] = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        if times[parent] <= time:
            break
        times[place] = times[parent]
        codes[place] = codes[parent]
        place = parent
    times[place] = time
    codes[place] = code
    return times, codes


@njit(cache=True)
def drop_first(times, codes, size):  # type: ignore[no-untyped-def]
    """Take the earliest event away; read it before, at place 0."""
    last = size[0] - 1
    size[0] = last
    time, code = times[last], codes[last]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= last:
            break
        if child + 1 < last and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[place] = times[child]
        codes[place] = codes[child]
        place = child
    times[place] = time
    codes[place] = code
