"""Events a second beside SimPy and Ciw, a year of MINUSMA, and growth.

``python -m benchmarks.care STORE [seconds]`` runs every program on the same models in one process:
M/M/3 at load 2, and the chain from injury to the theatre (alarm, one helicopter of four, doctors,
one theatre). Rates are per second of processor time on one core; the programs take turns, and the
best of three turns counts, since other work on the machine slows all of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sulh.methods.simulation.stations import Station, run_station
from sulh.methods.simulation.streams import stream
from sulh.questions.care.case import Case
from sulh.questions.care.outcome import simulate
from sulh.questions.care.records import Spread

CUSTOMERS = 20_000
TURNS = 3


def processor(task: Callable[[], int]) -> float:
    """Return the events a second of processor time, the best of some turns."""
    best = 0.0
    for _ in range(TURNS):
        begun = time.process_time()
        events = task()
        best = max(best, events / (time.process_time() - begun))
    return best


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


# The chain: Poisson patients; aid and request; one of 4 helicopters there and back; one of 4
# doctors; one of 2 theatres. All but arrivals in exponential or fixed times, in hours.
CHAIN = {"rate": 1.0, "alarm": 0.25, "trip": 1.5, "doctor": 0.33, "operation": 1.5}
EVENTS_OF_A_PATIENT = 6
"""Injury, request, pick-up, delivery, doctor done, operation done."""


def simpy_chain() -> int:
    import random

    import simpy

    environment, source = simpy.Environment(), random.Random(1)
    stations = [simpy.Resource(environment, capacity=c) for c in (4, 4, 2)]
    patients = CUSTOMERS // 4

    def patient() -> Generator[Any, Any, None]:
        yield environment.timeout(CHAIN["alarm"])
        with stations[0].request() as request:
            yield request
            yield environment.timeout(CHAIN["trip"] / 2)
            yield environment.timeout(CHAIN["trip"] / 2)
        for station, name in ((stations[1], "doctor"), (stations[2], "operation")):
            with station.request() as request:
                yield request
                yield environment.timeout(source.expovariate(1 / CHAIN[name]))

    def arrive() -> Generator[Any, Any, None]:
        for _ in range(patients):
            yield environment.timeout(source.expovariate(CHAIN["rate"]))
            environment.process(patient())

    environment.process(arrive())
    environment.run()
    return EVENTS_OF_A_PATIENT * patients


def ciw_chain() -> int:
    import ciw

    infinite = float("inf")
    fixed, spread = ciw.dists.Deterministic, ciw.dists.Exponential
    steps = (
        (infinite, fixed(CHAIN["alarm"])),
        (4, fixed(CHAIN["trip"])),
        (4, spread(1 / CHAIN["doctor"])),
        (2, spread(1 / CHAIN["operation"])),
    )
    following = [[float(j == i + 1) for j in range(4)] for i in range(4)]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CHAIN["rate"]), None, None, None],
        service_distributions=[distribution for _, distribution in steps],
        number_of_servers=[count for count, _ in steps],
        routing=following,
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    patients = CUSTOMERS // 4
    simulation.simulate_until_max_customers(patients, method="Finish")
    return EVENTS_OF_A_PATIENT * patients


def case_of(store: Path, folder: Path) -> Case:
    """Return the case of MINUSMA in June 2020."""
    from sulh.questions.care.example import write_example
    from sulh.store.reading import Store

    write_example(folder, Store.open(store), "MINUSMA", "2020-06")
    return Case.read(folder)


def split(case: Case, parts: int) -> Case:
    """Return a case with each site, its level 1 and its ambulances cut into so many of each."""
    sites, causes = [], case.causes
    for site in case.sites:
        sites.append(replace(site, people=site.people - (parts - 1) * (site.people // parts)))
        for number in range(1, parts):
            moved = replace(
                site,
                key=f"{site.key} {number}",
                latitude=site.latitude + 0.2 * number,
                people=site.people // parts,
            )
            sites.append(moved)
    fresh = [site for site in sites if site.key not in {s.key for s in case.sites}]
    model = next(f for f in case.facilities if f.level == 1)
    car = next(f for f in case.fleets if f.kind == "ambulance")
    teams = tuple(
        replace(model, key=f"{s.key} level 1", latitude=s.latitude, longitude=s.longitude)
        for s in fresh
    )
    cars = tuple(replace(car, key=f"{s.key} car", base=s.key, number=1) for s in fresh)
    return replace(
        case,
        sites=tuple(sites),
        facilities=(*case.facilities, *teams),
        fleets=(*case.fleets, *cars),
        causes=causes,
    )


def simple(case: Case, patients: int) -> Case:
    """Return the chain that SimPy and Ciw run: one place, no queue of another kind, no outpatient.

    All patients are of priority 1 and operated on; four helicopters of one seat, each an hour and
    a half on its way; four doctors, two theatres.
    """
    settings = case.settings
    times = replace(
        settings.times,
        **{name: Spread(0.0, 0.0) for name in ("first_aid_camp", "permission")},
        request=Spread(60 * CHAIN["alarm"], 60 * CHAIN["alarm"]),
        stabilise=Spread(15.0, 40.0),
        operation=Spread(70.0, 180.0),
        loading=0.0,
    )
    hospital = next(f for f in case.facilities if f.level == 2)
    hospital = replace(hospital, latitude=0.0, longitude=0.0, doctors=4, theatres=2, beds=10**6)
    # 111.195 km of a degree in three quarters of an hour, out and back.
    helicopter = next(f for f in case.fleets if f.kind == "helicopter")
    helicopter = replace(
        helicopter,
        base=hospital.key,
        number=4,
        seats=1,
        speed_kmh=111.195 / (CHAIN["trip"] / 2),
        readiness_minutes=0.0,
        night=True,
        weather=False,
        permission=False,
        available=1.0,
    )
    days = max(int(patients / CHAIN["rate"] / 24), 1)
    cause = replace(
        case.causes[0],
        per_1000_person_years=CHAIN["rate"] * 8766,
        casualties_per_event=1.0,
        in_field=0.0,
        priority_1=1.0,
        priority_2=0.0,
        priority_3=0.0,
        surgery_1=1.0,
    )
    site = replace(case.sites[0], latitude=1.0, longitude=0.0, people=1000)
    return replace(
        case,
        settings=replace(settings, days=days, times=times),
        sites=(site,),
        facilities=(hospital,),
        fleets=(helicopter,),
        causes=(cause,),
    )


def kernel_rate(case: Case, events_of_a_patient: int | None = None) -> float:
    """Return the events a second of the kernel itself; all of them, or so many a patient."""
    from sulh.questions.care.engine.chain import run_chain
    from sulh.questions.care.engine.layout import layout
    from sulh.questions.care.engine.run import drawn, world_of

    laid = layout(case)
    limits = (case.settings.days * 24.0, case.settings.most_patients)
    table = drawn(laid, limits, 1, 0)
    worlds = [world_of(laid, table, 1, 0) for _ in range(TURNS)]

    def task() -> int:
        world = worlds.pop()
        run_chain(world)
        return events_of_a_patient * len(table) if events_of_a_patient else _events(world)

    return processor(task)


def _events(world: Any) -> int:
    return int(world.now["events"][0])


def year(case: Case, replications: int) -> float:
    begun = time.process_time()
    simulate(case, replications)
    return time.process_time() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(Path(sys.argv[1]), Path(folder) / "case")
    simulate(case, 1)
    sulh_station()
    chain = kernel_rate(simple(case, CUSTOMERS // 4), EVENTS_OF_A_PATIENT)
    ours = processor(sulh_station)
    print("model                      events/s     times SimPy  times Ciw")
    for name, rate, others in (
        ("M/M/3 at load 2", ours, (simpy_station, ciw_station)),
        ("injury to theatre", chain, (simpy_chain, ciw_chain)),
    ):
        simpy_rate, ciw_rate = (processor(other) for other in others)
        print(f"{name:26} {rate:12,.0f} {rate / simpy_rate:9.0f} {rate / ciw_rate:12.0f}")
    print(f"MINUSMA, all of it: {kernel_rate(case):,.0f} events/s")
    print("a replication of a year, seconds of one core, with patients drawn and gathered")
    sixty = split(case, 5)
    whole = year(sixty, 40) / 40
    print(f"  {len(sixty.sites)} sites, {sixty.people:,} people: {whole:.4f}; 1,000 of them on two")
    print(f"  free cores: {whole * 500:.0f} s")
    for parts in (1, 2, 5, 10):
        print(f"  {12 * parts:4} sites: {year(split(case, parts), 10) / 10:.4f}")
    for factor in (0.5, 1, 2, 4):
        more = tuple(
            replace(c, per_1000_person_years=c.per_1000_person_years * factor) for c in case.causes
        )
        print(f"  {factor:4} times the rates: {year(replace(case, causes=more), 10) / 10:.4f}")
    for replications in (10, 20, 40):
        print(f"  {replications:4} replications: {year(case, replications):.2f} in all")


if __name__ == "__main__":
    main()
