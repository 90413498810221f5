"""Compiled kernels of single stations and of networks of them, to be held against theory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sulh.methods.simulation.compiling import inner, kernel
from sulh.methods.simulation.heap import drop_first, insert
from sulh.methods.simulation.streams import Words, exponential, uniform


class Station(NamedTuple):
    """A station: Poisson arrivals, ``servers`` of them busy for a mean of 1, a queue or none.

    ``variation`` is sd/mean of the service time: 0 fixed, 1 exponential, below 1 Erlang of two
    phases (0.5 ** 0.5), above 1 hyperexponential with balanced means.
    """

    rate: float
    servers: int
    queue: bool
    variation: float


@inner
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


def run_station(
    arrivals: Words, services: Words, model: Station, customers: int, warm: int
) -> tuple[float, int, int, int]:
    """Return of so many customers the summed waits, the number turned away, the events, who waited.

    ``warm`` customers come before those that are counted. ``arrivals`` and ``services`` are streams
    of `streams.stream`. Customers are served in the order in which they come.
    """
    joined, due = np.empty(customers + warm), model.servers + 1
    heap = np.empty(due), np.empty(due, dtype=np.int64), np.zeros(1, dtype=np.int64)
    waits, refused, events, waited = _run_station(
        (arrivals, services), model, (customers, warm), joined, heap
    )
    return float(waits), int(refused), int(events), int(waited)


@kernel
def _run_station(streams, station, counts, joined, heap):  # type: ignore[no-untyped-def]
    arrivals, services = streams
    times, codes, size = heap
    warm, total = counts[1], counts[0] + counts[1]
    mean = 1.0 / station.rate
    arrival = exponential(arrivals, mean)
    # Those who wait are served in order, so of the first ones none counts.
    came = head = tail = busy = refused = events = early = 0
    waits = 0.0
    while came < total or head < tail:
        events += 1
        if came < total and (size[0] == 0 or arrival <= times[0]):
            now = arrival
            came += 1
            arrival = now + exponential(arrivals, mean)
            if busy < station.servers:
                busy += 1
                insert(times, codes, size, now + _service(services, station.variation), 0)
            elif station.queue:
                joined[tail] = now
                tail += 1
                if came <= warm:
                    early = tail
            elif came > warm:
                refused += 1
            continue
        now = times[0]
        drop_first(times, codes, size)
        if head < tail:
            if head >= early:
                waits += now - joined[head]
            head += 1
            insert(times, codes, size, now + _service(services, station.variation), 0)
        else:
            busy -= 1
    return waits, refused, events, tail - early


class Network(NamedTuple):
    """An open network of queues with exponential service, as `queues.jackson` has it."""

    outside: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    routing: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    servers: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    service_times: np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@inner
def _arrive(network, state, heap, present, event):  # type: ignore[no-untyped-def]
    """Put a customer into a node; it is served at once if a server is free."""
    node, now = event
    present[node] += 1
    if present[node] <= network.servers[node]:
        end = now + exponential(state, network.service_times[node])
        insert(heap[0], heap[1], heap[2], end, node)


def run_network(
    state: Words, network: Network, horizon: float, warm: float
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    """Return the mean number of customers at each node from ``warm`` to ``horizon``, and events."""
    nodes = network.outside.size
    room = int(network.servers.sum()) + nodes + 1
    heap = np.empty(room), np.empty(room, dtype=np.int64), np.zeros(1, dtype=np.int64)
    area, present = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    events = _run_network(state, network, heap, (area, present), (float(horizon), float(warm)))
    return area / (horizon - warm), int(events)


@kernel
def _run_network(state, network, heap, counts, span):  # type: ignore[no-untyped-def]
    area, present = counts
    horizon, warm = span
    nodes = network.outside.size
    for node in range(nodes):
        if network.outside[node] > 0:
            first = exponential(state, 1.0 / network.outside[node])
            insert(heap[0], heap[1], heap[2], first, nodes + node)
    last, events = 0.0, 0
    while True:
        now, code = heap[0][0], heap[1][0]
        length = min(now, horizon) - max(last, warm)
        if length > 0.0:
            for node in range(nodes):
                area[node] += length * present[node]
        if now >= horizon:
            return events
        last = now
        events += 1
        drop_first(heap[0], heap[1], heap[2])
        if code >= nodes:
            again = now + exponential(state, 1.0 / network.outside[code - nodes])
            insert(heap[0], heap[1], heap[2], again, code)
            _arrive(network, state, heap, present, (code - nodes, now))
            continue
        present[code] -= 1
        if present[code] >= network.servers[code]:
            end = now + exponential(state, network.service_times[code])
            insert(heap[0], heap[1], heap[2], end, code)
        chance = uniform(state)
        for node in range(nodes):
            chance -= network.routing[code, node]
            if chance < 0.0:
                _arrive(network, state, heap, present, (node, now))
                break
