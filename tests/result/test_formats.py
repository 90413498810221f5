"""Formats: what is written reads back the same, and nothing a spreadsheet would obey gets out."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sulh.core.errors import BadRequest, SulhError
from sulh.core.origin import Origin
from sulh.result import Chart, Result
from sulh.result.formats import neutralise, render, save, to_csv, to_html
from sulh.result.text import to_text
from sulh.result.writing import write_file

HOSTILE = ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "<script>alert(1)"]


def _result(table: pl.DataFrame) -> Result:
    origin = Origin("key", "Title", "Producer", "Producer 2020", "CC BY", "https://example.org")
    return Result("sample", "A <b>title</b>", table, {"persons": "persons"}, (origin,))


def _hostile() -> pl.DataFrame:
    return pl.DataFrame({"name": HOSTILE, "persons": [-1, None, 3, 4, 5, 6, 7, 8]})


def test_a_source_without_an_address_leaves_no_hole() -> None:
    origin = Origin("key", "Title", "Producer", "Producer 2020.", "CC BY", "")
    shown = to_text(Result("sample", "T", pl.DataFrame({"a": [1]}), origins=(origin,)))
    assert "source: Producer 2020. (CC BY)" in shown


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


def test_a_title_from_a_file_name_is_neutralised() -> None:
    made = replace(_result(_hostile()), title="@a\x1b[31mred\u202e.txt")
    assert to_text(made).splitlines()[0] == "@a\ufffd[31mred\ufffd.txt"


def test_brackets_and_backslashes_stay_as_they_are() -> None:
    made = replace(_result(_hostile()), title="[bold]x[/bold] \\[b]", query="sulh rank '@[b]\"c'")
    text = to_text(made)
    assert text.splitlines()[0] == "[bold]x[/bold] \\[b]"
    assert "query: sulh rank '@[b]\"c'" in text.splitlines()


def test_a_command_is_not_broken_into_lines() -> None:
    query = "sulh contributions 'OIC - ARAB_LEAGUE' --from 2010-01 --to 2012-12 --scope all"
    assert f"query: {query}" in to_text(replace(_result(_hostile()), query=query), 60).splitlines()


def test_columns_without_any_value_are_named_and_not_drawn() -> None:
    table = pl.DataFrame({"month": ["2020-12"], "women": [None], "persons": [5]})
    text = to_text(_result(table))
    assert text.splitlines()[1].split() == ["month", "persons"]
    assert "Without any value: women" in text


def test_a_small_share_is_no_zero() -> None:
    text = to_text(_result(pl.DataFrame({"name": ["a", "b"], "share": [0.00001, 0.0]})))
    assert "<0.01%" in text
    assert " 0.00%" in text


def test_prose_wraps_in_its_own_column_and_lines_keep_the_width() -> None:
    table = pl.DataFrame({"gap": ["one"], "detail": ["word " * 60]})
    lines = to_text(_result(table), 70).splitlines()
    assert max(map(len, lines)) <= 70
    assert sum(line.count("word") for line in lines) == 60


def test_devices_and_links_stay_what_they_are(tmp_path: Path) -> None:
    write_file(Path("/dev/null"), b"text")
    assert Path("/dev/null").is_char_device()
    link, plain = tmp_path / "link", tmp_path / "plain"
    link.symlink_to(plain)
    write_file(link, b"text")
    assert link.is_symlink()
    assert plain.read_bytes() == b"text"


def test_a_full_disk_is_said() -> None:
    with pytest.raises(SulhError, match="cannot write /dev/full: No space left on device"):
        write_file(Path("/dev/full"), b"text")
    assert Path("/dev/full").is_char_device()


def test_a_chart_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    made = replace(_result(pl.DataFrame({"a": ["x"], "b": [1]})), chart=Chart("bar", "a", "b"))
    for path in (tmp_path / "absent" / "x.svg", tmp_path / "absent" / "x.png"):
        with pytest.raises(SulhError, match=r"cannot write .*No such file or directory"):
            made.save_chart(path)


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


def test_months_of_which_nobody_knows_are_printed_once_and_kept_in_files() -> None:
    """Two reports 28 years apart have 12 x 28 - 1 = 335 months between them."""
    months = [f"{year}-{month:02}" for year in range(1990, 2019) for month in range(1, 13)][:337]
    table = pl.DataFrame({"month": months, "persons": [5, *[None] * 335, 7]})
    lines = to_text(_result(table)).splitlines()
    assert months[-1] == "2018-01"
    assert [line.split("   ")[0] for line in lines[3:6]] == [
        "1990-01",
        "1990-02 to 2017-12",
        "2018-01",
    ]
    assert "more rows" not in "\n".join(lines)
    page = to_html(_result(table))
    assert page.count("<tr>") == 1 + 3
    assert "1990-02 to 2017-12" in page
    assert to_csv(table).count("\n") == 1 + 337


def test_a_month_with_a_zero_or_only_the_world_is_no_gap() -> None:
    rows = {"month": ["1990-01", "1990-02"], "persons": [0, None], "world": [None, 9]}
    text = to_text(_result(pl.DataFrame(rows)))
    assert "1990-01 to" not in text
    assert all(f"\n{month}" in text for month in rows["month"])


def test_years_without_a_known_month_are_printed_once() -> None:
    rows = {"year": [1990, 1991, 1992, 1993], "persons": [5.0, None, None, None]}
    table = pl.DataFrame({**rows, "months": [1, 0, 0, 1]})
    lines = to_text(_result(table)).splitlines()
    assert [line.split("   ")[0] for line in lines[3:6]] == ["1990", "1991 to 1992", "1993"]
