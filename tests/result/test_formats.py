"""Formats: what is written reads back the same, and nothing a spreadsheet would obey gets out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sulh.core.errors import BadRequest, SulhError
from sulh.core.origin import Origin
from sulh.result import Result
from sulh.result.formats import neutralise, render, save, to_csv, to_html, to_text

HOSTILE = ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "<script>alert(1)"]


def _result(table: pl.DataFrame) -> Result:
    origin = Origin("key", "Title", "Producer", "Producer 2020", "CC BY", "https://example.org")
    return Result("sample", "A <b>title</b>", table, {"persons": "persons"}, (origin,))


def _hostile() -> pl.DataFrame:
    return pl.DataFrame({"name": HOSTILE, "persons": [-1, None, 3, 4, 5, 6, 7, 8]})


def test_csv_has_no_cell_that_starts_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(_hostile()))))
    assert len(rows) == len(HOSTILE)
    for row in rows:
        assert row["name"].lstrip()[0] not in "=+-@\t\r"
    assert rows[0]["persons"] == "-1", "numbers stay numbers"
    assert rows[1]["persons"] == "", "unknown is an empty cell, not zero"


def test_xlsx_has_no_formula_and_says_where_it_comes_from(tmp_path: Path) -> None:
    path = save(_result(_hostile()), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["data"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert book["data"]["B2"].value == -1
    assert "https://example.org" in " ".join(str(c.value) for c in book["about"]["B"])


def test_json_keeps_null_apart_from_zero() -> None:
    table = pl.DataFrame({"women": [None, 0]})
    assert json.loads(render(_result(table), "json")) == [{"women": None}, {"women": 0}]


def test_parquet_reads_back_the_same() -> None:
    content = render(_result(_hostile()), "parquet")
    assert isinstance(content, bytes)
    assert_frame_equal(pl.read_parquet(io.BytesIO(content)), _hostile())


def test_html_escapes_everything() -> None:
    page = to_html(_result(_hostile()))
    assert "<script>" not in page
    assert "A <b>" not in page


def test_the_terminal_gets_no_control_characters() -> None:
    text = to_text(_result(pl.DataFrame({"name": ["Mali\x1b[2J\x07"], "persons": [1]})))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_an_unknown_format_lists_the_known() -> None:
    with pytest.raises(BadRequest, match="xlsx"):
        render(_result(_hostile()), "docx")


def test_a_folder_that_is_absent_is_said(tmp_path: Path) -> None:
    with pytest.raises(SulhError, match="cannot write"):
        save(_result(_hostile()), tmp_path / "absent" / "out.csv")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_neutralised_text_keeps_its_content(texts: list[str]) -> None:
    made = neutralise(pl.DataFrame({"t": texts}))["t"].to_list()
    for before, after in zip(texts, made, strict=True):
        assert after in (before, "'" + before)
        assert not (after.strip() and after.lstrip()[0] in "=+-@")
