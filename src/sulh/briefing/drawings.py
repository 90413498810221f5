"""The charts and the map of the document, as Vega-Lite specifications for any width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sulh.briefing.language import Language
from sulh.cases.outlines import outlines, positions
from sulh.core.months import month_index
from sulh.result.charts import AMBER, BLUE, GREY, INK, MUTED, PALETTE, RULE, Style

Spec = dict[str, Any]
Row = dict[str, Any]

LAND, SHADES = "#e4e8ec", ("#b5d0e3", "#7fb0d2", "#4487b8", "#1f6296")
_FEW = 5
STEPS = (1, 100, 500, 2000)
_YEARS: Spec = {
    "format": "d",
    "tickMinStep": 1,
    "tickCount": {"expr": "width > 420 ? 9 : 5"},
    "labelFlush": False,  # else the first label slides away from its tick
}


def style_of(language: Language, font: str = "", folders: tuple[Any, ...] = ()) -> Style:
    """Return how charts look in a language."""
    digits = tuple(language.number(d) for d in range(10))
    sample = language.number(1234.5, 1)
    percent = language.word("units.percent_short", n="")
    plain = Style(direction=language.direction)
    return Style(
        direction=language.direction,
        font=font or plain.font,
        decimal=sample[-2],
        thousands=sample[1] if not sample[1].isdigit() else "",
        percent=percent,
        numerals=digits if digits != tuple("0123456789") else (),
        fonts=folders,
    )


def sized(spec: Mapping[str, Any], width: int) -> Spec:
    """Return a specification for a total width; maps keep their proportions."""
    if "projection" in spec:
        return {**spec, "width": width - 10, "height": round((width - 10) * 0.48)}
    return {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


def year_of(month: str) -> float:
    """Return the middle of a month as a point on an axis of years.

    A year's tick stands at its middle, in bars of years and in lines of months alike, so that
    December 1994 lies nearer to the tick of 1994 than to that of 1995.

    >>> year_of("2013"), year_of("2013-01"), year_of("2013-12")
    (2013.0, 2012.5416666666667, 2013.4583333333333)
    """
    if len(month) == 4:
        return float(month)
    return (month_index(month) - 5.5) / 12


def percent_axis(rows: Sequence[Row], column: str) -> str:
    """Return how the labels of an axis of shares are written: small ones with decimals."""
    most = max((row[column] or 0 for row in rows), default=0)
    return ".0%" if most >= 0.04 else ".1%" if most >= 0.004 else ".2%" if most >= 0.0004 else ".3%"


def years_axis(language: Language, low: float, high: float) -> Spec:
    """Return the horizontal axis of years; it runs from right to left in Arabic."""
    return {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "scale": {
            "zero": False,
            "nice": False,
            "domain": [low, high],
            "reverse": language.direction == "rtl",
        },
        "axis": dict(_YEARS),
    }


def values_axis(format_: str = ",d", title: str | None = None, **scale: Any) -> Spec:
    """Return the vertical axis of values from zero."""
    return {
        "field": "y",
        "type": "quantitative",
        "title": title,
        "scale": {"zero": True, **scale},
        "axis": {"format": format_} | ({"tickMinStep": 1} if format_.endswith("d") else {}),
    }


def trend(language: Language, rows: Sequence[Row], format_: str = ",d") -> Spec:
    """Return a line over months: rows of ``x`` and ``y``; isolated months become points."""
    low, high = _ends(rows)
    encoding = {"x": years_axis(language, low, high), "y": values_axis(format_)}
    return {
        "height": 220,
        "data": {"values": list(rows)},
        "encoding": encoding,
        "layer": [
            *([] if _broken(rows) else [{"mark": {"type": "area", "opacity": 0.12}}]),
            _bridge(rows),
            {"mark": {"type": "line", "strokeWidth": 2, **_points(rows)}},
        ],
    }


def lines(
    language: Language, rows: Sequence[Row], names: Sequence[str], format_: str = ",d"
) -> Spec:
    """Return several lines over months: rows of ``x``, ``y`` and ``name``."""
    low, high = _ends(rows)
    single = [row for row in rows if row["name"] == names[0]]
    known = [row for row in rows if row["y"] is not None]
    pale = {"type": "line", "strokeWidth": 1, "opacity": 0.35, "strokeDash": [3, 3]}
    return {
        "height": 220,
        "encoding": {
            "x": years_axis(language, low, high),
            "y": values_axis(format_),
            "color": _colours(language, names, "stroke"),
        },
        "layer": [
            {"data": {"values": known}, "mark": pale},
            {
                "data": {"values": list(rows)},
                "mark": {"type": "line", "strokeWidth": 2, **_points(single)},
            },
        ],
    }


def stacked(language: Language, rows: Sequence[Row], names: Sequence[str]) -> Spec:
    """Return stacked bars by year: rows of ``x`` (a year), ``y``, ``name``; ``part`` is paler."""
    low = min((row["x"] for row in rows), default=2000)
    high = max((row["x"] for row in rows), default=2001)
    axis = years_axis(language, low - 0.6, high + 0.6)
    return {
        "height": 220,
        "data": {"values": list(rows)},
        "mark": {"type": "bar", "width": {"expr": f"max(2, width / {high - low + 2:.0f} * 0.78)"}},
        "encoding": {
            "x": axis,
            "y": _whole_axis(rows),
            "color": _colours(language, names),
            "order": {"field": "place"},
            "opacity": {"condition": {"test": "datum.part", "value": 0.45}, "value": 1},
        },
    }


def _whole_axis(rows: Sequence[Row]) -> Spec:
    """Return the vertical axis of stacked counts; few of them are named one by one."""
    heights: dict[float, float] = {}
    for row in rows:
        heights[row["x"]] = heights.get(row["x"], 0) + row["y"]
    most = max(heights.values(), default=0)
    axis = values_axis()
    if most <= _FEW:
        axis["axis"] |= {"values": list(range(int(most) + 1))}
    return axis


def bars(language: Language, rows: Sequence[Row]) -> Spec:
    """Return horizontal bars with their values written: rows of ``name``, ``y`` and ``text``."""
    rtl = language.direction == "rtl"
    most = max((row["y"] for row in rows), default=1) or 1
    scale = {"domain": [0, most * 1.18], "reverse": rtl, "nice": False}
    across = {"field": "y", "type": "quantitative", "scale": scale, "axis": None}
    label = {"type": "text", "align": "right" if rtl else "left", "dx": -5 if rtl else 5}
    return {
        "height": {"step": 22},
        "data": {"values": list(rows)},
        "encoding": {"y": _names_axis(rows), "x": across},
        "layer": [
            {"mark": {"type": "bar", "height": 13}},
            {
                "mark": {**label, "color": MUTED},
                "encoding": {"text": {"field": "text", "type": "nominal"}},
            },
        ],
    }


def timeline(language: Language, rows: Sequence[Row]) -> Spec:
    """Return periods of service: rows of ``name``, ``x``, ``x2`` and ``weight`` (0 to 1)."""
    low = min(row["x"] for row in rows)
    high = max(row["x2"] for row in rows)
    return {
        "height": {"step": 17},
        "data": {"values": list(rows)},
        "mark": {"type": "bar", "height": 9, "cornerRadius": 1},
        "encoding": {
            "y": _names_axis(rows),
            "x": years_axis(language, low, high) | {
                "axis": {**_YEARS, "grid": True, "gridColor": RULE}},
            "x2": {"field": "x2"},
            "color": {
                "field": "weight",
                "type": "quantitative",
                "legend": None,
                "scale": {"domain": [0, 1], "range": [SHADES[0], SHADES[3]]},
            },
        },
    }  # fmt: skip


def lorenz(language: Language, rows: Sequence[Row], x_title: str, y_title: str) -> Spec:
    """Return a Lorenz curve with the line of equal contributions."""
    share = {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    across = {"field": "x", "type": "quantitative", "title": x_title, **share}
    across["scale"] = {"domain": [0, 1], "reverse": language.direction == "rtl"}
    up = {"field": "y", "type": "quantitative", "title": y_title, **share}
    equal = [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
    return {
        "height": 300,
        "encoding": {"x": across, "y": up},
        "layer": [
            {
                "data": {"values": equal},
                "mark": {"type": "line", "color": GREY, "strokeDash": [4, 4], "strokeWidth": 1},
            },
            {
                "data": {"values": list(rows)},
                "mark": {"type": "area", "opacity": 0.12, "line": {"color": BLUE}},
            },
        ],
    }


def world_map(
    language: Language, persons: Mapping[str, int], hosts: Iterable[tuple[float, float]]
) -> Spec:
    """Return a map: contributors shaded by persons, rings at (longitude, latitude)."""
    shapes = outlines()
    land = [_feature(code, geometry) for code, geometry in shapes.items()]
    shaded = [
        _feature(code, shapes[code]) | {"level": level(number)}
        for code, number in persons.items()
        if code in shapes and number > 0
    ]
    points = [
        {"x": positions()[code][0], "y": positions()[code][1], "level": level(number)}
        for code, number in persons.items()
        if code not in shapes and code in positions() and number > 0
    ]
    names = [span(language, step) for step in range(len(STEPS))]
    for row in (*shaded, *points):
        row["level"] = names[row["level"]]
    colour = {
        "field": "level",
        "type": "nominal",
        "legend": _swatches(language, names),
        "scale": {"domain": names, "range": list(SHADES)},
    }
    place = {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
    }
    outline = {"type": "geoshape", "stroke": "#ffffff", "strokeWidth": 0.5}
    rings = [{"x": x, "y": y} for x, y in hosts]
    return {
        "projection": {"type": "equalEarth"},
        "layer": [
            {"data": {"values": land}, "mark": {**outline, "fill": LAND}},
            {"data": {"values": shaded}, "mark": outline, "encoding": {"color": colour}},
            {
                "data": {"values": points},
                "mark": {"type": "circle", "size": 34, "opacity": 1, "stroke": SHADES[3],
                         "strokeWidth": 0.8},
                "encoding": {**place, "color": colour},
            },
            {
                "data": {"values": rings},
                "mark": {"type": "point", "size": 62, "filled": False, "strokeWidth": 2,
                         "color": AMBER, "opacity": 1},
                "encoding": place,
            },
        ],
    }  # fmt: skip


def span(language: Language, step: int) -> str:
    """Return the numbers of a class of the map, as its legend has them.

    >>> span(Language.of("en"), 2), span(Language.of("en"), 3)
    ('500–1,999', '2,000+')
    """
    low = language.number(STEPS[step])
    if step + 1 == len(STEPS):
        return f"{low}+"
    return f"{low}–{language.number(STEPS[step + 1] - 1)}"


def _swatches(language: Language, names: Sequence[str]) -> Spec:
    """Return the legend of the map: its shades side by side below it, lightest first."""
    legend: Spec = {
        "title": None, "orient": "bottom", "direction": "horizontal", "symbolType": "square",
        "symbolSize": 130, "symbolStrokeWidth": 0, "symbolOpacity": 1, "values": list(names),
    }  # fmt: skip
    if language.direction == "rtl":
        legend["values"] = list(names)[::-1]
    return legend


def level(persons: int) -> int:
    """Return the class of the map into which a number falls.

    >>> level(99), level(100), level(5000)
    (0, 1, 3)
    """
    return max(0, sum(persons >= step for step in STEPS) - 1)


def _feature(code: str, geometry: Mapping[str, Any]) -> Row:
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def _colours(language: Language, names: Sequence[str], symbol: str = "square") -> Spec:
    legend: Spec = {"title": None, "symbolType": symbol, "symbolSize": 110}
    if symbol == "stroke":
        # The pale line across gaps comes first; its paleness is not the legend's.
        legend = {
            "title": None, "symbolType": symbol, "symbolStrokeWidth": 3, "symbolOpacity": 1,
            "symbolDash": [1, 0],
        }  # fmt: skip
    if language.direction == "rtl":
        # The label stands left of its symbol, and the first entry on the right.
        legend |= {"labelAlign": "right", "labelOffset": -22, "values": list(names)[::-1]}
    scale = {"domain": list(names), "range": list(PALETTE[: len(names)])}
    return {
        "field": "name",
        "type": "nominal",
        "scale": scale,
        "legend": legend if len(names) > 1 else None,
    }


def _names_axis(rows: Sequence[Row]) -> Spec:
    order = list(dict.fromkeys(row["name"] for row in rows))
    axis = {"domain": False, "ticks": False, "grid": False, "labelColor": INK, "labelLimit": 190}
    return {"field": "name", "type": "nominal", "sort": order, "title": None, "axis": axis}


def _bridge(rows: Sequence[Row]) -> Spec:
    """Return a pale line across months without reports, to lead the eye."""
    known = [row for row in rows if row["y"] is not None]
    mark = {"type": "line", "strokeWidth": 1, "color": SHADES[0], "strokeDash": [3, 3]}
    return {"data": {"values": known}, "mark": mark}


def _broken(rows: Sequence[Row]) -> bool:
    return any(row["y"] is None for row in rows) or bool(_points(rows))


def _ends(rows: Sequence[Row]) -> tuple[float, float]:
    places = [row["x"] for row in rows]
    return min(places), max(places)


def _points(rows: Sequence[Row]) -> Spec:
    """Show points where months are sparse, so that a line does not claim what lies between."""
    known = sum(row["y"] is not None for row in rows)
    low, high = _ends(rows)
    return {"point": {"size": 22}} if known <= (high - low) * 3 + 2 else {}
