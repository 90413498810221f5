"""What a case of care is made of: sites, facilities, fleets of evacuation, causes, settings."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("ambulance", "helicopter", "aeroplane")
PRIORITIES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Site:
    """A place where people live; their field lies within ``radius_km`` of it. Degrees, WGS 84."""

    key: str
    latitude: float
    longitude: float
    people: int
    radius_km: float


@dataclass(frozen=True, slots=True)
class Facility:
    """A medical facility of level 1 to 4, or several of one level that share a place.

    ``operations_per_day`` counts operations that can wait; life-saving ones (priority 1) go on.
    Level 4 lies outside the operation: who is taken there has left it.
    """

    key: str
    latitude: float
    longitude: float
    level: int
    doctors: int
    theatres: int
    operations_per_day: int
    beds: int
    holding_days: float
    airfield: bool


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles or aircraft of one kind at one base.

    ``weather``: grounded by bad weather; ``night``: may move in the dark; ``permission``: waits for
    the approval of each task; ``medic``: enhanced care on board; ``available``: share of days on
    which one of them is serviceable.
    """

    key: str
    kind: str
    base: str
    number: int
    speed_kmh: float
    seats: int
    range_km: float
    readiness_minutes: float
    night: bool
    weather: bool
    permission: bool
    medic: bool
    available: float


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of casualties or sickness at a site, or at every site where ``site`` is None.

    Of its patients a share is of each priority (1 immediate, 2 urgent, 3 routine); the rest are
    outpatients, who walk to their level 1. ``surgery_…`` is the share of a priority that is
    operated on, ``in_field`` the share hurt away from the camp.
    """

    key: str
    site: str | None
    per_1000_person_years: float
    casualties_per_event: float
    in_field: float
    priority_1: float
    priority_2: float
    priority_3: float
    surgery_1: float
    surgery_2: float
    surgery_3: float

    @property
    def evacuated(self) -> float:
        """Return the share of its patients who are of priority 1 to 3, and no outpatients."""
        return self.priority_1 + self.priority_2 + self.priority_3


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal time: half are below the median, one in ten above ``tenth``."""

    median: float
    tenth: float


@dataclass(frozen=True, slots=True)
class Times:
    """How long things take, in minutes."""

    first_aid_camp: Spread
    first_aid_field: Spread
    request: Spread
    permission: Spread
    stabilise: Spread
    consultation: Spread
    operation: Spread
    loading: float


@dataclass(frozen=True, slots=True)
class Treatment:
    """How long patients of priority 1, 2 and 3 stay, in days, and when they may be moved on."""

    recovery_days: tuple[float, float, float]
    recovery_tenth: tuple[float, float, float]
    onward_after_hours: float


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``case.toml`` says. Hours of the day are local; clocks are in minutes from injury."""

    name: str
    month: str
    days: int
    clocks: tuple[float, float, float]
    sunrise: float
    sunset: float
    bad_weather: float
    road_factor: float
    divert_hours: float
    walk_km: float
    most_patients: int
    most_work: int
    times: Times
    treatment: Treatment
