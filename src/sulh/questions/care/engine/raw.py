"""What happened in replications, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from sulh.questions.care.engine.arrays import Array

FACTS = ("site", "cause", "event", "priority", "surgery", "unreached", "field")
UNIT_TALLY = ("missions", "patients", "hours", "km")
FACILITY_TALLY = ("seen", "waited_hours", "overflow")
NOTHING = np.zeros((0, 0, 0), dtype=np.int64)
"""Stands in one replication for what is summed over many."""


@dataclass(frozen=True)
class Raw:
    """What happened in some replications, as arrays: a row a patient of priority 1 to 3, or a leg.

    ``facts`` has the columns `FACTS`, ``times`` injured, then `arrays.TIMES`, then permitted.
    ``replications`` are the numbers of those that ran. Arrays by replication have it first:
    ``units`` (…, unit, `UNIT_TALLY`), ``used`` (…, beds or theatres, facility) in hours,
    ``facilities`` (…, facility, `FACILITY_TALLY`), ``unserved`` outpatients without a level 1. Sums
    over replications: ``hourly`` (beds or theatres, facility, hour) and ``histogram`` (facility,
    beds in use).
    """

    replications: Array
    replication: Array
    patient: Array
    facts: Array
    times: Array
    waited: Array
    leg_replication: Array
    legs: Array
    units: Array
    facilities: Array
    unserved: Array
    used: Array
    hourly: Array
    histogram: Array
    events: Array

    @property
    def count(self) -> int:
        """Return the number of replications."""
        return int(self.replications.size)


def joined(parts: Iterable[Raw]) -> Raw:
    """Return several replications as one; what is summed over them is left to the caller."""
    whole = list(parts)
    names = [field.name for field in fields(Raw)]
    return Raw(**{name: np.concatenate([getattr(part, name) for part in whole]) for name in names})
