"""The whole chain of a case as a network in Ciw, as near as its nodes come to it.

The same patients, facilities, fleets, weather and darkness; doctors and theatres by priority, beds,
onward evacuation, units that go home. What a network of queues cannot say is left out, which makes
less work for it: units and targets are chosen once, at the request, not again when one is free;
each patient is fetched alone; a unit held by darkness or weather waits at its base; the number of
operations of a day has no limit. It is credited with every event of the whole chain.
"""

from __future__ import annotations

import math
from typing import Any

import ciw

from benchmarks.care.simpy_chain import Chain
from benchmarks.care.simpy_records import Facility, Patient, Unit
from sulh.questions.care.engine.arrays import PERMISSION, World

HOME, OUT = "home", "out"
CLASSES = {HOME: 0, "1": 1, "2": 2, "3": 3, OUT: 4}


class Given(ciw.dists.Distribution):  # type: ignore[misc]
    """Arrivals at given times."""

    def __init__(self, times: list[float]) -> None:
        self.times, self.last = iter(times), 0.0

    def sample(self, t: float | None = None, ind: Any = None) -> float:  # noqa: ARG002
        following = next(self.times, math.inf)
        passed, self.last = following - self.last, following
        return max(passed, 0.0)


class Served(ciw.dists.Distribution):  # type: ignore[misc]
    """The time at a node, which the patient carries along."""

    def __init__(self, node: tuple[str, int], chain: CiwChain) -> None:
        self.node, self.chain = node, chain

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return self.chain.time_at(self.node, ind, t or 0.0)


class Routes(ciw.routing.NetworkRouting):  # type: ignore[misc]
    """Where a patient goes next."""

    def __init__(self, chain: CiwChain) -> None:
        self.chain = chain

    def initialise(self, simulation: Any) -> None:
        self.simulation = simulation

    def initialise_individual(self, ind: Any) -> None:
        self.chain.begin(ind)

    def next_node(self, ind: Any, node_id: int) -> Any:
        following = self.chain.following(ind, node_id - 1, self.simulation)
        return self.simulation.nodes[-1 if following < 0 else following + 1]


