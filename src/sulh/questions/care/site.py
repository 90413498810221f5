"""Where to stand hospitals and helicopters: located by covering, confirmed by simulation.

Hospitals first, by largest cover (MCLP): a site is covered by a hospital from which a helicopter
fetches its people and has them in surgery within the clock, at median times. Then helicopters at
the hospitals and sites, by expected cover (MEXCLP) with the share of time that helicopters are busy
in a simulation of the case as it is. What is promised is then simulated.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest
from sulh.methods.geodesy import distances_km
from sulh.methods.location import expected_cover, hypercube, largest_cover, median
from sulh.methods.location.cover import value_of
from sulh.methods.simulation.intervals import Interval
from sulh.questions.care import statistics
from sulh.questions.care.case import Case, Facility, Fleet, Site
from sulh.questions.care.engine.arrays import Array
from sulh.questions.care.outcome import Outcome, simulate
from sulh.result import Result

LONGER = ((1.0, 1.0), (1.5, 0.01), (2.0, 0.0001), (4.0, 0.000001))
"""Stretches of the clock and what covering within them counts: it decides between equal answers."""

MOST_EXACT = 12
"""Helicopters up to which the hypercube is solved exactly."""


@dataclass(frozen=True)
class Sited:
    """The case with its hospitals and helicopters moved, and what was promised and simulated."""

    case: Case
    hospitals: tuple[str, ...]
    bases: tuple[str, ...]
    result: Result


@dataclass(frozen=True)
class Effort:
    """How hospitals are stood (``cover``: MCLP, ``median``: least km) and how it is simulated."""

    by: Literal["cover", "median"] = "cover"
    replications: int = 100
    seed: int = 1


@dataclass(frozen=True)
class _Map:
    """Kilometres between sites, and the weight of each: operations a year to be expected."""

    km: Array
    weights: Array
    helicopter: Fleet
    case: Case

    @property
    def minutes_fixed(self) -> float:
        """Return the minutes that no place changes: from injury to leaving, loading, the doctor."""
        times = self.case.settings.times
        alarm = times.first_aid_camp.median + times.request.median
        permission = times.permission.median if self.helicopter.permission else 0.0
        ready = self.helicopter.readiness_minutes
        return alarm + permission + ready + times.loading + times.stabilise.median

    def covers(self, bases: Array, hospitals: Array, longer: float = 1.0) -> Array:
        """Return sites x bases: whether a helicopter there has a site's people in surgery in time.

        They are taken to the nearest of the hospitals. ``longer`` stretches the clock.
        """
        minute = self.helicopter.speed_kmh / 60
        carry = self.km[:, hospitals].min(axis=1)
        whole = self.minutes_fixed + (self.km[:, bases] + carry[:, None]) / minute
        reach = self.km[:, bases] + carry[:, None] <= self.helicopter.range_km
        limit = self.case.settings.clocks[2] * longer
        found: Array = (whole <= limit) & reach
        return found


def site(
    case: Case,
    hospitals: int,
    helicopters: int,
    effort: Effort | None = None,
    pool: Executor | None = None,
) -> Sited:
    """Return where so many level 2 hospitals and helicopters cover most, and what that comes to."""
    effort = effort or Effort()
    by, replications, seed = effort.by, effort.replications, effort.seed
    known = _map(case, hospitals, helicopters)
    everywhere = np.arange(len(case.sites))
    # A hospital with a helicopter beside it: there and back.
    pairs = [
        np.stack([known.covers(j, j, longer)[:, 0] for j in everywhere[:, None]], axis=1)
        | (known.km <= case.settings.walk_km)
        for longer, _ in LONGER
    ]
    chosen = largest_cover(np.vstack(pairs), _stacked(known.weights), hospitals).sites
    if by == "median":
        chosen = median(known.km * known.weights[:, None], hospitals).sites
    stand = np.array(sorted(set(chosen)), dtype=int)
    as_it_is = simulate(case, replications, seed, pool)
    busy = _busy(as_it_is)
    covers = known.covers(everywhere, stand)
    # With a hospital at hand no helicopter is needed.
    near = known.km[:, stand].min(axis=1) <= case.settings.walk_km
    flown = np.where(near, 0.0, known.weights)
    also = [known.covers(everywhere, stand, longer) for longer, _ in LONGER]
    found = expected_cover(np.vstack(also), _stacked(flown), helicopters, busy)
    counts = np.bincount(found.sites, minlength=len(case.sites))
    moved = _moved(case, known, stand, found.sites)
    after = simulate(moved, replications, seed, pool)
    promised = known.weights[near].sum() + value_of(covers, flown, counts, busy)
    promised /= known.weights.sum()
    plain = known.weights[near | covers[:, list(found.sites)].any(axis=1)].sum()
    exact = _exact(known, (near, covers), found.sites, after)
    table = _table(
        (as_it_is, after),
        (float(plain / known.weights.sum()), float(promised), exact),
    )
    return Sited(
        moved,
        tuple(case.sites[j].key for j in stand),
        tuple(case.sites[j].key for j in found.sites),
        _result(case, table, (known, stand, found.sites, busy, replications, seed)),
    )


def _stacked(weights: Array) -> Array:
    found: Array = np.concatenate([weights * weight for _, weight in LONGER])
    return found


def _map(case: Case, hospitals: int, helicopters: int) -> _Map:
    if not 1 <= hospitals <= len(case.sites) or not 1 <= helicopters <= 100:
        raise BadRequest(
            f"{hospitals} hospitals and {helicopters} helicopters for {len(case.sites)} sites",
            "there is at most one new hospital a site, and at least one of each",
            "give for example --hospitals 3 --helicopters 2",
        )
    model = next((f for f in case.fleets if f.kind == "helicopter"), None)
    if model is None:
        raise BadRequest(
            "evacuation.csv has no helicopter",
            "its speed, range and readiness would be those of the ones to be sited",
            "add a row of kind helicopter; its number may be 0",
        )
    weights = np.zeros(len(case.sites))
    number = {place.key: n for n, place in enumerate(case.sites)}
    for place, cause, rate in case.processes:
        shares = np.array([cause.priority_1, cause.priority_2, cause.priority_3])
        surgery = np.array([cause.surgery_1, cause.surgery_2, cause.surgery_3])
        weights[number[place.key]] += rate * 8766 * float(shares @ surgery)
    if not weights.sum():
        raise BadRequest(
            "nobody is expected to need an operation",
            "there is nothing to cover",
            "check people in sites.csv and the rates and shares in rates.csv",
        )
    km = distances_km([s.latitude for s in case.sites], [s.longitude for s in case.sites])
    return _Map(km, weights, model, case)


def _busy(outcome: Outcome) -> float:
    """Return the share of time helicopters are busy or not serviceable."""
    table = statistics.units(outcome)
    if table.is_empty():
        return 0.0
    flying = table.filter(pl.col("kind") == "helicopter")
    used = float(flying["share_of_time_busy_value"].mean() or 0.0) if flying.height else 0.0  # type: ignore[arg-type]
    model = next(f for f in outcome.case.fleets if f.kind == "helicopter")
    return min(1.0 - model.available * (1.0 - used), 0.95)


def _moved(case: Case, known: _Map, stand: Array, bases: tuple[int, ...]) -> Case:
    """Return the case with its level 2 hospitals and its helicopters where they were sited."""
    twos = [f for f in case.facilities if f.level == 2]
    kept = tuple(f for f in case.facilities if f.level != 2)
    model = twos[0] if twos else Facility("", 0, 0, 2, 4, 1, 4, 20, 7, False)
    new = tuple(_hospital(model, case.sites[j]) for j in stand)
    gone = {f.key for f in twos}
    rear = new[0].key
    fleets = tuple(
        replace(fleet, base=rear) if fleet.base in gone else fleet
        for fleet in case.fleets
        if fleet.kind != "helicopter"
    )
    units = tuple(
        replace(known.helicopter, key=f"sited helicopter {n}", base=case.sites[j].key, number=1)
        for n, j in enumerate(bases, start=1)
    )
    name = f"{case.settings.name}, sited"
    return replace(
        case,
        settings=replace(case.settings, name=name),
        facilities=(*kept, *new),
        fleets=(*fleets, *units),
    )


def _hospital(model: Facility, place: Site) -> Facility:
    return replace(
        model, key=f"{place.key} sited 2", latitude=place.latitude, longitude=place.longitude
    )


def _exact(
    known: _Map, cover: tuple[Array, Array], bases: tuple[int, ...], outcome: Outcome
) -> float | None:
    """Return the share covered by the hypercube: each site asks the nearest free helicopter."""
    near, covers = cover
    if len(bases) > MOST_EXACT:
        return None
    tasks = statistics.units(outcome).filter(pl.col("kind") == "helicopter")
    missions = float(tasks["missions_a_year_value"].sum())
    busy = float((tasks["share_of_time_busy_value"]).sum()) * 8766
    if not missions or not busy:
        return None
    flown = np.where(near, 0.0, known.weights)
    if not flown.sum():
        return 1.0
    calls = flown / flown.sum() * missions
    lists = np.argsort(known.km[:, list(bases)], axis=1, kind="stable")
    served = hypercube(calls, lists, missions / busy * 8766).served
    reached = (served * covers[:, list(bases)]).sum(axis=1) * known.helicopter.available
    return float((np.where(near, 1.0, reached) @ known.weights) / known.weights.sum())


def _table(
    outcomes: tuple[Outcome, Outcome], promised: tuple[float, float, float | None]
) -> pl.DataFrame:
    plain, expected, exact = promised
    rows: list[tuple[str, float | None, float | None, float | None]] = [
        ("promised by covering, every helicopter free", plain, None, None),
        ("promised by expected covering (MEXCLP)", expected, None, None),
        ("promised by the hypercube, serviceable and free", exact, None, None),
    ]
    for name, outcome in zip(("simulated as it is", "simulated as sited"), outcomes, strict=True):
        share = _share(outcome)
        rows.append((name, share.value, share.low, share.high))
    return pl.DataFrame(rows, schema=["answer", "share", "low", "high"], orient="row")


def _share(outcome: Outcome) -> Interval:
    found = statistics.summary(outcome)["clocks"]["surgery"]
    half = found["high"] - found["share"] if found["high"] is not None else float("nan")
    return Interval(found["share"] or 0.0, half, half, outcome.replications)


def _result(
    case: Case,
    table: pl.DataFrame,
    parts: tuple[_Map, Array, tuple[int, ...], float, int, int],
) -> Result:
    known, stand, bases, busy, replications, seed = parts
    hospitals = ", ".join(case.sites[j].key for j in stand)
    return Result(
        name="care_site",
        title=f"Share in surgery within {case.settings.clocks[2]:g} minutes: {case.settings.name}",
        table=table,
        units={"share": "of those operated on"},
        assumed=(
            f"level 2 hospitals at {hospitals}; helicopters at "
            f"{', '.join(case.sites[j].key for j in bases)}",
            f"what is promised rests on median times ({known.minutes_fixed:.0f} minutes besides "
            f"flight), on people in camp, by day and in good weather, and on helicopters that are "
            f"busy or unserviceable {busy:.1%} of the time, each for itself.",
            f"simulated: {replications} replications from seed {seed}, 95 % intervals, with the "
            "field, the night, the weather and the queues.",
        ),
    )
