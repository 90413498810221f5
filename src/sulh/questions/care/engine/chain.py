"""The loop of events from injury to discharge. Compiled; hours."""

from __future__ import annotations

from sulh.methods.simulation.compiling import inlined, inner, kernel
from sulh.methods.simulation.heap import drop_first
from sulh.questions.care.engine.arrays import (
    AID,
    ALARM,
    BUSY,
    CARED,
    CUT,
    DELIVERED,
    FREE,
    GO_ON,
    KINDS,
    LEFT,
    ONWARD,
    OUTPATIENT,
    PERMITTED,
    PICK_UP,
    RECOVERED,
    REQUEST,
    REQUESTED,
    TICK,
    TRANSFER,
)
from sulh.questions.care.engine.evacuation import (
    delivered,
    dispatch,
    enlist,
    home_again,
    picked_up,
    reachable,
)
from sulh.questions.care.engine.facility import (
    account,
    call_to_theatre,
    cared,
    hold,
    later,
    leave_bed,
    out_of_theatre,
    see_doctor,
)


@kernel
def run_chain(w):  # type: ignore[no-untyped-def]
    """Run a replication; return whether it came to its end within the steps that it may take."""
    later(w, 0.0, TICK, 0)
    coming, patients = 0, w.patients.size
    while w.now[0].work < w.now[0].most_work:
        w.now[0].events += 1
        w.now[0].work += 1
        due = w.event_count[0] > 0
        if coming < patients and (not due or w.patients[coming].injured <= w.event_times[0]):
            _injured(w, coming)
            coming += 1
            continue
        if not due or w.event_times[0] > w.now[0].hours:
            return True
        now, code = w.event_times[0], w.event_codes[0]
        drop_first(w.event_times, w.event_codes, w.event_count)
        kind, who_or_what = code % KINDS, code // KINDS
        if kind <= PERMITTED or kind >= CARED:
            _of_patient(w, (kind, who_or_what), now)
        elif kind == PICK_UP:
            picked_up(w, who_or_what, now)
        elif kind == DELIVERED:
            delivered(w, who_or_what, now)
        elif kind == FREE:
            home_again(w, who_or_what, now)
    return False


@inlined
def _of_patient(w, code, now):  # type: ignore[no-untyped-def]
    kind, patient = code
    if kind == TICK:
        _tick(w, now)
    elif kind == CARED:
        if cared(w, patient, now):
            _request(w, patient, now)
    elif kind == CUT:
        out_of_theatre(w, patient, now)
    elif kind == RECOVERED:
        leave_bed(w, patient)
        w.times[patient, LEFT] = now
    elif kind == GO_ON:
        _go_on(w, patient, now)
    elif kind == REQUEST:
        account(w, patient, ALARM, now)
        w.times[patient, REQUESTED] = now
        later(w, now + w.patients[patient].permission, PERMITTED, patient)
        _request(w, patient, now)
    elif kind == PERMITTED:
        dispatch(w, now)


@inlined
def _injured(w, patient):  # type: ignore[no-untyped-def]
    now = w.patients[patient].injured
    if w.patients[patient].priority == OUTPATIENT:
        home = w.patients[patient].home
        if home < 0:
            w.now[0].unserved += 1
            return
        w.patients[patient].place = w.now[0].sites + home
        see_doctor(w, patient, now)
        return
    w.times[patient, AID] = now + w.patients[patient].aid
    urgent = w.patients[patient].priority < 3 or w.patients[patient].surgery
    w.patients[patient].need = 2 if urgent else 1
    later(w, now + w.patients[patient].aid + w.patients[patient].request, REQUEST, patient)


@inner
def _request(w, patient, now):  # type: ignore[no-untyped-def]
    """Ask for evacuation to what is needed, or to level 1 where nothing can reach that."""
    if not reachable(w, patient):
        w.patients[patient].unreached = True
        facility = w.patients[patient].place - w.now[0].sites
        if 0 <= facility < w.facilities.size:
            hold(w, patient, now)
            return
        w.patients[patient].need = 1
        if not reachable(w, patient):
            w.patients[patient].settled = True
            return
    w.patients[patient].reason = BUSY
    enlist(w, patient)
    dispatch(w, now)


@inner
def _go_on(w, patient, now):  # type: ignore[no-untyped-def]
    """Ask for onward evacuation to a higher level; without any, the patient stays."""
    facility = w.patients[patient].place - w.now[0].sites
    w.patients[patient].need = w.facilities[facility].level + 1
    w.patients[patient].rank = TRANSFER
    if not reachable(w, patient):
        left = w.patients[patient].recovery - w.now[0].onward_after
        later(w, now + max(left, 0.0), RECOVERED, patient)
        return
    w.times[patient, ONWARD] = now
    enlist(w, patient)
    dispatch(w, now)


@inner
def _tick(w, now):  # type: ignore[no-untyped-def]
    """Note the occupancy of the hour; at midnight the day's operations begin anew."""
    hour = int(now + 0.5)
    for facility in range(w.facilities.size):
        beds = w.facilities[facility].occupied
        w.hourly[0, facility, hour] = beds
        w.hourly[1, facility, hour] = w.facilities[facility].busy_theatres
        if hour % 24 == 0:
            w.facilities[facility].operations_today = 0
            call_to_theatre(w, facility, now)
    dispatch(w, now)
    if hour + 1 <= w.now[0].hours:
        later(w, hour + 1.0, TICK, 0)
