"""The whole chain of a case as a program in SimPy: the same rules, written a second time.

It is given the patients, the weather and the serviceability that the kernel draws, so that both
must come to the same times for every patient, and to the same number of events: what happens to a
patient (injured, request, permission, doctor done, operation done, recovered, fit to go on) or to a
unit (pick-up, delivery, home), and two for an outpatient (coming, doctor done). The hourly look at
requests that wait is no event. A test holds the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.care.simpy_records import Facility, Patient, Unit
from sulh.questions.care.engine.arrays import BUSY, NIGHT, PERMISSION, World

Steps = Generator[Any, Any, None]
AMBULANCE, AEROPLANE, BLOCK, SCANNED = 0, 2, 6.0, 200


class Chain:
    """A replication."""

    def __init__(self, world: World) -> None:
        self.environment = simpy.Environment()
        now = world.now[0]
        self.sites, self.end = int(now["sites"]), float(now["hours"])
        self.sunrise, self.sunset = float(now["sunrise"]), float(now["sunset"])
        self.divert, self.loading = float(now["divert"]), float(now["loading"])
        self.onward_after = float(now["onward_after"])
        self.km, self.near = world.km.tolist(), world.near.tolist()
        self.hindrance = world.hindrance.tolist()
        self.facilities = [Facility(self.environment, row) for row in world.facilities.tolist()]
        self.units = [Unit(row) for row in world.units.tolist()]
        rows = enumerate(world.patients.tolist())
        self.patients = [Patient(number, row) for number, row in rows]
        self.waiting: list[Patient] = []
        self.looking = False
        self.events = 0
        self._walking(world)

    def _walking(self, world: World) -> None:
        times, care = world.walk_times.tolist(), world.walk_care.tolist()
        for facility, row in zip(self.facilities, world.facilities, strict=True):
            span = slice(int(row["walking"]), int(row["walked"]))
            self.environment.process(self.outpatients(facility, times[span], care[span]))

    def run(self) -> None:
        """Run to the end."""
        self.environment.process(self.arrivals())
        self.environment.run(until=math.nextafter(self.end, math.inf))

    def outpatients(self, facility: Facility, times: list[float], care: list[float]) -> Steps:
        for time, hours in zip(times, care, strict=True):
            yield self.environment.timeout(time - self.environment.now)
            self.environment.process(self.visit(facility, hours))

    def visit(self, facility: Facility, hours: float) -> Steps:
        came = self.environment.now
        with facility.doctor.request(priority=4) as request:
            yield request
            self.events += 2
            facility.seen += 1
            facility.waited += self.environment.now - came
            yield self.environment.timeout(hours)

    def arrivals(self) -> Steps:
        for patient in self.patients:
            yield self.environment.timeout(patient.injured - self.environment.now)
            self.events += 1
            self.environment.process(self.course(patient))

    def course(self, patient: Patient) -> Steps:
        """Follow a patient from injury to the end of the stay."""
        yield self.environment.timeout(patient.aid + patient.request)
        self.events += 1
        patient.requested = self.environment.now
        self.environment.process(self.permit(patient))
        while True:
            if not self._can_be_fetched(patient):
                if patient.place - self.sites in range(len(self.facilities)):
                    yield from self.stay(patient)
                return
            self._enlist(patient)
            yield patient.arrived
            if self._facility(patient).level >= 4:
                return
            yield from self.seen(patient)
            here = self._facility(patient)
            if patient.surgery and not patient.operated:
                if here.level >= 2 and here.theatres > 0:
                    yield from self.operation(patient, here)
                    return
            elif here.level >= (1 if patient.priority == 3 and not patient.surgery else 2):
                yield from self.stay(patient)
                return
            if patient.unreached:
                yield from self.stay(patient)
                return
            patient.need = 2

    def permit(self, patient: Patient) -> Steps:
        yield self.environment.timeout(patient.permission)
        self.events += 1
        self._dispatch()

    def _facility(self, patient: Patient) -> Facility:
        found: Facility = self.facilities[patient.place - self.sites]
        return found

    def seen(self, patient: Patient) -> Steps:
        with self._facility(patient).doctor.request(priority=patient.priority) as request:
            yield request
            if math.isnan(patient.enhanced):
                patient.enhanced = self.environment.now
            yield self.environment.timeout(patient.care)
            self.events += 1

    def operation(self, patient: Patient, here: Facility) -> Steps:
        patient.called = self.environment.event()
        here.queue[patient.priority - 1].append(patient)
        self._call(here)
        yield patient.called
        yield self.environment.timeout(patient.operation)
        self.events += 1
        here.cutting -= 1
        patient.ended = self.environment.now
        self._call(here)
        yield from self.stay(patient)

    def _call(self, here: Facility) -> None:
        day = int(self.environment.now // 24)
        if day != here.day:
            here.day, here.done = day, 0
        while here.cutting < here.theatres:
            allowed = here.queue[:1] if here.done >= here.operations else here.queue
            line = next((line for line in allowed if line), None)
            if line is None:
                if any(here.queue) and not here.waits_for_midnight:
                    here.waits_for_midnight = True
                    self.environment.process(self.midnight(here, day))
                return
            patient = line.pop(0)
            here.cutting += 1
            here.done += 1
            patient.operated, patient.began = True, self.environment.now
            patient.called.succeed()

    def midnight(self, here: Facility, day: int) -> Steps:
        yield self.environment.timeout((day + 1) * 24.0 - self.environment.now)
        here.waits_for_midnight = False
        self._call(here)

    def stay(self, patient: Patient) -> Steps:
        """Stay until recovered, or go on to a higher level, again and again."""
        while True:
            here, now = self._facility(patient), self.environment.now
            left = patient.recovery - (
                0.0 if math.isnan(patient.hospital) else now - patient.hospital
            )
            if math.isnan(patient.hospital):
                patient.hospital = now
            if left > here.holding and here.level < 4:
                yield self.environment.timeout(self.onward_after)
                self.events += 1
                patient.need, patient.rank = here.level + 1, 4
                if self._reachable(patient):
                    patient.onward = self.environment.now
                    self._enlist(patient)
                    yield patient.arrived
                    if self._facility(patient).level >= 4:
                        return
                    continue
                left = patient.recovery - self.onward_after
            yield self.environment.timeout(max(left, 0.0))
            self.events += 1
            here.occupied -= 1
            patient.left = self.environment.now
            return

    def _can_be_fetched(self, patient: Patient) -> bool:
        if self._reachable(patient):
            return True
        patient.unreached = True
        if patient.place - self.sites in range(len(self.facilities)):
            return False
        patient.need = 1
        return self._reachable(patient)

    def _enlist(self, patient: Patient) -> None:
        patient.arrived, patient.reason = self.environment.event(), BUSY
        place = len(self.waiting)
        while place > 0 and self.waiting[place - 1].rank > patient.rank:
            place -= 1
        self.waiting.insert(place, patient)
        self._dispatch()

    def _helps(self, patient: Patient, facility: int) -> int:
        here = self.facilities[facility]
        if facility == patient.place - self.sites:
            return 0
        theatre = patient.surgery and not patient.operated and patient.need >= 2
        if here.level >= patient.need and (not theatre or here.theatres > 0):
            return 2
        on_the_way = patient.need == 2 and math.isnan(patient.enhanced)
        return 1 if on_the_way and here.level >= 1 and here.transfer < math.inf else 0

    def _lands(self, unit: Unit, place: int) -> bool:
        at = place - self.sites
        return unit.kind != AEROPLANE or (
            0 <= at < len(self.facilities) and bool(self.facilities[at].airfield)
        )

    def _reachable(self, patient: Patient) -> bool:
        row = self.km[patient.place]
        return any(
            row[unit.base] <= unit.reach
            and self._lands(unit, patient.place)
            and self._target(patient, unit, (row[unit.base], 0.0, 0.0), math.inf)[1] >= 0
            for unit in self.units
        )

    def _target(
        self, patient: Patient, unit: Unit, trip: tuple[float, float, float], best: float
    ) -> tuple[float, int]:
        out, picked, divert = trip
        row, found = self.km[patient.place], -1
        for facility in self.near[patient.place]:
            carry = row[self.sites + facility]
            met = picked + carry / unit.speed
            if met >= best or out + carry > unit.reach:
                break
            here, helping = self.facilities[facility], self._helps(patient, facility)
            if not helping or (helping == 1 and unit.kind != AMBULANCE):
                continue
            if unit.kind == AEROPLANE and not here.airfield:
                continue
            if helping == 1:
                met += here.transfer
            if here.occupied + here.inbound >= here.beds:
                met += divert
            if met < best:
                best, found = met, facility
        return best, found

    def _hindered(self, number: int, leave: float, land: float) -> int:
        row = self.hindrance[number]
        hindrance = row[min(int(leave / BLOCK), len(row) - 1)]
        if hindrance:
            return int(hindrance)
        if not self.units[number].night:
            dark = not self.sunrise <= leave % 24.0 < self.sunset
            if dark or land >= leave // 24.0 * 24.0 + self.sunset:
                return NIGHT
        return -1

    def _choose(self, patient: Patient) -> tuple[Unit | None, int, int]:
        now, row = self.environment.now, self.km[patient.place]
        best, chosen, target, reason = math.inf, None, -1, BUSY
        permitted = patient.requested + patient.permission
        for number, unit in enumerate(self.units):
            if not unit.idle or row[unit.place] > unit.reach:
                continue
            if not self._lands(unit, patient.place):
                continue
            start = permitted if unit.permission and permitted > now else now
            if unit.home:
                start += unit.ready
            picked = start + row[unit.place] / unit.speed + self.loading
            met, facility = self._target(
                patient, unit, (row[unit.place], picked, self.divert), best
            )
            if facility < 0:
                continue
            land = picked + row[self.sites + facility] / unit.speed
            hindrance = self._hindered(number, start, land)
            if hindrance < 0:
                best, chosen, target = met, unit, facility
            elif reason == BUSY:
                reason = hindrance
        if chosen is not None and chosen.permission and permitted > now:
            return None, -1, PERMISSION
        return chosen, target, reason

    def _dispatch(self) -> None:
        place = 0
        while place < min(len(self.waiting), SCANNED):
            patient = self.waiting[place]
            unit, facility, patient.reason = self._choose(patient)
            if unit is None:
                place += 1
            else:
                self._assign(unit, facility, patient)
        following = math.floor(self.environment.now) + 1.0
        if self.waiting and not self.looking and following <= self.end:
            self.looking = True
            self.environment.process(self.look(following))

    def look(self, hour: float) -> Steps:
        yield self.environment.timeout(hour - self.environment.now)
        self.looking = False
        self._dispatch()

    def _assign(self, unit: Unit, facility: int, patient: Patient) -> None:
        out = self.km[patient.place][unit.place]
        delay = (unit.ready if unit.home else 0.0) + out / unit.speed + self.loading
        unit.idle = unit.home = False
        unit.target, unit.load = facility, []
        unit.km += out
        self._board(unit, patient)
        self.environment.process(self.mission(unit, delay))

    def _board(self, unit: Unit, patient: Patient) -> None:
        now, place = self.environment.now, 0
        while place < min(len(self.waiting), SCANNED) and len(unit.load) < unit.seats:
            other = self.waiting[place]
            allowed = other is patient
            if not allowed and other.place == patient.place:
                helping = self._helps(other, unit.target)
                granted = not unit.permission or other.requested + other.permission <= now
                allowed = granted and (helping == 2 or (helping == 1 and unit.kind == AMBULANCE))
            if not allowed:
                place += 1
                continue
            unit.load.append(self.waiting.pop(place))
            self.facilities[unit.target].inbound += 1

    def mission(self, unit: Unit, delay: float) -> Steps:
        """Fetch and deliver patients; go home if there is nothing else to do."""
        yield self.environment.timeout(delay)
        self.events += 1
        self._board(unit, unit.load[-1])
        place = self.sites + unit.target
        carry = self.km[unit.load[-1].place][place]
        for patient in unit.load:
            if patient.place - self.sites in range(len(self.facilities)):
                self._facility(patient).occupied -= 1
            if unit.medic and math.isnan(patient.enhanced):
                patient.enhanced = self.environment.now
        unit.km += carry
        yield self.environment.timeout(carry / unit.speed)
        self.events += 1
        for patient in reversed(unit.load):
            self._deliver(patient, place)
        unit.load, unit.place, unit.idle = [], place, True
        self._dispatch()
        if unit.idle:
            unit.idle = False
            home = self.km[place][unit.base]
            unit.km += home
            yield self.environment.timeout(home / unit.speed)
            self.events += 1
            unit.place, unit.idle, unit.home = unit.base, True, True
            self._dispatch()

    def _deliver(self, patient: Patient, place: int) -> None:
        patient.place = place
        here, now = self._facility(patient), self.environment.now
        here.inbound -= 1
        if here.level >= 4:
            patient.left = now
        else:
            here.occupied += 1
            here.overflow += here.occupied > here.beds
        if math.isnan(patient.hospital) and (
            here.level >= 4 or (patient.rank != 4 and here.level >= 2)
        ):
            patient.hospital = now
        patient.arrived.succeed()
