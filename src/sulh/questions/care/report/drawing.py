"""Drawings of a simulation as SVG text: the map, curves of arrival, bars. Colours are classes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 960


@dataclass(frozen=True, slots=True)
class Spot:
    """A site on the map: people, and the share within the clock of surgery or None."""

    name: str
    latitude: float
    longitude: float
    people: int
    share: float | None
    notes: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A facility or a base on the map, drawn as a square of its class."""

    name: str
    latitude: float
    longitude: float
    kind: str
    text: str


def map_of(spots: Sequence[Spot], marks: Sequence[Mark]) -> Markup:
    """Return a map in plain coordinates, longitudes narrowed as at the middle latitude."""
    everywhere = [(s.latitude, s.longitude) for s in spots] + [
        (m.latitude, m.longitude) for m in marks
    ]
    south, north = min(y for y, _ in everywhere), max(y for y, _ in everywhere)
    west, east = min(x for _, x in everywhere), max(x for _, x in everywhere)
    narrow = max(math.cos(math.radians((south + north) / 2)), 0.1)
    high, wide = max(north - south, 0.5), max((east - west) * narrow, 0.5)
    scale = min((WIDTH - 320) / wide, 560 / high)
    height = high * scale + 90

    def place(latitude: float, longitude: float) -> tuple[float, float]:
        return 150 + (longitude - west) * narrow * scale, 45 + (north - latitude) * scale

    most = max((spot.people for spot in spots), default=1) or 1
    out = [_open(height, "Map of sites and facilities"), _bar_of_km(scale, height)]
    for spot in spots:
        x, y = place(spot.latitude, spot.longitude)
        radius = 4 + 22 * math.sqrt(spot.people / most)
        out.append(
            Markup(
                '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{}</title></circle>'
            ).format(shade(spot.share), x, y, radius, spot.notes)
        )
    for mark in marks:
        x, y = place(mark.latitude, mark.longitude)
        out.append(_marked(mark, x, y))
    for spot in spots:
        x, y = place(spot.latitude, spot.longitude)
        radius = 4 + 22 * math.sqrt(spot.people / most)
        out.append(
            Markup('<text class="place" x="{:.1f}" y="{:.1f}">{}</text>').format(
                x, y + radius + 11, spot.name
            )
        )
    return _join([*out, Markup("</svg>")])


def _marked(mark: Mark, x: float, y: float) -> Markup:
    offset = {"hospital": (0.0, -7.0), "helicopter": (12.0, 4.0), "aeroplane": (-12.0, 4.0)}
    dx, dy = offset[mark.kind]
    return Markup(
        '<g class="{0}"><rect x="{1:.1f}" y="{2:.1f}" width="12" height="12" rx="2"/>'
        '<text x="{3:.1f}" y="{4:.1f}">{5}</text><title>{6}</title></g>'
    ).format(mark.kind, x + dx - 6, y + dy - 6, x + dx, y + dy + 3.5, mark.text, mark.name)


def shade(share: float | None) -> str:
    """Return the class of a share: five steps, or none where it is not known."""
    return "none" if share is None else f"step{min(int(share * 5), 4)}"


