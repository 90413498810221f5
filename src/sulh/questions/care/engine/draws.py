"""Draw the patients of a replication: who is hurt or falls ill where, when and how badly."""

from __future__ import annotations

import math

import numpy as np

from sulh.methods.simulation.compiling import inner, kernel
from sulh.methods.simulation.streams import exponential, lognormal, uniform, uniforms
from sulh.questions.care.engine.arrays import BUSY, OUTPATIENT, PATIENT, Array

_EARTH_KM = 6371.0088
SHARED, OWN = 5, 6
"""Numbers drawn for an event (in the field or not, how far, in which direction, request,
permission), and for each of its patients (aid, priority, surgery, doctor, theatre, recovery).
"""
COLUMNS = (
    *("injured", "site", "cause", "event", "priority", "latitude", "longitude", "place"),
    *("surgery", "aid", "request", "permission", "care", "operation", "recovery"),
)


@inner
def _event_size(state, mean):  # type: ignore[no-untyped-def]
    """Return how many casualties an event has: geometric from 1."""
    share = uniform(state)
    if mean <= 1.0:
        return 1
    return 1 + int(math.log(1.0 - share) / math.log(1.0 - 1.0 / mean))


@kernel
def draw_patients(states, layout, hours, rooms, scratch):  # type: ignore[no-untyped-def]
    """Draw the patients, process by process; return how many are taken, walk, and are unserved.

    ``states`` are the streams of events, then those of patients, of their own so that a patient's
    course does not depend on how many come. ``layout``: processes, spreads, treatment, homes,
    latitudes and longitudes of sites in radians. ``rooms``: a row in `COLUMNS` for each patient of
    priority 1 to 3; and the times, the hours of care and the facilities of outpatients. ``scratch``
    holds what the patients of an event share (`SHARED` numbers) and what is one's own (`OWN`). The
    first number is -1 where there is no room for all.
    """
    taken, walking = rooms
    processes = layout[0]
    count = walk = unserved = event = 0
    room, width = taken.shape[0], walking[0].size
    for row in range(processes.shape[0]):
        state, mean = states[0][row], 1.0 / processes[row, 2]
        home = layout[3][int(processes[row, 0])]
        now = exponential(state, mean)
        while now < hours:
            size = _event_size(state, processes[row, 3])
            if count + size > room or walk + size > width:
                return -1, walk, unserved
            uniforms(states[1][row], scratch[0])
            for _ in range(size):
                patient = taken[count]
                uniforms(states[1][row], scratch[1])
                care = _course(layout, row, scratch, patient)
                if patient[4] != OUTPATIENT:
                    patient[0], patient[3] = now, event
                    count += 1
                elif home >= 0:
                    walking[0][walk], walking[1][walk], walking[2][walk] = now, care, home
                    walk += 1
                else:
                    unserved += 1
            event += 1
            now += exponential(state, mean)
    return count, walk, unserved


@inner
def _course(layout, row, scratch, patient):  # type: ignore[no-untyped-def]
    """Set one patient's course from the numbers drawn; return the hours of a doctor."""
    processes, spreads = layout[0], layout[1]
    spot, own = scratch
    share, operated, caring = own[1], own[2], own[3]
    if share >= processes[row, 7]:
        patient[4] = OUTPATIENT
        return lognormal(caring, spreads[5, 0], spreads[5, 1])
    priority = 1 if share < processes[row, 5] else (2 if share < processes[row, 6] else 3)
    site = int(processes[row, 0])
    patient[1], patient[2], patient[4] = site, processes[row, 1], priority
    field = spot[0] < processes[row, 4]
    _place(layout, (row, field), spot, patient)
    aid = 1 if field else 0
    patient[9] = lognormal(own[0], spreads[aid, 0], spreads[aid, 1])
    patient[10] = lognormal(spot[3], spreads[2, 0], spreads[2, 1])
    patient[11] = lognormal(spot[4], spreads[3, 0], spreads[3, 1])
    patient[12] = lognormal(caring, spreads[4, 0], spreads[4, 1])
    patient[8] = 1.0 if operated < processes[row, 8 + priority] else 0.0
    patient[13] = lognormal(own[4], spreads[6, 0], spreads[6, 1])
    median, tenth = layout[2][0, priority - 1], layout[2][1, priority - 1]
    patient[14] = 24.0 * lognormal(own[5], median, tenth)
    return patient[12]


@inner
def _place(layout, event, spot, patient):  # type: ignore[no-untyped-def]
    """Set the point of an event: in camp, or anywhere in the disc of the field."""
    processes, (row, field) = layout[0], event
    site = int(processes[row, 0])
    latitude, longitude = layout[4][site], layout[5][site]
    if field:
        away = processes[row, 8] * math.sqrt(spot[1]) / _EARTH_KM
        bearing = 2.0 * math.pi * spot[2]
        longitude += away * math.sin(bearing) / max(math.cos(latitude), 0.01)
        latitude += away * math.cos(bearing)
    patient[5], patient[6] = latitude, longitude
    patient[7] = -1.0 if field and processes[row, 8] > 0.0 else site


@kernel
def sort_walking(walking, hours, sizes, places, out):  # type: ignore[no-untyped-def]
    """Put outpatients by facility, and there by time: a bucket for each, then a few exchanges.

    ``walking`` as drawn; ``sizes`` is set to the number by facility, ``places`` is as long as
    ``walking`` and one more, of 0; ``out`` are their times and hours of care.
    """
    times, care, homes = walking
    count = times.size
    for walk in range(count):
        sizes[homes[walk]] += 1
    first = 0
    for facility in range(sizes.size):
        following = first + sizes[facility]
        sizes[facility] = first
        first = following
    for walk in range(count):
        places[_bucket(homes[walk], times[walk], (hours, sizes, count)) + 1] += 1
    for bucket in range(count):
        places[bucket + 1] += places[bucket]
    for walk in range(count):
        bucket = _bucket(homes[walk], times[walk], (hours, sizes, count))
        out[0][places[bucket]], out[1][places[bucket]] = times[walk], care[walk]
        places[bucket] += 1
    for facility in range(sizes.size):
        end = sizes[facility + 1] if facility + 1 < sizes.size else count
        _exchange(out[0], out[1], sizes[facility], end)


@inner
def _bucket(home, time, limits):  # type: ignore[no-untyped-def]
    hours, firsts, count = limits
    end = firsts[home + 1] if home + 1 < firsts.size else count
    width = end - firsts[home]
    return firsts[home] + min(int(time / hours * width), width - 1)


@inner
def _exchange(times, care, first, end):  # type: ignore[no-untyped-def]
    """Sort what is nearly in order, and keep the order of equals."""
    for place in range(first + 1, end):
        time, hours = times[place], care[place]
        before = place - 1
        while before >= first and times[before] > time:
            times[before + 1], care[before + 1] = times[before], care[before]
            before -= 1
        times[before + 1], care[before + 1] = time, hours


def as_patients(table: Array) -> Array:
    """Return the drawn table as records of `arrays.PATIENT`; those in the field at place -1."""
    found = np.zeros(len(table), dtype=PATIENT)
    for column, name in enumerate(COLUMNS):
        if name in found.dtype.names:
            found[name] = table[:, column]
    found["since"], found["rank"] = found["injured"], found["priority"]
    found["field"] = found["place"] < 0
    found["following"] = found["carried"] = -1
    found["reason"] = BUSY
    return found


def points(table: Array) -> Array:
    """Return the first patient of each event in the field."""
    outside = np.flatnonzero(table[:, 7] < 0)
    _, first = np.unique(table[outside, 3], return_index=True)
    found: Array = outside[first]
    return found
