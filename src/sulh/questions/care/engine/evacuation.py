"""Who is taken where by what: requests, choice of means and target, legs. Compiled; hours, km."""

from __future__ import annotations

import math

import numpy as np

from sulh.methods.simulation.compiling import inner
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
    WEATHER_HOURS,
)
from sulh.questions.care.engine.facility import account, arrive, later, leave_bed

_SCANNED = 200
"""Requests looked at when a unit is free; in a disaster with more, the first ones by rank."""


@inner
def _note_help(w, patient):  # type: ignore[no-untyped-def]
    """Note by facility whether it gives what a patient needs (2), helps on the way (1) or not.

    Put those that help into ``helpful`` and return how many they are.
    """
    who = w.patients[patient]
    operation = who.surgery and not who.operated and who.need >= 2
    on_the_way = who.need == 2 and np.isnan(w.times[patient, ENHANCED])
    count = 0
    for facility in range(w.facilities.size):
        here = w.facilities[facility]
        helps = 1 if on_the_way and here.level >= 1 and np.isfinite(here.transfer) else 0
        if here.level >= who.need and (not operation or here.theatres > 0):
            helps = 2
        here.helps = 0 if w.now[0].sites + facility == who.place else helps
        if here.helps > 0:
            w.helpful[count] = facility
            count += 1
    return count


@inner
def _at_airfield(facilities, facility):  # type: ignore[no-untyped-def]
    return 0 <= facility < facilities.size and facilities[facility].airfield == 1


@inner
def reachable(w, patient):  # type: ignore[no-untyped-def]
    """Return whether any unit, once free, could take the patient to what is needed."""
    helpful = w.helpful[: _note_help(w, patient)]
    row, sites = w.km[w.patients[patient].place], w.now[0].sites
    units, facilities = w.units, w.facilities
    landing = _at_airfield(facilities, w.patients[patient].place - sites)
    w.now[0].work += units.size
    for unit in range(units.size):
        means = units[unit]
        if row[means.base] > means.reach or (means.kind == AEROPLANE and not landing):
            continue
        task = (means.kind, row[means.base], means.reach, 0.0, means.speed, 0.0)
        if _target(facilities, helpful, row, sites, task)[1] >= 0:
            return True
    return False


@inner
def _hindered(w, unit, leave, land):  # type: ignore[no-untyped-def]
    """Return what keeps a free unit from a task between two times, or -1."""
    block = min(int(leave / WEATHER_HOURS), w.hindrance.shape[1] - 1)
    if w.hindrance[unit, block] > 0:
        return w.hindrance[unit, block]
    if not w.units[unit].night:
        rules = w.now[0]
        early = leave % 24.0 < rules.sunrise or leave % 24.0 >= rules.sunset
        if early or land >= math.floor(leave / 24.0) * 24.0 + rules.sunset:
            return NIGHT
    return -1


@inner
def _target(facilities, helpful, row, sites, task):  # type: ignore[no-untyped-def]
    """Return when the need is met at the facility that is best for a unit, and the facility or -1.

    ``task``: kind of unit, km to the patient, reach, time of pick-up, speed, and what a full
    facility counts as further.
    """
    kind, out, reach, picked, speed, divert = task
    best, found = np.inf, -1
    for facility in helpful:
        here = facilities[facility]
        if here.helps == 1 and kind != AMBULANCE:
            continue
        carry = row[sites + facility]
        if out + carry > reach or (kind == AEROPLANE and not here.airfield):
            continue
        met = picked + carry / speed
        if here.helps == 1:
            met += here.transfer
        if here.occupied + here.inbound >= here.beds:
            met += divert
        if met < best:
            best, found = met, facility
    return best, found


@inner
def _choose(w, patient, now):  # type: ignore[no-untyped-def]
    """Return the unit that goes for a patient now, its target, or -1 and what is waited for."""
    best, chosen, target, reason = np.inf, -1, -1, BUSY
    who, rules = w.patients[patient], w.now[0]
    permitted = w.times[patient, REQUESTED] + who.permission
    row, noted = w.km[who.place], False
    helpful = w.helpful[:0]
    units, facilities = w.units, w.facilities
    landing = _at_airfield(facilities, who.place - rules.sites)
    rules.work += units.size
    for unit in range(units.size):
        means = units[unit]
        if not means.idle or row[means.place] > means.reach:
            continue
        if means.kind == AEROPLANE and not landing:
            continue
        if not noted:
            helpful = w.helpful[: _note_help(w, patient)]
            noted = True
        start = now
        if means.permission and permitted > now:
            start = permitted
        if means.home:
            start += means.ready
        out = row[means.place]
        picked = start + out / means.speed + rules.loading
        rules.work += helpful.size
        task = (means.kind, out, means.reach, picked, means.speed, rules.divert)
        met, facility = _target(facilities, helpful, row, rules.sites, task)
        if facility < 0 or met >= best:
            continue
        land = picked + row[rules.sites + facility] / means.speed
        hindrance = _hindered(w, unit, start, land)
        if hindrance < 0:
            best, chosen, target = met, unit, facility
        elif reason == BUSY:
            reason = hindrance
    if chosen >= 0 and w.units[chosen].permission and permitted > now:
        return -1, -1, PERMISSION
    return chosen, target, reason