def _bar_of_km(scale: float, height: float) -> Markup:
    length = next(km for km in (500, 200, 100, 50, 20, 10, 5) if km / 111.2 * scale < 260)
    wide = length / 111.2 * scale
    return Markup(
        '<path class="axis-line" d="M20 {1:.0f}h{0:.1f}"/><text class="axis" x="20" y="{2:.0f}">'
        "{3} km</text>"
    ).format(wide, height - 12, height - 18, length)


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares that have arrived by each of the minutes."""

    name: str
    kind: str
    shares: Sequence[float]


def curves(minutes: Sequence[float], lines: Sequence[Curve], clocks: Sequence[float]) -> Markup:
    """Return cumulative shares over minutes on a scale of roots, with the clocks as lines."""
    left, right, top, base = 60, 150, 14, 270
    most = math.sqrt(minutes[-1])

    def across(minute: float) -> float:
        return left + (WIDTH - left - right) * math.sqrt(minute) / most

    out = [_open(base + 34, "Share that has reached care by minutes from injury")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = base - share * (base - top)
        out.append(
            Markup(
                '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
                '<text class="tick" x="{}" y="{:.1f}">{:.0%}</text>'
            ).format(left, WIDTH - right, y, y, left - 6, y + 4, share)
        )
    for minute in (10, 60, 120, 360, 720, 1440):
        if minute <= minutes[-1]:
            text = f"{minute} min" if minute < 60 else f"{minute // 60} h"
            kind = "clock" if minute in clocks else "grid"
            out.append(
                Markup(
                    '<line class="{0}" x1="{1:.1f}" x2="{1:.1f}" y1="{2}" y2="{3}"/>'
                    '<text class="axis middle" x="{1:.1f}" y="{4}">{5}</text>'
                ).format(kind, across(minute), top, base, base + 16, text)
            )
    for place, line in enumerate(lines):
        points = " ".join(
            f"{'ML'[number > 0]}{across(m):.1f} {base - s * (base - top):.1f}"
            for number, (m, s) in enumerate(zip(minutes, line.shares, strict=True))
        )
        out.append(Markup('<path class="series {}" d="{}"/>').format(line.kind, points))
        out.append(
            Markup('<text class="legend {}" x="{}" y="{}">— {}</text>').format(
                line.kind, WIDTH - right + 8, top + 14 + 18 * place, line.name
            )
        )
    return _join([*out, Markup("</svg>")])


def bars(rows: Sequence[tuple[str, float, str]], description: str) -> Markup:
    """Return one horizontal bar a row: label, length, text behind it."""
    most = max((length for _, length, _ in rows), default=0.0) or 1.0
    out = [_open(22 * len(rows) + 6, description)]
    for place, (label, length, text) in enumerate(rows):
        top = 3 + place * 22
        wide = length / most * (WIDTH - 520)
        out.append(
            Markup(
                '<text class="label" x="4" y="{0}">{1}</text>'
                '<rect class="bar" x="210" y="{2}" width="{3:.1f}" height="16"/>'
                '<text class="label" x="{4:.1f}" y="{0}">{5}</text>'
            ).format(top + 12, label, top, wide, 216 + wide, text)
        )
    return _join([*out, Markup("</svg>")])


def hours(rows: Sequence[tuple[str, Sequence[float], float]], description: str) -> Markup:
    """Return a row of 24 cells for each facility, shaded by the share of its capacity in use."""
    out = [_open(20 * len(rows) + 24, description)]
    step = (WIDTH - 330) / 24
    out += [
        Markup('<text class="axis" x="{:.1f}" y="12">{:02d}:00</text>').format(
            210 + hour * step, hour
        )
        for hour in range(0, 24, 3)
    ]
    for place, (label, used, capacity) in enumerate(rows):
        top = 18 + place * 20
        out.append(Markup('<text class="label" x="4" y="{}">{}</text>').format(top + 12, label))
        for hour, value in enumerate(used):
            share = value / capacity if capacity else 0.0
            out.append(
                Markup(
                    '<rect class="heat" x="{:.1f}" y="{}" width="{:.1f}" height="16" '
                    'fill-opacity="{:.2f}"><title>{:02d}:00, {:.2f} in use</title></rect>'
                ).format(210 + hour * step, top, step - 1, min(share, 1.0), hour, value)
            )
        mean = sum(used) / len(used)
        out.append(
            Markup('<text class="label" x="{:.1f}" y="{}">{:.2f} of {:g}</text>').format(
                216 + 24 * step, top + 12, mean, capacity
            )
        )
    return _join([*out, Markup("</svg>")])


def _open(height: float, description: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {:.0f}" role="img" '
        'aria-label="{}">'
    ).format(WIDTH, height, description)


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("\n").join(escape(part) for part in parts)
