"""Latitude and longitude that were exchanged: mended where it can be proved, else put in doubt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sulh.facts.normalise import name_key
from sulh.intake.base import Flag
from sulh.intake.figures import counted

_NEAR_DEGREES = 3.0

Point = tuple[float, float]


@dataclass(frozen=True)
class _Judged:
    point: Point | tuple[None, None]
    verdicts: tuple[str, ...]


def mended(
    frame: pl.DataFrame, known: Mapping[str, Sequence[Point]]
) -> tuple[pl.DataFrame, list[Flag]]:
    """Return the frame with ``latitude`` and ``longitude`` in their columns.

    ``known`` gives the points, latitude first, at which a place or an operation is known to lie,
    by `sulh.facts.normalise.name_key` of ``headquarters`` and ``operation_name``. A pair is
    exchanged where the exchanged pair lies within 3 degrees of such a point and nearer than the
    printed one, or at less than a quarter of its distance, or where the latitude is beyond 90
    degrees. Without such a proof a pair stays as printed; where it lies farther than 3 degrees
    from every known point, or beyond the globe, it is put in doubt.
    """
    columns = ("headquarters", "operation_name", "latitude", "longitude")
    judged = [
        _judge((latitude, longitude), _points(known, place, operation))
        for place, operation, latitude, longitude in frame.select(columns).iter_rows()
    ]
    result = frame.with_columns(
        pl.Series("latitude", [one.point[0] for one in judged], dtype=pl.Float64),
        pl.Series("longitude", [one.point[1] for one in judged], dtype=pl.Float64),
    )
    lines = {
        verdict: [
            line for line, one in zip(frame["line"], judged, strict=True) if verdict in one.verdicts
        ]
        for verdict in ("exchanged", "far", "impossible")
    }
    return result, [
        *counted(
            "coordinates_exchanged",
            "latitude and longitude stood in each other's column and were exchanged",
            lines["exchanged"],
            "repaired",
        ),
        *counted(
            "coordinates_far",
            "the point lies more than 3 degrees from where the place is known to be",
            lines["far"],
            "doubt",
        ),
        *counted(
            "coordinates_impossible",
            "no point of the globe; it was left out",
            lines["impossible"],
            "doubt",
        ),
    ]


def _points(known: Mapping[str, Sequence[Point]], *names: str | None) -> list[Point]:
    return [point for name in names if name for point in known.get(name_key(name), ())]


def _judge(pair: tuple[float | None, float | None], known: Sequence[Point]) -> _Judged:
    latitude, longitude = pair
    if latitude is None or longitude is None:
        return _Judged((None, None), ())
    printed, turned = (latitude, longitude), (longitude, latitude)
    if not _on_globe(printed):
        if not _on_globe(turned):
            return _Judged((None, None), ("impossible",))
        return _Judged(turned, ("exchanged", *_far(turned, known)))
    if known and _on_globe(turned):
        near, other = _distance(turned, known), _distance(printed, known)
        if near < other and (near <= _NEAR_DEGREES or near < other / 4):
            return _Judged(turned, ("exchanged", *_far(turned, known)))
    return _Judged(printed, _far(printed, known))


def _on_globe(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


def _distance(point: Point, known: Sequence[Point]) -> float:
    return min(math.hypot(point[0] - other[0], point[1] - other[1]) for other in known)


def _far(point: Point, known: Sequence[Point]) -> tuple[str, ...]:
    return ("far",) if known and _distance(point, known) > _NEAR_DEGREES else ()
