"""Closed forms of queues: what a simulation is held against.

``load`` is the offered load, arrivals in one mean service time (Erlangs); times are in the unit of
``service_time``. Sources: Erlang (1917); Pollaczek (1930) and Khinchine (1932); Jackson (1957).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sulh.core.errors import BadRequest


def erlang_b(servers: int, load: float) -> float:
    """Return the share of arrivals that a system without a queue turns away.

    By the recursion B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)), which neither overflows nor loses
    digits.

    >>> round(erlang_b(3, 2.0), 6)
    0.210526
    """
    _sound(servers, load)
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Return the share of arrivals that wait; 1 where the load fills the servers.

    >>> round(erlang_c(3, 2.0), 6)
    0.444444
    """
    blocked = erlang_b(servers, load)
    if load >= servers:
        return 1.0
    return servers * blocked / (servers - load * (1.0 - blocked))


def mean_wait(servers: int, load: float, service_time: float = 1.0) -> float:
    """Return the mean time in queue of M/M/c; infinite where the load fills the servers.

    >>> round(mean_wait(10, 8.0), 6)
    0.20459
    """
    if load >= servers:
        _sound(servers, load)
        return math.inf
    return erlang_c(servers, load) * service_time / (servers - load)


def pollaczek_khinchine(load: float, variation: float, service_time: float = 1.0) -> float:
    """Return the mean time in queue of M/G/1; ``variation`` is sd/mean of the service time.

    W = a (1 + v²) S / (2 (1 - a)); a fixed service time (v = 0) waits half as long as M/M/1:

    >>> pollaczek_khinchine(0.5, 1.0), pollaczek_khinchine(0.5, 0.0)
    (1.0, 0.5)
    """
    _sound(1, load)
    if load >= 1:
        return math.inf
    return load * (1.0 + variation**2) * service_time / (2.0 * (1.0 - load))


def jackson(
    outside: Sequence[float],
    routing: Sequence[Sequence[float]],
    servers: Sequence[int],
    service_times: Sequence[float],
) -> tuple[float, ...]:
    """Return the mean number of customers, waiting and in service, at each node of a network.

    ``outside`` are the arrivals from outside by node and unit of time, ``routing`` the chance of
    going from a node to another. The flows solve the traffic equations f = o + f R, and each node
    then is M/M/c by itself.

    >>> [round(n, 6) for n in jackson([0.5, 0.0], [[0, 1], [0, 0]], [1, 2], [1.0, 2.0])]
    [1.0, 1.333333]
    """
    matrix = np.asarray(routing, dtype=float)
    flows = np.linalg.solve((np.eye(len(matrix)) - matrix).T, np.asarray(outside, dtype=float))
    found = []
    for flow, count, time in zip(flows, servers, service_times, strict=True):
        load = float(flow) * time
        found.append(load + float(flow) * mean_wait(count, load, time))
    return tuple(found)


def _sound(servers: int, load: float) -> None:
    if servers < 1 or not math.isfinite(load) or load < 0:
        raise BadRequest(
            f"{servers} servers and a load of {load:g}",
            "a queue has at least one server and a finite load, 0 or more",
            "give for example 3 servers and a load of 2",
        )
