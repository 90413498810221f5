"""Turn a case into the arrays of the compiled simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sulh.methods.geodesy import distances_km
from sulh.methods.simulation.streams import stream, streams
from sulh.questions.care.case import Case
from sulh.questions.care.engine.arrays import WEATHER_HOURS, Array, Lay, Rules
from sulh.questions.care.records import KINDS, Fleet, Spread

DRAIN_DAYS = 7
"""Days that a run goes on without new patients, so that the clocks of the last ones end."""


@dataclass(frozen=True)
class Layout:
    """A case as arrays: what `Lay` holds for every replication, and what patients are drawn from.

    ``processes`` has a row a process: site, cause, events an hour, casualties an event, share in
    the field, cumulative shares of priorities 1 to 3, radius (km). ``spreads`` has the median and
    the tenth (hours) of each time; ``treatment`` surgery, median and tenth of recovery by priority.
    """

    lay: Lay
    units: tuple[tuple[Fleet, int], ...]
    process_names: tuple[str, ...]
    processes: Array
    spreads: Array
    treatment: Array
    bad_weather: float

    def replication(self, seed: int, number: int) -> tuple[Lay, Array]:
        """Return the lay of a replication, with its weather and serviceability, and its streams."""
        days = int(self.lay.rules.hours // 24) + 1
        blocks = int(self.lay.rules.hours // WEATHER_HOURS) + 1
        weather = np.random.Generator(np.random.PCG64DXSM(_sequence(seed, number, "weather")))
        grounded = weather.random(blocks) < self.bad_weather
        up = np.ones((len(self.units), days), dtype=np.bool_)
        for place, (fleet, unit) in enumerate(self.units):
            if fleet.available < 1:
                name = f"unit/{fleet.key}/{unit}"
                draws = np.random.Generator(np.random.PCG64DXSM(_sequence(seed, number, name)))
                up[place] = draws.random(days) < fleet.available
        return (
            self.lay._replace(grounded=grounded, up=up),
            streams(seed, number, self.process_names),
        )



def _sequence(seed: int, number: int, name: str) -> np.random.SeedSequence:
    return np.random.SeedSequence([int(word) for word in stream(seed, number, name)])


def layout(case: Case) -> Layout:
    """Return the arrays of a case."""
    site_of = {site.key: number for number, site in enumerate(case.sites)}
    cause_of = {key: n for n, key in enumerate(dict.fromkeys(c.key for c in case.causes))}
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
        )
        for site, cause, rate in case.processes
    ]
    treatment = case.settings.treatment
    return Layout(
        lay=_lay(case),
        units=units_of(case),
        process_names=tuple(f"{site.key}/{cause.key}" for site, cause, _ in case.processes),
        processes=np.array(rows, dtype=np.float64).reshape(-1, 9),
        spreads=_spreads(case),
        treatment=np.array(
            [treatment.surgery, treatment.recovery_days, treatment.recovery_tenth], dtype=np.float64
        ),
        bad_weather=case.settings.bad_weather,
    )


def units_of(case: Case) -> tuple[tuple[Fleet, int], ...]:
    """Return the single units of the fleets, each with its number in its fleet from 1."""
    return tuple(
        (fleet, number) for fleet in case.fleets for number in range(1, fleet.number + 1)
    )


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
    return np.array([(s.median / 60, s.tenth / 60) for s in named], dtype=np.float64)


def _lay(case: Case) -> Lay:
    settings, places = case.settings, [*case.sites, *case.facilities]
    latitude = np.array([place.latitude for place in places], dtype=np.float64)
    longitude = np.array([place.longitude for place in places], dtype=np.float64)
    km = distances_km(latitude, longitude)
    number = {place.key: n for n, place in enumerate(places)}
    facilities, units = case.facilities, [fleet for fleet, _ in units_of(case)]
    road = [settings.road_factor if fleet.kind == "ambulance" else 1.0 for fleet in units]

    def of_units(values: list[Any], kind: Any = np.float64) -> Array:
        return np.array(values, dtype=kind)

    lay = Lay(
        km=km,
        latitude=np.radians(latitude),
        longitude=np.radians(longitude),
        sites=len(case.sites),
        level=np.array([f.level for f in facilities], dtype=np.int64),
        doctors=np.array([f.doctors for f in facilities], dtype=np.int64),
        theatres=np.array([f.theatres for f in facilities], dtype=np.int64),
        operations=np.array([f.operations_per_day for f in facilities], dtype=np.int64),
        beds=np.array([f.beds for f in facilities], dtype=np.int64),
        holding=np.array([f.holding_days * 24 for f in facilities], dtype=np.float64),
        airfield=np.array([f.airfield for f in facilities], dtype=np.bool_),
        transfer=np.zeros(len(facilities)),
        home=_homes(case, km),
        kind=of_units([KINDS.index(f.kind) for f in units], np.int64),
        base=of_units([number[f.base] for f in units], np.int64),
        # Roads are longer than great circles: what is left of speed and range along the latter.
        speed=of_units([f.speed_kmh / r for f, r in zip(units, road, strict=True)]),
        seats=of_units([f.seats for f in units], np.int64),
        reach=of_units([f.range_km / r for f, r in zip(units, road, strict=True)]),
        ready=of_units([f.readiness_minutes / 60 for f in units]),
        night=of_units([f.night for f in units], np.bool_),
        weather=of_units([f.weather for f in units], np.bool_),
        permission=of_units([f.permission for f in units], np.bool_),
        medic=of_units([f.medic for f in units], np.bool_),
        up=np.ones((len(units), 1), dtype=np.bool_),
        grounded=np.zeros(1, dtype=np.bool_),
        rules=Rules(
            hours=(settings.days + DRAIN_DAYS) * 24.0,
            sunrise=settings.sunrise,
            sunset=settings.sunset,
            divert=settings.divert_hours,
            loading=settings.times.loading / 60,
            onward_after=settings.treatment.onward_after_hours,
            most_work=settings.most_work,
        ),
    )
    return lay._replace(transfer=_transfers(lay, settings.times.permission.median / 60))


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


def _transfers(lay: Lay, permission: float) -> Array:
    """Return by facility the hours that the quickest means takes from there to surgery, or inf."""
    first, found = lay.sites, np.full(lay.level.size, np.inf)
    targets = np.flatnonzero((lay.level >= 2) & (lay.theatres > 0))
    for here in range(lay.level.size):
        for unit in range(lay.kind.size):
            out = lay.km[lay.base[unit], first + here]
            wait = lay.ready[unit] + (permission if lay.permission[unit] else 0.0)
            for target in targets:
                there = lay.km[first + here, first + target]
                if out + there <= lay.reach[unit] and (lay.kind[unit] != 2 or lay.airfield[target]):
                    hours = wait + (out + there) / lay.speed[unit] + lay.rules.loading
                    found[here] = min(found[here], hours)
    return found
