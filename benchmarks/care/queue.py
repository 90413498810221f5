"""M/M/3 at load 2 in three programs: an arrival and a departure a customer in each."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sulh.methods.simulation.stations import Station, run_station
from sulh.methods.simulation.streams import stream

CUSTOMERS = 20_000


def sulh_station() -> int:
    arrivals, services = stream(1, 0, "arrivals"), stream(1, 0, "services")
    return run_station(arrivals, services, Station(2.0, 3, True, 1.0), 100 * CUSTOMERS, 0)[2]


def simpy_station() -> int:
    """An arrival and a departure a customer, as counted in the other programs."""
    import random

    import simpy

    environment, source = simpy.Environment(), random.Random(1)
    servers = simpy.Resource(environment, capacity=3)

    def customer() -> Generator[Any, Any, None]:
        with servers.request() as request:
            yield request
            yield environment.timeout(source.expovariate(1.0))

    def arrive() -> Generator[Any, Any, None]:
        for _ in range(CUSTOMERS):
            yield environment.timeout(source.expovariate(2.0))
            environment.process(customer())

    environment.process(arrive())
    environment.run()
    return 2 * CUSTOMERS


def ciw_station() -> int:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(2.0)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[3],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(CUSTOMERS, method="Finish")
    return 2 * CUSTOMERS
