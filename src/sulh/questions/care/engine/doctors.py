"""Doctors of a facility, who see outpatients when nobody more urgent waits. Compiled; hours.

Outpatients are most of all patients and touch nothing but the doctors of their facility. They are
no events on the list: until a patient of priority 1 to 3 comes, the doctors' next free times tell
when each outpatient in turn is seen (Kiefer and Wolfowitz, 1955). Whoever comes while all doctors
are busy goes before the outpatients, and is called when the first doctor is free.
"""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import inlined, inner
from sulh.questions.care.engine.arrays import CARED, DOCTOR, DOCTORS, ENHANCED, LOWER_CARE
from sulh.questions.care.engine.noting import account, append, later, take


@inner
def _busy_until(doctors, first, count, time):  # type: ignore[no-untyped-def]
    """Let the doctor of a facility who is free first be busy until a time; the heap stays one."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and doctors[first + child + 1] < doctors[first + child]:
            child += 1
        if doctors[first + child] >= time:
            break
        doctors[first + place] = doctors[first + child]
        place = child
    doctors[first + place] = time


@inner
def see_outpatients(w, facility, now):  # type: ignore[no-untyped-def]
    """See the outpatients whose turn comes until ``now``, while nobody else waits."""
    here = w.facilities[facility]
    first, count = here.first_doctor, here.doctors
    place, end = here.walking, here.walked
    waited = 0.0
    while place < end:
        start = max(w.walk_times[place], w.doctors[first])
        if start > now:
            break
        waited += start - w.walk_times[place]
        _busy_until(w.doctors, first, count, start + w.walk_care[place])
        place += 1
    w.now[0].work += place - here.walking
    w.now[0].events += 2 * (place - here.walking)
    here.seen += place - here.walking
    here.waited_hours += waited
    here.walking = place


@inner
def see_doctor(w, patient, now):  # type: ignore[no-untyped-def]
    """Let a patient who is in a facility be seen by a doctor, or wait for one by priority."""
    facility = w.patients[patient].place - w.now[0].sites
    here = w.facilities[facility]
    if here.waiting == 0:
        see_outpatients(w, facility, now)
        if w.doctors[here.first_doctor] <= now:
            _start(w, facility, patient, now)
            return
        later(w, w.doctors[here.first_doctor], DOCTOR, facility)
    append(w, (DOCTORS, facility, w.patients[patient].priority), patient)
    here.waiting += 1


@inner
def doctor_free(w, facility, now):  # type: ignore[no-untyped-def]
    """Call the most urgent of those who wait for a doctor; there is one."""
    patient = -1
    for priority in range(1, 4):
        patient = take(w, (DOCTORS, facility, priority))
        if patient >= 0:
            break
    here = w.facilities[facility]
    here.waiting -= 1
    _start(w, facility, patient, now)
    if here.waiting > 0:
        later(w, w.doctors[here.first_doctor], DOCTOR, facility)


@inner
def _start(w, facility, patient, now):  # type: ignore[no-untyped-def]
    end = now + w.patients[patient].care
    here = w.facilities[facility]
    _busy_until(w.doctors, here.first_doctor, here.doctors, end)
    later(w, end, CARED, patient)
    if np.isnan(w.times[patient, ENHANCED]):
        w.times[patient, ENHANCED] = now
    # Without an operation to come, the doctor of the right level is what the patient waited for.
    if not w.patients[patient].surgery and here.level >= level_needed(w, patient):
        account(w, patient, LOWER_CARE, now)
        w.patients[patient].settled = True


@inlined
def level_needed(w, patient):  # type: ignore[no-untyped-def]
    """Return the level of the facility that treats a patient."""
    return 1 if w.patients[patient].priority == 3 and not w.patients[patient].surgery else 2
