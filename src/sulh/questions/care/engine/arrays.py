"""What the compiled simulation works on: named tuples of arrays and numbers, hours and km.

Places are numbered: sites first, then facilities. A facility's number is its place's less the
number of sites. Units are the single vehicles and aircraft of the fleets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

# What a patient waits for before care; the columns of `State.waited`.
ALARM, PERMISSION, BUSY, NIGHT, WEATHER, UNSERVICEABLE = 0, 1, 2, 3, 4, 5
OUTWARD, CARRIAGE, LOWER_CARE, THEATRE, WAITS = 6, 7, 8, 9, 10

# When things happened to a patient; the columns of `State.times`, NaN where they did not.
AID, REQUESTED, ENHANCED, HOSPITAL, OPERATED, OUT_OF_THEATRE, ONWARD, LEFT, TIMES = range(9)

# What happens next; the low digits of a code on the event list.
REQUEST, PERMITTED, PICK_UP, DELIVERED, FREE, CARED, CUT, RECOVERED, GO_ON, TICK, KINDS = range(11)

AMBULANCE, HELICOPTER, AEROPLANE = 0, 1, 2
OUTPATIENT, TRANSFER = 4, 4
"""Outpatients are of class 4 among patients, onward evacuation of class 4 among requests."""

WEATHER_HOURS = 6.0


class Rules(NamedTuple):
    """Numbers of the case, in hours."""

    hours: float
    sunrise: float
    sunset: float
    divert: float
    loading: float
    onward_after: float
    most_work: int


class Lay(NamedTuple):
    """What stands where; ``up`` (unit, day) and ``grounded`` (block of `WEATHER_HOURS`) vary."""

    km: Array
    latitude: Array
    longitude: Array
    sites: int
    level: Array
    doctors: Array
    theatres: Array
    operations: Array
    beds: Array
    holding: Array
    airfield: Array
    transfer: Array
    home: Array
    kind: Array
    base: Array
    speed: Array
    seats: Array
    reach: Array
    ready: Array
    night: Array
    weather: Array
    permission: Array
    medic: Array
    up: Array
    grounded: Array
    rules: Rules


class Patients(NamedTuple):
    """Everything about patients that no means of evacuation changes, in order of injury; hours."""

    injured: Array
    site: Array
    cause: Array
    event: Array
    priority: Array
    latitude: Array
    longitude: Array
    place: Array
    surgery: Array
    aid: Array
    request: Array
    permission: Array
    care: Array
    operation: Array
    recovery: Array


class State(NamedTuple):
    """What changes during a run."""

    event_times: Array
    event_codes: Array
    event_count: Array
    times: Array
    waited: Array
    since: Array
    reason: Array
    need: Array
    rank: Array
    place: Array
    settled: Array
    operated: Array
    unreached: Array
    following: Array
    carried: Array
    queue_head: Array
    queue_tail: Array
    busy_doctors: Array
    cutting_head: Array
    cutting_tail: Array
    busy_theatres: Array
    operations_today: Array
    occupied: Array
    inbound: Array
    waiting: Array
    waiting_count: Array
    unit_place: Array
    unit_idle: Array
    unit_home: Array
    unit_since: Array
    unit_target: Array
    unit_load: Array
    unit_picked: Array
    legs: Array
    leg_count: Array
    work: Array
    events: Array
    overflow: Array
    outpatients: Array
    unit_tally: Array
    beds_by_hour: Array
    theatres_by_hour: Array
    bed_histogram: Array


class Tally(NamedTuple):
    """Names of the columns of tallies."""

    missions: int = 0
    patients: int = 1
    hours: int = 2
    km: int = 3


UNIT_TALLY = Tally()
# Columns of `State.outpatients`: seen, hours waited by all, without a level 1 in reach.
SEEN, WAITED_HOURS, NO_LEVEL_1 = 0, 1, 2
# Columns of `State.legs`: patient, unit, target facility, assigned, picked up, delivered.
LEG_COLUMNS = 6
MOST_BEDS = 200
"""Beds beyond this are counted together in the histogram of occupancy."""
