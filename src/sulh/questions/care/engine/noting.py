"""What every step of the simulation does: put off, account, queue, count. Compiled; hours."""

from __future__ import annotations

import math

from sulh.methods.simulation.compiling import inlined, inner
from sulh.methods.simulation.heap import insert
from sulh.questions.care.engine.arrays import IN_BED, IN_THEATRE, KINDS, MOST_BEDS, ORDER, TIMES


@inlined
def later(w, time, kind, who):  # type: ignore[no-untyped-def]
    """Put on the event list that something of a kind happens; its arrays are large enough.

    Of what happens at one time, what was put first comes first.
    """
    w.event_count[1] += 1
    code = w.event_count[1] * ORDER + who * KINDS + kind
    insert(w.event_times, w.event_codes, w.event_count, time, code)


@inlined
def account(w, patient, wait, now):  # type: ignore[no-untyped-def]
    """Add the time since the last account to what the patient has waited for."""
    if not w.patients[patient].settled:
        w.times[patient, TIMES + wait] += now - w.patients[patient].since
        w.patients[patient].since = now


@inlined
def append(w, spot, patient):  # type: ignore[no-untyped-def]
    """Put a patient at the end of a queue; ``spot`` is the station, the facility, the class."""
    w.patients[patient].following = -1
    queue = w.queues[spot]
    if queue[0] < 0:
        queue[0] = patient
    else:
        w.patients[queue[1]].following = patient
    queue[1] = patient


@inlined
def take(w, spot):  # type: ignore[no-untyped-def]
    """Take the first patient of a queue, or -1."""
    queue = w.queues[spot]
    patient = queue[0]
    if patient >= 0:
        queue[0] = w.patients[patient].following
    return patient


@inner
def use_beds(w, facility, more, now):  # type: ignore[no-untyped-def]
    """Let more beds be in use, or fewer; hours up to now are counted with those before."""
    here = w.facilities[facility]
    hour = min(math.ceil(now), w.changes.shape[2] - 1)
    passed = hour - here.counted_beds
    if passed > 0:
        w.histogram[facility, min(here.occupied, MOST_BEDS)] += passed
        here.hours_beds += passed * here.occupied
        here.counted_beds = hour
    here.occupied += more
    w.changes[IN_BED, facility, hour] += more


@inner
def use_theatres(w, facility, more, now):  # type: ignore[no-untyped-def]
    """Let more theatres be in use, or fewer, as `use_beds` does."""
    here = w.facilities[facility]
    hour = min(math.ceil(now), w.changes.shape[2] - 1)
    here.hours_theatres += (hour - here.counted_theatres) * here.busy_theatres
    here.counted_theatres = hour
    here.busy_theatres += more
    w.changes[IN_THEATRE, facility, hour] += more
