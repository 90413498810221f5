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
    DOCTOR,
    FREE,
    GO_ON,
    KINDS,
    LEFT,
    LOOK,
    MIDNIGHT,
    ONWARD,
    ORDER,
    PERMITTED,
    PICK_UP,
    RECOVERED,
    REQUEST,
    REQUESTED,
    TRANSFER,
)
from sulh.questions.care.engine.doctors import doctor_free, see_outpatients
from sulh.questions.care.engine.evacuation import dispatch, enlist, reachable
from sulh.questions.care.engine.facility import cared, hold, leave_bed, midnight, out_of_theatre
from sulh.questions.care.engine.legs import delivered, go_home, home_again, picked_up
from sulh.questions.care.engine.noting import account, later, use_beds, use_theatres


@kernel
def run_chain(w):  # type: ignore[no-untyped-def]
    """Run a replication; return whether it came to its end within the steps that it may take."""
    coming, patients = 0, w.patients.size
    while w.now[0].work < w.now[0].most_work:
        w.now[0].work += 1
        due = w.event_count[0] > 0
        if coming < patients and (not due or w.patients[coming].injured <= w.event_times[0]):
            w.now[0].events += 1
            _injured(w, coming)
            coming += 1
            continue
        if not due or w.event_times[0] > w.now[0].hours:
            _close(w)
            return w.now[0].work < w.now[0].most_work
        now, code = w.event_times[0], w.event_codes[0]
        drop_first(w.event_times, w.event_codes, w.event_count)
        code %= ORDER
        kind, who_or_what = code % KINDS, code // KINDS
        if kind >= LOOK:
            _look(w, (kind, who_or_what), now)
        elif kind <= PERMITTED or kind >= CARED:
            w.now[0].events += 1
            _of_patient(w, (kind, who_or_what), now)
        else:
            w.now[0].events += 1
            _of_unit(w, (kind, who_or_what), now)
        if w.now[0].asked:
            dispatch(w, now)
        if w.now[0].visitor >= 0:
            _leave(w, now)
    return False


@inlined
def _look(w, code, now):  # type: ignore[no-untyped-def]
    kind, facility = code
    if kind == LOOK:
        w.now[0].looking = False
        w.now[0].asked = True
    elif kind == DOCTOR:
        doctor_free(w, facility, now)
    elif kind == MIDNIGHT:
        midnight(w, facility, now)


@inlined
def _of_unit(w, code, now):  # type: ignore[no-untyped-def]
    kind, unit = code
    if kind == PICK_UP:
        picked_up(w, unit, now)
    elif kind == DELIVERED:
        delivered(w, unit, now)
        w.now[0].visitor = unit
        w.now[0].asked = True
    elif kind == FREE:
        home_again(w, unit, now)
        w.now[0].asked = True


@inlined
def _leave(w, now):  # type: ignore[no-untyped-def]
    """Let the unit that has delivered go home, if there was no task for it."""
    if w.units[w.now[0].visitor].idle:
        go_home(w, w.now[0].visitor, now)
    w.now[0].visitor = -1


@inlined
def _of_patient(w, code, now):  # type: ignore[no-untyped-def]
    kind, patient = code
    if kind == CARED:
        if cared(w, patient, now):
            _request(w, patient, now)
    elif kind == CUT:
        out_of_theatre(w, patient, now)
    elif kind == RECOVERED:
        leave_bed(w, patient, now)
        w.times[patient, LEFT] = now
    elif kind == GO_ON:
        _go_on(w, patient, now)
    elif kind == REQUEST:
        account(w, patient, ALARM, now)
        w.times[patient, REQUESTED] = now
        later(w, now + w.patients[patient].permission, PERMITTED, patient)
        _request(w, patient, now)
    elif kind == PERMITTED:
        w.now[0].asked = True


@inlined
def _injured(w, patient):  # type: ignore[no-untyped-def]
    now = w.patients[patient].injured
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


@inner
def _close(w):  # type: ignore[no-untyped-def]
    """See the outpatients that are left, and count the hours to the end."""
    end = w.now[0].hours
    for facility in range(w.facilities.size):
        if w.facilities[facility].waiting == 0:
            see_outpatients(w, facility, end)
        use_beds(w, facility, 0, end + 1.0)
        use_theatres(w, facility, 0, end + 1.0)