class CiwChain(Chain):
    """A replication; how targets are chosen is that of the program in SimPy."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.nodes: list[tuple[str, int]] = [("alarm", 0)]
        self.nodes += [("doctor", n) for n in range(len(self.facilities))]
        self.nodes += [("bed", n) for n, f in enumerate(self.facilities) if f.level < 4]
        self.nodes += [("theatre", n) for n, f in enumerate(self.facilities) if f.theatres]
        self.fleets = self._together()
        self.nodes += [("unit", n) for n in range(len(self.fleets))]
        self.place = {node: number for number, node in enumerate(self.nodes)}
        self.next_of = {
            str(k): iter([p for p in self.patients if p.priority == k]) for k in (1, 2, 3)
        }
        care, spans = world.walk_care.tolist(), world.facilities
        self.care = [iter(care[int(row["walking"]) : int(row["walked"])]) for row in spans]
        self.times = [
            world.walk_times[int(row["walking"]) : int(row["walked"])].tolist() for row in spans
        ]

    def _walking(self, world: World) -> None:
        """Outpatients arrive at the nodes."""

    def _together(self) -> list[list[int]]:
        """Return the units that are alike, by number."""
        found: dict[tuple[Any, ...], list[int]] = {}
        for number, unit in enumerate(self.units):
            alike = (unit.kind, unit.base, unit.speed, unit.reach, unit.night, unit.permission)
            found.setdefault(alike, []).append(number)
        return list(found.values())

    def run(self) -> None:
        """Run to the end."""
        blank = [None] * len(self.nodes)
        arrivals: dict[str, list[Any]] = {name: list(blank) for name in CLASSES}
        for kind in ("1", "2", "3"):
            times = [p.injured for p in self.patients if str(p.priority) == kind]
            arrivals[kind][0] = Given(times)
        for number, times in enumerate(self.times):
            arrivals[OUT][self.place["doctor", number]] = Given(times)
        network = ciw.create_network(
            arrival_distributions=arrivals,
            service_distributions={
                name: [Served(node, self) for node in self.nodes] for name in CLASSES
            },
            number_of_servers=[self._servers(node) for node in self.nodes],
            routing={name: Routes(self) for name in CLASSES},
            priority_classes=CLASSES,
        )
        ciw.seed(1)
        self.simulation = ciw.Simulation(network)
        self.simulation.simulate_until_max_time(self.end)

    def _servers(self, node: tuple[str, int]) -> float:
        kind, number = node
        if kind == "doctor":
            return int(self.facilities[number].doctor.capacity)
        if kind == "theatre":
            return int(self.facilities[number].theatres)
        return len(self.fleets[number]) if kind == "unit" else math.inf

    def begin(self, ind: Any) -> None:
        """Give an arrival what it carries along: a patient, or an outpatient's hours."""
        if ind.customer_class == OUT:
            ind.hours = next(self.care[self.nodes[ind.starting_node - 1][1]])
        elif ind.customer_class != HOME:
            ind.patient = next(self.next_of[ind.customer_class])

    def time_at(self, node: tuple[str, int], ind: Any, now: float) -> float:
        """Return how long an individual is served at a node from now on."""
        kind, number = node
        if ind.customer_class in (OUT, HOME):
            return float(ind.hours)
        patient = ind.patient
        if kind == "alarm":
            return float(patient.aid + patient.request)
        if kind == "doctor":
            return float(patient.care)
        if kind == "theatre":
            return float(patient.operation)
        if kind == "bed":
            return self._stays(patient, self.facilities[number])
        return self._trip(patient, self.units[self.fleets[number][0]], number, now)

    def _stays(self, patient: Patient, here: Facility) -> float:
        if patient.recovery > here.holding and here.level < 4:
            return self.onward_after
        return float(patient.recovery)

    def _trip(self, patient: Patient, unit: Unit, fleet: int, now: float) -> float:
        """Return the hours until delivery of a unit that may have to wait for light or weather."""
        out = self.km[patient.place][unit.base] / unit.speed
        carry = self.km[patient.place][self.sites + patient.target] / unit.speed
        start = now + unit.ready
        if unit.permission:
            start = max(start, patient.requested + patient.permission)
        number, whole = self.fleets[fleet][0], out + carry + self.loading
        while start < self.end and self._hindered(number, start, start + whole) >= 0:
            start = math.floor(start) + 1.0
        return float(start + whole - now)

    def following(self, ind: Any, node: int, simulation: Any) -> int:
        """Return the number of the next node, or -1."""
        kind, number = self.nodes[node]
        if ind.customer_class in (OUT, HOME):
            return -1
        patient = ind.patient
        if kind == "alarm":
            patient.requested = simulation.current_time
            return self._fetch(patient, simulation)
        if kind == "unit":
            self._go_home(patient, node, simulation)
            patient.place = self.sites + patient.target
            if self.facilities[patient.target].level >= 4:
                return -1
            bed = ("bed" if patient.rank == 4 else "doctor", patient.target)
            return self.place[bed]
        if kind == "doctor":
            return self._after_doctor(patient, number, simulation)
        if kind == "theatre":
            return self.place["bed", number]
        if patient.recovery > self.facilities[number].holding:
            patient.need, patient.rank = self.facilities[number].level + 1, 4
            return self._fetch(patient, simulation)
        return -1

    def _after_doctor(self, patient: Patient, number: int, simulation: Any) -> int:
        here = self.facilities[number]
        if patient.surgery and not patient.operated:
            if here.theatres:
                patient.operated = True
                return self.place["theatre", number]
        elif here.level >= patient.need:
            return self.place["bed", number]
        patient.enhanced = simulation.current_time
        return self._fetch(patient, simulation)

    def _fetch(self, patient: Patient, simulation: Any) -> int:
        """Return the node of the fleet that has the patient where needed soonest."""
        best, found, row = math.inf, -1, self.km[patient.place]
        for fleet, numbers in enumerate(self.fleets):
            unit = self.units[numbers[0]]
            if row[unit.base] > unit.reach or not self._lands(unit, patient.place):
                continue
            node = simulation.nodes[self.place["unit", fleet] + 1]
            queue = max(node.number_of_individuals + 1 - len(numbers), 0)
            start = simulation.current_time + unit.ready + 2.0 * queue
            if unit.permission:
                start = max(start, patient.requested + patient.permission)
            picked = start + row[unit.base] / unit.speed + self.loading
            met, facility = self._target(patient, unit, (row[unit.base], picked, self.divert), best)
            if facility >= 0:
                best, found, patient.target = met, self.place["unit", fleet], facility
        patient.reason = PERMISSION
        return found

    def _go_home(self, patient: Patient, node: int, simulation: Any) -> None:
        """Keep the unit busy on its way home: a customer who goes before all others."""
        unit = self.units[self.fleets[self.nodes[node][1]][0]]
        way = ciw.Individual(-1, HOME, CLASSES[HOME], simulation=simulation)
        way.hours = self.km[self.sites + patient.target][unit.base] / unit.speed
        way.starting_node = node + 1
        simulation.nodes[node + 1].accept(way)
