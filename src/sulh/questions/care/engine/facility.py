"""What happens in a facility: doctors, theatres, beds. Compiled; times in hours."""

from __future__ import annotations

import numpy as np
from numba import njit

from sulh.methods.simulation.heap import push
from sulh.questions.care.engine.arrays import (
    CARED,
    CUT,
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
    SEEN,
    THEATRE,
    TRANSFER,
    WAITED_HOURS,
)


@njit(cache=True)
def later(state, time, kind, who):  # type: ignore[no-untyped-def]
    """Put on the event list that something of a kind happens; its arrays are large enough."""
    push(state.event_times, state.event_codes, state.event_count, time, who * KINDS + kind)


@njit(cache=True)
def account(state, patient, wait, now):  # type: ignore[no-untyped-def]
    """Add the time since the last account to what the patient has waited for."""
    if not state.settled[patient]:
        state.waited[patient, wait] += now - state.since[patient]
        state.since[patient] = now


@njit(cache=True)
def _append(head, tail, following, spot, patient):  # type: ignore[no-untyped-def]
    """Put a patient at the end of a queue; ``spot`` is the facility and the class."""
    following[patient] = -1
    if head[spot] < 0:
        head[spot] = patient
    else:
        following[tail[spot]] = patient
    tail[spot] = patient


@njit(cache=True)
def _take(head, following, spot):  # type: ignore[no-untyped-def]
    """Take the first patient of a queue, or -1."""
    patient = head[spot]
    if patient >= 0:
        head[spot] = following[patient]
    return patient


@njit(cache=True)
def see_doctor(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient who is in a facility be seen by a doctor, or wait for one by priority."""
    facility = state.place[patient] - lay.sites
    if state.busy_doctors[facility] < lay.doctors[facility]:
        _start_doctor(lay, who, state, patient, now)
    else:
        spot = (facility, who.priority[patient])
        _append(state.queue_head, state.queue_tail, state.following, spot, patient)


@njit(cache=True)
def _start_doctor(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    facility = state.place[patient] - lay.sites
    state.busy_doctors[facility] += 1
    later(state, now + who.care[patient], CARED, patient)
    if who.priority[patient] == OUTPATIENT:
        state.outpatients[facility, SEEN] += 1.0
        state.outpatients[facility, WAITED_HOURS] += now - who.injured[patient]
        return
    if np.isnan(state.times[patient, ENHANCED]):
        state.times[patient, ENHANCED] = now
    # Without an operation to come, the doctor of the right level is what the patient waited for.
    if not who.surgery[patient] and lay.level[facility] >= _level_needed(who, patient):
        account(state, patient, LOWER_CARE, now)
        state.settled[patient] = True


@njit(cache=True)
def _level_needed(who, patient):  # type: ignore[no-untyped-def]
    return 1 if who.priority[patient] == 3 and not who.surgery[patient] else 2


@njit(cache=True)
def cared(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """End the doctor's care: call the next; return whether the patient must be taken elsewhere."""
    facility = state.place[patient] - lay.sites
    state.busy_doctors[facility] -= 1
    for priority in range(1, OUTPATIENT + 1):
        following = _take(state.queue_head, state.following, (facility, priority))
        if following >= 0:
            _start_doctor(lay, who, state, following, now)
            break
    if who.priority[patient] == OUTPATIENT:
        state.times[patient, LEFT] = now
        return False
    account(state, patient, LOWER_CARE, now)
    level = lay.level[facility]
    if who.surgery[patient] and not state.operated[patient]:
        if level >= 2 and lay.theatres[facility] > 0:
            _join_theatre(lay, who, state, patient, now)
            return False
    elif level >= _level_needed(who, patient):
        hold(lay, who, state, patient, now)
        return False
    if state.unreached[patient]:
        hold(lay, who, state, patient, now)
        return False
    state.need[patient] = 2
    return True


@njit(cache=True)
def _join_theatre(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    facility = state.place[patient] - lay.sites
    spot = (facility, who.priority[patient])
    _append(state.cutting_head, state.cutting_tail, state.following, spot, patient)
    call_to_theatre(lay, who, state, facility, now)


@njit(cache=True)
def call_to_theatre(lay, who, state, facility, now):  # type: ignore[no-untyped-def]
    """Start the operations that may start: priority 1 always, others up to the day's number."""
    while state.busy_theatres[facility] < lay.theatres[facility]:
        patient = -1
        for priority in range(1, 4):
            capped = state.operations_today[facility] >= lay.operations[facility]
            if priority > 1 and capped:
                break
            patient = _take(state.cutting_head, state.following, (facility, priority))
            if patient >= 0:
                break
        if patient < 0:
            return
        state.busy_theatres[facility] += 1
        state.operations_today[facility] += 1
        account(state, patient, THEATRE, now)
        state.settled[patient] = True
        state.operated[patient] = True
        state.times[patient, OPERATED] = now
        later(state, now + who.operation[patient], CUT, patient)


@njit(cache=True)
def out_of_theatre(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """End an operation: the patient stays or goes on, the next is called."""
    facility = state.place[patient] - lay.sites
    state.busy_theatres[facility] -= 1
    state.times[patient, OUT_OF_THEATRE] = now
    hold(lay, who, state, patient, now)
    call_to_theatre(lay, who, state, facility, now)


@njit(cache=True)
def hold(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Keep a patient until recovered, or until fit to go on where that takes too long here."""
    facility = state.place[patient] - lay.sites
    state.settled[patient] = True
    begun = state.times[patient, HOSPITAL]
    # The recovery runs from the first bed of the right level.
    left = who.recovery[patient] - (0.0 if np.isnan(begun) else now - begun)
    if np.isnan(begun):
        state.times[patient, HOSPITAL] = now
    if left <= lay.holding[facility] or lay.level[facility] >= 4:
        later(state, now + max(left, 0.0), RECOVERED, patient)
    else:
        later(state, now + lay.rules.onward_after, GO_ON, patient)


@njit(cache=True)
def leave_bed(lay, state, patient):  # type: ignore[no-untyped-def]
    """Free the bed of a patient who is in a facility."""
    place = state.place[patient]
    if place >= lay.sites:
        state.occupied[place - lay.sites] -= 1


@njit(cache=True)
def arrive(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient be brought to a facility: a bed, or one too many, then a doctor."""
    facility = state.place[patient] - lay.sites
    state.inbound[facility] -= 1
    if lay.level[facility] >= 4:
        state.times[patient, LEFT] = now
        state.place[patient] = -1
        if np.isnan(state.times[patient, HOSPITAL]):
            state.times[patient, HOSPITAL] = now
        return
    state.occupied[facility] += 1
    if state.occupied[facility] > lay.beds[facility]:
        state.overflow[facility] += 1
    if state.rank[patient] == TRANSFER:
        hold(lay, who, state, patient, now)
        return
    if lay.level[facility] >= 2 and np.isnan(state.times[patient, HOSPITAL]):
        state.times[patient, HOSPITAL] = now
    see_doctor(lay, who, state, patient, now)
