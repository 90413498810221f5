"""What a patient needs, which facilities help and which units can fetch. Compiled; hours, km."""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import inner
from sulh.questions.care.engine.arrays import AEROPLANE, AMBULANCE, ENHANCED

SCANNED = 200
"""Requests looked at when a unit is free; in a disaster with more, the first ones by rank."""


@inner
def want_of(who, times):  # type: ignore[no-untyped-def]
    """Return what a patient needs as a number: the level, a theatre, help on the way by level 1."""
    theatre = who.surgery and not who.operated and who.need >= 2
    on_the_way = who.need == 2 and np.isnan(times[ENHANCED])
    return 4 * who.need + 2 * theatre + on_the_way


@inner
def helps(here, want):  # type: ignore[no-untyped-def]
    """Return whether a facility gives what is wanted (2), helps on the way to it (1) or not (0)."""
    if here.level >= want // 4 and (want & 2 == 0 or here.theatres > 0):
        return 2
    return 1 if want & 1 and here.level >= 1 and np.isfinite(here.transfer) else 0


@inner
def at_airfield(facilities, facility):  # type: ignore[no-untyped-def]
    """Return whether a place, numbered as a facility, is one with an airfield."""
    return 0 <= facility < facilities.size and facilities[facility].airfield == 1


@inner
def learn(w, place, want):  # type: ignore[no-untyped-def]
    """Note which facilities help somebody at a place, and which units can take there from home."""
    aims, fetching = w.ways.aims[place, want], w.ways.fetching[place, want]
    row, sites = w.km[place], w.now[0].sites
    count = 0
    for facility in w.near[place]:
        helping = helps(w.facilities[facility], want)
        # From a facility nobody is taken to the same one.
        if helping > 0 and sites + facility != place:
            count += 1
            aims[count] = 2 * facility + (helping == 1)
    aims[0] = count
    landing, count = at_airfield(w.facilities, place - sites), 0
    for unit in range(w.units.size):
        means = w.units[unit]
        if means.kind == AEROPLANE and not landing:
            continue
        if _serves(w.facilities, means, (row, sites), aims):
            count += 1
            fetching[count] = unit
    fetching[0] = count
    w.ways.known[place, want] = 1
    w.now[0].work += w.units.size


@inner
def _serves(facilities, means, spot, aims):  # type: ignore[no-untyped-def]
    """Return whether a unit reaches a place from its base, and one of the aims from there."""
    row, sites = spot
    out = row[means.base]
    for number in range(1, aims[0] + 1):
        facility = aims[number] // 2
        if out + row[sites + facility] > means.reach:
            return False
        if aims[number] % 2 == 1 and means.kind != AMBULANCE:
            continue
        if means.kind != AEROPLANE or facilities[facility].airfield:
            return True
    return False
