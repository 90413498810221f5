"""The frame of the reports: a style of its own, nothing loaded, nothing run; a drawing of bands."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BASE = 960, 150, 50, 10, 10, 130


def fill(package: str, context: Mapping[str, Any], style: str = "") -> str:
    """Return a package's ``report.html.j2`` filled in; its policy loads and runs nothing.

    ``style`` is what the package adds to the common style sheet.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    css = files("sulh.cases").joinpath("report.css").read_text(encoding="utf-8") + style
    template = files(package).joinpath("report.html.j2").read_text(encoding="utf-8")
    frame = {"css": Markup(css), "policy": _policy(css)}
    return environment.from_string(template).render({**context, **frame})


def _policy(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Band:
    """A middle value between two others, a step at a time, and a level to hold it against."""

    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]
    level: float


def bands(band: Band, description: str) -> Markup:
    """Return a band as SVG, from zero."""
    count = max(len(band.middle) - 1, 1)
    most = max(*band.high, band.level, 1e-9)

    def point(step: int, value: float) -> str:
        x = LEFT + step / count * (WIDTH - LEFT - RIGHT)
        return f"{x:.1f} {BASE - value / most * (BASE - TOP):.1f}"

    above = [point(k, value) for k, value in enumerate(band.high)]
    below = [point(k, value) for k, value in enumerate(band.low)]
    out = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
            'aria-label="{}">'
        ).format(WIDTH, HEIGHT, description)
    ]
    for part in range(3):
        y = BASE - part / 2 * (BASE - TOP)
        out.append(
            Markup(
                '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
                '<text class="tick" x="{}" y="{:.1f}">{:,.0f}</text>'
            ).format(LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, most * part / 2)
        )
    for day in range(0, len(band.middle), max(count // 6, 1)):
        x = LEFT + day / count * (WIDTH - LEFT - RIGHT)
        if x < WIDTH - 40:
            axis = Markup('<text class="axis" x="{:.1f}" y="{}">day {}</text>')
            out.append(axis.format(x, HEIGHT - 4, day + 1))
    path = "M" + "L".join([*above, *reversed(below)]) + "Z"
    out.append(Markup('<path class="band" d="{}"/>').format(path))
    middle = "M" + "L".join(point(k, value) for k, value in enumerate(band.middle))
    out.append(Markup('<path class="middle" d="{}"/>').format(middle))
    y = BASE - band.level / most * (BASE - TOP)
    out.append(
        Markup('<line class="level" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/></svg>').format(
            LEFT, WIDTH - RIGHT, y, y
        )
    )
    return Markup("").join(out)
