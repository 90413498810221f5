"""Turn a case into the arrays of the compiled simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sulh.methods.geodesy import distances_km, great_circle_km
from sulh.methods.simulation.seeding import names_of
from sulh.methods.simulation.streams import spread_of, stream
from sulh.questions.care.case import Case
from sulh.questions.care.engine.arrays import (
    AEROPLANE,
    FACILITY,
    NOW,
    UNIT,
    UNSERVICEABLE,
    WEATHER,
    WEATHER_HOURS,
    Array,
)
from sulh.questions.care.records import KINDS, Fleet, Spread

DRAIN_DAYS = 7
"""Days that a run goes on without new patients, so that the clocks of the last ones end."""


@dataclass(frozen=True)
class Layout:
    """A case as arrays: what stays the same in every replication.

    ``process_keys`` stand for the processes' names in the keys of streams (`seeding.names_of`), of
    events and then of patients. ``processes`` has a row a process: site, cause, events an hour,
    casualties an event, share in the field, cumulative shares of priorities 1 to 3, radius (km),
    shares operated on. ``spreads`` has the median (hours) and the spread (`streams.spread_of`) of
    each time; ``treatment`` the medians (days) and the spreads of recovery by priority. The rest is
    as in `arrays.World`; coordinates are in radians.
    """

    units_named: tuple[tuple[Fleet, int], ...]
    process_keys: tuple[Array, Array]
    processes: Array
    spreads: Array
    treatment: Array
    bad_weather: float
    now: Array
    km: Array
    near: Array
    latitude: Array
    longitude: Array
    homes: Array
    facilities: Array
    units: Array

    @property
    def hours(self) -> float:
        """Return the length of a run, with the days after the last patient."""
        return float(self.now["hours"][0])

    def hindrance(self, seed: int, number: int) -> Array:
        """Return by unit and block of `WEATHER_HOURS` what keeps it down in a replication."""
        blocks = int(self.hours // WEATHER_HOURS) + 1
        days = int(self.hours // 24) + 1
        found = np.zeros((len(self.units_named), blocks), dtype=np.int8)
        per_day = int(24 // WEATHER_HOURS)
        for place, (fleet, unit) in enumerate(self.units_named):
            if fleet.available < 1:
                down = _draws(seed, number, f"unit/{fleet.key}/{unit}", days) >= fleet.available
                found[place, np.repeat(down, per_day)[:blocks]] = UNSERVICEABLE
        bad = _draws(seed, number, "weather", blocks) < self.bad_weather
        found[np.ix_(self.units["weather"] == 1, bad)] = WEATHER
        return found

    def with_field(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """Return ``km`` and ``near`` with a row more for each point in the field, in radians."""
        y, x = np.degrees(latitude), np.degrees(longitude)
        here = np.degrees(self.latitude), np.degrees(self.longitude)
        km = great_circle_km(y[:, None], x[:, None], *here)
        near = nearest(km, len(self.facilities))
        return np.vstack([self.km, km]), np.vstack([self.near, near])


def nearest(km: Array, facilities: int) -> Array:
    """Return by row the facilities, whose columns are the last ones, from the nearest on."""
    last = km[:, km.shape[1] - facilities :]
    return np.argsort(last, axis=1, kind="stable").astype(np.int32)


def _draws(seed: int, number: int, name: str, count: int) -> Array:
    words = [int(word) for word in stream(seed, number, name)]
    return np.random.Generator(np.random.PCG64DXSM(words)).random(count)


def layout(case: Case) -> Layout:
    """Return the arrays of a case."""
    treatment, places = case.settings.treatment, case.places
    latitude = np.array([place.latitude for place in places], dtype=np.float64)
    longitude = np.array([place.longitude for place in places], dtype=np.float64)
    km = distances_km(latitude, longitude)
    facilities, units = _facilities(case), _units(case)
    now = _now(case)
    facilities["transfer"] = _transfers(case, km, facilities, units)
    names = [f"{site.key}/{cause.key}" for site, cause, _ in case.processes]
    return Layout(
        units_named=units_of(case),
        process_keys=(names_of(names), names_of([f"{name}/patients" for name in names])),
        processes=_processes(case),
        spreads=_spreads(case),
        treatment=spread_of(treatment.recovery_days, treatment.recovery_tenth),
        bad_weather=case.settings.bad_weather,
        now=now,
        km=km,
        near=nearest(km, len(facilities)),
        latitude=np.radians(latitude),
        longitude=np.radians(longitude),
        homes=_homes(case, km),
        facilities=facilities,
        units=units,
    )


def _processes(case: Case) -> Array:
    site_of = {site.key: number for number, site in enumerate(case.sites)}
    cause_of = {key: number for number, key in enumerate(case.cause_names)}
    rows = [
        (
            site_of[site.key],
            cause_of[cause.key],
            rate / cause.casualties_per_event,
            cause.casualties_per_event,
            cause.in_field,
            cause.priority_1,
            cause.priority_1 + cause.priority_2,
            cause.priority_1 + cause.priority_2 + cause.priority_3,
            site.radius_km,
            cause.surgery_1,
            cause.surgery_2,
            cause.surgery_3,
        )
        for site, cause, rate in case.processes
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 12)


def units_of(case: Case) -> tuple[tuple[Fleet, int], ...]:
    """Return the single units of the fleets, each with its number in its fleet from 1."""
    return tuple((fleet, number) for fleet in case.fleets for number in range(1, fleet.number + 1))


def _spreads(case: Case) -> Array:
    times = case.settings.times
    named: tuple[Spread, ...] = (
        times.first_aid_camp,
        times.first_aid_field,
        times.request,
        times.permission,
        times.stabilise,
        times.consultation,
        times.operation,
    )
    return spread_of([s.median / 60 for s in named], [s.tenth / 60 for s in named]).T


def _now(case: Case) -> Array:
    settings = case.settings
    now = np.zeros(1, dtype=NOW)
    now["sites"], now["most_work"] = len(case.sites), settings.most_work
    now["hours"] = (settings.days + DRAIN_DAYS) * 24.0
    now["sunrise"], now["sunset"] = settings.sunrise, settings.sunset
    now["divert"], now["loading"] = settings.divert_hours, settings.times.loading / 60
    now["onward_after"] = settings.treatment.onward_after_hours
    now["visitor"] = -1
    return now


def _facilities(case: Case) -> Array:
    found = np.zeros(len(case.facilities), dtype=FACILITY)
    for row, facility in zip(found, case.facilities, strict=True):
        row["level"], row["doctors"] = facility.level, facility.doctors
        row["theatres"], row["operations"] = facility.theatres, facility.operations_per_day
        row["beds"], row["holding"] = facility.beds, facility.holding_days * 24
        row["airfield"] = facility.airfield
    found["first_doctor"] = np.cumsum(found["doctors"]) - found["doctors"]
    found["day"] = -1
    return found


def _units(case: Case) -> Array:
    number = {place.key: n for n, place in enumerate(case.places)}
    named = units_of(case)
    found = np.zeros(len(named), dtype=UNIT)
    for row, (fleet, _) in zip(found, named, strict=True):
        # Roads are longer than great circles: what is left of speed and range along the latter.
        road = case.settings.road_factor if fleet.kind == "ambulance" else 1.0
        row["kind"], row["base"] = KINDS.index(fleet.kind), number[fleet.base]
        row["speed"], row["reach"] = fleet.speed_kmh / road, fleet.range_km / road
        row["seats"], row["ready"] = fleet.seats, fleet.readiness_minutes / 60
        row["night"], row["weather"] = fleet.night, fleet.weather
        row["permission"], row["medic"] = fleet.permission, fleet.medic
        row["place"], row["idle"], row["home"], row["load"] = row["base"], 1, 1, -1
    return found


def _homes(case: Case, km: Array) -> Array:
    """Return for each site the facility that its outpatients walk to, or -1."""
    first = len(case.sites)
    inside = [n for n, f in enumerate(case.facilities) if f.level < 4]
    found = np.full(first, -1, dtype=np.int64)
    for site in range(first):
        near = min(inside, key=lambda n: (km[site, first + n], n), default=-1)
        if near >= 0 and km[site, first + near] <= case.settings.walk_km:
            found[site] = near
    return found


def _transfers(case: Case, km: Array, facilities: Array, units: Array) -> Array:
    """Return by facility the hours that the quickest means takes from there to surgery, or inf."""
    first, found = len(case.sites), np.full(len(facilities), np.inf)
    permission = case.settings.times.permission.median / 60
    loading = case.settings.times.loading / 60
    targets = np.flatnonzero((facilities["level"] >= 2) & (facilities["theatres"] > 0))
    for here in range(len(facilities)):
        for unit in units:
            out = km[unit["base"], first + here]
            wait = unit["ready"] + (permission if unit["permission"] else 0.0) + loading
            for target in targets:
                there = km[first + here, first + target]
                lands = unit["kind"] != AEROPLANE or facilities["airfield"][target]
                if lands and out + there <= unit["reach"]:
                    found[here] = min(found[here], wait + (out + there) / unit["speed"])
    return found
