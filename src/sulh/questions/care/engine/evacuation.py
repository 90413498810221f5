"""Who is taken where by what: requests, choice of means and target, legs. Compiled; hours, km."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sulh.questions.care.engine.arrays import (
    AEROPLANE,
    AMBULANCE,
    BUSY,
    CARRIAGE,
    DELIVERED,
    ENHANCED,
    FREE,
    NIGHT,
    OUTWARD,
    PERMISSION,
    PICK_UP,
    REQUESTED,
    UNIT_TALLY,
    UNSERVICEABLE,
    WEATHER,
    WEATHER_HOURS,
)
from sulh.questions.care.engine.facility import account, arrive, later, leave_bed

_EARTH_KM = 6371.0088
_SCANNED = 200
"""Requests looked at when a unit is free; in a disaster with more, the first ones by rank."""


@njit(cache=True)
def km_from(lay, who, state, patient, place):  # type: ignore[no-untyped-def]
    """Return the great-circle distance of a patient, at a place or in the field, to a place."""
    here = state.place[patient]
    if here >= 0:
        return lay.km[here, place]
    a, b = who.latitude[patient], lay.latitude[place]
    across = lay.longitude[place] - who.longitude[patient]
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2.0 * _EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


@njit(cache=True)
def _fits(lay, who, state, patient, facility):  # type: ignore[no-untyped-def]
    """Return 2 where the facility gives what the patient needs, 1 where it helps on the way."""
    need = state.need[patient]
    operation = who.surgery[patient] and not state.operated[patient] and need >= 2
    if lay.level[facility] >= need and (not operation or lay.theatres[facility] > 0):
        return 2
    untouched = state.place[patient] < lay.sites and np.isnan(state.times[patient, ENHANCED])
    return 1 if untouched and lay.level[facility] >= 1 and need == 2 else 0


@njit(cache=True)
def _may_use(lay, state, patient, unit):  # type: ignore[no-untyped-def]
    """Return whether a unit can come to where the patient is at all."""
    if lay.kind[unit] != AEROPLANE:
        return True
    place = state.place[patient]
    return place >= lay.sites and lay.airfield[place - lay.sites]


@njit(cache=True)
def reachable(lay, who, state, patient):  # type: ignore[no-untyped-def]
    """Return whether any unit, once free, could take the patient to what is needed."""
    state.work[0] += lay.kind.size
    for unit in range(lay.kind.size):
        if not _may_use(lay, state, patient, unit):
            continue
        out = km_from(lay, who, state, patient, lay.base[unit])
        if out > lay.reach[unit]:
            continue
        for facility in range(lay.level.size):
            helps = _fits(lay, who, state, patient, facility)
            if helps == 0 or (helps == 1 and np.isinf(lay.transfer[facility])):
                continue
            place = lay.sites + facility
            if place == state.place[patient]:
                continue
            if lay.kind[unit] == AEROPLANE and not lay.airfield[facility]:
                continue
            if out + km_from(lay, who, state, patient, place) <= lay.reach[unit]:
                return True
    return False


@njit(cache=True)
def _hindered(lay, unit, leave, land):  # type: ignore[no-untyped-def]
    """Return what keeps a free unit from a task between two times, or -1."""
    if lay.weather[unit] and lay.grounded[_index(leave, WEATHER_HOURS, lay.grounded.size)]:
        return WEATHER
    if not lay.up[unit, _index(leave, 24.0, lay.up.shape[1])]:
        return UNSERVICEABLE
    if not lay.night[unit]:
        rules = lay.rules
        early = leave % 24.0 < rules.sunrise or leave % 24.0 >= rules.sunset
        if early or land >= math.floor(leave / 24.0) * 24.0 + rules.sunset:
            return NIGHT
    return -1


@njit(cache=True)
def _index(time, step, size):  # type: ignore[no-untyped-def]
    return min(int(time / step), size - 1)


@njit(cache=True)
def _target(lay, who, state, patient, leg):  # type: ignore[no-untyped-def]
    """Return the facility that a unit brings a patient to best, and when the need is met there.

    ``leg`` is the unit, the km to the patient and the time of pick-up.
    """
    unit, out, picked = leg
    best, found = np.inf, -1
    for facility in range(lay.level.size):
        helps = _fits(lay, who, state, patient, facility)
        place = lay.sites + facility
        if helps == 0 or place == state.place[patient]:
            continue
        if helps == 1 and lay.kind[unit] != AMBULANCE:
            continue
        if lay.kind[unit] == AEROPLANE and not lay.airfield[facility]:
            continue
        carry = km_from(lay, who, state, patient, place)
        if out + carry > lay.reach[unit]:
            continue
        met = picked + carry / lay.speed[unit]
        if helps == 1:
            met += lay.transfer[facility]
        if state.occupied[facility] + state.inbound[facility] >= lay.beds[facility]:
            met += lay.rules.divert
        if met < best:
            best, found = met, facility
    return best, found


@njit(cache=True)
def _choose(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Return the unit that goes for a patient now, its target, or -1 and what is waited for."""
    best, chosen, target, reason = np.inf, -1, -1, BUSY
    permitted = state.times[patient, REQUESTED] + who.permission[patient]
    for unit in range(lay.kind.size):
        state.work[0] += 1
        if not state.unit_idle[unit] or not _may_use(lay, state, patient, unit):
            continue
        out = km_from(lay, who, state, patient, state.unit_place[unit])
        if out > lay.reach[unit]:
            continue
        start = max(now, permitted) if lay.permission[unit] else now
        if state.unit_home[unit]:
            start += lay.ready[unit]
        picked = start + out / lay.speed[unit] + lay.rules.loading
        state.work[0] += lay.level.size
        met, facility = _target(lay, who, state, patient, (unit, out, picked))
        if facility < 0:
            continue
        land = picked + km_from(lay, who, state, patient, lay.sites + facility) / lay.speed[unit]
        hindrance = _hindered(lay, unit, start, land)
        if hindrance >= 0:
            if reason == BUSY:
                reason = hindrance
            continue
        if met < best:
            best, chosen, target = met, unit, facility
    if chosen >= 0 and lay.permission[chosen] and permitted > now:
        return -1, -1, PERMISSION
    return chosen, target, reason


