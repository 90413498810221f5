"""Calls of zones answered by the first free unit of a list: simulated, beside the hypercube."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sulh.methods.simulation.compiling import kernel
from sulh.methods.simulation.heap import drop_first, insert
from sulh.methods.simulation.streams import Words, exponential, uniform

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Callouts(NamedTuple):
    """Calls a unit of time by zone, and the units in the order in which each zone asks them.

    Service takes a mean of 1, exponential; a call that finds all units busy is lost.
    """

    calls: Floats
    lists: Ints


def run_callouts(
    state: Words, model: Callouts, horizon: float, warm: float
) -> tuple[Floats, float]:
    """Return the share of time each unit is busy and the share of calls lost, from ``warm`` on."""
    units = model.lists.shape[1]
    heap = np.empty(units + 1), np.empty(units + 1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    busy, until = np.zeros(units), np.zeros(units)
    lost, calls = _run_callouts(state, model, heap, (busy, until), (horizon, warm))
    return busy / (horizon - warm), lost / max(calls, 1)


@kernel
def _run_callouts(state, model, heap, units, span):  # type: ignore[no-untyped-def]
    busy, until = units
    horizon, warm = span
    times, codes, size = heap
    total = model.calls.sum()
    now = exponential(state, 1.0 / total)
    calls = lost = 0
    while now < horizon:
        while size[0] > 0 and times[0] <= now:
            until[codes[0]] = 0.0
            drop_first(times, codes, size)
        share, zone = uniform(state) * total, 0
        while zone < model.calls.size - 1 and share >= model.calls[zone]:
            share -= model.calls[zone]
            zone += 1
        chosen = -1
        for unit in model.lists[zone]:
            if until[unit] == 0.0:
                chosen = unit
                break
        if now >= warm:
            calls += 1
            lost += chosen < 0
        if chosen >= 0:
            end = now + exponential(state, 1.0)
            until[chosen] = end
            busy[chosen] += max(min(end, horizon) - max(now, warm), 0.0)
            insert(times, codes, size, end, chosen)
        now += exponential(state, 1.0 / total)
    return lost, calls
