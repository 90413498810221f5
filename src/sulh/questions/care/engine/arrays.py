"""What the compiled simulation works on: named tuples of arrays and numbers, hours and km.

Places are numbered: sites first, then facilities. A facility's number is its place's less the
number of sites. Units are the single vehicles and aircraft of the fleets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

# What a patient waits for before care; columns of `World.times`, from `TIMES` on.
ALARM, PERMISSION, BUSY, NIGHT, WEATHER, UNSERVICEABLE = 0, 1, 2, 3, 4, 5
OUTWARD, CARRIAGE, LOWER_CARE, THEATRE, WAITS = 6, 7, 8, 9, 10

# When things happened to a patient; the columns of `World.times`, NaN where they did not.
AID, REQUESTED, ENHANCED, HOSPITAL, OPERATED, OUT_OF_THEATRE, ONWARD, LEFT, TIMES = range(9)

# What happens next; the low digits of a code on the event list. The last three are no events of
# the model: an hourly look at requests that wait, a doctor who is free for one who waits, midnight
# where the operations of a day are spent.
REQUEST, PERMITTED, PICK_UP, DELIVERED, FREE, CARED, CUT, RECOVERED, GO_ON = range(9)
LOOK, DOCTOR, MIDNIGHT, KINDS = range(9, 13)

ORDER = 1 << 32
"""What the number of an event in the order of putting is multiplied by in its code."""

AMBULANCE, HELICOPTER, AEROPLANE = 0, 1, 2
OUTPATIENT, TRANSFER = 4, 4
"""Outpatients are of class 4 among patients, onward evacuation of class 4 among requests."""

WEATHER_HOURS = 6.0

DOCTORS, THEATRES, STATIONS = 0, 1, 2
IN_BED, IN_THEATRE = 0, 1


def _record(whole: str, real: str) -> np.dtype[Any]:
    return np.dtype([(n, "i8") for n in whole.split()] + [(n, "f8") for n in real.split()])


PATIENT = _record(
    "site cause event priority surgery field "
    "place reason need rank settled operated unreached following carried",
    "injured aid request permission care operation recovery since",
)
"""A patient of priority 1 to 3: what no means of evacuation changes, then the state.

``place`` is a site, a facility, or the point of an event in the field, all numbered as in ``km``.
"""

FACILITY = _record(
    "level doctors theatres operations beds airfield first_doctor "
    "busy_theatres operations_today day at_midnight occupied inbound overflow "
    "seen walking walked waiting counted_beds counted_theatres hours_beds hours_theatres",
    "holding transfer waited_hours",
)
"""A facility; ``seen`` outpatients and the hours they waited, ``overflow`` arrivals without a bed,
``transfer`` the hours from here to surgery by the quickest means. Its outpatients are those from
``walking``, the next to be seen, to before ``walked`` in `World.walk_times`; ``waiting`` patients
wait for a doctor. Beds and theatres in use are summed in ``hours_…`` up to the hour ``counted_…``.
"""

UNIT = _record(
    "kind base seats night weather permission medic place idle home target load missions patients",
    "speed reach ready since picked hours km",
)
"""A vehicle or an aircraft; ``load`` is the first patient on board, -1 for none."""

NOW = _record(
    "sites most_work work events waiting asked looking visitor legs unserved",
    "hours sunrise sunset divert loading onward_after",
)
"""The one record of a run: rules in hours, and counts; ``asked`` whether requests must be looked at
now, ``looking`` whether they will be at the next hour; ``visitor`` the unit that is free away from
its base, having just delivered, or -1: there is never more than one."""


class Ways(NamedTuple):
    """By place and want (`wants.want_of`) what can be done, worked out when it is first asked.

    ``known`` or not yet; ``aims``: how many facilities help and which, from the nearest on (twice
    the number, and one more where they only help on the way); ``fetching``: how many units, from
    their bases, reach the place and an aim, and which.
    """

    known: Array
    aims: Array
    fetching: Array


WANTS = 24
"""Wants that there are: five levels, with a theatre or not, helped on the way or not."""


class World(NamedTuple):
    """All that a run works on.

    ``km`` from sites, facilities and points in the field (rows) to sites and facilities (columns),
    ``near`` the facilities from each of the rows, the nearest first, ``ways`` what is known of each
    row; ``hindrance`` of a unit by
    block of `WEATHER_HOURS`: `WEATHER`, `UNSERVICEABLE`, or 0; ``times`` by patient, with what was
    waited for behind; ``queues`` (station, facility, class, first and last); ``waiting`` requests;
    ``legs`` in `LEG_COLUMNS`; outpatients by facility and time, with how long a doctor takes for
    each; ``doctors`` when each is free, a heap a facility. ``changes`` (beds or theatres, facility,
    hour) and ``histogram`` (facility, beds in use) add up over replications.
    """

    now: Array
    km: Array
    near: Array
    ways: Ways
    facilities: Array
    units: Array
    hindrance: Array
    patients: Array
    times: Array
    queues: Array
    waiting: Array
    legs: Array
    event_times: Array
    event_codes: Array
    event_count: Array
    walk_times: Array
    walk_care: Array
    doctors: Array
    changes: Array
    histogram: Array


LEG_COLUMNS = 6
"""Columns of `World.legs`: patient, unit, target facility, assigned, picked up, delivered."""

MOST_BEDS = 200
"""Beds beyond this are counted together in the histogram of occupancy."""
