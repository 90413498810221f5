"""Workbooks: against openpyxl's reading, and against hostile archives."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.sources.base import Document
from sulh.sources.workbook import Workbook, is_sealed, is_workbook, open_workbook
from sulh.sources.workbook_xml import BadPartError, column_letters, column_number, read_cells

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _saved(cells: dict[str, object], name: str = "data") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for reference, value in cells.items():
        sheet[reference] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _open(data: bytes) -> Workbook:
    return open_workbook(Document("x.xlsx", data))


def _repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, changes.get(part, old.read(part)), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _sheet_xml(body: str) -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()


def test_cells_are_exact_and_in_their_place() -> None:
    sheet = _open(
        _saved(
            {
                "B3": "Türkiye ",
                "C3": 1522,
                "D3": 0.1,
                "E3": dt.date(1996, 2, 29),
                "F3": dt.datetime(1996, 2, 29, 13, 30),
                "G3": True,
                "H3": 1.123456789012345,
                "B5": "=1+1",
                "C5": "'=1+1",
            }
        )
    ).sheet("data")
    assert sheet.texts(3) == {
        2: "Türkiye",
        3: "1522",
        4: "0.1",
        5: "1996-02-29",
        6: "1996-02-29 13:30:00",
        7: "TRUE",
        8: "1.123456789012345",
    }
    formula = sheet.rows[5][2]
    assert formula.formula and formula.text is None
    assert not sheet.rows[5][3].formula
    assert 4 not in sheet.rows


def test_every_cell_of_the_real_workbooks_is_as_openpyxl_reads_it(shared_data: Path) -> None:
    for name in ("countries/iiss_milper.xlsx", "un_hub/unpko_country_crosswalk.xlsx"):
        data = (shared_data / name).read_bytes()
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        found = _open(data)
        assert list(found.sheet_names) == book.sheetnames
        for title in book.sheetnames:
            sheet = found.sheet(title)
            expected = {
                (cell.row, cell.column): cell.value
                for row in book[title].iter_rows()
                for cell in row
                if cell.value not in (None, "")
            }
            cells = {
                (row, column): cell.text
                for row, columns in sheet.rows.items()
                for column, cell in columns.items()
            }
            assert set(cells) == set(expected)
            for place, value in expected.items():
                whole = isinstance(value, float) and value.is_integer()
                assert cells[place] == str(int(value) if whole else value)


@pytest.mark.parametrize("code", ["d/m/yyyy", "[$-409]mmm yy;@", 'yyyy"-"mm'])
def test_dates_are_known_by_their_format(code: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 35110  # 15 February 1996
    book.active["A1"].number_format = code
    book.active["A2"] = 35110
    book.active["A2"].number_format = '0 "days"'
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = _open(buffer.getvalue()).sheet()
    assert (sheet.texts(1)[1], sheet.texts(2)[1]) == ("1996-02-15", "35110")


def test_days_from_1904_are_the_same_days() -> None:
    book = openpyxl.Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    book.active["A1"] = dt.date(2020, 12, 31)
    buffer = io.BytesIO()
    book.save(buffer)
    assert _open(buffer.getvalue()).sheet().texts(1) == {1: "2020-12-31"}


def test_phonetic_runs_and_rich_text_are_read_as_shown() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "shared")
    data = buffer.getvalue()
    assert _open(data).sheet().texts(1) == {1: "shared"}
    strings = (
        f'<sst xmlns="{_MAIN}"><si><r><t>Tür</t></r><r><t>kiye</t></r>'
        "<rPh><t>reading</t></rPh></si></sst>"
    )
    changed = _repacked(data, {"xl/sharedStrings.xml": strings.encode()})
    assert _open(changed).sheet().texts(1) == {1: "Türkiye"}


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(RefusedFile, match="there are data"):
        _open(_saved({"A1": 1})).sheet("Data")


def test_a_cell_far_away_takes_no_room() -> None:
    far = _sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    data = _repacked(_saved({"A1": 1}), {"xl/worksheets/sheet1.xml": far})
    assert len(_open(data).sheet().rows) == 2


@pytest.mark.parametrize(
    "body",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="9999999"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_cells_that_break_the_standard_are_refused(body: str) -> None:
    data = _repacked(_saved({"A1": "text"}), {"xl/worksheets/sheet1.xml": _sheet_xml(body)})
    with pytest.raises(RefusedFile):
        _open(data).sheet()


def test_entities_are_refused() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="' + _MAIN.encode() + b'"><sheetData/></worksheet>'
    )
    with pytest.raises(BadPartError, match="document type"):
        read_cells(bomb, [], _open(_saved({"A1": 1}))._styles)
    data = _repacked(_saved({"A1": 1}), {"xl/worksheets/sheet1.xml": bomb})
    with pytest.raises(RefusedFile, match="document type"):
        _open(data).sheet()


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    data = _repacked(_saved({"A1": 1}), {"xl/theme/theme1.xml": bytes(130 * 1024 * 1024)})
    assert len(data) < 1_000_000
    with pytest.raises(RefusedFile, match="unpacks to"):
        _open(data)


def test_a_part_that_occurs_twice_is_refused() -> None:
    data = _saved({"A1": 1})
    buffer = io.BytesIO(data)
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(buffer, "a") as archive,
    ):
        archive.writestr("xl/workbook.xml", b"<x/>")
    with pytest.raises(RefusedFile, match="occurs twice"):
        _open(buffer.getvalue())


def test_encrypted_workbooks_are_refused() -> None:
    sealed = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2_000)
    assert is_sealed(sealed) and not is_workbook(sealed)
    with pytest.raises(RefusedFile, match="without a password"):
        _open(sealed)
    # bit 0 of the general flags marks an encrypted part, in the local and in the central header
    data = bytearray(_saved({"A1": 1}))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    with pytest.raises(RefusedFile, match="encrypted"):
        _open(bytes(data))


@given(st.integers(1, 16_384))
def test_columns_are_numbered_and_lettered(number: int) -> None:
    assert column_number(column_letters(number)) == number


@settings(max_examples=40)
@given(data=st.data())
def test_damaged_workbooks_are_refused(data: st.DataObject) -> None:
    whole = _saved({f"A{row}": f"name {row}" for row in range(1, 30)} | {"B1": 2.5, "C3": "=A1"})
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    try:
        book = _open(bytes(damaged))
        for name in book.sheet_names:
            book.sheet(name)
    except RefusedFile:
        return
