"""Airfields and towns: where they are, by name or near a point (airportsdata, MIT)."""

from __future__ import annotations

from functools import cache

import numpy as np

from sulh.methods.geodesy import great_circle_km

AIRFIELD_KM = 30.0


@cache
def _airfields() -> tuple[tuple[str, ...], np.ndarray]:
    import airportsdata

    rows = airportsdata.load("ICAO")
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
