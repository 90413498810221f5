"""Drawings of a plan as SVG text: lanes over months, steps, lines and stacked bars.

Every text is escaped; colours are classes of the page's style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, LEFT, RIGHT, LANE = 960, 190, 10, 15
_PLOT = WIDTH - LEFT - RIGHT


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from a month to a month, both included, as indices; ``kind`` is its class."""

    first: int
    last: int
    kind: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of bars; a lane with ``heading`` opens a group and has no bars."""

    label: str
    bars: tuple[Bar, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A series of one value a month (None: no value); ``kind`` is its class."""

    name: str
    kind: str
    values: Sequence[float | None]


def gantt(lanes: Sequence[Lane], months: Sequence[str], description: str) -> Markup:
    """Return lanes over months."""
    step = _PLOT / max(len(months), 1)
    height = LANE * len(lanes) + 24
    out = [_open(height, description), _axis(months, height)]
    for place, lane in enumerate(lanes):
        top = 20 + place * LANE
        kind = "group" if lane.heading else "label"
        out.append(
            Markup('<text class="{}" x="{}" y="{}">{}</text>').format(
                kind, 4 if lane.heading else 14, top + 11, _cut(lane.label, 30)
            )
        )
        out += [_bar(bar, top, step) for bar in lane.bars]
    return _join([*out, Markup("</svg>")])


def _bar(bar: Bar, top: float, step: float) -> Markup:
    left, width = LEFT + bar.first * step, max((bar.last - bar.first + 1) * step - 1, 1)
    shape = Markup(
        '<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="2">'
        "<title>{}</title></rect>"
    ).format(bar.kind, left, top + 1, width, LANE - 3, bar.title)
    letters = int(width / 6)
    if not bar.text or letters < 3:
        return shape
    return shape + Markup('<text class="within" x="{:.1f}" y="{}">{}</text>').format(
        left + 3, top + 10, _cut(bar.text, letters)
    )


def lines(
    series: Sequence[Line], months: Sequence[str], description: str, *, percent: bool = False
) -> Markup:
    """Return series over months as steps, from zero, with a legend."""
    height, base, top = 230, 200, 36
    values = [value for line in series for value in line.values if value is not None]
    quarter = 0.01 if percent else 1
    # Four steps of whole numbers, so that what stands beside a line is where it lies.
    most = 4 * quarter * max(math.ceil(max(values, default=0.0) / (4 * quarter) - 1e-9), 1)
    step, scale = _PLOT / max(len(months), 1), (base - top) / most
    out = [_open(height, description), _axis(months, base + 4)]
    for part in range(5):
        level = most * part / 4
        shown = f"{level:.0%}" if percent else f"{level:,.0f}"
        y = base - level * scale
        out.append(
            Markup(
                '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
                '<text class="tick" x="{}" y="{:.1f}">{}</text>'
            ).format(LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, shown)
        )
    for place, line in enumerate(series):
        out.append(_steps(line, step, base, scale))
        out.append(
            Markup('<text class="legend {}" x="{}" y="{}">{}</text>').format(
                line.kind, LEFT + 8 + place * 220, base + 22, f"— {line.name}"
            )
        )
    return _join([*out, Markup("</svg>")])


def _steps(line: Line, step: float, base: float, scale: float) -> Markup:
    points, pen = [], "M"
    for month, value in enumerate(line.values):
        if value is None:
            pen = "M"
            continue
        left, y = LEFT + month * step, base - value * scale
        points.append(f"{pen}{left:.1f} {y:.1f}H{left + step:.1f}")
        pen = "L"
    return Markup('<path class="series {}" d="{}"/>').format(line.kind, " ".join(points))


def stacked(
    rows: Sequence[tuple[str, Sequence[float]]], kinds: Sequence[str], description: str
) -> Markup:
    """Return one horizontal bar a row, its parts one beside the other, with a legend."""
    height = 24 * len(rows) + 30
    most = max((sum(parts) for _, parts in rows), default=0.0) or 1.0
    out = [_open(height, description)]
    for place, (label, parts) in enumerate(rows):
        top, left = 4 + place * 24, float(LEFT)
        out.append(Markup('<text class="label" x="14" y="{}">{}</text>').format(top + 13, label))
        for number, part in enumerate(parts):
            width = part / most * (_PLOT - 120)
            out.append(
                Markup(
                    '<rect class="part{}" x="{:.1f}" y="{}" width="{:.1f}" height="18">'
                    "<title>{}: {:,.0f} USD</title></rect>"
                ).format(number, left, top, width, kinds[number], part)
            )
            left += width
        out.append(
            Markup('<text class="label" x="{:.1f}" y="{}">{:,.1f} million USD</text>').format(
                left + 6, top + 13, sum(parts) / 1e6
            )
        )
    for number, kind in enumerate(kinds):
        out.append(
            Markup('<text class="legend mark{}" x="{}" y="{}">■ {}</text>').format(
                number, LEFT + number * 160, height - 8, kind
            )
        )
    return _join([*out, Markup("</svg>")])


def _open(height: float, description: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    ).format(WIDTH, height, description)


def _axis(months: Sequence[str], height: float) -> Markup:
    """Return a line and a name every half year."""
    step = _PLOT / max(len(months), 1)
    out = []
    for place, month in enumerate(months):
        if place == 0 or month.endswith(("-01", "-07")):
            out.append(
                Markup(
                    '<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="16" y2="{1}"/>'
                    '<text class="axis" x="{2:.1f}" y="12">{3}</text>'
                ).format(LEFT + place * step, height, LEFT + place * step + 2, month)
            )
    return _join(out)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: max(letters - 1, 1)] + "…"


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("\n").join(escape(part) for part in parts)
