"""Charts as Vega-Lite specifications, drawn to SVG or PNG without a browser.

Specifications are plain dictionaries and are drawn by vl-convert: importing altair would cost more
than drawing. `sulh.briefing` builds its charts on the same style.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sulh.core.errors import BadRequest
from sulh.result.writing import write_file

if TYPE_CHECKING:
    from sulh.result.shape import Chart, Shown

Spec = dict[str, Any]

INK, MUTED, RULE, FAINT = "#1d2733", "#596673", "#d5dae0", "#eef1f4"
BLUE, AMBER, GREEN, PURPLE, GREY = "#1f6296", "#d18f1f", "#2f8f7a", "#8a5a9e", "#8d99a6"
PALETTE = (BLUE, AMBER, GREEN, PURPLE, GREY, "#b5533c")
SANS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_KINDS = ("line", "bar", "area", "lorenz", "timeline")
_MOST_BARS, _MOST_LINES = 30, 12


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


def chart_spec(result: Shown) -> Spec:
    """Return the chart of a result as a Vega-Lite specification with its data inside.

    Raises `BadRequest` if the result has no chart or the chart names a column that is absent.
    """
    chart = result.chart
    if chart is None:
        raise BadRequest(
            f"{result.name} has no chart",
            "its table is not one that a picture explains",
            "save the table instead",
        )
    rows = result.table if chart.rows is None else chart.rows
    chart, rows = _one_colour(chart, rows)
    absent = [c for c in _columns(chart) if c not in rows.columns]
    if chart.kind not in _KINDS or absent:
        raise BadRequest(
            f"a {chart.kind} chart of {', '.join(absent) or 'the table'}",
            f"kinds are {', '.join(_KINDS)}, and columns must be in the table",
            "name other columns",
        )
    table = rows.select(_columns(chart)).drop_nulls(chart.x)
    title = _title(result.title)
    crowd, most = {"bar": (chart.x, _MOST_BARS), "line": (chart.colour, _MOST_LINES)}.get(
        chart.kind, (None, 0)
    )
    number = table[crowd].n_unique() if crowd else 0
    if crowd and number > most:
        table = _largest(table, crowd, chart.y, most)
        title["subtitle"] = f"The {most} largest of {number}"
    spec = _layers(chart, table, dict(result.units))
    return themed({"title": title, "data": {"values": _values(table)}, **spec})


def _one_colour(chart: Chart, rows: pl.DataFrame) -> tuple[Chart, pl.DataFrame]:
    """Return chart and rows with one column for the colour, made of several if several are named.

    A row without a value is drawn as not reported.
    """
    names = (chart.colour or "").split(",")
    if not chart.colour or not set(names) <= set(rows.columns):
        return chart, rows
    told = [pl.col(name).cast(pl.String).fill_null("not reported") for name in names]
    column = names[0] if len(names) == 1 else "series"
    drawn = rows.with_columns(pl.concat_str(told, separator=", ").alias(column))
    return replace(chart, colour=column), drawn


def _largest(table: pl.DataFrame, key: str, value: str, most: int) -> pl.DataFrame:
    """Return the rows of the largest bars or lines, the largest first; each may have several."""
    sums = table.group_by(key, maintain_order=True).agg(pl.col(value).sum().abs())
    kept = sums.sort(value, descending=True, nulls_last=True, maintain_order=True)
    kept = kept.select(key).head(most)
    return kept.join(table, on=key, how="left", maintain_order="left").select(table.columns)


def save_chart(result: Shown, path: Path) -> Path:
    """Draw the chart of a result to ``path``; the ending says SVG or PNG.

    Raises `BadRequest` for another ending.
    """
    ending = path.suffix.lower()
    spec = chart_spec(result)
    if ending not in (".svg", ".png"):
        raise BadRequest(
            f"a chart named {path.name!r}",
            "charts are drawn as SVG or PNG",
            "end it in .svg or .png",
        )
    write_file(path, to_png(spec) if ending == ".png" else to_svg(spec).encode())
    return path


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


def data_uri(svg: str) -> str:
    """Return SVG as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


