"""Who is taken where by what: requests, choice of means and target. Compiled; hours, km."""

from __future__ import annotations

import math

import numpy as np

from sulh.methods.simulation.compiling import inner
from sulh.questions.care.engine.arrays import (
    AEROPLANE,
    AMBULANCE,
    BUSY,
    LOOK,
    NIGHT,
    PERMISSION,
    REQUESTED,
    WEATHER_HOURS,
)
from sulh.questions.care.engine.legs import assign
from sulh.questions.care.engine.noting import account, later
from sulh.questions.care.engine.wants import SCANNED, at_airfield, learn, want_of


@inner
def reachable(w, patient):  # type: ignore[no-untyped-def]
    """Return whether any unit, once free, could take the patient to what is needed."""
    who = w.patients[patient]
    want = want_of(who, w.times[patient])
    if not w.ways.known[who.place, want]:
        learn(w, who.place, want)
    return w.ways.fetching[who.place, want, 0] > 0


@inner
def _hindered(hindrance, night, rules, leave, land):  # type: ignore[no-untyped-def]
    """Return what keeps a free unit from a task between two times, or -1."""
    block = min(int(leave / WEATHER_HOURS), hindrance.size - 1)
    if hindrance[block] > 0:
        return int(hindrance[block])
    if not night:
        early = leave % 24.0 < rules.sunrise or leave % 24.0 >= rules.sunset
        if early or land >= math.floor(leave / 24.0) * 24.0 + rules.sunset:
            return NIGHT
    return -1


@inner
def _target(facilities, spot, task, limit):  # type: ignore[no-untyped-def]
    """Return when the need is met at the facility that is best for a unit, and the facility or -1.

    ``spot``: km from the patient, `Ways.aims`, number of sites; ``task``: kind of unit, km to the
    patient, reach, time of pick-up, speed, and what a full facility counts as further. Only what is
    before ``limit`` is looked for.
    """
    row, aims, sites = spot
    kind, out, reach, picked, speed, divert = task
    best, found = limit, -1
    for number in range(1, aims[0] + 1):
        facility, on_the_way = aims[number] // 2, aims[number] % 2 == 1
        carry = row[sites + facility]
        met = picked + carry / speed
        # All that follow lie further away.
        if met >= best or out + carry > reach:
            break
        here = facilities[facility]
        if (on_the_way and kind != AMBULANCE) or (kind == AEROPLANE and not here.airfield):
            continue
        if on_the_way:
            met += here.transfer
        if here.occupied + here.inbound >= here.beds:
            met += divert
        if met < best:
            best, found = met, facility
    return best, found


@inner
def _next_unit(listed, number, visitor):  # type: ignore[no-untyped-def]
    """Return the next unit that may fetch from a place, or -1; and the number after it in the list.

    Units are asked by number, those ``listed`` in `Ways.fetching` and the visitor, which stands
    elsewhere; ``visitor`` is -1 once it was asked.
    """
    unit = listed[number] if number <= listed[0] else -1
    if visitor >= 0 and (unit < 0 or visitor <= unit):
        return visitor, number + (visitor == unit), -1
    return unit, number + 1, visitor


@inner
def _choose(w, patient, now):  # type: ignore[no-untyped-def]
    """Return the unit that goes for a patient now, its target, or -1 and what is waited for."""
    best, chosen, target, reason = np.inf, -1, -1, BUSY
    who, rules = w.patients[patient], w.now[0]
    permitted = w.times[patient, REQUESTED] + who.permission
    place, facilities = who.place, w.facilities
    row, want = w.km[place], want_of(who, w.times[patient])
    if not w.ways.known[place, want]:
        learn(w, place, want)
    spot = (row, w.ways.aims[place, want], rules.sites)
    listed, landing = w.ways.fetching[place, want], at_airfield(facilities, place - rules.sites)
    rules.work += listed[0]
    unit, number, visitor = _next_unit(listed, 1, rules.visitor)
    while unit >= 0:
        means, here = w.units[unit], unit
        unit, number, visitor = _next_unit(listed, number, visitor)
        if not means.idle or row[means.place] > means.reach:
            continue
        if means.kind == AEROPLANE and not landing:
            continue
        start = now
        if means.permission and permitted > now:
            start = permitted
        if means.home:
            start += means.ready
        out = row[means.place]
        picked = start + out / means.speed + rules.loading
        task = (means.kind, out, means.reach, picked, means.speed, rules.divert)
        met, facility = _target(facilities, spot, task, best)
        if facility < 0:
            continue
        land = picked + row[rules.sites + facility] / means.speed
        hindrance = _hindered(w.hindrance[here], means.night, rules, start, land)
        if hindrance < 0:
            best, chosen, target = met, here, facility
        elif reason == BUSY:
            reason = hindrance
    if chosen >= 0 and w.units[chosen].permission and permitted > now:
        return -1, -1, PERMISSION
    return chosen, target, reason


@inner
def enlist(w, patient):  # type: ignore[no-untyped-def]
    """Put a request among those that wait: by rank, then in order of coming; have it looked at."""
    place = w.now[0].waiting
    while place > 0 and w.patients[w.waiting[place - 1]].rank > w.patients[patient].rank:
        w.waiting[place] = w.waiting[place - 1]
        place -= 1
    w.waiting[place] = patient
    w.now[0].waiting += 1
    w.now[0].asked = True


@inner
def dispatch(w, now):  # type: ignore[no-untyped-def]
    """Send out what can go, the most urgent request first; look again each hour if any is left."""
    w.now[0].asked = False
    place = 0
    while place < min(w.now[0].waiting, SCANNED):
        patient = w.waiting[place]
        unit, facility, reason = _choose(w, patient, now)
        account(w, patient, w.patients[patient].reason, now)
        if unit < 0:
            w.patients[patient].reason = reason
            place += 1
            continue
        assign(w, (unit, facility, patient), now)
    if w.now[0].waiting > 0 and not w.now[0].looking:
        following = math.floor(now) + 1.0
        if following <= w.now[0].hours:
            w.now[0].looking = True
            later(w, following, LOOK, 0)
