"""Distances on the Earth: great circles, and what roads add to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG), in km: great circles are within 0.6 % of the ellipsoid's."""

ROAD_FACTOR = 1.4
"""Road distance over great-circle distance, where no route is known. An assumption, not a fact:
published averages for countries run from about 1.2 to 1.6. Every answer that uses it says so."""


def great_circle_km(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> Floats:
    """Return great-circle distances in km between points in degrees, by the haversine formula.

    The arguments broadcast: scalars, pairs of arrays, or a column against a row for a table.

    A degree along the equator is a 360th of the circumference:

    >>> round(float(great_circle_km(0, 0, 0, 1)), 3), round(2 * np.pi * EARTH_KM / 360, 3)
    (111.195, 111.195)
    """
    a, b = np.radians(latitude), np.radians(to_latitude)
    across = np.radians(np.asarray(to_longitude, dtype=float) - np.asarray(longitude, dtype=float))
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def distances_km(latitude: ArrayLike, longitude: ArrayLike) -> Floats:
    """Return the table of great-circle distances in km between all points: n x n, symmetric."""
    y, x = np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)
    return great_circle_km(y[:, None], x[:, None], y[None, :], x[None, :])


def road_km(great_circle: ArrayLike, factor: float = ROAD_FACTOR) -> Floats:
    """Return road distances guessed from great circles.

    >>> road_km([100.0], 1.5).tolist()
    [150.0]
    """
    return np.asarray(great_circle, dtype=float) * factor