@njit(cache=True)
def enlist(state, patient):  # type: ignore[no-untyped-def]
    """Put a request among those that wait: by rank, then in order of coming."""
    place = state.waiting_count[0]
    while place > 0 and state.rank[state.waiting[place - 1]] > state.rank[patient]:
        state.waiting[place] = state.waiting[place - 1]
        place -= 1
    state.waiting[place] = patient
    state.waiting_count[0] += 1


@njit(cache=True)
def _strike(state, place):  # type: ignore[no-untyped-def]
    count = state.waiting_count[0] - 1
    for number in range(place, count):
        state.waiting[number] = state.waiting[number + 1]
    state.waiting_count[0] = count


@njit(cache=True)
def dispatch(lay, who, state, now):  # type: ignore[no-untyped-def]
    """Send out what can go, the most urgent request first."""
    place = 0
    while place < min(state.waiting_count[0], _SCANNED):
        patient = state.waiting[place]
        unit, facility, reason = _choose(lay, who, state, patient, now)
        account(state, patient, state.reason[patient], now)
        if unit < 0:
            state.reason[patient] = reason
            place += 1
            continue
        _assign(lay, who, state, (unit, facility, patient), now)


@njit(cache=True)
def _assign(lay, who, state, task, now):  # type: ignore[no-untyped-def]
    unit, facility, patient = task
    out = km_from(lay, who, state, patient, state.unit_place[unit])
    ready = lay.ready[unit] if state.unit_home[unit] else 0.0
    picked = now + ready + out / lay.speed[unit] + lay.rules.loading
    state.unit_idle[unit] = state.unit_home[unit] = False
    state.unit_target[unit], state.unit_since[unit] = facility, now
    state.unit_load[unit] = -1
    state.unit_tally[unit, UNIT_TALLY.missions] += 1.0
    state.unit_tally[unit, UNIT_TALLY.km] += out
    _board(lay, who, state, (unit, facility, patient), now)
    later(state, picked, PICK_UP, unit)


@njit(cache=True)
def _together(who, state, one, other):  # type: ignore[no-untyped-def]
    """Return whether two patients are at one spot."""
    place = state.place[one]
    if place != state.place[other]:
        return False
    return place >= 0 or who.event[one] == who.event[other]


