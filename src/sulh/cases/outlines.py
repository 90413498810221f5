"""Outlines of nations from the package countryinfo, thinned for a small map.

The outlines are those of the package (MIT licence), with a few of ``land.toml``. They are a
drawing aid: the boundaries imply no endorsement or acceptance by anybody. Nations without an
outline are drawn as a point.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from math import hypot
from pathlib import Path
from typing import Any

Ring = list[list[float]]
_TOLERANCE = 0.22  # degrees: half a pixel on a map of 720 pixels
_LEFT_OUT = {"ATA"}


@cache
def outlines() -> dict[str, dict[str, Any]]:
    """Return a GeoJSON geometry for each nation that is drawn, by ISO alpha-3 code."""
    found = {}
    for code, record in _records():
        rings = [ring for polygon in _polygons(record) for ring in _kept(polygon)]
        if rings and code not in _LEFT_OUT:
            found[code] = _geometry(rings)
    return dict(sorted((found | _amended()).items()))


def _geometry(rings: list[Ring]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def _amended() -> dict[str, dict[str, Any]]:
    """Return the outlines that are drawn otherwise than in the package, or are absent there."""
    text = files(__package__).joinpath("land.toml").read_text(encoding="utf-8")
    rings = tomllib.loads(text)
    return {code: _geometry([_wound([*ring, ring[0]])]) for code, ring in rings.items()}


@cache
def positions() -> dict[str, tuple[float, float]]:
    """Return a point (longitude, latitude) in each nation, by ISO alpha-3 code."""
    found: dict[str, tuple[float, float]] = {}
    for code, record in _records():
        for key in ("latlng", "capital_latlng"):
            place = list(record.get(key) or [])
            if len(place) == 2 and all(isinstance(part, int | float) for part in place):
                found.setdefault(code, (float(place[1]), float(place[0])))
    return found


@cache
def _records() -> tuple[tuple[str, dict[str, Any]], ...]:
    spec = find_spec("countryinfo")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else Path()
    records = []
    for file in sorted(folder.glob("*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        code = record.get("ISO", {}).get("alpha3")
        if code:
            records.append((code, record))
    return tuple(records)


def _polygons(record: dict[str, Any]) -> Iterator[Ring]:
    """Yield the outer rings of a record's geometry."""
    for feature in (record.get("geoJSON") or {}).get("features", []):
        geometry = feature.get("geometry") or {}
        kind, coordinates = geometry.get("type"), geometry.get("coordinates", [])
        if kind == "Polygon":
            yield coordinates[0]
        elif kind == "MultiPolygon":
            yield from (polygon[0] for polygon in coordinates)


def _kept(ring: Ring) -> Iterator[Ring]:
    """Yield the ring thinned and wound; nothing if it is a speck."""
    half = len(ring) // 2
    thin = _thinned(ring[: half + 1])[:-1] + _thinned(ring[half:])
    if len(thin) >= 4:
        rounded = [[round(x, 2), round(y, 2)] for x, y, *_ in thin]
        yield _wound(rounded)


def _wound(ring: Ring) -> Ring:
    """Return a ring wound clockwise, as d3 wants it."""
    return ring if _signed_area(ring) < 0 else ring[::-1]


def _thinned(points: Ring) -> Ring:
    """Return a line with fewer points, none further off than the tolerance (Douglas-Peucker)."""
    kept = [False] * len(points)
    kept[0] = kept[-1] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        worst, place = 0.0, 0
        for i in range(first + 1, last):
            gap = _distance(points[i], points[first], points[last])
            if gap > worst:
                worst, place = gap, i
        if worst > _TOLERANCE:
            kept[place] = True
            stack += [(first, place), (place, last)]
    return [point for point, keep in zip(points, kept, strict=True) if keep]


def _distance(point: list[float], start: list[float], end: list[float]) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    if length == 0:
        return hypot(point[0] - start[0], point[1] - start[1])
    return abs(dy * (point[0] - start[0]) - dx * (point[1] - start[1])) / length


def _signed_area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2
