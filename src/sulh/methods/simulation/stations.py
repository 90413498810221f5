"""Compiled kernels of single stations and of networks of them, to be held against theory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from sulh.methods.simulation.heap import drop_first, push
from sulh.methods.simulation.streams import exponential, uniform


class Station(NamedTuple):
    """A station: Poisson arrivals, ``servers`` of them busy for a mean of 1, a queue or none.

    ``variation`` is sd/mean of the service time: 0 fixed, 1 exponential, below 1 Erlang of two
    phases (0.5 ** 0.5), above 1 hyperexponential with balanced means.
    """

    rate: float
    servers: int
    queue: bool
    variation: float


@njit(cache=True)
def _service(state, variation):  # type: ignore[no-untyped-def]
    if variation == 1.0:
        return exponential(state, 1.0)
    if variation == 0.0:
        return 1.0
    if variation < 1.0:
        return exponential(state, 0.5) + exponential(state, 0.5)
    square = variation * variation
    first = 0.5 * (1.0 + np.sqrt((square - 1.0) / (square + 1.0)))
    if uniform(state) < first:
        return exponential(state, 0.5 / first)
    return exponential(state, 0.5 / (1.0 - first))


@njit(cache=True)
def run_station(arrivals, services, station, customers, warm):  # type: ignore[no-untyped-def]
    """Return the summed waits, the number turned away and the events of so many customers.

    ``warm`` customers come before those that are counted. ``arrivals`` and ``services`` are streams
    of `streams.stream`. Customers are served in the order in which they come.
    """
    total = customers + warm
    joined = np.empty(total, dtype=np.float64)
    counted = np.zeros(total, dtype=np.bool_)
    times, codes = np.empty(64, dtype=np.float64), np.empty(64, dtype=np.int64)
    size = np.zeros(1, dtype=np.int64)
    mean = 1.0 / station.rate
    arrival = exponential(arrivals, mean)
    came = head = tail = busy = refused = events = 0
    waits = 0.0
    while came < total or head < tail:
        events += 1
        if came < total and (size[0] == 0 or arrival <= times[0]):
            now = arrival
            came += 1
            arrival = now + exponential(arrivals, mean)
            if busy < station.servers:
                busy += 1
                service = _service(services, station.variation)
                times, codes = push(times, codes, size, now + service, 0)
            elif station.queue:
                joined[tail] = now
                counted[tail] = came > warm
                tail += 1
            elif came > warm:
                refused += 1
            continue
        now = times[0]
        drop_first(times, codes, size)
        if head < tail:
            if counted[head]:
                waits += now - joined[head]
            head += 1
            times, codes = push(times, codes, size, now + _service(services, station.variation), 0)
        else:
            busy -= 1
    return waits, refused, events


class Network(NamedTuple):
    """An open network of queues with exponential service, as `queues.jackson` has it."""

    outside: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    routing: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    servers: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    service_times: np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@njit(cache=True)
def _arrive(network, state, heap, node, now):  # type: ignore[no-untyped-def]
    """Put a customer into a node; it is served at once if a server is free."""
    times, codes, size, present = heap
    present[node] += 1
    if present[node] <= network.servers[node]:
        end = now + exponential(state, network.service_times[node])
        times, codes = push(times, codes, size, end, node)
    return times, codes, size, present


@njit(cache=True)
def run_network(state, network, horizon, warm):  # type: ignore[no-untyped-def]
    """Return the mean number of customers at each node from ``warm`` to ``horizon``, and events."""
    nodes = network.outside.size
    present = np.zeros(nodes, dtype=np.int64)
    area = np.zeros(nodes, dtype=np.float64)
    heap = (
        np.empty(64, dtype=np.float64),
        np.empty(64, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        present,
    )
    for node in range(nodes):
        if network.outside[node] > 0:
            first = exponential(state, 1.0 / network.outside[node])
            times, codes = push(heap[0], heap[1], heap[2], first, nodes + node)
            heap = (times, codes, heap[2], present)
    last, events = 0.0, 0
    while True:
        now, code = heap[0][0], heap[1][0]
        span = min(now, horizon) - max(last, warm)
        if span > 0.0:
            area += span * present
        if now >= horizon:
            return area / (horizon - warm), events
        last = now
        events += 1
        drop_first(heap[0], heap[1], heap[2])
        if code >= nodes:
            again = now + exponential(state, 1.0 / network.outside[code - nodes])
            times, codes = push(heap[0], heap[1], heap[2], again, code)
            heap = _arrive(network, state, (times, codes, heap[2], present), code - nodes, now)
            continue
        present[code] -= 1
        if present[code] >= network.servers[code]:
            end = now + exponential(state, network.service_times[code])
            times, codes = push(heap[0], heap[1], heap[2], end, code)
            heap = (times, codes, heap[2], present)
        chance = uniform(state)
        for node in range(nodes):
            chance -= network.routing[code, node]
            if chance < 0.0:
                heap = _arrive(network, state, heap, node, now)
                break
