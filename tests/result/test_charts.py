"""Charts of results: specifications with the data inside, drawn without a request."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import BadRequest
from sulh.core.origin import Origin
from sulh.result import Result
from sulh.result.charts import GREY, Style, inline, themed, to_svg
from sulh.result.plots import chart_spec
from sulh.result.result import Chart

MONTHS = pl.DataFrame(
    {
        "month": ["2001-01", "2001-02", "2001-03"],
        "persons": [1000, None, 3000],
        "share": [0.1, None, 0.3],
        "nation": ["A", "A", "A"],
    }
)
SERVED = pl.DataFrame({"operation": ["X"], "first": ["2001-01"], "last": ["2003-04"]})
CURVE = pl.DataFrame({"nations_share": [0.0, 0.5, 1.0], "persons_share": [0.0, 0.1, 1.0]})


def result(table: pl.DataFrame, chart: Chart | None, title: str = "Title") -> Result:
    return Result("x", title, table, {"persons": "persons"}, chart=chart)


@pytest.mark.parametrize(
    ("table", "chart"),
    [
        (MONTHS, Chart("line", "month", "persons")),
        (MONTHS, Chart("line", "month", "share", "nation")),
        (MONTHS, Chart("area", "month", "persons", "nation")),
        (MONTHS, Chart("bar", "nation", "persons")),
        (SERVED, Chart("timeline", "first", "operation", x_end="last")),
        (CURVE, Chart("lorenz", "nations_share", "persons_share")),
    ],
    ids=lambda value: value.kind if isinstance(value, Chart) else "",
)
def test_every_kind_is_drawn(tmp_path: Path, table: pl.DataFrame, chart: Chart) -> None:
    for ending in (".svg", ".png"):
        path = result(table, chart).save_chart(tmp_path / f"chart{ending}")
        assert path.stat().st_size > 1000
    drawn = ET.parse(tmp_path / "chart.svg").getroot()
    paths = [each for each in drawn.iter("{http://www.w3.org/2000/svg}path") if each.get("d")]
    assert len(paths) > 1


def test_the_data_stand_in_the_specification() -> None:
    spec = chart_spec(result(MONTHS, Chart("line", "month", "persons")))
    assert spec["data"]["values"] == MONTHS.select("month", "persons").to_dicts()
    assert spec["encoding"]["x"]["scale"] == {"type": "utc"}
    assert spec["encoding"]["y"]["title"] == "persons"


def test_shares_are_written_as_percentages() -> None:
    spec = chart_spec(result(MONTHS, Chart("line", "month", "share")))
    assert spec["encoding"]["y"]["axis"] == {"format": ".0%"}


def test_a_title_is_text_and_not_markup(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    path = result(MONTHS, Chart("line", "month", "persons"), hostile).save_chart(tmp_path / "a.svg")
    assert "<script" not in path.read_text(encoding="utf-8")


def test_no_chart_no_column_no_ending(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no chart"):
        result(MONTHS, None).chart_spec()
    with pytest.raises(BadRequest, match="absent"):
        result(MONTHS, Chart("line", "month", "absent")).chart_spec()
    with pytest.raises(BadRequest, match="pie"):
        result(MONTHS, Chart("pie", "month", "persons")).chart_spec()
    with pytest.raises(BadRequest, match=r"\.svg or \.png"):
        result(MONTHS, Chart("line", "month", "persons")).save_chart(tmp_path / "a.gif")


def test_right_to_left_puts_the_axis_on_the_right() -> None:
    spec = {"data": {"values": []}, "mark": "point"}
    assert themed(spec, Style(direction="rtl"))["config"]["axisY"]["orient"] == "right"
    assert themed(spec)["config"]["axisY"]["orient"] == "left"


def test_numbers_follow_the_language() -> None:
    spec = {
        "data": {"values": [{"y": 12345.5}]},
        "mark": "text",
        "encoding": {"text": {"field": "y", "type": "quantitative", "format": ",.1f"}},
    }
    assert ">12,345.5<" in to_svg(spec)
    assert ">12.345,5<" in to_svg(spec, Style(decimal=",", thousands="."))
    eastern = Style(decimal="٫", thousands="٬", numerals=tuple("٠١٢٣٤٥٦٧٨٩"))
    assert ">١٢٬٣٤٥٫٥<" in to_svg(spec, eastern)


def test_two_charts_on_a_page_share_no_identifier() -> None:
    svg = '<svg><defs><clipPath id="clip0"/></defs><g clip-path="url(#clip0)"/></svg>'
    first, second = (inline(svg, name, "T", "D") for name in ("a", "b"))
    assert 'id="a-clip0"' in first
    assert "url(#b-clip0)" in second


def test_of_many_bars_or_lines_the_largest_are_drawn_and_that_is_said() -> None:
    """40 nations with 0, 1, … 39 persons of each of two kinds: the 30 largest are 10 to 39."""
    rows = [(f"N{i}", kind, i) for i in range(40) for kind in ("troops", "police")]
    table = pl.DataFrame(rows, schema=["nation", "kind", "persons"], orient="row")
    bars = chart_spec(result(table, Chart("bar", "nation", "persons", "kind")))
    assert bars["title"]["subtitle"] == ["The 30 largest of 40"]
    assert [row["nation"] for row in bars["data"]["values"]][:4] == ["N39", "N39", "N38", "N38"]
    assert len(bars["data"]["values"]) == 60, "a bar keeps all its parts"
    monthly = table.with_columns(month=pl.lit("2001-01"))
    lines = chart_spec(result(monthly, Chart("line", "month", "persons", "nation,kind")))
    assert lines["title"]["subtitle"] == ["The 12 largest of 80"]
    assert lines["data"]["values"][0]["series"] in ("N39, troops", "N39, police")


def test_a_chart_may_have_rows_of_its_own() -> None:
    chart = Chart("line", "month", "persons", rows=MONTHS)
    spec = chart_spec(result(pl.DataFrame({"property": ["name"], "value": ["X"]}), chart))
    assert [row["persons"] for row in spec["data"]["values"]] == [1000, None, 3000]


def test_lines_are_straight_with_points_and_break_where_months_are_missing() -> None:
    months = ["2001-01", "2001-02", "2001-03", "2001-06", "2001-07"]
    table = pl.DataFrame({"month": months, "persons": [1, 2, 3, 6, 7]})
    spec = chart_spec(result(table, Chart("line", "month", "persons")))
    assert spec["mark"]["interpolate"] == "linear"
    assert spec["mark"]["point"]
    drawn = [(row["month"], row["persons"]) for row in spec["data"]["values"]]
    assert drawn[3] == ("2001-04", None)
    assert [month for month, persons in drawn if persons] == months


def test_a_store_of_decembers_is_no_row_of_gaps() -> None:
    months = ["2001-12", "2002-12", "2003-12", "2004-07"]
    table = pl.DataFrame({"month": months, "persons": [1, 2, 3, 4]})
    spec = chart_spec(result(table, Chart("line", "month", "persons")))
    assert [row["month"] for row in spec["data"]["values"]] == months


def test_gaps_are_those_of_each_series() -> None:
    rows = [("2001-01", "A", 1), ("2001-02", "A", 1), ("2001-03", "A", 1), ("2001-01", "B", 1)]
    rows += [("2001-03", "B", 1)]
    table = pl.DataFrame(rows, schema=["month", "nation", "persons"], orient="row")
    spec = chart_spec(result(table, Chart("line", "month", "persons", "nation")))
    empty = [row for row in spec["data"]["values"] if row["persons"] is None]
    assert empty == [{"month": "2001-02", "persons": None, "nation": "B"}]


def test_what_is_not_reported_is_named_last_and_grey() -> None:
    table = pl.DataFrame({"month": ["2001-01"] * 3, "operation": [None, "X", "Y"], "p": [1, 2, 3]})
    scale = chart_spec(result(table, Chart("line", "month", "p", "operation")))["encoding"]["color"]
    assert scale["scale"]["domain"] == ["X", "Y", "not reported"]
    assert scale["scale"]["range"][-1] == GREY


def test_a_span_of_one_month_or_year_has_a_width() -> None:
    table = pl.DataFrame(
        {
            "o": ["A", "B", "C"],
            "first": ["1995-12", "1995", "2001-01"],
            "last": ["1995-12", None, "2001-03"],
        }
    )
    spec = chart_spec(result(table, Chart("timeline", "first", "o", x_end="last")))
    ends = [row["last"] for row in spec["data"]["values"]]
    assert ends == ["1996-01-01", "1996-01-01", "2001-04-01"]


def test_long_titles_wrap_and_the_source_stands_below() -> None:
    origin = Origin("k", "T", "Some Producer", "C", "L", "A")
    long = "Lorenz curve of uniformed personnel in 2020-12: all contributing nations, UN operations"
    made = Result("x", long, CURVE, {}, (origin,), chart=Chart("lorenz", *CURVE.columns))
    title = chart_spec(made)["title"]
    assert len(title["text"]) > 1
    assert " ".join(title["text"]) == long
    assert title["subtitle"] == ["Source: Some Producer"]


def test_axes_are_named_in_words() -> None:
    table = pl.DataFrame({"name": ["X"], "persons_per_million": [3.0], "persons_mean": [2.0]})
    units = {"persons_per_million": "persons per million inhabitants", "persons_mean": "persons"}
    for column, told in (
        ("persons_per_million", "persons per million inhabitants"),
        ("persons_mean", "persons, mean of the months"),
    ):
        made = Result("x", "T", table, units, chart=Chart("bar", "name", column))
        assert chart_spec(made)["encoding"]["x"]["title"] == told
