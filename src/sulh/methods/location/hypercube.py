"""The hypercube queueing model, exactly (Larson, Computers & Operations Research 1, 1974).

N units, each busy or free: 2^N states. A call of a zone goes to the first free unit of the zone's
list. In a state s the units free to take calls do so at rates given by the lists; busy unit n frees
at rate mu_n. Calls that find all busy are lost, or wait in one queue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sulh.methods.simulation.compiling import allocating

Floats = NDArray[np.float64]
MOST_UNITS = 20
_SWEEPS = 100_000


@dataclass(frozen=True)
class Hypercube:
    """What the model says in the long run.

    ``busy`` is the share of time each unit is busy, ``all_busy`` the chance that a call finds all
    busy (lost or waiting), ``served`` (zones x units) the share of the zone's calls that each unit
    answers at once, ``waiting`` the mean wait of all calls in units of time (0 for loss).
    """

    busy: Floats
    all_busy: float
    served: Floats
    waiting: float
    states: Floats


def hypercube(
    calls: ArrayLike, lists: ArrayLike, service: ArrayLike, *, queue: bool = False
) -> Hypercube:
    """Return the long-run behaviour for ``calls`` per zone, preference lists and service rates.

    ``lists`` is zones x units, each row the units (from 0) in the order in which they are asked;
    ``service`` is one rate or a rate a unit. Raises `ValueError` for lists that are no permutation,
    rates of 0 or below, more than `MOST_UNITS` units, or a queue that would grow without end.

    Three units, three zones of half a call per service: Erlang's loss at load 1.5 is 0.134328.

    >>> found = hypercube([0.5, 0.5, 0.5], [[0, 1, 2], [1, 0, 2], [2, 1, 0]], 1.0)
    >>> round(found.all_busy, 6), found.busy.round(6).tolist()
    (0.134328, [0.43447, 0.458164, 0.405874])
    """
    rates, order = np.asarray(calls, dtype=float), np.asarray(lists, dtype=np.int64)
    units = order.shape[1] if order.ndim == 2 else 0
    mu = np.broadcast_to(np.asarray(service, dtype=float), (units,)).copy()
    _check(rates, order, mu)
    ratio = rates.sum() / mu.sum()
    if queue and ratio >= 1:
        raise ValueError(f"a load of {ratio:.3f} per unit lets the queue grow without end")
    chances = _solved(rates, order, mu)
    full = (1 << units) - 1
    if queue:
        chances = chances / (1 + chances[full] * ratio / (1 - ratio))
    # With a queue the states beyond all busy follow a geometric series.
    tail = chances[full] * ratio / (1 - ratio) if queue else 0.0
    state = np.arange(1 << units)
    on = (state[:, None] >> np.arange(units)[None, :]) & 1
    all_busy = float(chances[full] + tail)
    # Little's law: calls waiting, on average, over calls a unit of time.
    waiting = all_busy * ratio / (1 - ratio) / rates.sum() if queue and rates.sum() else 0.0
    served = _served(chances, order, units)
    return Hypercube(chances @ on + tail, all_busy, served, float(waiting), chances)


def _check(rates: Floats, order: NDArray[np.int64], mu: Floats) -> None:
    units = len(mu)
    if not 1 <= units <= MOST_UNITS or order.shape != (len(rates), units):
        raise ValueError(f"lists of shape {order.shape} for {len(rates)} zones, 1 to 20 units")
    if (np.sort(order, axis=1) != np.arange(units)).any():
        raise ValueError("each list must name every unit once")
    if rates.min(initial=0.0) < 0 or mu.min() <= 0:
        raise ValueError("calls must be 0 or more and service rates above 0")


def _solved(rates: Floats, order: NDArray[np.int64], mu: Floats) -> Floats:
    """Return the chances of the states, the bits of whose number are the busy units."""
    units = len(mu)
    dispatch = _dispatch(rates, order, units)
    level = np.array([int(s).bit_count() for s in range(1 << units)])
    sorted_states = np.argsort(level, kind="stable")
    load = rates.sum() / mu.mean()
    chances = np.ones(1 << units)
    for count in range(1, units + 1):
        # Erlang's chances by number of busy units: exact for equal rates, else a start.
        chances[level == count] = chances[level == count - 1][0] * load / max(units - count + 1, 1)
    chances /= chances.sum()
    _sweep(chances, dispatch, mu, float(rates.sum()), sorted_states, level)
    return chances


@allocating
def _dispatch(rates, order, units):  # type: ignore[no-untyped-def]
    """Return the rate at which each unit is sent in each state: states x units."""
    out = np.zeros((1 << units, units))
    for state in range((1 << units) - 1):
        for zone in range(len(rates)):
            for k in range(units):
                unit = order[zone, k]
                if not (state >> unit) & 1:
                    out[state, unit] += rates[zone]
                    break
    return out


@allocating
def _sweep(chances, dispatch, mu, total, states, level):  # type: ignore[no-untyped-def]
    """Solve the balance equations by Gauss-Seidel, and between sweeps by cuts between levels."""
    size, units = dispatch.shape
    up, down = np.zeros(units + 1), np.zeros(units + 1)
    factor = np.ones(units + 1)
    for turn in range(_SWEEPS):
        change = 0.0
        for k in range(size):
            state = states[k] if turn % 2 == 0 else states[size - 1 - k]
            into, out = 0.0, 0.0 if state == size - 1 else total
            for unit in range(units):
                bit = 1 << unit
                if state & bit:
                    into += chances[state - bit] * dispatch[state - bit, unit]
                    out += mu[unit]
                else:
                    into += chances[state + bit] * mu[unit]
            value = into / out if out > 0 else (1.0 if state == 0 else 0.0)
            change = max(change, abs(value - chances[state]) / (value + 1e-300))
            chances[state] = value
        # Across the cut between two levels as much flows up as down: scale the levels so.
        up[:], down[:] = 0.0, 0.0
        for state in range(size):
            n = level[state]
            up[n] += chances[state] * total
            for unit in range(units):
                if state & (1 << unit):
                    down[n] += chances[state] * mu[unit]
        for n in range(1, units + 1):
            factor[n] = factor[n - 1] * up[n - 1] / down[n] if down[n] > 0 else 0.0
        sum_ = 0.0
        for state in range(size):
            chances[state] *= factor[level[state]]
            sum_ += chances[state]
        for state in range(size):
            chances[state] /= sum_
        if change < 1e-13:
            return


@allocating
def _served(chances, order, units):  # type: ignore[no-untyped-def]
    """Return the share of each zone's calls that each unit answers at once."""
    zones = len(order)
    out = np.zeros((zones, units))
    for state in range((1 << units) - 1):
        for zone in range(zones):
            for k in range(units):
                unit = order[zone, k]
                if not (state >> unit) & 1:
                    out[zone, unit] += chances[state]
                    break
    return out
