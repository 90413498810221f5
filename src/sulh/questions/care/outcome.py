"""What happened in the replications of a case, as tables: events, patients, legs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sulh.questions.care.case import Case
from sulh.questions.care.engine import run
from sulh.questions.care.engine.arrays import (
    AID,
    ENHANCED,
    HOSPITAL,
    LEFT,
    ONWARD,
    OPERATED,
    OUT_OF_THEATRE,
    REQUESTED,
    TIMES,
    Array,
)
from sulh.questions.care.engine.layout import units_of

WAITS = (
    *("alarm", "permission", "no unit free", "darkness", "weather", "unserviceable"),
    *("way to the patient", "carriage", "care on the way", "theatre"),
)
"""What the time from injury to care is made of; the columns of `run.Raw.waited`."""

_EVENTS = (
    ("injured", 0),
    ("first aid", 1 + AID),
    ("requested", 1 + REQUESTED),
    ("permitted", 1 + TIMES),
    ("enhanced care", 1 + ENHANCED),
    ("in hospital", 1 + HOSPITAL),
    ("operation begins", 1 + OPERATED),
    ("operation ends", 1 + OUT_OF_THEATRE),
    ("onward requested", 1 + ONWARD),
    ("left", 1 + LEFT),
)
_LEGS = (("assigned", 3), ("picked up", 4), ("delivered", 5))
_ORDER = tuple(
    [name for name, _ in _EVENTS[:4]]
    + [name for name, _ in _LEGS]
    + [name for name, _ in _EVENTS[4:]]
)


@dataclass(frozen=True)
class Outcome:
    """A case, the seed, and what happened in its replications."""

    case: Case
    seed: int
    asked: int
    raw: run.Raw

    @property
    def replications(self) -> int:
        """Return how many replications ran: fewer than were asked for after Ctrl-C."""
        return self.raw.count

    @cached_property
    def unit_names(self) -> tuple[str, ...]:
        """The names of the single units: the fleet and, of several, the number."""
        return tuple(
            fleet.key if fleet.number == 1 else f"{fleet.key} {number}"
            for fleet, number in units_of(self.case)
        )

    @cached_property
    def row(self) -> Array:
        """The place of each patient's replication among those that ran."""
        return np.searchsorted(self.raw.replications, self.raw.replication)

    def minutes_to(self, column: int) -> Array:
        """Return the minutes from injury to a time (`arrays.TIMES`), NaN where it never came."""
        found: Array = (self.raw.times[:, 1 + column] - self.raw.times[:, 0]) * 60
        return found

    def patients(self) -> pl.DataFrame:
        """Return a row a patient of priority 1 to 3: hours of the run, minutes waited by kind."""
        raw, facts = self.raw, dict(zip(run.FACTS, self.raw.facts.T, strict=True))
        sites = [site.key for site in self.case.sites]
        times = {
            name.replace(" ", "_"): pl.Series(raw.times[:, n]).fill_nan(None) for name, n in _EVENTS
        }
        waits = {
            f"waited_{name.replace(' ', '_')}": raw.waited[:, n] * 60
            for n, name in enumerate(WAITS)
        }
        return pl.DataFrame(
            {
                "replication": raw.replication,
                "patient": raw.patient,
                "site": _named(facts["site"], sites),
                "cause": _named(facts["cause"], list(self.case.cause_names)),
                "event": facts["event"],
                "priority": facts["priority"],
                "surgery": facts["surgery"] > 0,
                "in_field": facts["field"] > 0,
                "out_of_reach": facts["unreached"] > 0,
                **times,
                **waits,
            }
        )

    def events(self) -> pl.DataFrame:
        """Return a row an event of a patient of priority 1 to 3, in order of time.

        ``hour`` is from the start of the run; legs name the unit and the facility they go to.
        """
        columns = _listed(self.raw)
        order = _in_time(columns[0], (columns[3], columns[1], columns[2]))
        replication, patient, hour, event, unit, facility = (part[order] for part in columns)
        keys = [facility.key for facility in self.case.facilities]
        return pl.DataFrame(
            {
                "replication": replication,
                "patient": patient,
                "hour": hour,
                "event": _named(event, _ORDER),
                "unit": _named(unit, self.unit_names),
                "facility": _named(facility, keys),
            }
        )


def simulate(
    case: Case,
    replications: int = 100,
    seed: int = 1,
    pool: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Return what happens in so many replications of a case; see `run.simulate`."""
    return Outcome(case, seed, replications, run.simulate(case, replications, seed, pool, progress))


def _listed(raw: run.Raw) -> list[Array]:
    """Return the events as columns: replication, patient, hour, event, unit and facility or -1."""
    parts = []
    for name, column in _EVENTS:
        here = np.flatnonzero(~np.isnan(raw.times[:, column]))
        nobody = np.full(here.size, -1, dtype=np.int32)
        who = raw.replication[here], raw.patient[here], raw.times[here, column]
        parts.append((*who, np.full(here.size, _ORDER.index(name), dtype=np.int8), nobody, nobody))
    for name, column in _LEGS:
        here = np.flatnonzero(~np.isnan(raw.legs[:, column]))
        patient, unit, facility = raw.legs[here, :3].astype(np.int32).T
        who = raw.leg_replication[here], patient, raw.legs[here, column]
        event = np.full(here.size, _ORDER.index(name), dtype=np.int8)
        parts.append((*who, event, unit, facility))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _in_time(replication: Array, keys: tuple[Array, ...]) -> Array:
    """Return the order by replication and then by keys, the last of which weighs most.

    One replication after another, which takes a third of the time of sorting all by all keys.
    """
    order = np.argsort(replication, kind="stable")
    ends = np.flatnonzero(np.diff(replication[order])) + 1
    for here in np.split(order, ends):
        here[:] = here[np.lexsort([key[here] for key in keys])]
    return order


def _named(numbers: Array, names: Sequence[str]) -> pl.Series:
    """Return names by number, null below 0; a category each, however long the column."""
    single = list(dict.fromkeys(names))
    if len(single) < len(names):
        place = np.array([single.index(name) for name in names])
        numbers = np.where(numbers < 0, -1, place[np.maximum(numbers, 0)])
    places = pl.Series(numbers.astype(np.int32))
    return pl.Series(single, dtype=pl.Enum(single)).gather(places.set(places < 0, None))
