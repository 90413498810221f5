"""What a unit does on its way: seats, pick-up, delivery, home. Compiled; hours, km."""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import inner
from sulh.questions.care.engine.arrays import (
    AMBULANCE,
    CARRIAGE,
    DELIVERED,
    ENHANCED,
    FREE,
    OUTWARD,
    PICK_UP,
    REQUESTED,
)
from sulh.questions.care.engine.facility import arrive, leave_bed
from sulh.questions.care.engine.noting import account, later
from sulh.questions.care.engine.wants import SCANNED, helps, want_of


@inner
def _strike(w, place):  # type: ignore[no-untyped-def]
    count = w.now[0].waiting - 1
    for number in range(place, count):
        w.waiting[number] = w.waiting[number + 1]
    w.now[0].waiting = count


@inner
def assign(w, task, now):  # type: ignore[no-untyped-def]
    """Send a unit to a patient and on to a facility: ``task`` is unit, facility, patient."""
    unit, facility, patient = task
    means = w.units[unit]
    out = w.km[w.patients[patient].place, means.place]
    ready = means.ready if means.home else 0.0
    picked = now + ready + out / means.speed + w.now[0].loading
    means.idle = means.home = False
    means.target, means.since = facility, now
    means.load = -1
    means.missions += 1
    means.km += out
    _board(w, (unit, facility, patient), now)
    later(w, picked, PICK_UP, unit)


@inner
def _board(w, task, now):  # type: ignore[no-untyped-def]
    """Give seats of a unit to a patient and to others at the spot whom the target helps too."""
    unit, facility, patient = task
    means = w.units[unit]
    taken = 0
    other = means.load
    while other >= 0:
        taken += 1
        other = w.patients[other].carried
    place = 0
    while place < min(w.now[0].waiting, SCANNED) and taken < means.seats:
        other = w.waiting[place]
        allowed = other == patient
        if not allowed and w.patients[other].place == w.patients[patient].place:
            want = want_of(w.patients[other], w.times[other])
            helping = helps(w.facilities[facility], want)
            granted = w.times[other, REQUESTED] + w.patients[other].permission <= now
            allowed = (helping == 2 or (helping == 1 and means.kind == AMBULANCE)) and (
                granted or not means.permission
            )
        if not allowed:
            place += 1
            continue
        account(w, other, w.patients[other].reason, now)
        w.patients[other].carried = means.load
        means.load = other
        w.facilities[facility].inbound += 1
        _log_leg(w, (unit, facility, other), now)
        _strike(w, place)
        taken += 1


@inner
def _log_leg(w, task, now):  # type: ignore[no-untyped-def]
    unit, facility, patient = task
    row = w.now[0].legs
    if row == w.legs.shape[0]:
        w.now[0].work += 1 << 50
        return
    w.legs[row, 0], w.legs[row, 1], w.legs[row, 2] = patient, unit, facility
    w.legs[row, 3], w.legs[row, 4], w.legs[row, 5] = now, np.nan, np.nan
    w.now[0].legs = row + 1


@inner
def picked_up(w, unit, now):  # type: ignore[no-untyped-def]
    """Load the patients, and others who have become ready at the spot; fly or drive on."""
    means = w.units[unit]
    facility, first = means.target, means.load
    _board(w, (unit, facility, first), now)
    carry = w.km[w.patients[first].place, w.now[0].sites + facility]
    patient = means.load
    while patient >= 0:
        account(w, patient, OUTWARD, now)
        leave_bed(w, patient, now)
        if means.medic and np.isnan(w.times[patient, ENHANCED]):
            w.times[patient, ENHANCED] = now
        patient = w.patients[patient].carried
    means.picked = now
    means.km += carry
    later(w, now + carry / means.speed, DELIVERED, unit)


@inner
def delivered(w, unit, now):  # type: ignore[no-untyped-def]
    """Hand the patients over: the unit is free at the facility."""
    means = w.units[unit]
    place = w.now[0].sites + means.target
    patient = means.load
    while patient >= 0:
        following = w.patients[patient].carried
        account(w, patient, CARRIAGE, now)
        _close_leg(w, patient, unit, now)
        means.patients += 1
        w.patients[patient].place = place
        arrive(w, patient, now)
        patient = following
    means.load = -1
    means.place = place
    means.idle = True


@inner
def _close_leg(w, patient, unit, now):  # type: ignore[no-untyped-def]
    row = w.now[0].legs - 1
    while row >= 0:
        if w.legs[row, 0] == patient:
            w.legs[row, 4], w.legs[row, 5] = w.units[unit].picked, now
            return
        row -= 1


@inner
def go_home(w, unit, now):  # type: ignore[no-untyped-def]
    """Let a unit that has no further task go home from where it delivered."""
    means = w.units[unit]
    means.idle = False
    home = w.km[means.place, means.base]
    means.km += home
    means.hours += now - means.since
    means.since = now
    later(w, now + home / means.speed, FREE, unit)


@inner
def home_again(w, unit, now):  # type: ignore[no-untyped-def]
    """Make a unit free at its base."""
    means = w.units[unit]
    means.hours += now - means.since
    means.place = means.base
    means.idle = means.home = True
