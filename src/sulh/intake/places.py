"""Where headquarters are known to lie, to judge coordinates by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sulh.facts.normalise import name_key
from sulh.facts.table import parts, read_table
from sulh.intake.coordinates import Point


@cache
def known_places() -> Mapping[str, tuple[Point, ...]]:
    """Return the points of headquarters, latitude first, by the key of their names.

    The gazetteer of operations gives them, recalled ones too: they decide only in which order a
    source meant its own two figures. A point is found by the town, the acronym of the operation
    and its aliases.

    >>> known_places()["mogadishu"][0]
    (2.0349, 45.3419)
    """
    found: dict[str, dict[Point, None]] = {}
    for row in read_table("operations"):
        if row["lat"] and row["lon"]:
            point = (float(row["lat"]), float(row["lon"]))
            for name in (row["headquarters"], row["operation"], *parts(row["aliases"])):
                found.setdefault(name_key(name), {})[point] = None
    return {name: tuple(points) for name, points in found.items() if name}
