"""Run replications of a case and gather what happened in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from sulh.core.errors import BadRequest
from sulh.methods.simulation.blocks import Block, blocks, in_blocks
from sulh.methods.simulation.streams import streams
from sulh.questions.care.case import Case
from sulh.questions.care.engine.arrays import (
    LEG_COLUMNS,
    MOST_BEDS,
    OUTPATIENT,
    REQUESTED,
    STATIONS,
    TIMES,
    WAITS,
    Array,
    World,
)
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.draws import (
    COLUMNS,
    as_patients,
    count_patients,
    draw_patients,
    points,
)
from sulh.questions.care.engine.layout import Layout, layout

MOST_REPLICATIONS = 1_000_000
_BLOCK = 10


@dataclass(frozen=True)
class Raw:
    """What happened in some replications, as arrays: a row a patient of priority 1 to 3, or a leg.

    ``facts`` has the columns `FACTS`, ``times`` injured, then `arrays.TIMES`, then permitted.
    ``replications`` are the numbers of those that ran. Arrays by replication have it first:
    ``units`` (…, unit, `UNIT_TALLY`), ``used`` (…, beds or theatres, facility) in hours,
    ``facilities`` (…, facility, `FACILITY_TALLY`), ``unserved`` outpatients without a level 1. Sums
    over replications: ``hourly`` (beds or theatres, facility, hour) and ``histogram`` (facility,
    beds in use).
    """

    replications: Array
    replication: Array
    patient: Array
    facts: Array
    times: Array
    waited: Array
    leg_replication: Array
    legs: Array
    units: Array
    facilities: Array
    unserved: Array
    used: Array
    hourly: Array
    histogram: Array
    events: Array

    @property
    def count(self) -> int:
        """Return the number of replications."""
        return int(self.replications.size)


FACTS = ("site", "cause", "event", "priority", "surgery", "unreached", "field")
UNIT_TALLY = ("missions", "patients", "hours", "km")
FACILITY_TALLY = ("seen", "waited_hours", "overflow")
_SUMS = ("hourly", "histogram")


def simulate(
    case: Case,
    replications: int,
    seed: int,
    pool: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Raw:
    """Return what happens in so many replications; the same whatever the pool.

    Ends early, with the replications that are done, at Ctrl-C. Raises `BadRequest` where patients
    or steps would be more than the case allows.
    """
    if not 1 <= replications <= MOST_REPLICATIONS or not 0 <= seed < 2**63:
        raise BadRequest(
            f"{replications:,} replications from seed {seed}",
            f"1 to {MOST_REPLICATIONS:,} replications can be run, from a seed of 0 or more",
            "give for example --replications 100 --seed 1",
        )
    case.refuse_too_many()
    task = partial(
        _block, layout(case), case.settings.days * 24.0, case.settings.most_patients, seed
    )
    parts, done = [], 0
    with suppress(KeyboardInterrupt):
        for raw in in_blocks(task, blocks(replications, _BLOCK), pool):
            parts.append(raw)
            done += raw.count
            if progress is not None:
                progress(done)
    if not parts:
        raise KeyboardInterrupt
    return joined(parts)


def joined(parts: Iterable[Raw]) -> Raw:
    """Return blocks of replications as one."""
    whole = list(parts)
    return Raw(
        **{
            field.name: (
                _sum([getattr(part, field.name) for part in whole])
                if field.name in _SUMS
                else np.concatenate([getattr(part, field.name) for part in whole])
            )
            for field in fields(Raw)
        }
    )


def _sum(parts: list[Array]) -> Array:
    total = parts[0].astype(np.int64)
    for part in parts[1:]:
        total += part
    return total


def _block(laid: Layout, hours: float, most: int, seed: int, block: Block) -> Raw:
    return joined(_one(laid, (hours, most), seed, number) for number in range(*block))


def drawn(laid: Layout, limits: tuple[float, int], seed: int, number: int) -> Array:
    """Return the patients of a replication in order of injury, with the columns `draws.COLUMNS`.

    ``limits`` are hours and most patients.
    """
    events = streams(seed, number, laid.process_names)
    hours, most = limits
    count = count_patients(events.copy(), laid.processes, hours, most)
    if count > most:
        raise BadRequest(
            f"more than {most:,} patients in replication {number}",
            "case.toml does not allow more in a run",
            "look for a rate that is too high, or raise patients in [limits]",
        )
    own = streams(seed, number, [f"{name}/patients" for name in laid.process_names])
    source = (laid.processes, own, laid.spreads, laid.treatment)
    table = np.empty((count, len(COLUMNS)))
    draw_patients(events, source, hours, table, (laid.latitude, laid.longitude))
    return table[np.argsort(table[:, 0], kind="stable")]


def world_of(laid: Layout, table: Array, seed: int, number: int) -> World:
    """Return a replication at its start: every unit at its base, every bed empty."""
    patients = as_patients(table, laid.homes)
    count, facilities = len(patients), len(laid.facilities)
    taken = int((patients["priority"] != OUTPATIENT).sum())
    km = _place_in_field(laid, table, patients)
    # Each patient has at most two events to come, each unit one, and there is the clock.
    room, hours = 2 * count + len(laid.units) + 8, int(laid.hours) + 1
    times = np.zeros((count, TIMES + WAITS))
    times[:, :TIMES] = np.nan
    return World(
        now=laid.now.copy(),
        km=km,
        facilities=laid.facilities.copy(),
        units=laid.units.copy(),
        hindrance=laid.hindrance(seed, number),
        patients=patients,
        times=times,
        queues=np.full((STATIONS, facilities, OUTPATIENT + 1, 2), -1, dtype=np.int64),
        waiting=np.empty(count + 1, dtype=np.int64),
        legs=np.empty((6 * taken + 16, LEG_COLUMNS)),
        event_times=np.empty(room),
        event_codes=np.empty(room, dtype=np.int64),
        event_count=np.zeros(1, dtype=np.int64),
        hourly=np.zeros((2, facilities, hours), dtype=np.int32),
        helpful=np.zeros(facilities, dtype=np.int64),
    )


def _place_in_field(laid: Layout, table: Array, patients: Array) -> Array:
    """Give events in the field places of their own; return the distances with their rows."""
    first = points(table)
    outside = (patients["place"] < 0) & (patients["priority"] != OUTPATIENT)
    events = table[first, 3].astype(np.int64)
    patients["place"][outside] = len(laid.km) + np.searchsorted(events, patients["event"][outside])
    return laid.with_field(table[first, 5], table[first, 6])


def _one(laid: Layout, limits: tuple[float, int], seed: int, number: int) -> Raw:
    world = world_of(laid, drawn(laid, limits, seed, number), seed, number)
    if not run_chain(world):
        raise BadRequest(
            f"replication {number} did not end within {int(world.now['most_work'][0]):,} steps",
            "so many patients wait for so few means that the queue has no end",
            "look for a rate that is too high or a fleet that is too small, or raise steps in "
            "[limits] of case.toml",
        )
    return _gathered(world, number)


def _gathered(world: World, number: int) -> Raw:
    patients = world.patients
    taken = np.flatnonzero(patients["priority"] != OUTPATIENT)
    # Patients are numbered anew, so that legs name the row of the patient in the replication.
    place = np.full(len(patients), -1, dtype=np.int64)
    place[taken] = np.arange(taken.size)
    legs = world.legs[: int(world.now["legs"][0])].copy()
    legs[:, 0] = place[legs[:, 0].astype(np.int64)]
    kept, now = patients[taken], world.now[0]
    permitted = world.times[taken, REQUESTED] + kept["permission"]
    return Raw(
        replications=np.array([number]),
        replication=np.full(taken.size, number, dtype=np.int32),
        patient=np.arange(taken.size, dtype=np.int32),
        facts=np.stack([kept[name] for name in FACTS], axis=1).astype(np.int32),
        times=np.column_stack([kept["injured"], world.times[taken, :TIMES], permitted]),
        waited=world.times[taken, TIMES:],
        leg_replication=np.full(len(legs), number, dtype=np.int32),
        legs=legs,
        units=_columns(world.units, UNIT_TALLY)[None],
        facilities=_columns(world.facilities, FACILITY_TALLY)[None],
        unserved=np.array([now["unserved"]]),
        used=world.hourly.sum(axis=2)[None],
        hourly=world.hourly,
        histogram=_histogram(world.hourly[0]),
        events=np.array([now["events"]]),
    )


def _columns(records: Array, names: tuple[str, ...]) -> Array:
    return np.stack([records[name].astype(np.float64) for name in names], axis=1)


def _histogram(beds: Array) -> Array:
    """Return the hours with so many beds in use, by facility."""
    found = np.zeros((len(beds), MOST_BEDS + 1), dtype=np.int64)
    for facility, used in enumerate(np.minimum(beds, MOST_BEDS)):
        found[facility] = np.bincount(used, minlength=MOST_BEDS + 1)
    return found
