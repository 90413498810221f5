"""An event list for compiled kernels: a binary heap in arrays."""

from __future__ import annotations

from sulh.methods.simulation.compiling import inner

# The arrays, long enough for all that is ever due: times, codes of what happens, and size[0], how
# many are in use. Of events at the same time that of the lower code is first.


@inner
def insert(times, codes, size, time, code):  # type: ignore[no-untyped-def]
    """Add an event to arrays that have room for it."""
    place = size[0]
    size[0] = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        if times[parent] < time or (times[parent] == time and codes[parent] <= code):
            break
        times[place] = times[parent]
        codes[place] = codes[parent]
        place = parent
    times[place] = time
    codes[place] = code


@inner
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
        if child + 1 < last and (
            times[child + 1] < times[child]
            or (times[child + 1] == times[child] and codes[child + 1] < codes[child])
        ):
            child += 1
        if times[child] > time or (times[child] == time and codes[child] >= code):
            break
        times[place] = times[child]
        codes[place] = codes[child]
        place = child
    times[place] = time
    codes[place] = code