@inner
def enlist(w, patient):  # type: ignore[no-untyped-def]
    """Put a request among those that wait: by rank, then in order of coming."""
    place = w.now[0].waiting
    while place > 0 and w.patients[w.waiting[place - 1]].rank > w.patients[patient].rank:
        w.waiting[place] = w.waiting[place - 1]
        place -= 1
    w.waiting[place] = patient
    w.now[0].waiting += 1


@inner
def _strike(w, place):  # type: ignore[no-untyped-def]
    count = w.now[0].waiting - 1
    for number in range(place, count):
        w.waiting[number] = w.waiting[number + 1]
    w.now[0].waiting = count


@inner
def dispatch(w, now):  # type: ignore[no-untyped-def]
    """Send out what can go, the most urgent request first."""
    place = 0
    while place < min(w.now[0].waiting, _SCANNED):
        patient = w.waiting[place]
        unit, facility, reason = _choose(w, patient, now)
        account(w, patient, w.patients[patient].reason, now)
        if unit < 0:
            w.patients[patient].reason = reason
            place += 1
            continue
        _assign(w, (unit, facility, patient), now)


@inner
def _assign(w, task, now):  # type: ignore[no-untyped-def]
    unit, facility, patient = task
    out = w.km[w.patients[patient].place, w.units[unit].place]
    ready = w.units[unit].ready if w.units[unit].home else 0.0
    picked = now + ready + out / w.units[unit].speed + w.now[0].loading
    w.units[unit].idle = w.units[unit].home = False
    w.units[unit].target, w.units[unit].since = facility, now
    w.units[unit].load = -1
    w.units[unit].missions += 1.0
    w.units[unit].km += out
    _board(w, (unit, facility, patient), now)
    later(w, picked, PICK_UP, unit)


@inner
def _board(w, task, now):  # type: ignore[no-untyped-def]
    """Give seats of a unit to a patient and to others at the spot whom the target helps too."""
    unit, facility, patient = task
    taken = 0
    other = w.units[unit].load
    while other >= 0:
        taken += 1
        other = w.patients[other].carried
    place = 0
    while place < min(w.now[0].waiting, _SCANNED) and taken < w.units[unit].seats:
        other = w.waiting[place]
        allowed = other == patient
        if not allowed and w.patients[other].place == w.patients[patient].place:
            _note_help(w, other)
            helps = w.facilities[facility].helps
            granted = w.times[other, REQUESTED] + w.patients[other].permission <= now
            ground = w.units[unit].kind == AMBULANCE
            allowed = (helps == 2 or (helps == 1 and ground)) and (
                granted or not w.units[unit].permission
            )
        if not allowed:
            place += 1
            continue
        account(w, other, w.patients[other].reason, now)
        w.patients[other].carried = w.units[unit].load
        w.units[unit].load = other
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
    facility, first = w.units[unit].target, w.units[unit].load
    _board(w, (unit, facility, first), now)
    carry = w.km[w.patients[first].place, w.now[0].sites + facility]
    patient = w.units[unit].load
    while patient >= 0:
        account(w, patient, OUTWARD, now)
        leave_bed(w, patient)
        if w.units[unit].medic and np.isnan(w.times[patient, ENHANCED]):
            w.times[patient, ENHANCED] = now
        patient = w.patients[patient].carried
    w.units[unit].picked = now
    w.units[unit].km += carry
    later(w, now + carry / w.units[unit].speed, DELIVERED, unit)


@inner
def delivered(w, unit, now):  # type: ignore[no-untyped-def]
    """Hand the patients over; the unit may take a new task from here, else it goes home."""
    facility = w.units[unit].target
    place = w.now[0].sites + facility
    patient = w.units[unit].load
    while patient >= 0:
        following = w.patients[patient].carried
        account(w, patient, CARRIAGE, now)
        _close_leg(w, patient, unit, now)
        w.units[unit].patients += 1.0
        w.patients[patient].place = place
        arrive(w, patient, now)
        patient = following
    w.units[unit].load = -1
    w.units[unit].place = place
    w.units[unit].idle = True
    dispatch(w, now)
    if w.units[unit].idle:
        w.units[unit].idle = False
        home = w.km[place, w.units[unit].base]
        w.units[unit].km += home
        w.units[unit].hours += now - w.units[unit].since
        w.units[unit].since = now
        later(w, now + home / w.units[unit].speed, FREE, unit)


@inner
def _close_leg(w, patient, unit, now):  # type: ignore[no-untyped-def]
    row = w.now[0].legs - 1
    while row >= 0:
        if w.legs[row, 0] == patient:
            w.legs[row, 4], w.legs[row, 5] = w.units[unit].picked, now
            return
        row -= 1


@inner
def home_again(w, unit, now):  # type: ignore[no-untyped-def]
    """Make a unit free at its base."""
    w.units[unit].hours += now - w.units[unit].since
    w.units[unit].place = w.units[unit].base
    w.units[unit].idle = w.units[unit].home = True
    dispatch(w, now)
