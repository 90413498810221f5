"""What the program in SimPy keeps of facilities, units and patients."""

from __future__ import annotations

import math
from typing import Any

import simpy

from sulh.questions.care.engine.arrays import BUSY, FACILITY, PATIENT, UNIT


def _names(record: Any) -> tuple[str, ...]:
    return record.names or ()


class Facility:
    """A facility with its doctors, its theatre queue and its beds."""

    def __init__(self, environment: simpy.Environment, row: Any) -> None:
        (self.level, doctors, self.theatres, self.operations, self.beds) = row[:5]
        self.airfield = row[_names(FACILITY).index("airfield")]
        self.holding = row[_names(FACILITY).index("holding")]
        self.transfer = row[_names(FACILITY).index("transfer")]
        self.doctor = simpy.PriorityResource(environment, capacity=doctors)
        self.queue: list[list[Patient]] = [[], [], []]
        self.day, self.done, self.cutting, self.waits_for_midnight = -1, 0, 0, False
        self.occupied = self.inbound = self.overflow = self.seen = 0
        self.waited = 0.0


class Unit:
    """A vehicle or an aircraft."""

    kind: int
    base: int
    seats: int
    night: int
    permission: int
    medic: int
    speed: float
    reach: float

    def __init__(self, row: Any) -> None:
        named = dict(zip(_names(UNIT), row, strict=True))
        for name in ("kind", "base", "seats", "night", "permission", "medic", "speed", "reach"):
            setattr(self, name, named[name])
        self.ready, self.place = named["ready"], named["base"]
        self.idle = self.home = True
        self.load: list[Patient] = []
        self.target, self.km = -1, 0.0


class Patient:
    """A patient of priority 1 to 3 and what has happened so far."""

    injured: float
    aid: float
    request: float
    permission: float
    care: float
    operation: float
    recovery: float
    target: int

    def __init__(self, number: int, row: Any) -> None:
        named = dict(zip(_names(PATIENT), row, strict=True))
        for name in ("injured", "aid", "request", "permission", "care", "operation", "recovery"):
            setattr(self, name, named[name])
        self.number, self.place, self.priority = number, named["place"], named["priority"]
        self.surgery = bool(named["surgery"])
        self.rank, self.need = self.priority, 2 if self.priority < 3 or self.surgery else 1
        self.operated = self.unreached = False
        self.requested = self.enhanced = self.hospital = math.nan
        self.began = self.ended = self.onward = self.left = math.nan
        self.arrived: Any = None
        self.called: Any = None
        self.reason = BUSY
