"""What happens in a facility: doctors, theatres, beds. Compiled; times in hours."""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import inlined, inner
from sulh.methods.simulation.heap import insert
from sulh.questions.care.engine.arrays import (
    CARED,
    CUT,
    DOCTORS,
    ENHANCED,
    GO_ON,
    HOSPITAL,
    KINDS,
    LEFT,
    LOWER_CARE,
    OPERATED,
    OUT_OF_THEATRE,
    OUTPATIENT,
    RECOVERED,
    THEATRE,
    THEATRES,
    TIMES,
    TRANSFER,
)


@inlined
def later(w, time, kind, who):  # type: ignore[no-untyped-def]
    """Put on the event list that something of a kind happens; its arrays are large enough."""
    insert(w.event_times, w.event_codes, w.event_count, time, who * KINDS + kind)


@inlined
def account(w, patient, wait, now):  # type: ignore[no-untyped-def]
    """Add the time since the last account to what the patient has waited for."""
    if not w.patients[patient].settled:
        w.times[patient, TIMES + wait] += now - w.patients[patient].since
        w.patients[patient].since = now


@inlined
def _append(w, spot, patient):  # type: ignore[no-untyped-def]
    """Put a patient at the end of a queue; ``spot`` is the station, the facility, the class."""
    w.patients[patient].following = -1
    queue = w.queues[spot]
    if queue[0] < 0:
        queue[0] = patient
    else:
        w.patients[queue[1]].following = patient
    queue[1] = patient


@inlined
def _take(w, spot):  # type: ignore[no-untyped-def]
    """Take the first patient of a queue, or -1."""
    queue = w.queues[spot]
    patient = queue[0]
    if patient >= 0:
        queue[0] = w.patients[patient].following
    return patient


@inlined
def see_doctor(w, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient who is in a facility be seen by a doctor, or wait for one by priority."""
    facility = w.patients[patient].place - w.now[0].sites
    if w.facilities[facility].busy_doctors < w.facilities[facility].doctors:
        _start_doctor(w, patient, now)
    else:
        _append(w, (DOCTORS, facility, w.patients[patient].priority), patient)


@inlined
def _start_doctor(w, patient, now):  # type: ignore[no-untyped-def]
    facility = w.patients[patient].place - w.now[0].sites
    w.facilities[facility].busy_doctors += 1
    later(w, now + w.patients[patient].care, CARED, patient)
    if w.patients[patient].priority == OUTPATIENT:
        w.facilities[facility].seen += 1.0
        w.facilities[facility].waited_hours += now - w.patients[patient].injured
        return
    if np.isnan(w.times[patient, ENHANCED]):
        w.times[patient, ENHANCED] = now
    # Without an operation to come, the doctor of the right level is what the patient waited for.
    if not w.patients[patient].surgery and w.facilities[facility].level >= _level_needed(
        w, patient
    ):
        account(w, patient, LOWER_CARE, now)
        w.patients[patient].settled = True


@inlined
def _level_needed(w, patient):  # type: ignore[no-untyped-def]
    return 1 if w.patients[patient].priority == 3 and not w.patients[patient].surgery else 2


@inlined
def cared(w, patient, now):  # type: ignore[no-untyped-def]
    """End the doctor's care: call the next; return whether the patient must be taken elsewhere."""
    facility = w.patients[patient].place - w.now[0].sites
    w.facilities[facility].busy_doctors -= 1
    for priority in range(1, OUTPATIENT + 1):
        following = _take(w, (DOCTORS, facility, priority))
        if following >= 0:
            _start_doctor(w, following, now)
            break
    if w.patients[patient].priority == OUTPATIENT:
        return False
    account(w, patient, LOWER_CARE, now)
    level = w.facilities[facility].level
    if w.patients[patient].surgery and not w.patients[patient].operated:
        if level >= 2 and w.facilities[facility].theatres > 0:
            _join_theatre(w, patient, now)
            return False
    elif level >= _level_needed(w, patient):
        hold(w, patient, now)
        return False
    if w.patients[patient].unreached:
        hold(w, patient, now)
        return False
    w.patients[patient].need = 2
    return True


@inner
def _join_theatre(w, patient, now):  # type: ignore[no-untyped-def]
    facility = w.patients[patient].place - w.now[0].sites
    _append(w, (THEATRES, facility, w.patients[patient].priority), patient)
    call_to_theatre(w, facility, now)


@inner
def call_to_theatre(w, facility, now):  # type: ignore[no-untyped-def]
    """Start the operations that may start: priority 1 always, others up to the day's number."""
    while w.facilities[facility].busy_theatres < w.facilities[facility].theatres:
        patient = -1
        for priority in range(1, 4):
            capped = w.facilities[facility].operations_today >= w.facilities[facility].operations
            if priority > 1 and capped:
                break
            patient = _take(w, (THEATRES, facility, priority))
            if patient >= 0:
                break
        if patient < 0:
            return
        w.facilities[facility].busy_theatres += 1
        w.facilities[facility].operations_today += 1
        account(w, patient, THEATRE, now)
        w.patients[patient].settled = True
        w.patients[patient].operated = True
        w.times[patient, OPERATED] = now
        later(w, now + w.patients[patient].operation, CUT, patient)


@inner
def out_of_theatre(w, patient, now):  # type: ignore[no-untyped-def]
    """End an operation: the patient stays or goes on, the next is called."""
    facility = w.patients[patient].place - w.now[0].sites
    w.facilities[facility].busy_theatres -= 1
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
def leave_bed(w, patient):  # type: ignore[no-untyped-def]
    """Free the bed of a patient who is in a facility."""
    facility = w.patients[patient].place - w.now[0].sites
    if 0 <= facility < w.facilities.size:
        w.facilities[facility].occupied -= 1


@inner
def arrive(w, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient be brought to a facility: a bed, or one too many, then a doctor."""
    facility = w.patients[patient].place - w.now[0].sites
    w.facilities[facility].inbound -= 1
    if w.facilities[facility].level >= 4:
        w.times[patient, LEFT] = now
        w.patients[patient].place = -1
        if np.isnan(w.times[patient, HOSPITAL]):
            w.times[patient, HOSPITAL] = now
        return
    w.facilities[facility].occupied += 1
    if w.facilities[facility].occupied > w.facilities[facility].beds:
        w.facilities[facility].overflow += 1
    if w.patients[patient].rank == TRANSFER:
        hold(w, patient, now)
        return
    if w.facilities[facility].level >= 2 and np.isnan(w.times[patient, HOSPITAL]):
        w.times[patient, HOSPITAL] = now
    see_doctor(w, patient, now)
