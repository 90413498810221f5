"""One replication: its patients are drawn, the world is set up, run, and gathered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sulh.core.errors import BadRequest
from sulh.methods.simulation.seeding import streams_of
from sulh.questions.care.engine.arrays import (
    LEG_COLUMNS,
    MOST_BEDS,
    OUTPATIENT,
    REQUESTED,
    STATIONS,
    TIMES,
    WAITS,
    WANTS,
    Array,
    Ways,
    World,
)
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.draws import (
    COLUMNS,
    OWN,
    SHARED,
    as_patients,
    draw_patients,
    points,
    sort_walking,
)
from sulh.questions.care.engine.layout import Layout
from sulh.questions.care.engine.raw import FACILITY_TALLY, FACTS, NOTHING, UNIT_TALLY, Raw


@dataclass(frozen=True)
class Drawn:
    """The patients of a replication.

    ``taken`` has a row a patient of priority 1 to 3 in order of injury (`draws.COLUMNS`),
    ``walk_times`` and ``walk_care`` the outpatients by facility and time, ``walked`` how many they
    are up to each facility; ``unserved`` have none to walk to.
    """

    taken: Array
    walk_times: Array
    walk_care: Array
    walked: Array
    unserved: int

    def __len__(self) -> int:
        """Return the number of patients, outpatients among them."""
        return len(self.taken) + len(self.walk_times) + self.unserved


class Desk:
    """Room to work in and sums over replications, for those that run one after another."""

    def __init__(self, laid: Layout, days_hours: float, most: int) -> None:
        self.laid, self.hours, self.most = laid, days_hours, most
        rates = laid.processes[:, 2] * laid.processes[:, 3]
        expected = min(float(rates.sum()) * days_hours, float(most))
        self._room(int(1.1 * expected + 10 * expected**0.5) + 100)
        facilities, ticks = len(laid.facilities), int(laid.hours) + 1
        self.changes = np.zeros((2, facilities, ticks + 1), dtype=np.int64)
        self.histogram = np.zeros((facilities, MOST_BEDS + 1), dtype=np.int64)
        self._scratch = np.empty(SHARED), np.empty(OWN)
        self._ways = self._unknown(len(laid.km) + 64)

    def _unknown(self, places: int) -> Ways:
        facilities, units = len(self.laid.facilities), len(self.laid.units)
        return Ways(
            np.zeros((places, WANTS), dtype=np.int8),
            np.empty((places, WANTS, facilities + 1), dtype=np.int32),
            np.empty((places, WANTS, units + 1), dtype=np.int32),
        )

    def ways(self, places: int) -> Ways:
        """Return what is known of so many places; nothing of those in the field."""
        if places > len(self._ways.known):
            self._ways = self._unknown(2 * places)
        self._ways.known[len(self.laid.km) :] = 0
        return self._ways

    def _room(self, room: int) -> None:
        self.room = room
        self._taken = np.empty((room, len(COLUMNS)))
        self._walking = np.empty(room), np.empty(room), np.empty(room, dtype=np.int32)

    @property
    def hourly(self) -> Array:
        """Return the beds or theatres in use by facility and hour, over all replications."""
        return np.cumsum(self.changes[:, :, :-1], axis=2)

    def draw(self, seed: int, number: int) -> Drawn:
        """Return the patients of a replication; arrays that the next one writes over."""
        laid = self.laid
        fixed = (laid.processes, laid.spreads, laid.treatment, laid.homes)
        source = (*fixed, laid.latitude, laid.longitude)
        while True:
            states = tuple(streams_of(seed, number, keys) for keys in laid.process_keys)
            rooms = self._taken, self._walking
            count, walk, unserved = draw_patients(states, source, self.hours, rooms, self._scratch)
            if count + walk + unserved > self.most or self.room > 2 * self.most + 1000:
                raise BadRequest(
                    f"more than {self.most:,} patients in replication {number}",
                    "case.toml does not allow more in a run",
                    "look for a rate that is too high, or raise patients in [limits]",
                )
            if count >= 0:
                break
            self._room(2 * self.room)
        taken = self._taken[:count]
        taken = taken[np.argsort(taken[:, 0], kind="stable")]
        return self._sorted(taken, walk, unserved)

    def _sorted(self, taken: Array, walk: int, unserved: int) -> Drawn:
        walking = tuple(part[:walk] for part in self._walking)
        out = np.empty(walk), np.empty(walk)
        sizes = np.zeros(len(self.laid.facilities), dtype=np.int64)
        sort_walking(walking, self.hours, sizes, np.zeros(walk + 1, dtype=np.int32), out)
        return Drawn(taken, *out, np.append(sizes[1:], walk), unserved)


def world_of(desk: Desk, drawn: Drawn, seed: int, number: int) -> World:
    """Return a replication at its start: every unit at its base, every bed empty."""
    laid, patients = desk.laid, as_patients(drawn.taken)
    count, facilities = len(patients), laid.facilities.copy()
    km, near = _place_in_field(laid, drawn.taken, patients)
    facilities["walked"] = drawn.walked[: len(facilities)]
    facilities["walking"][1:] = drawn.walked[: len(facilities) - 1]
    now = laid.now.copy()
    now["unserved"] = drawn.unserved
    # Each patient has at most two events to come, each unit and each facility two.
    room = 2 * count + len(laid.units) + 2 * len(facilities) + 8
    times = np.zeros((count, TIMES + WAITS))
    times[:, :TIMES] = np.nan
    return World(
        now=now,
        km=km,
        near=near,
        ways=desk.ways(len(km)),
        facilities=facilities,
        units=laid.units.copy(),
        hindrance=laid.hindrance(seed, number),
        patients=patients,
        times=times,
        queues=np.full((STATIONS, len(facilities), OUTPATIENT, 2), -1, dtype=np.int64),
        waiting=np.empty(count + 1, dtype=np.int64),
        legs=np.empty((6 * count + 16, LEG_COLUMNS)),
        event_times=np.empty(room),
        event_codes=np.empty(room, dtype=np.int64),
        event_count=np.zeros(2, dtype=np.int64),
        walk_times=drawn.walk_times,
        walk_care=drawn.walk_care,
        doctors=np.zeros(int(facilities["doctors"].sum()) + 1),
        changes=desk.changes,
        histogram=desk.histogram,
    )


def _place_in_field(laid: Layout, table: Array, patients: Array) -> tuple[Array, Array]:
    """Give events in the field places of their own; return what is known by place with them."""
    first, outside = points(table), patients["place"] < 0
    if not first.size:
        return laid.km, laid.near
    events = table[first, 3].astype(np.int64)
    patients["place"][outside] = len(laid.km) + np.searchsorted(events, patients["event"][outside])
    return laid.with_field(table[first, 5], table[first, 6])


def replicate(desk: Desk, seed: int, number: int) -> Raw:
    """Return what happens in a replication; raise `BadRequest` where it does not end."""
    world = world_of(desk, desk.draw(seed, number), seed, number)
    if not run_chain(world):
        raise BadRequest(
            f"replication {number} did not end within {int(world.now['most_work'][0]):,} steps",
            "so many patients wait for so few means that the queue has no end",
            "look for a rate that is too high or a fleet that is too small, or raise steps in "
            "[limits] of case.toml",
        )
    return _gathered(world, number)


def _gathered(world: World, number: int) -> Raw:
    patients, now = world.patients, world.now[0]
    legs = world.legs[: int(now["legs"])]
    permitted = world.times[:, REQUESTED] + patients["permission"]
    used = [world.facilities[name] for name in ("hours_beds", "hours_theatres")]
    return Raw(
        replications=np.array([number]),
        replication=np.full(len(patients), number, dtype=np.int32),
        patient=np.arange(len(patients), dtype=np.int32),
        facts=np.stack([patients[name] for name in FACTS], axis=1).astype(np.int32),
        times=np.column_stack([patients["injured"], world.times[:, :TIMES], permitted]),
        waited=world.times[:, TIMES:].copy(),
        leg_replication=np.full(len(legs), number, dtype=np.int32),
        legs=legs.copy(),
        units=_columns(world.units, UNIT_TALLY)[None],
        facilities=_columns(world.facilities, FACILITY_TALLY)[None],
        unserved=np.array([now["unserved"]]),
        used=np.stack(used)[None],
        hourly=NOTHING,
        histogram=NOTHING,
        events=np.array([now["events"]]),
    )


def _columns(records: Array, names: tuple[str, ...]) -> Array:
    return np.stack([records[name].astype(np.float64) for name in names], axis=1)
