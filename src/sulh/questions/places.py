"""Airfields and towns: where they are, by name or near a point (airportsdata, MIT)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sulh.core.errors import AmbiguousName, BadRequest, UnknownName
from sulh.facts.states import by_nation
from sulh.methods.geodesy import great_circle_km

AIRFIELD_KM = 30.0
ONE_TOWN_KM = 100.0
FAR_KM = 300.0
"""Further from any airfield than this, a place is likely to be at sea."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point and how it was found; ``airfield`` is the nearest within 100 km, or None."""

    name: str
    latitude: float
    longitude: float
    airfield: str | None


def place_named(text: str) -> Place:
    """Return a place given as ``LATITUDE,LONGITUDE`` or as the town of an airfield.

    A nation after a comma tells towns of one name apart. Raises `UnknownName`, `AmbiguousName`, or
    `BadRequest` for coordinates off the Earth.

    >>> place_named("Goma, COD").airfield, place_named("-1.67,29.23").airfield
    ('FZNA', 'FZNA')
    """
    point = _coordinates(text)
    if point is not None:
        return Place(text.strip(), *point, airfield_near(*point, km=100.0))
    town, _, where = (part.strip() for part in text.partition(","))
    nation = where.upper() and _alpha_2(where)
    rows = [
        row
        for row in _table().values()
        if row["city"].casefold() == town.casefold() and nation in ("", row["country"])
    ]
    nations = sorted({row["country"] for row in rows})
    if not rows:
        raise UnknownName(
            f"no airfield is listed for a town {text[:60]!r}",
            "places are found by the towns of airfields",
            "give coordinates: --place '21.19,92.14'",
        )
    if len(nations) > 1:
        raise AmbiguousName(
            f"{town[:60]!r} is a town in {', '.join(nations)}",
            "it is not known which is meant",
            f"write for example '{town}, {nations[0]}', or give coordinates",
        )
    first = min(rows, key=lambda row: str(row["icao"]))
    far = [row for row in rows if _apart(first, row) > ONE_TOWN_KM]
    if far:
        raise AmbiguousName(
            f"{town[:60]!r} is a town in {first['subd']} and in {far[0]['subd']}",
            "it is not known which is meant",
            "give coordinates: --place 'LATITUDE,LONGITUDE'",
        )
    return Place(f"{first['city']}, {first['country']}", first["lat"], first["lon"], first["icao"])


def _apart(a: dict[str, Any], b: dict[str, Any]) -> float:
    return float(great_circle_km(a["lat"], a["lon"], b["lat"], b["lon"]))


def _coordinates(text: str) -> tuple[float, float] | None:
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return latitude, longitude
    raise BadRequest(
        f"{text[:60]!r} is not on the Earth",
        "a latitude lies from -90 to 90 and a longitude from -180 to 180",
        "write latitude first",
    )


def _alpha_2(text: str) -> str:
    """Return a nation's two-letter code, which airfields have, from two or three letters."""
    from countryinfo import CountryInfo, CountryNotFoundError

    code = text.upper()
    if len(code) != 3 or code not in by_nation():
        return code
    try:
        return str(CountryInfo(code).iso(2) or code)
    except CountryNotFoundError:
        return code


@cache
def _table() -> dict[str, Any]:
    import airportsdata

    return dict(airportsdata.load("ICAO"))


@cache
def _airfields() -> tuple[tuple[str, ...], np.ndarray]:
    rows = _table()
    return tuple(rows), np.array([[row["lat"], row["lon"]] for row in rows.values()])


def airfield_near(latitude: float, longitude: float, km: float = AIRFIELD_KM) -> str | None:
    """Return the ICAO code of the nearest airfield within so many km, if there is one.

    >>> airfield_near(16.27, -0.04)
    'GAGO'
    """
    codes, at = _airfields()
    away = great_circle_km(latitude, longitude, at[:, 0], at[:, 1])
    nearest = int(np.argmin(away))
    return codes[nearest] if away[nearest] <= km else None


def remote(name: str, latitude: float, longitude: float) -> str | None:
    """Return a note on a place that is further than `FAR_KM` from any airfield, else None.

    >>> remote("X", 0, -30)
    'X lies more than 300 km from any airfield known: is it at sea?'
    """
    if airfield_near(latitude, longitude, FAR_KM) is not None:
        return None
    return f"{name} lies more than {FAR_KM:g} km from any airfield known: is it at sea?"
