"""What a patient needs of a facility. Compiled."""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import inner
from sulh.questions.care.engine.arrays import ENHANCED

SCANNED = 200
"""Requests looked at when a unit is free; in a disaster with more, the first ones by rank."""


@inner
def wanted(who, times, sites):  # type: ignore[no-untyped-def]
    """Return what a patient needs: the level, whether a theatre, whether level 1 helps on the way.

    And the facility where the patient is, from which nobody is taken to the same one.
    """
    theatre = who.surgery and not who.operated and who.need >= 2
    on_the_way = who.need == 2 and np.isnan(times[ENHANCED])
    return who.need, theatre, on_the_way, who.place - sites


@inner
def helps(here, facility, want):  # type: ignore[no-untyped-def]
    """Return whether a facility gives what is wanted (2), helps on the way to it (1) or not (0)."""
    need, theatre, on_the_way, place = want
    if facility == place:
        return 0
    if here.level >= need and (not theatre or here.theatres > 0):
        return 2
    return 1 if on_the_way and here.level >= 1 and np.isfinite(here.transfer) else 0
