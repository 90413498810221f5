"""Simulated queues beside the closed forms, with intervals and z-scores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sulh.core.errors import BadRequest
from sulh.methods import queues
from sulh.methods.simulation.intervals import Interval, mean_interval
from sulh.methods.simulation.stations import Network, Station, run_network, run_station
from sulh.methods.simulation.streams import stream

BLOCKS = 10
MOST_CUSTOMERS = 10**9
MOST_SERVERS = 10_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a model by theory and by simulation."""

    model: str
    measure: str
    theory: float
    simulated: Interval

    @property
    def z(self) -> float:
        """Return how many standard errors the simulation lies above the theory."""
        if not self.simulated.error:
            return 0.0 if self.simulated.value == self.theory else math.inf
        return (self.simulated.value - self.theory) / self.simulated.error


def station(model: Station, customers: int, seed: int, *, share: bool = False) -> Interval:
    """Return the mean wait of a station with a queue, or the share turned away without one.

    With ``share``, the share of customers who wait in place of their mean wait.

    From `BLOCKS` independent runs, each of an equal part of the customers after a warm-up that
    grows with the load: 10 / (1 - ρ)² customers, and 100 for each server.
    """
    _sound(model, customers)
    part = math.ceil(customers / BLOCKS)
    spare = max(1.0 - model.rate / model.servers, 0.01) if model.queue else 1.0
    warm = math.ceil(10.0 / spare**2) + 100 * model.servers
    found = []
    for block in range(BLOCKS):
        arrivals, services = stream(seed, block, "arrivals"), stream(seed, block, "services")
        waits, refused, _, waited = run_station(arrivals, services, model, part, warm)
        found.append(((waited if share else waits) if model.queue else refused) / part)
    return mean_interval(found)


def _sound(model: Station, customers: int) -> None:
    if not BLOCKS <= customers <= MOST_CUSTOMERS or not 1 <= model.servers <= MOST_SERVERS:
        raise BadRequest(
            f"{customers:,} customers and {model.servers:,} servers",
            f"a run takes {BLOCKS} to {MOST_CUSTOMERS:,} customers, 1 to {MOST_SERVERS:,} servers",
            "give for example 1000000 customers and 3 servers",
        )
    if not math.isfinite(model.rate) or not 0 < model.rate <= 10 * MOST_SERVERS:
        raise BadRequest(
            f"a load of {model.rate:g}",
            "the load is the number of arrivals in a mean service time, above 0",
            "give for example a load of 2",
        )


def multi_server(servers: int, load: float, customers: int, seed: int) -> tuple[Measured, Measured]:
    """Return the wait of M/M/c and the share that its loss system turns away, both ways.

    The wait is infinite by theory, and not simulated (NaN), where the load fills the servers.
    """
    name = f"M/M/{servers}, load {load:g}"
    queue = Station(float(load), servers, True, 1.0)
    loss = Station(float(load), servers, False, 1.0)
    _sound(queue, customers)
    nothing = Interval(math.nan, math.nan, math.nan, 0)
    waited = station(queue, customers, seed) if load < servers else nothing
    return (
        Measured(name, "mean wait", queues.mean_wait(servers, load), waited),
        Measured(
            f"M/M/{servers}/{servers}, load {load:g}",
            "share turned away",
            queues.erlang_b(servers, load),
            station(loss, customers, seed),
        ),
    )


def built_in(customers: int = 1_000_000, seed: int = 1) -> Iterator[Measured]:
    """Yield the set that `sulh care validate` prints."""
    for servers, load in ((1, 0.5), (2, 1.0), (3, 2.0), (5, 4.0), (10, 8.0)):
        yield from multi_server(servers, load, customers, seed)
        yield Measured(
            f"M/M/{servers}, load {load:g}",
            "share that waits",
            queues.erlang_c(servers, load),
            station(Station(load, servers, True, 1.0), customers, seed, share=True),
        )
    for name, variation in (("fixed", 0.0), ("Erlang-2", math.sqrt(0.5)), ("hyperexp.", 2.0)):
        yield Measured(
            f"M/G/1, load 0.7, {name} service",
            "mean wait",
            queues.pollaczek_khinchine(0.7, variation),
            station(Station(0.7, 1, True, variation), customers, seed),
        )
    yield from _network(customers, seed)


def _network(customers: int, seed: int) -> Iterator[Measured]:
    """Yield the numbers at three nodes, of which the second sends a third back to the first."""
    outside = np.array([1.0, 0.2, 0.0])
    routing = np.array([[0.0, 0.8, 0.2], [0.3, 0.0, 0.5], [0.0, 0.0, 0.0]])
    servers, times = np.array([2, 3, 1]), np.array([1.0, 1.5, 0.6])
    theory = queues.jackson(outside.tolist(), routing.tolist(), servers.tolist(), times.tolist())
    network = Network(outside, routing, servers, times)
    horizon = 200.0 + customers / BLOCKS / float(outside.sum())
    runs = [
        run_network(stream(seed, block, "network"), network, horizon, 200.0)[0]
        for block in range(BLOCKS)
    ]
    for node, expected in enumerate(theory):
        simulated = mean_interval([float(run[node]) for run in runs])
        yield Measured("Jackson network of 3", f"number at node {node + 1}", expected, simulated)
