"""Calls of zones answered by the first free unit of a list: simulated, beside the hypercube."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sulh.methods.location.hypercube import hypercube
from sulh.methods.simulation.compiling import kernel
from sulh.methods.simulation.heap import drop_first, insert
from sulh.methods.simulation.intervals import mean_interval
from sulh.methods.simulation.streams import Words, exponential, stream, uniform
from sulh.methods.simulation.theory import BLOCKS, Measured

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


def built_in(customers: int = 1_000_000, seed: int = 1) -> Iterator[Measured]:
    """Yield what `sulh care validate` prints of them."""
    thirds = Callouts(np.full(3, 0.5), np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0]]))
    yield from _hypercube("Hypercube, 3 units", thirds, customers, seed)
    yield from _hypercube("Hypercube, 10 units on a line", _line(10), customers, seed)


def _line(units: int) -> Callouts:
    """Return zones on a line with a unit in each, asked from the nearest on; the ends call more."""
    place = np.arange(units)
    away = np.abs(np.subtract.outer(place, place))
    calls = 0.4 + 0.5 * np.abs(place - (units - 1) / 2) / units
    return Callouts(calls, np.argsort(away, axis=1, kind="stable"))


def _hypercube(name: str, model: Callouts, customers: int, seed: int) -> Iterator[Measured]:
    """Yield the share of calls lost and the share of time that single units are busy."""
    exact = hypercube(model.calls, model.lists, 1.0)
    horizon = 100.0 + customers / BLOCKS / float(model.calls.sum())
    runs = [
        run_callouts(stream(seed, block, "callouts"), model, horizon, 100.0)
        for block in range(BLOCKS)
    ]
    lost = mean_interval([share for _, share in runs])
    yield Measured(name, "share of calls lost", exact.all_busy, lost)
    units = model.lists.shape[1]
    for unit in sorted({0, units // 2, units - 1}):
        simulated = mean_interval([float(busy[unit]) for busy, _ in runs])
        yield Measured(name, f"unit {unit + 1} busy", float(exact.busy[unit]), simulated)
