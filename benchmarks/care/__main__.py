"""Events a second beside SimPy and Ciw, a year of MINUSMA, and growth.

``python -m benchmarks.care STORE`` runs every program on the same models in one process: M/M/3, and
the whole chain of MINUSMA in June 2020, every patient of a year. All are given the same patients.
Rates are per second of processor time on one core. Of several turns the quickest counts, since
other work on the machine slows all of them.

The chain is held against SimPy in full: both programs come to the same events, one by one
(`tests/care/test_second_program.py`). Ciw's network does less (see `ciw_chain`) and is credited
with all events. The kernel's whole time counts drawing the patients and gathering what happened,
which the other two are spared.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.care.ciw_chain import CiwChain
from benchmarks.care.queue import ciw_station, simpy_station, sulh_station
from benchmarks.care.simpy_chain import Chain
from sulh.questions.care.case import Case
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.layout import layout
from sulh.questions.care.engine.replication import Desk, replicate, world_of
from sulh.questions.care.engine.run import desk_of
from sulh.questions.care.outcome import simulate

TURNS = 5
DIFFERENT = 10
"""Replications timed together, so that the processor does not know one by heart."""
DAYS_OF_CIW = 30
"""Ciw looks at every node at every event: a year would take it minutes."""


def quickest(task: Callable[[], int], turns: int = TURNS) -> float:
    """Return the events a second of processor time, the best of some turns."""
    best = 0.0
    for _ in range(turns):
        begun = time.process_time()
        events = task()
        best = max(best, events / (time.process_time() - begun))
    return best


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


def short(case: Case, days: int) -> Desk:
    """Return where a case of so many days is run."""
    case = replace(case, settings=replace(case.settings, days=days))
    return desk_of(layout(case), case)


def kernel(desk: Desk) -> tuple[float, float]:
    """Return the events a second of replications with all about them, and of the kernel alone."""

    def worlds() -> int:
        return sum(int(replicate(desk, 1, number).events[0]) for number in range(DIFFERENT))

    events, spent = 0, 0.0
    for number in range(DIFFERENT):
        best = float("inf")
        for _ in range(TURNS):
            world = world_of(desk, desk.draw(1, number), 1, number)
            begun = time.process_time()
            run_chain(world)
            best = min(best, time.process_time() - begun)
        events, spent = events + int(world.now["events"][0]), spent + best
    return quickest(worlds, 2 * TURNS), events / spent


def other(desk: Desk, program: type[Chain], turns: int) -> float:
    """Return the events a second of another program on the first replication."""
    world = world_of(desk, desk.draw(1, 0), 1, 0)
    run_chain(world)
    events = int(world.now["events"][0])

    def task() -> int:
        chain.run()
        return events

    best = 0.0
    for _ in range(turns):
        chain = program(world_of(desk, desk.draw(1, 0), 1, 0))
        best = max(best, quickest(task, 1))
    return best


def beside(case: Case) -> None:
    """Print the rates of the three programs."""
    print("model                              events/s     times SimPy  times Ciw")
    ours = quickest(sulh_station)
    against = [quickest(task) for task in (simpy_station, ciw_station)]
    row = "{:32} {:12,.0f} {:13.0f} {:10.0f}"
    print(row.format("M/M/3 at load 2", ours, *(ours / rate for rate in against)))
    desk = short(case, case.settings.days)
    whole, alone = kernel(desk)
    against = [other(desk, Chain, 3), other(short(case, DAYS_OF_CIW), CiwChain, 1)]
    for name, rate in (("the chain of MINUSMA, a year", whole), ("the same, kernel alone", alone)):
        print(row.format(name, rate, *(rate / slow for slow in against)), flush=True)


def seconds(case: Case, replications: int) -> float:
    """Return the seconds of processor time of a replication, of so many."""
    begun = time.process_time()
    simulate(case, replications)
    return (time.process_time() - begun) / replications


def growth(case: Case) -> None:
    """Print how time grows with sites, patients and replications."""
    print("milliseconds of one core a replication")
    for parts in (1, 2, 5, 10, 20):
        large = split(case, parts)
        print(
            f"  {len(large.sites):4} sites, {large.people:,} people: {1e3 * seconds(large, 40):.1f}"
        )
    for factor in (0.5, 1, 2, 4, 8):
        more = tuple(
            replace(c, per_1000_person_years=c.per_1000_person_years * factor) for c in case.causes
        )
        spent = seconds(replace(case, causes=more), 40)
        print(f"  {factor:4} times the rates: {1e3 * spent:.1f}")
    for replications in (10, 100, 400):
        spent = seconds(case, replications) * replications
        print(f"  {replications:4} replications: {spent:.2f} s in all")


def main() -> None:
    """Print all of it."""
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(Path(sys.argv[1]), Path(folder) / "case")
    simulate(case, 1)
    sulh_station()
    beside(case)
    growth(case)


if __name__ == "__main__":
    main()
