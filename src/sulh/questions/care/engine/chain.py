"""The loop of events from injury to discharge. Compiled; hours."""

from __future__ import annotations

import numpy as np
from numba import njit

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
    LEG_COLUMNS,
    MOST_BEDS,
    NO_LEVEL_1,
    ONWARD,
    OUTPATIENT,
    PERMITTED,
    PICK_UP,
    RECOVERED,
    REQUEST,
    REQUESTED,
    TICK,
    TIMES,
    TRANSFER,
    WAITS,
    State,
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


def new_state(lay, who):  # type: ignore[no-untyped-def]
    """Return the state at the start: every unit at its base, every bed empty."""
    patients, facilities, units = who.injured.size, lay.level.size, lay.kind.size
    taken = int((who.priority != OUTPATIENT).sum())
    room = 2 * patients + 2 * units + 16

    def whole(*shape, fill=0):  # type: ignore[no-untyped-def]
        return np.full(shape, fill, dtype=np.int64)

    def flags(size, fill=False):  # type: ignore[no-untyped-def]
        return np.full(size, fill, dtype=np.bool_)

    return State(
        event_times=np.empty(room),
        event_codes=np.empty(room, dtype=np.int64),
        event_count=whole(1),
        times=np.full((patients, TIMES), np.nan),
        waited=np.zeros((patients, WAITS)),
        since=who.injured.copy(),
        reason=whole(patients, fill=BUSY),
        need=whole(patients, fill=1),
        rank=who.priority.copy(),
        place=who.place.copy(),
        settled=flags(patients),
        operated=flags(patients),
        unreached=flags(patients),
        following=whole(patients, fill=-1),
        carried=whole(patients, fill=-1),
        queue_head=whole(facilities, OUTPATIENT + 1, fill=-1),
        queue_tail=whole(facilities, OUTPATIENT + 1, fill=-1),
        busy_doctors=whole(facilities),
        cutting_head=whole(facilities, OUTPATIENT + 1, fill=-1),
        cutting_tail=whole(facilities, OUTPATIENT + 1, fill=-1),
        busy_theatres=whole(facilities),
        operations_today=whole(facilities),
        occupied=whole(facilities),
        inbound=whole(facilities),
        waiting=whole(patients),
        waiting_count=whole(1),
        unit_place=lay.base.copy(),
        unit_idle=flags(units, True),
        unit_home=flags(units, True),
        unit_since=np.zeros(units),
        unit_target=whole(units),
        unit_load=whole(units, fill=-1),
        unit_picked=np.zeros(units),
        legs=np.empty((6 * taken + 16, LEG_COLUMNS)),
        leg_count=whole(1),
        work=whole(1),
        events=whole(1),
        overflow=whole(facilities),
        outpatients=np.zeros((facilities + 1, 3)),
        unit_tally=np.zeros((units, 4)),
        beds_by_hour=whole(facilities, int(lay.rules.hours) + 1),
        theatres_by_hour=whole(facilities, int(lay.rules.hours) + 1),
        bed_histogram=whole(facilities, MOST_BEDS + 1),
    )


@njit(cache=True)
def run_chain(lay, who, state):  # type: ignore[no-untyped-def]
    """Run a replication; return whether it came to its end within the steps that it may take."""
    later(state, 0.0, TICK, 0)
    coming, patients = 0, who.injured.size
    while state.work[0] < lay.rules.most_work:
        state.events[0] += 1
        state.work[0] += 1
        due = state.event_count[0] > 0
        if coming < patients and (not due or who.injured[coming] <= state.event_times[0]):
            _injured(lay, who, state, coming)
            coming += 1
            continue
        if not due or state.event_times[0] > lay.rules.hours:
            return True
        now, code = state.event_times[0], state.event_codes[0]
        drop_first(state.event_times, state.event_codes, state.event_count)
        kind, who_or_what = code % KINDS, code // KINDS
        if kind <= PERMITTED or kind >= CARED:
            _of_patient(lay, who, state, (kind, who_or_what), now)
        elif kind == PICK_UP:
            picked_up(lay, who, state, who_or_what, now)
        elif kind == DELIVERED:
            delivered(lay, who, state, who_or_what, now)
        elif kind == FREE:
            home_again(lay, who, state, who_or_what, now)
    return False