@njit(cache=True)
def _board(lay, who, state, task, now):  # type: ignore[no-untyped-def]
    """Give seats of a unit to a patient and to others at the spot whom the target helps too."""
    unit, facility, patient = task
    taken = 0
    other = state.unit_load[unit]
    while other >= 0:
        taken += 1
        other = state.carried[other]
    place = 0
    while place < min(state.waiting_count[0], _SCANNED) and taken < lay.seats[unit]:
        other = state.waiting[place]
        allowed = other == patient
        if not allowed and _together(who, state, patient, other):
            helps = _fits(lay, who, state, other, facility)
            granted = state.times[other, REQUESTED] + who.permission[other] <= now
            ground = lay.kind[unit] == AMBULANCE
            allowed = (helps == 2 or (helps == 1 and ground)) and (
                granted or not lay.permission[unit]
            )
        if not allowed:
            place += 1
            continue
        account(state, other, state.reason[other], now)
        state.carried[other] = state.unit_load[unit]
        state.unit_load[unit] = other
        state.inbound[facility] += 1
        _log_leg(state, (unit, facility, other), now)
        _strike(state, place)
        taken += 1


@njit(cache=True)
def _log_leg(state, task, now):  # type: ignore[no-untyped-def]
    unit, facility, patient = task
    row = state.leg_count[0]
    if row == state.legs.shape[0]:
        state.work[0] += 1 << 50
        return
    state.legs[row, 0], state.legs[row, 1], state.legs[row, 2] = patient, unit, facility
    state.legs[row, 3], state.legs[row, 4], state.legs[row, 5] = now, np.nan, np.nan
    state.leg_count[0] = row + 1


@njit(cache=True)
def picked_up(lay, who, state, unit, now):  # type: ignore[no-untyped-def]
    """Load the patients, and others who have become ready at the spot; fly or drive on."""
    facility, first = state.unit_target[unit], state.unit_load[unit]
    _board(lay, who, state, (unit, facility, first), now)
    carry = km_from(lay, who, state, first, lay.sites + facility)
    patient = state.unit_load[unit]
    while patient >= 0:
        account(state, patient, OUTWARD, now)
        leave_bed(lay, state, patient)
        if lay.medic[unit] and np.isnan(state.times[patient, ENHANCED]):
            state.times[patient, ENHANCED] = now
        patient = state.carried[patient]
    state.unit_picked[unit] = now
    state.unit_tally[unit, UNIT_TALLY.km] += carry
    later(state, now + carry / lay.speed[unit], DELIVERED, unit)


@njit(cache=True)
def delivered(lay, who, state, unit, now):  # type: ignore[no-untyped-def]
    """Hand the patients over; the unit may take a new task from here, else it goes home."""
    facility = state.unit_target[unit]
    place = lay.sites + facility
    patient = state.unit_load[unit]
    while patient >= 0:
        following = state.carried[patient]
        account(state, patient, CARRIAGE, now)
        _close_leg(state, patient, unit, now)
        state.unit_tally[unit, UNIT_TALLY.patients] += 1.0
        state.place[patient] = place
        arrive(lay, who, state, patient, now)
        patient = following
    state.unit_load[unit] = -1
    state.unit_place[unit] = place
    state.unit_idle[unit] = True
    dispatch(lay, who, state, now)
    if state.unit_idle[unit]:
        state.unit_idle[unit] = False
        home = lay.km[place, lay.base[unit]]
        state.unit_tally[unit, UNIT_TALLY.km] += home
        state.unit_tally[unit, UNIT_TALLY.hours] += now - state.unit_since[unit]
        state.unit_since[unit] = now
        later(state, now + home / lay.speed[unit], FREE, unit)


@njit(cache=True)
def _close_leg(state, patient, unit, now):  # type: ignore[no-untyped-def]
    row = state.leg_count[0] - 1
    while row >= 0:
        if state.legs[row, 0] == patient:
            state.legs[row, 4], state.legs[row, 5] = state.unit_picked[unit], now
            return
        row -= 1


@njit(cache=True)
def home_again(lay, who, state, unit, now):  # type: ignore[no-untyped-def]
    """Make a unit free at its base."""
    state.unit_tally[unit, UNIT_TALLY.hours] += now - state.unit_since[unit]
    state.unit_place[unit] = lay.base[unit]
    state.unit_idle[unit] = state.unit_home[unit] = True
    dispatch(lay, who, state, now)


