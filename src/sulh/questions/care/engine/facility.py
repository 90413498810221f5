"""What happens in a facility after the doctor: theatres and beds. Compiled; times in hours."""

from __future__ import annotations

import math

import numpy as np

from sulh.methods.simulation.compiling import inlined, inner
from sulh.questions.care.engine.arrays import (
    CUT,
    GO_ON,
    HOSPITAL,
    LEFT,
    LOWER_CARE,
    MIDNIGHT,
    OPERATED,
    OUT_OF_THEATRE,
    RECOVERED,
    THEATRE,
    THEATRES,
    TRANSFER,
)
from sulh.questions.care.engine.doctors import level_needed, see_doctor
from sulh.questions.care.engine.noting import (
    account,
    append,
    later,
    take,
    use_beds,
    use_theatres,
)


@inlined
def cared(w, patient, now):  # type: ignore[no-untyped-def]
    """End the doctor's care; return whether the patient must be taken elsewhere."""
    facility = w.patients[patient].place - w.now[0].sites
    account(w, patient, LOWER_CARE, now)
    level = w.facilities[facility].level
    if w.patients[patient].surgery and not w.patients[patient].operated:
        if level >= 2 and w.facilities[facility].theatres > 0:
            append(w, (THEATRES, facility, w.patients[patient].priority), patient)
            call_to_theatre(w, facility, now)
            return False
    elif level >= level_needed(w, patient):
        hold(w, patient, now)
        return False
    if w.patients[patient].unreached:
        hold(w, patient, now)
        return False
    w.patients[patient].need = 2
    return True


@inner
def call_to_theatre(w, facility, now):  # type: ignore[no-untyped-def]
    """Start the operations that may start: priority 1 always, others up to the day's number."""
    here = w.facilities[facility]
    day = math.floor(now / 24.0)
    if day != here.day:
        here.day = day
        here.operations_today = 0
    while here.busy_theatres < here.theatres:
        patient, capped = take(w, (THEATRES, facility, 1)), False
        for priority in range(2, 4):
            if patient >= 0:
                break
            if here.operations_today < here.operations:
                patient = take(w, (THEATRES, facility, priority))
            elif w.queues[THEATRES, facility, priority, 0] >= 0:
                capped = True
        if patient < 0:
            if capped and not here.at_midnight:
                here.at_midnight = True
                later(w, (day + 1) * 24.0, MIDNIGHT, facility)
            return
        use_theatres(w, facility, 1, now)
        here.operations_today += 1
        account(w, patient, THEATRE, now)
        w.patients[patient].settled = True
        w.patients[patient].operated = True
        w.times[patient, OPERATED] = now
        later(w, now + w.patients[patient].operation, CUT, patient)


@inner
def midnight(w, facility, now):  # type: ignore[no-untyped-def]
    """Begin the operations of a day anew."""
    w.facilities[facility].at_midnight = False
    call_to_theatre(w, facility, now)


@inner
def out_of_theatre(w, patient, now):  # type: ignore[no-untyped-def]
    """End an operation: the patient stays or goes on, the next is called."""
    facility = w.patients[patient].place - w.now[0].sites
    use_theatres(w, facility, -1, now)
    w.times[patient, OUT_OF_THEATRE] = now
    hold(w, patient, now)
    call_to_theatre(w, facility, now)


@inner
def hold(w, patient, now):  # type: ignore[no-untyped-def]
    """Keep a patient until recovered, or until fit to go on where that takes too long here."""
    facility = w.patients[patient].place - w.now[0].sites
    w.patients[patient].settled = True
    begun = w.times[patient, HOSPITAL]
    # The recovery runs from the first bed of the right level.
    left = w.patients[patient].recovery - (0.0 if np.isnan(begun) else now - begun)
    if np.isnan(begun):
        w.times[patient, HOSPITAL] = now
    if left <= w.facilities[facility].holding or w.facilities[facility].level >= 4:
        later(w, now + max(left, 0.0), RECOVERED, patient)
    else:
        later(w, now + w.now[0].onward_after, GO_ON, patient)


@inlined
def leave_bed(w, patient, now):  # type: ignore[no-untyped-def]
    """Free the bed of a patient who is in a facility."""
    facility = w.patients[patient].place - w.now[0].sites
    if 0 <= facility < w.facilities.size:
        use_beds(w, facility, -1, now)


@inner
def arrive(w, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient be brought to a facility: a bed, or one too many, then a doctor."""
    facility = w.patients[patient].place - w.now[0].sites
    here = w.facilities[facility]
    here.inbound -= 1
    if here.level >= 4:
        w.times[patient, LEFT] = now
        w.patients[patient].place = -1
        if np.isnan(w.times[patient, HOSPITAL]):
            w.times[patient, HOSPITAL] = now
        return
    use_beds(w, facility, 1, now)
    if here.occupied > here.beds:
        here.overflow += 1
    if w.patients[patient].rank == TRANSFER:
        hold(w, patient, now)
        return
    if here.level >= 2 and np.isnan(w.times[patient, HOSPITAL]):
        w.times[patient, HOSPITAL] = now
    see_doctor(w, patient, now)