@njit(cache=True)
def _of_patient(lay, who, state, code, now):  # type: ignore[no-untyped-def]
    kind, patient = code
    if kind == TICK:
        _tick(lay, who, state, now)
    elif kind == CARED:
        if cared(lay, who, state, patient, now):
            _request(lay, who, state, patient, now)
    elif kind == CUT:
        out_of_theatre(lay, who, state, patient, now)
    elif kind == RECOVERED:
        leave_bed(lay, state, patient)
        state.times[patient, LEFT] = now
    elif kind == GO_ON:
        _go_on(lay, who, state, patient, now)
    elif kind == REQUEST:
        account(state, patient, ALARM, now)
        state.times[patient, REQUESTED] = now
        later(state, now + who.permission[patient], PERMITTED, patient)
        _request(lay, who, state, patient, now)
    elif kind == PERMITTED:
        dispatch(lay, who, state, now)


@njit(cache=True)
def _injured(lay, who, state, patient):  # type: ignore[no-untyped-def]
    now = who.injured[patient]
    if who.priority[patient] == OUTPATIENT:
        home = lay.home[who.site[patient]]
        if home < 0:
            state.outpatients[lay.level.size, NO_LEVEL_1] += 1.0
            return
        state.place[patient] = lay.sites + home
        see_doctor(lay, who, state, patient, now)
        return
    state.times[patient, AID] = now + who.aid[patient]
    urgent = who.priority[patient] < 3 or who.surgery[patient]
    state.need[patient] = 2 if urgent else 1
    later(state, now + who.aid[patient] + who.request[patient], REQUEST, patient)


@njit(cache=True)
def _request(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Ask for evacuation to what is needed, or to level 1 where nothing can reach that."""
    if not reachable(lay, who, state, patient):
        state.unreached[patient] = True
        if state.place[patient] >= lay.sites:
            hold(lay, who, state, patient, now)
            return
        state.need[patient] = 1
        if not reachable(lay, who, state, patient):
            state.settled[patient] = True
            return
    state.reason[patient] = BUSY
    enlist(state, patient)
    dispatch(lay, who, state, now)


@njit(cache=True)
def _go_on(lay, who, state, patient, now):  # type: ignore[no-untyped-def]
    """Ask for onward evacuation to a higher level; without any, the patient stays."""
    facility = state.place[patient] - lay.sites
    state.need[patient] = lay.level[facility] + 1
    state.rank[patient] = TRANSFER
    if not reachable(lay, who, state, patient):
        left = who.recovery[patient] - lay.rules.onward_after
        later(state, now + max(left, 0.0), RECOVERED, patient)
        return
    state.times[patient, ONWARD] = now
    enlist(state, patient)
    dispatch(lay, who, state, now)


@njit(cache=True)
def _tick(lay, who, state, now):  # type: ignore[no-untyped-def]
    """Note the occupancy of the hour; at midnight the day's operations begin anew."""
    hour = int(now + 0.5)
    for facility in range(lay.level.size):
        beds = state.occupied[facility]
        state.beds_by_hour[facility, hour] = beds
        state.theatres_by_hour[facility, hour] = state.busy_theatres[facility]
        state.bed_histogram[facility, min(beds, MOST_BEDS)] += 1
        if hour % 24 == 0:
            state.operations_today[facility] = 0
            call_to_theatre(lay, who, state, facility, now)
    dispatch(lay, who, state, now)
    if hour + 1 <= lay.rules.hours:
        later(state, hour + 1.0, TICK, 0)