@cache
def _register_one(folder: Path) -> None:
    import vl_convert

    vl_convert.register_font_directory(str(folder))


def _register(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        _register_one(folder)


def _columns(chart: Chart) -> list[str]:
    named = [chart.x, chart.y, chart.colour, chart.x_end]
    return list(dict.fromkeys(name for name in named if name))


def _values(table: pl.DataFrame) -> list[dict[str, Any]]:
    return table.to_dicts()


def _title(text: str) -> Spec:
    return {"text": text, "anchor": "start"}


def _layers(chart: Chart, table: pl.DataFrame, units: dict[str, str]) -> Spec:
    """Return mark and encoding of one of the kinds."""
    encoding = _encoding(chart, table, units)
    if chart.kind == "lorenz":
        diagonal = {
            "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
            "mark": {"type": "line", "color": GREY, "strokeDash": [4, 4]},
            "encoding": {
                "x": {"field": "x", "type": "quantitative"},
                "y": {"field": "y", "type": "quantitative"},
            },
        }
        curve = {"mark": {"type": "line", "interpolate": "linear"}, "encoding": encoding}
        return {"width": 360, "height": 360, "layer": [diagonal, curve]}
    mark = {
        "line": {"type": "line", "interpolate": "monotone"},
        "area": {"type": "area"},
        "bar": {"type": "bar"},
        "timeline": {"type": "bar", "height": 8},
    }[chart.kind]
    height: Spec = {"step": 18} if chart.kind in ("bar", "timeline") else {}
    return {"width": 640, "height": height or 280, "mark": mark, "encoding": encoding}


def _encoding(chart: Chart, table: pl.DataFrame, units: dict[str, str]) -> Spec:
    across = {"field": chart.x, **_scale_of(chart.x, table), "title": _label(chart.x, units)}
    up = {"field": chart.y, **_scale_of(chart.y, table), "title": _label(chart.y, units)}
    if chart.kind == "bar":
        bars = {"field": chart.x, "type": "nominal", "sort": None, "title": None}
        encoding: Spec = {"y": bars, "x": up}
    elif chart.kind == "timeline":
        rows = {"field": chart.y, "type": "nominal", "sort": None, "title": None}
        encoding = {"x": across, "y": rows, "x2": {"field": chart.x_end}}
    else:
        encoding = {"x": across, "y": up}
    if chart.colour:
        colour: Spec = {"field": chart.colour, "type": "nominal", "sort": None, "title": None}
        if table[chart.colour].n_unique() > len(PALETTE):
            colour |= {"scale": {"scheme": "tableau20"}, "legend": {"columns": 4}}
        encoding["color"] = colour
    return encoding


def _scale_of(column: str, table: pl.DataFrame) -> Spec:
    """Return type, scale and axis of a column: months and years are times, shares percentages."""
    if table.schema[column] == pl.String:
        sample = table[column].drop_nulls().head(1).to_list()
        if sample and re.fullmatch(r"\d{4}(-\d\d){0,2}", sample[0]):
            return {"type": "temporal", "scale": {"type": "utc"}, "axis": {"format": "%Y"}}
        return {"type": "nominal", "sort": None}
    if column == "year":
        return {"type": "quantitative", "scale": {"zero": False}, "axis": {"format": "d"}}
    axis = {"format": ".0%"} if column.endswith("share") else {"format": ",~r"}
    return {"type": "quantitative", "axis": axis}


def _label(column: str, units: dict[str, str]) -> str | None:
    if column in ("month", "year", "first_month"):
        return None
    name = column.replace("_", " ")
    unit = units.get(column, "")
    return f"{name} ({unit})" if unit and unit not in (name, "ratio") else name


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
