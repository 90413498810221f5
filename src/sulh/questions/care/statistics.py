"""What the events come to: shares within the clocks, times, waits, facilities, units, delays.

Every interval is one of 95 % over the replications, which are independent; see
`sulh.methods.simulation.intervals`. Figures a year are for a year of 365.25 days.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from sulh.methods.simulation.intervals import Interval, mean_interval, ratio_interval
from sulh.questions.care.engine import run
from sulh.questions.care.engine.arrays import AID, ENHANCED, OPERATED, Array
from sulh.questions.care.engine.layout import DRAIN_DAYS
from sulh.questions.care.outcome import WAITS, Outcome

CLOCKS = (("first aid", AID), ("enhanced care", ENHANCED), ("surgery", OPERATED))
ALL = "all"


def _fact(outcome: Outcome, name: str) -> Array:
    found: Array = outcome.raw.facts[:, run.FACTS.index(name)]
    return found


def _years(outcome: Outcome) -> float:
    return outcome.case.settings.days / 365.25


def _concerned(outcome: Outcome, clock: str) -> Array:
    """Return whom a clock concerns: everyone of priority 1 to 3, or those operated on."""
    if clock == "surgery":
        found: Array = _fact(outcome, "surgery") > 0
        return found
    return np.ones(outcome.raw.patient.size, dtype=np.bool_)


def _counts(outcome: Outcome, chosen: Array) -> Array:
    """Return the patients chosen by replication, site and priority (1 to 3 from 0)."""
    sites = len(outcome.case.sites)
    place = (outcome.row * sites + _fact(outcome, "site")) * 3 + _fact(outcome, "priority") - 1
    size = outcome.replications * sites * 3
    return np.bincount(place[chosen], minlength=size).reshape(outcome.replications, sites, 3)


def _cells(interval: Interval, prefix: str = "") -> dict[str, float | None]:
    """Return an estimate and the ends of its interval, null where unknown."""

    def known(value: float) -> float | None:
        return None if math.isnan(value) else value

    return {
        f"{prefix}value": known(interval.value),
        f"{prefix}low": known(interval.low),
        f"{prefix}high": known(interval.high),
    }


def clocks(outcome: Outcome) -> pl.DataFrame:
    """Return the share within each clock by site and priority; ``all`` sums them up."""
    rows: list[dict[str, Any]] = []
    limits = outcome.case.settings.clocks
    for (clock, column), minutes in zip(CLOCKS, limits, strict=True):
        concerned = _concerned(outcome, clock)
        below = _counts(outcome, concerned)
        above = _counts(outcome, concerned & (outcome.minutes_to(column) <= minutes))
        for site, priority, here in _groups(outcome):
            within, whole = _summed(above, here), _summed(below, here)
            share = ratio_interval(within, whole)
            rows.append(
                {
                    "clock": clock,
                    "minutes": minutes,
                    "site": site,
                    "priority": priority,
                    "patients_a_year": float(whole.mean()) / _years(outcome),
                    "share": _cells(share)["value"],
                    "low": _cells(share)["low"],
                    "high": _cells(share)["high"],
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def _groups(outcome: Outcome) -> Iterator[tuple[str, str, tuple[int | None, int | None]]]:
    names = [ALL, *(site.key for site in outcome.case.sites)]
    for place, site in enumerate(names):
        for number, priority in enumerate((ALL, "1", "2", "3")):
            yield site, priority, (place - 1 if place else None, number - 1 if number else None)


def _summed(counts: Array, here: tuple[int | None, int | None]) -> Array:
    site, priority = here
    part = counts if site is None else counts[:, site : site + 1]
    part = part if priority is None else part[:, :, priority : priority + 1]
    found: Array = part.sum(axis=(1, 2))
    return found


def times(outcome: Outcome) -> pl.DataFrame:
    """Return mean, median and 90th percentile of the minutes to care, and of each wait before it.

    Of those who got there; ``never`` is the share that did not. Waits are those of patients who
    were operated on, in minutes before the operation.
    """
    rows: list[dict[str, Any]] = []
    for priority in (0, 1, 2, 3):
        chosen = _fact(outcome, "priority") == priority if priority else True
        for clock, column in CLOCKS:
            who = _concerned(outcome, clock) & chosen
            rows.append(_spread(outcome, f"to {clock}", priority, outcome.minutes_to(column), who))
        operated = ~np.isnan(outcome.minutes_to(OPERATED)) & chosen
        for number, wait in enumerate(WAITS):
            minutes = outcome.raw.waited[:, number] * 60
            rows.append(_spread(outcome, f"waited for: {wait}", priority, minutes, operated))
    return pl.DataFrame(rows, infer_schema_length=None)


def _spread(
    outcome: Outcome, measure: str, priority: int, minutes: Array, who: Array
) -> dict[str, Any]:
    came = who & ~np.isnan(minutes)
    sums = np.bincount(outcome.row[came], minutes[came], outcome.replications)
    counts = np.bincount(outcome.row[came], minlength=outcome.replications)
    mean = _cells(ratio_interval(sums, counts))
    known = minutes[came]
    middle, ninth = np.quantile(known, (0.5, 0.9)).tolist() if known.size else (None, None)
    return {
        "measure": measure,
        "priority": str(priority or ALL),
        "mean_minutes": mean["value"],
        "low": mean["low"],
        "high": mean["high"],
        "median": middle,
        "ninth_decile": ninth,
        "never": 1 - came.sum() / who.sum() if who.sum() else None,
    }


def delays(outcome: Outcome) -> pl.DataFrame:
    """Return what keeps patients from surgery in time, the delay that binds most first.

    ``minutes``: mean wait of a patient who was late; ``in_time_without``: patients a year who would
    have been in time had this one wait been nought. Whoever nothing can reach is a row by itself.
    """
    limit = outcome.case.settings.clocks[2]
    needs, minutes = _concerned(outcome, "surgery"), outcome.minutes_to(OPERATED)
    late = needs & ~(minutes <= limit)
    reached = late & ~np.isnan(minutes)
    rows = []
    for number, wait in enumerate(WAITS):
        waited = outcome.raw.waited[:, number] * 60
        saved = reached & (minutes - waited <= limit)
        rows.append(_delay(outcome, wait, saved, waited[reached]))
    nobody = late & (_fact(outcome, "unreached") > 0)
    rows.append(_delay(outcome, "nothing in reach", nobody, np.empty(0)))
    left = late & np.isnan(minutes) & ~nobody
    rows.append(_delay(outcome, "not reached by the end of the run", left, np.empty(0)))
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.sort("in_time_without", descending=True, maintain_order=True)


def _delay(outcome: Outcome, wait: str, saved: Array, waited: Array) -> dict[str, Any]:
    counts = np.bincount(outcome.row[saved], minlength=outcome.replications)
    found = mean_interval(counts / _years(outcome))
    cells = _cells(found)
    return {
        "delay": wait,
        "minutes": float(waited.mean()) if waited.size else None,
        "in_time_without": cells["value"],
        "low": cells["low"],
        "high": cells["high"],
    }


def facilities(outcome: Outcome) -> pl.DataFrame:
    """Return occupancy, overflow and outpatients by facility."""
    raw, years = outcome.raw, _years(outcome)
    hours = (outcome.case.settings.days + DRAIN_DAYS) * 24 + 1
    rows = []
    for number, facility in enumerate(outcome.case.facilities):
        used = raw.used[:, :, number] / hours
        histogram = raw.histogram[number]
        full = histogram[min(facility.beds, histogram.size - 1) :].sum() / histogram.sum()
        over = mean_interval(raw.facilities[:, number, 2] / years)
        seen = mean_interval(raw.facilities[:, number, 0] / outcome.case.settings.days)
        most = np.flatnonzero(histogram)
        rows.append(
            {
                "facility": facility.key,
                "level": facility.level,
                "beds": facility.beds,
                **_cells(mean_interval(used[:, 0]), "beds_used_"),
                "beds_used_most": int(most[-1]) if most.size else 0,
                "share_of_hours_full": float(full),
                **_cells(over, "arrivals_without_bed_a_year_"),
                "theatres": facility.theatres,
                **_cells(mean_interval(used[:, 1]), "theatres_used_"),
                **_cells(seen, "outpatients_a_day_"),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def units(outcome: Outcome) -> pl.DataFrame:
    """Return what each unit did a year."""
    raw, years, case = outcome.raw, _years(outcome), outcome.case
    fleets = [fleet for fleet in case.fleets for _ in range(fleet.number)]
    rows = []
    for number, (name, fleet) in enumerate(zip(outcome.unit_names, fleets, strict=True)):
        tally = raw.units[:, number] / years
        busy = mean_interval(tally[:, 2] / 8766)
        rows.append(
            {
                "unit": name,
                "kind": fleet.kind,
                "base": fleet.base,
                **_cells(mean_interval(tally[:, 0]), "missions_a_year_"),
                "patients_a_year": float(tally[:, 1].mean()),
                "km_a_year": float(tally[:, 3].mean()),
                **_cells(busy, "share_of_time_busy_"),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def occupancy(outcome: Outcome) -> pl.DataFrame:
    """Return the mean beds and theatres in use by facility and hour of the run."""
    hourly = outcome.raw.hourly / outcome.replications
    hours = hourly.shape[2]
    names = [facility.key for facility in outcome.case.facilities]
    return pl.DataFrame(
        {
            "facility": np.repeat(np.array(names, dtype=object), hours).tolist(),
            "hour": np.tile(np.arange(hours), len(names)),
            "hour_of_day": np.tile(np.arange(hours) % 24, len(names)),
            "beds_used": hourly[0].ravel(),
            "theatres_used": hourly[1].ravel(),
        },
        schema_overrides={"facility": pl.String},
    )


def summary(outcome: Outcome) -> dict[str, Any]:
    """Return what ``summary.json`` holds."""
    from importlib.metadata import version

    shares = clocks(outcome).filter((pl.col("site") == ALL) & (pl.col("priority") == ALL))
    worst = delays(outcome).row(0, named=True)
    counts = np.bincount(outcome.row, minlength=outcome.replications)
    return {
        "name": outcome.case.settings.name,
        "replications": outcome.replications,
        "asked": outcome.asked,
        "seed": outcome.seed,
        "days": outcome.case.settings.days,
        "people": outcome.case.people,
        "patients_a_year": float(counts.mean()) / _years(outcome),
        "outpatients_without_level_1_a_year": float(outcome.raw.unserved.mean()) / _years(outcome),
        "events": int(outcome.raw.events.sum()),
        "clocks": {
            row["clock"]: {name: row[name] for name in ("minutes", "share", "low", "high")}
            for row in shares.iter_rows(named=True)
        },
        "binding": {"delay": worst["delay"], "patients_a_year": worst["in_time_without"]},
        "version": version("sulh"),
    }
