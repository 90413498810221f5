"""The chart of a result as a Vega-Lite specification, and as a file."""

from __future__ import annotations

import re
import textwrap
import tomllib
from functools import cache
from importlib.resources import files
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from sulh.core.errors import BadRequest
from sulh.core.printing import printable
from sulh.result.charts import GREY, MORE, PALETTE, Spec, themed, to_png, to_svg
from sulh.result.shaping import NOT_REPORTED, largest, one_colour, with_ends, with_gaps
from sulh.result.writing import write_file

if TYPE_CHECKING:
    from sulh.result.shape import Chart, Shown

_KINDS = ("line", "bar", "area", "lorenz", "timeline")
_MOST_BARS, _MOST_LINES = 30, 12
_MOST_POINTS = 150
_WIDTH, _SQUARE = 640, 360
_TITLE_LETTER, _SMALL_LETTER = 7.0, 5.6
_MOST_SOURCES = 4


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
    chart, rows = one_colour(chart, rows)
    absent = [c for c in _columns(chart) if c not in rows.columns]
    if chart.kind not in _KINDS or absent:
        raise BadRequest(
            f"a {chart.kind} chart of {', '.join(absent) or 'the table'}",
            f"kinds are {', '.join(_KINDS)}, and columns must be in the table",
            "name other columns",
        )
    table = rows.select(_columns(chart)).drop_nulls(chart.x)
    crowd, most = {"bar": (chart.x, _MOST_BARS), "line": (chart.colour, _MOST_LINES)}.get(
        chart.kind, (None, 0)
    )
    number = table[crowd].n_unique() if crowd else 0
    if crowd and (number > most or (chart.kind == "bar" and chart.colour)):
        table = largest(table, crowd, chart.y, most)
    if chart.kind in ("line", "area"):
        table = with_gaps(table, chart)
    if chart.kind == "timeline" and chart.x_end:
        table = with_ends(table, chart.x, chart.x_end)
    remarks = [f"The {most} largest of {number}"] if crowd and number > most else []
    title = _title(result, chart, remarks)
    spec = _layers(chart, table, dict(result.units))
    return themed({"title": title, "data": {"values": table.to_dicts()}, **spec})


def save_chart(result: Shown, path: Path) -> Path:
    """Draw the chart of a result to ``path``; the ending says SVG or PNG.

    Raises `BadRequest` for another ending.
    """
    ending = path.suffix.lower()
    if ending not in (".svg", ".png"):
        raise BadRequest(
            f"a chart named {path.name!r}",
            "charts are drawn as SVG or PNG",
            "end it in .svg or .png",
        )
    spec = chart_spec(result)
    write_file(path, to_png(spec) if ending == ".png" else to_svg(spec).encode())
    return path


def _columns(chart: Chart) -> list[str]:
    named = [chart.x, chart.y, chart.colour, chart.x_end]
    return list(dict.fromkeys(name for name in named if name))


def _title(result: Shown, chart: Chart, remarks: list[str]) -> Spec:
    """Return title and, below it, what is left out and the source, in lines as wide as the plot."""
    width = _SQUARE if chart.kind == "lorenz" else _WIDTH
    lines = textwrap.wrap(printable(result.title), int(width / _TITLE_LETTER))
    told = list(dict.fromkeys(origin.producer for origin in result.origins if origin.producer))
    more = f" and {len(told) - _MOST_SOURCES} more" if len(told) > _MOST_SOURCES else ""
    if told:
        remarks = [*remarks, f"Source: {'; '.join(told[:_MOST_SOURCES])}{more}"]
    small = int(width / _SMALL_LETTER)
    below = [line for remark in remarks for line in textwrap.wrap(printable(remark), small)]
    subtitle: Spec = {"subtitle": below, "subtitlePadding": 4} if below else {}
    return {"text": lines, "anchor": "start", "frame": "group", **subtitle}


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
        return {"width": _SQUARE, "height": _SQUARE, "layer": [diagonal, curve]}
    points = table[chart.x].n_unique() <= _MOST_POINTS
    mark = {
        "line": {
            "type": "line",
            "interpolate": "linear",
            "point": {"filled": True, "size": 22 if points else 5},
        },
        "area": {"type": "area", "interpolate": "linear"},
        "bar": {"type": "bar"},
        "timeline": {"type": "bar", "height": 8},
    }[chart.kind]
    height: Spec = {"step": 18} if chart.kind in ("bar", "timeline") else {}
    return {"width": _WIDTH, "height": height or 280, "mark": mark, "encoding": encoding}


def _encoding(chart: Chart, table: pl.DataFrame, units: dict[str, str]) -> Spec:
    across = {"field": chart.x, **_scale_of(chart.x, table), "title": _label(chart.x, units)}
    up = {"field": chart.y, **_scale_of(chart.y, table), "title": _label(chart.y, units)}
    if chart.kind == "bar":
        bars = {"field": chart.x, "type": "nominal", "sort": None, "title": None}
        encoding: Spec = {"y": bars, "x": up}
    elif chart.kind == "timeline":
        first = {"field": chart.x, "op": "min"}
        rows = {"field": chart.y, "type": "nominal", "sort": first, "title": None}
        encoding = {"x": across, "y": rows, "x2": {"field": chart.x_end}}
    else:
        encoding = {"x": across, "y": up}
    if chart.colour:
        encoding["color"] = _colour(chart.colour, table)
    return encoding


def _colour(column: str, table: pl.DataFrame) -> Spec:
    """Return the colours of the series; what is not reported comes last, in grey."""
    named = [name for name in table[column].unique(maintain_order=True) if name is not None]
    silent = [name for name in named if NOT_REPORTED in name.split(", ")]
    domain = [name for name in named if name not in silent] + silent
    colour: Spec = {"field": column, "type": "nominal", "sort": None, "title": None}
    hues = [hue for hue in (*PALETTE, *MORE) if hue != GREY or not silent]
    named = domain[: len(domain) - len(silent)]
    shades = [*(hue for _, hue in zip(named, cycle(hues), strict=False)), *[GREY] * len(silent)]
    return colour | {"scale": {"domain": domain, "range": shades}, "legend": {"columns": 4}}


def _scale_of(column: str, table: pl.DataFrame) -> Spec:
    """Return type, scale and axis of a column: months and years are times, shares percentages."""
    if table.schema[column] == pl.String:
        sample = table[column].drop_nulls().head(1).to_list()
        if sample and re.fullmatch(r"\d{4}(-\d\d){0,2}", sample[0]):
            axis = {"format": "%Y"} if _years(table[column]) > 8 else {"format": "%b %Y"}
            return {"type": "temporal", "scale": {"type": "utc"}, "axis": axis}
        return {"type": "nominal", "sort": None}
    if column == "year":
        return {"type": "quantitative", "scale": {"zero": False}, "axis": {"format": "d"}}
    axis = {"format": ".0%"} if column.endswith("share") else {"format": ",~r"}
    return {"type": "quantitative", "axis": axis}


def _years(dates: pl.Series) -> int:
    return dates.str.slice(0, 4).n_unique()


@cache
def _labels() -> dict[str, str]:
    text = files("sulh.result").joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _label(column: str, units: dict[str, str]) -> str | None:
    """Return what an axis is called; a column that its unit explains bears the unit."""
    if column in ("month", "year", "first_month"):
        return None
    name = column.replace("_", " ")
    unit = units.get(column, "")
    if unit.startswith("persons per "):
        return unit
    told = f"{name} ({unit})" if unit and unit not in (name, "ratio") else name
    return _labels().get(column, told)
