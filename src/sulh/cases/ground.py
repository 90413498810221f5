"""A map of places for the reports: a frame round them, land behind them, a bar of kilometres."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from sulh.cases.outlines import outlines

WIDTH, MOST_HIGH = 960.0, 560.0
_SIDE, _ABOVE, _BELOW = 110.0, 40.0, 60.0
_KM_PER_DEGREE = 111.2
_LEAST_DEGREES = 0.5
_BARS = (2_000, 1_000, 500, 200, 100, 50, 20, 10, 5)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """A plain map: longitudes are narrowed as at the middle latitude.

    ``west`` and ``north`` are degrees at the corner of the frame, ``scale`` pixels a degree of
    latitude; ``middle`` is the longitude that others are counted from, so that places on both
    sides of the date line lie side by side.
    """

    west: float
    north: float
    narrow: float
    scale: float
    height: float
    middle: float

    @classmethod
    def around(cls, places: Sequence[Point]) -> Ground:
        """Return the frame round places given as latitude and longitude.

        >>> Ground.around([(10.0, 0.0), (20.0, 5.0)]).at(20.0, 0.0)
        (368.9, 40.0)
        """
        middle = _middle([longitude for _, longitude in places])
        east = [_from(middle, longitude) for _, longitude in places]
        south, north = min(y for y, _ in places), max(y for y, _ in places)
        narrow = max(math.cos(math.radians((south + north) / 2)), 0.1)
        high = max(north - south, _LEAST_DEGREES)
        wide = max((max(east) - min(east)) * narrow, _LEAST_DEGREES)
        scale = min((WIDTH - 2 * _SIDE) / wide, (MOST_HIGH - _ABOVE - _BELOW) / high)
        left = (WIDTH - wide * scale) / 2 / scale / narrow
        height = high * scale + _ABOVE + _BELOW
        return cls(min(east) - left, north + _ABOVE / scale, narrow, scale, height, middle)

    def at(self, latitude: float, longitude: float) -> Point:
        """Return a place in pixels from the upper left corner."""
        x = (_from(self.middle, longitude) - self.west) * self.narrow * self.scale
        return round(x, 1), round((self.north - latitude) * self.scale, 1)

    def opened(self, label: str) -> Markup:
        """Return the beginning of the drawing, with the land; the caller closes it."""
        begin = Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {:g} {:.0f}" '
            'role="img" aria-label="{}">'
        ).format(WIDTH, self.height, label)
        return begin + self._land() + self._bar()

    def _land(self) -> Markup:
        """Return the outlines of the nations in the frame; their borders are a drawing aid."""
        paths = []
        under = []
        for rings in _rings():
            points = [self.at(latitude, longitude) for longitude, latitude in rings]
            if self._seen(points):
                path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"
                # Neighbours are thinned apart: what is below hides the gaps between them.
                under.append(Markup('<path class="land under" d="{}"/>').format(path))
                paths.append(Markup('<path class="land" d="{}"/>').format(path))
        return Markup("").join([*under, *paths])

    def _seen(self, points: Sequence[Point]) -> bool:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        near = max(xs) >= 0 and min(xs) <= WIDTH and max(ys) >= 0 and min(ys) <= self.height
        # A ring that is torn apart where the map ends would be drawn across it.
        torn = any(abs(a - b) > 180 * self.narrow * self.scale for a, b in pairwise(xs))
        return near and not torn

    def _bar(self) -> Markup:
        pixels = self.scale / _KM_PER_DEGREE
        km = next((km for km in _BARS if km * pixels < WIDTH / 4), _BARS[-1])
        return Markup(
            '<path class="bar-km" d="M20 {:.0f}h{:.1f}"/><text class="axis" x="20" y="{:.0f}">'
            "{:,} km</text>"
        ).format(self.height - 12, km * pixels, self.height - 18, km)


def _rings() -> Iterator[list[list[float]]]:
    for shape in outlines().values():
        for polygon in shape["coordinates"]:
            yield polygon[0]


def _middle(longitudes: Iterable[float]) -> float:
    """Return the middle of longitudes on the circle, 0 where they have none."""
    angles = [math.radians(longitude) for longitude in longitudes]
    x, y = sum(map(math.cos, angles)), sum(map(math.sin, angles))
    return math.degrees(math.atan2(y, x)) if math.hypot(x, y) > 1e-9 else 0.0


def _from(middle: float, longitude: float) -> float:
    """Return a longitude in degrees east of the middle, from -180 up to 180."""
    return (longitude - middle + 180) % 360 - 180
