"""What a case of supply is made of."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("source", "depot", "site")
MODES = ("road", "air")


@dataclass(frozen=True, slots=True)
class Node:
    """A place: a source that never runs dry, a depot, or a site; all may hold persons."""

    key: str
    role: str
    latitude: float
    longitude: float
    persons: int
    water_made_here: float


@dataclass(frozen=True, slots=True)
class Commodity:
    """What is needed, in kg a person and day, and how much of it is held, in days of supply."""

    key: str
    kg_per_person_day: float
    start_days: float
    reorder_days: float
    fill_days: float


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles of a kind that serve the routes that name them."""

    key: str
    mode: str
    vehicles: int
    payload_t: float
    speed_kmh: float
    hours_per_day: float
    usd_per_km: float
    usd_per_day: float
    kg_co2_per_km: float
    serviceable: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one place to another, with its threat.

    ``urgent_days`` is the days of supply at or below which it is used (None: always); ``closed``
    the months of the year, 1 to 12, in which it is shut; ``escort`` whether a trip takes one.
    """

    key: str
    origin: str
    destination: str
    fleet: str
    km: float
    handling_days: int
    convoy_vehicles: int
    escort: bool
    urgent_days: float | None
    closed: frozenset[int]
    attacks_per_1000_km: float
    load_lost: float
    blocked_days: int
    breakdowns_per_1000_km: float
    repair_days: int

    def days(self, fleet: Fleet) -> int:
        """Return whole days from loading to unloading, at least 1."""
        hours = self.km / fleet.speed_kmh
        return max(1, -int(-hours // fleet.hours_per_day)) + self.handling_days
