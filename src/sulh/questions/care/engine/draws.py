"""Draw the patients of a replication: who is hurt or falls ill where, when and how badly."""

from __future__ import annotations

import math

import numpy as np

from sulh.methods.simulation.compiling import inner, kernel
from sulh.methods.simulation.streams import exponential, lognormal, uniform
from sulh.questions.care.engine.arrays import BUSY, OUTPATIENT, PATIENT, Array

_EARTH_KM = 6371.0088
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
def count_patients(states, processes, hours, most):  # type: ignore[no-untyped-def]
    """Return how many patients come in ``hours``, or one more than ``most`` where they exceed it.

    The streams are moved on: give copies.
    """
    count = 0
    for row in range(processes.shape[0]):
        state = states[row]
        now = exponential(state, 1.0 / processes[row, 2])
        while now < hours:
            count += _event_size(state, processes[row, 3])
            if count > most:
                return most + 1
            now += exponential(state, 1.0 / processes[row, 2])
    return count


@kernel
def draw_patients(states, layout, hours, table, places):  # type: ignore[no-untyped-def]
    """Draw the patients into a table, a row each in the columns `COLUMNS`, process by process.

    Events are drawn from ``states``, patients from streams of their own (``layout[1]``), so that a
    patient's course does not depend on how many come. ``layout`` is processes, patients' streams,
    spreads and treatment; ``places`` the latitudes and longitudes of sites in radians.
    """
    processes, patient_states = layout[0], layout[1]
    place = event = 0
    for row in range(processes.shape[0]):
        state = states[row]
        now = exponential(state, 1.0 / processes[row, 2])
        while now < hours:
            size = _event_size(state, processes[row, 3])
            _draw_event(patient_states[row], layout, row, table[place : place + size], places)
            for patient in range(place, place + size):
                table[patient, 0] = now
                table[patient, 3] = event
            place += size
            event += 1
            now += exponential(state, 1.0 / processes[row, 2])


@inner
def _draw_event(state, layout, row, patients, places):  # type: ignore[no-untyped-def]
    """Draw the patients of one event, who are at one point and share its request."""
    processes, spreads = layout[0], layout[2]
    site = int(processes[row, 0])
    field = uniform(state) < processes[row, 4]
    away = processes[row, 8] * math.sqrt(uniform(state)) / _EARTH_KM
    bearing = 2.0 * math.pi * uniform(state)
    latitude, longitude = places[0][site], places[1][site]
    if field:
        longitude += away * math.sin(bearing) / max(math.cos(latitude), 0.01)
        latitude += away * math.cos(bearing)
    aid = 1 if field else 0
    request = lognormal(uniform(state), spreads[2, 0], spreads[2, 1])
    permission = lognormal(uniform(state), spreads[3, 0], spreads[3, 1])
    for number in range(patients.shape[0]):
        patient = patients[number]
        patient[1], patient[2] = site, processes[row, 1]
        patient[5], patient[6] = latitude, longitude
        patient[7] = -1.0 if field and processes[row, 8] > 0.0 else site
        patient[9] = lognormal(uniform(state), spreads[aid, 0], spreads[aid, 1])
        patient[10], patient[11] = request, permission
        _draw_course(state, layout, row, patient)


@inner
def _draw_course(state, layout, row, patient):  # type: ignore[no-untyped-def]
    """Draw priority, operation, recovery and the times of care of one patient."""
    processes, spreads, treatment = layout[0], layout[2], layout[3]
    share = uniform(state)
    operated, caring = uniform(state), uniform(state)
    cutting, recovering = uniform(state), uniform(state)
    priority = OUTPATIENT
    for number in range(3):
        if share < processes[row, 5 + number]:
            priority = number + 1
            break
    patient[4] = priority
    kind = 5 if priority == OUTPATIENT else 4
    patient[12] = lognormal(caring, spreads[kind, 0], spreads[kind, 1])
    patient[8] = patient[13] = patient[14] = 0.0
    if priority == OUTPATIENT:
        return
    patient[8] = 1.0 if operated < processes[row, 8 + priority] else 0.0
    patient[13] = lognormal(cutting, spreads[6, 0], spreads[6, 1])
    median, tenth = treatment[0, priority - 1], treatment[1, priority - 1]
    patient[14] = 24.0 * lognormal(recovering, median, tenth)


def as_patients(table: Array, homes: Array) -> Array:
    """Return the drawn table as records of `arrays.PATIENT`; those in the field at place -1."""
    found = np.zeros(len(table), dtype=PATIENT)
    for column, name in enumerate(COLUMNS):
        if name in found.dtype.names:
            found[name] = table[:, column]
    found["since"], found["rank"] = found["injured"], found["priority"]
    found["home"] = homes[found["site"]]
    found["field"] = found["place"] < 0
    found["following"] = found["carried"] = -1
    found["reason"] = BUSY
    return found


def points(table: Array) -> Array:
    """Return the first patient of each event in the field that needs evacuation."""
    outside = np.flatnonzero((table[:, 7] < 0) & (table[:, 4] != OUTPATIENT))
    events, first = np.unique(table[outside, 3], return_index=True)
    del events
    return outside[first]
