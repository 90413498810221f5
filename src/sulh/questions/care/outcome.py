"""What happened in the replications of a case, as tables: events, patients, legs."""

from __future__ import annotations

from collections.abc import Callable
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
_ORDER = pl.Enum(
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
        raw, none = self.raw, pl.lit(None, dtype=pl.Int32)
        parts = []
        for name, column in _EVENTS:
            here = np.flatnonzero(~np.isnan(raw.times[:, column]))
            frame = _frame(raw.replication[here], raw.patient[here], raw.times[here, column], name)
            parts.append(frame.with_columns(none.alias("unit"), none.alias("facility")))
        for name, column in _LEGS:
            here = np.flatnonzero(~np.isnan(raw.legs[:, column]))
            legs = raw.legs[here]
            patients = legs[:, 0].astype(np.int32)
            frame = _frame(raw.leg_replication[here], patients, legs[:, column], name)
            units, facilities = legs[:, 1].astype(np.int32), legs[:, 2].astype(np.int32)
            parts.append(
                frame.with_columns(pl.Series("unit", units), pl.Series("facility", facilities))
            )
        facilities_named = [facility.key for facility in self.case.facilities]
        return (
            pl.concat(parts)
            .sort("replication", "hour", "patient", "event")
            .with_columns(_names("unit", self.unit_names), _names("facility", facilities_named))
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


def _frame(replication: Array, patient: Array, hour: Array, name: str) -> pl.DataFrame:
    return pl.DataFrame({"replication": replication, "patient": patient, "hour": hour}).select(
        pl.all(), pl.lit(name, dtype=_ORDER).alias("event")
    )


def _named(numbers: Array, names: list[str]) -> pl.Series:
    return pl.Series(np.asarray(names, dtype=object)[numbers] if names else [], dtype=pl.String)


def _names(column: str, names: tuple[str, ...] | list[str]) -> pl.Expr:
    """Replace numbers of units or facilities by their names."""
    return pl.col(column).replace_strict(
        list(range(len(names))), list(names), default=None, return_dtype=pl.String
    )
