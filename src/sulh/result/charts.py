"""Charts as Vega-Lite specifications, drawn to SVG or PNG without a browser.

Specifications are plain dictionaries and are drawn by vl-convert: importing altair would cost more
than drawing. `sulh.briefing` builds its charts on the same style.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Spec = dict[str, Any]

INK, MUTED, RULE, FAINT = "#1d2733", "#596673", "#d5dae0", "#eef1f4"
BLUE, AMBER, GREEN, PURPLE, GREY = "#1f6296", "#d18f1f", "#2f8f7a", "#8a5a9e", "#8d99a6"
PALETTE = (BLUE, AMBER, GREEN, PURPLE, GREY, "#b5533c")
MORE = ("#7db4d8", "#ecc988", "#86cbbb", "#c3a6d0", "#46525e", "#dd9c8c", "#97a53b")
SANS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Style:
    """How charts look: direction of writing, font, and the separators of numbers."""

    direction: str = "ltr"
    font: str = SANS
    decimal: str = "."
    thousands: str = ","
    percent: str = "%"
    numerals: tuple[str, ...] = ()
    fonts: tuple[Path, ...] = field(default=())

    @property
    def rtl(self) -> bool:
        """Return whether axes run from right to left."""
        return self.direction == "rtl"

    @property
    def number_locale(self) -> Spec:
        """Return the separators as d3 wants them."""
        locale: Spec = {
            "decimal": self.decimal,
            "thousands": self.thousands,
            "grouping": [3],
            "currency": ["", ""],
            "percent": self.percent,
        }
        return locale | ({"numerals": list(self.numerals)} if self.numerals else {})


PLAIN = Style()


def themed(spec: Mapping[str, Any], style: Style = PLAIN) -> Spec:
    """Return the specification with schema, background and the house's configuration."""
    return {
        "$schema": SCHEMA,
        "background": None,
        "padding": 4,
        **spec,
        "config": _config(style),
    }


def to_svg(spec: Mapping[str, Any], style: Style = PLAIN) -> str:
    """Return the chart as SVG text, scalable by its view box."""
    import vl_convert

    _register(style.fonts)
    svg: str = vl_convert.vegalite_to_svg(
        themed(spec, style), format_locale=style.number_locale, allowed_base_urls=[]
    )
    return svg


def to_png(spec: Mapping[str, Any], style: Style = PLAIN, scale: float = 2.0) -> bytes:
    """Return the chart as PNG bytes on a white ground."""
    import vl_convert

    _register(style.fonts)
    png: bytes = vl_convert.vegalite_to_png(
        themed(spec, style) | {"background": "#ffffff"},
        scale=scale,
        format_locale=style.number_locale,
        allowed_base_urls=[],
    )
    return png


def warm_up() -> None:
    """Start the drawing engine, which takes longer than a chart; safe to do in a thread."""
    to_svg({"data": {"values": []}, "mark": "point"})


def inline(svg: str, name: str, title: str, description: str) -> str:
    """Return SVG to stand in a page: with a title and a description, and its own identifiers.

    >>> inline('<svg class="marks"><g/></svg>', "c1", "Women", "Rising")[:60]
    '<svg role="img" aria-labelledby="c1-title c1-desc" class="ma'
    """
    from xml.sax.saxutils import escape

    unique = re.sub(r'(id="|url\(#|href="#)(?=[\w-])', rf"\g<1>{name}-", svg)
    labelled = unique.replace(
        "<svg", f'<svg role="img" aria-labelledby="{name}-title {name}-desc"', 1
    )
    words = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    opening = labelled.index(">", labelled.index("<svg")) + 1
    return labelled[:opening] + words + labelled[opening:]


@cache
def _register_one(folder: Path) -> None:
    import vl_convert

    vl_convert.register_font_directory(str(folder))


def _register(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        _register_one(folder)


def _config(style: Style) -> Spec:
    side = "right" if style.rtl else "left"
    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFont": style.font}
    axis = {
        **text,
        "titleFont": style.font,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": RULE,
        "labelPadding": 5,
        "tickSize": 4,
    }
    return {
        "font": style.font,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "tickCount": 8},
        "axisY": {"orient": side, "domain": False, "ticks": False, "tickCount": 5},
        "legend": {
            **text,
            "titleFont": style.font,
            "orient": "top",
            "layout": {"top": {"anchor": "end" if style.rtl else "start"}},
            "labelFontSize": 11.5,
            "symbolType": "square",
            "symbolStrokeWidth": 0,
        },
        "line": {"color": BLUE, "strokeWidth": 2},
        "area": {"color": BLUE},
        "bar": {"color": BLUE},
        "point": {"filled": True, "color": BLUE},
        "range": {"category": list(PALETTE)},
        "title": {
            "font": style.font,
            "color": INK,
            "fontSize": 13,
            "fontWeight": "bold",
            "subtitleFont": style.font,
            "subtitleColor": MUTED,
        },
        "text": {"font": style.font, "color": INK, "fontSize": 11},
    }
