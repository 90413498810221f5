"""Text, CSV and JSON: every encoding is told, every line numbered, every fault met."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake import cells
from sulh.intake.base import Document
from sulh.intake.json_text import looks_like_json, read_json, records_of, records_table
from sulh.intake.text import encoding_of, header, read_csv

SAMPLE = "nation,persons\nTürkiye,1504\nNA,3\n"


def csv_of(text: str, encoding: str = "utf-8") -> Document:
    return Document("sample", text.encode(encoding))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_gives_the_same_table(encoding: str) -> None:
    table = read_csv(csv_of(SAMPLE, encoding))
    assert table.frame.rows() == [("Türkiye", "1504", 2), ("NA", "3", 3)]
    assert header(csv_of(SAMPLE, encoding)) == ("nation", "persons")
    assert [flag.code for flag in table.flags] == (["encoding"] if encoding == "cp1252" else [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_taken_from_the_header(delimiter: str) -> None:
    table = read_csv(csv_of(SAMPLE.replace(",", delimiter)))
    assert table.frame.columns == ["nation", "persons", "line"]


def test_line_is_where_a_record_begins() -> None:
    table = read_csv(csv_of('a,b\n"one\ntwo",1\nthree,2\n'))
    assert table.frame["line"].to_list() == [2, 4]


def test_unnamed_columns_and_line_are_called_by_their_place() -> None:
    assert read_csv(csv_of('"",line\n1,2\n')).frame.columns == ["column 1", "column 2", "line"]


def test_misfit_is_kept_apart_with_its_line() -> None:
    rows = "".join(f"n{i},{i}\n" for i in range(20))
    table = read_csv(csv_of(f"nation,persons\n{rows}lost\n"))
    assert table.frame.height == 20
    assert [(flag.severity, flag.line) for flag in table.flags] == [("refused", 22)]


def test_cut_within_the_last_number_is_in_doubt() -> None:
    table = read_csv(csv_of(SAMPLE[:-2]))
    assert [flag.severity for flag in table.flags] == ["doubt"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n",
        b"\xef\xbb\xbf",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"%PDF-1.4\x00\x01",
        b"a,b\n1,2\n3",
        b"a,b\n1\n2\n3\n",
        b'a,b\n"1,2\n',
        b'a,b\n"1"x,2\n',
        b"a,a\n1,2\n",
        b"a,b\n" + b"x" * 10_000_000 + b",1\n",
        "Türkiye,Türkiye2\nCôte,\n".encode() + b"\xfc,1\n",
        b"\xff\xfea\x00,\x00\x00\xd8",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_bad_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile, match="What to do"):
        read_csv(Document("bad", data))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    document = Document("any", data)
    assert isinstance(header(document), tuple)
    for read in (read_csv, read_json):
        try:
            read(document)
        except RefusedFile as error:
            assert error.mend


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        "[1, 2",
        '[{"a": NaN}]',
        '[{"a": 1, "a": 2}]',
        "[" + "9" * 10_000 + "]",
    ],
    ids=lambda text: text[:12],
)
def test_hostile_json_is_refused(text: str) -> None:
    assert looks_like_json(csv_of(text))
    with pytest.raises(RefusedFile):
        read_json(csv_of(text))


@pytest.mark.parametrize("key", ["data", "value", "records", "results"])
def test_records_are_found_in_wrappers(key: str) -> None:
    assert records_of({"metadata": {"page": 1}, key: [{"id": 1}]}) == [{"id": 1}]


@pytest.mark.parametrize("value", [3, "x", [1], {"data": 3}, {"data": [], "value": []}, None])
def test_what_holds_no_records(value: object) -> None:
    assert records_of(value) is None


def test_records_become_text() -> None:
    records = [{"id": 1, "m49": 250.0, "iso": "FRA"}, {"id": 2, "iso": "NAM", "on": True}]
    frame = records_table(csv_of("x"), records).frame
    assert frame.rows() == [("1", "250.0", "FRA", None, 1), ("2", None, "NAM", "true", 2)]


def test_nested_record_is_refused() -> None:
    with pytest.raises(RefusedFile, match="dict"):
        records_table(csv_of("x"), [{"id": {"deep": 1}}])


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("12.0", 12), (" 7 ", 7), ("1,504", 1504), ("0", 0)],
)
def test_counts_read(text: str, number: int) -> None:
    frame, flags = cells.counts(pl.DataFrame({"n": [text], "line": [5]}), ["n"])
    assert (frame["n"].to_list(), flags) == ([number], [])


@pytest.mark.parametrize(
    "text", ["-1", "1e300", "NaN", "inf", "1.5", "=1+1", "12,34", "9" * 30, "1000001", "NA", "٣"]
)
def test_counts_kept_apart(text: str) -> None:
    frame, flags = cells.counts(pl.DataFrame({"n": [text], "line": [5]}), ["n"])
    assert frame.height == 0
    assert [(flag.severity, flag.line) for flag in flags] == [("refused", 5)]


def test_null_is_no_fault() -> None:
    frame, flags = cells.counts(
        pl.DataFrame({"n": [None, "NA"], "line": [5, 6]}), ["n"], none=["NA"]
    )
    assert (frame["n"].to_list(), flags) == ([None, None], [])


@pytest.mark.parametrize(
    ("text", "epoch", "month"),
    [
        ("2013-12-31", False, "2013-12"),
        ("2013-12-31T00:00:00", False, "2013-12"),
        ("0", True, "1970-01"),
        ("-678153600000", True, "1948-07"),
        ("2013-12-31", True, "2013-12"),
    ],
)
def test_days_read(text: str, epoch: bool, month: str) -> None:
    frame, _ = cells.days(pl.DataFrame({"d": [text], "line": [1]}), ["d"], epoch=epoch)
    assert frame.select(cells.month_text("d")).item() == month


@pytest.mark.parametrize("text", ["2013-02-30", "20131231", "0", "9999-01-01", "1e12", "=NOW()"])
def test_days_kept_apart(text: str) -> None:
    frame, flags = cells.days(pl.DataFrame({"d": [text], "line": [1]}), ["d"])
    assert (frame.height, len(flags)) == (0, 1)


@pytest.mark.parametrize("text", ["=1+1", "@SUM", "+cmd", "-2", "<b>", "x" * 121, "a\x00", None])
def test_names_kept_apart(text: str | None) -> None:
    frame = pl.DataFrame({"n": [text], "line": [1]}, schema={"n": pl.String, "line": pl.Int64})
    kept, flags = cells.names(frame, ["n"])
    assert (kept.height, len(flags)) == (0, 1)


def test_binary_has_no_encoding() -> None:
    assert encoding_of(b"\x00\x01\x02\x03" * 20) is None
