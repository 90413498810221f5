"""Workbooks: against another program's reading, and against hostile archives."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from itertools import chain
from pathlib import Path

import fastexcel
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.workbook import (
    MOST_OTHER_TAGS,
    MOST_TAGS,
    Workbook,
    is_sealed,
    is_workbook,
    open_workbook,
)

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
        for part in changes.keys() - set(old.namelist()):
            new.writestr(part, changes[part], zipfile.ZIP_DEFLATED)
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


@pytest.mark.parametrize(
    "name",
    [
        "countries/iiss_milper.xlsx",
        "countries/SIPRI-Milex-data-1949-2022.xlsx",
        "un_hub/unpko_country_crosswalk.xlsx",
    ],
)
def test_every_cell_of_the_real_workbooks_is_as_calamine_reads_it(
    shared_data: Path, name: str
) -> None:
    data = (shared_data / name).read_bytes()
    book = fastexcel.read_excel(data)
    found = _open(data)
    assert list(found.sheet_names) == book.sheet_names
    for title in book.sheet_names:
        rows = found.sheet(title).rows
        # that program begins at the first row and column that hold something, even an empty text
        witness = book.load_sheet(title, header_row=None, dtypes="string").to_polars()
        expected = [[text for text in row if text not in (None, "")] for row in witness.iter_rows()]
        expected = [row for row in expected if row]
        cells = [[columns[place].text for place in sorted(columns)] for columns in rows.values()]
        assert list(rows) == sorted(rows)
        assert [len(row) for row in cells] == [len(row) for row in expected]
        pairs = zip(chain(*cells), chain(*expected), strict=True)
        assert [pair for pair in pairs if not _same(*pair)] == []


def _same(text: str, witness: str) -> bool:
    """Return whether two texts are the same, figures to the nine decimals the witness writes."""
    return text == witness or abs(float(text) - float(witness)) <= 1e-9


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
        '<rPh sb="0" eb="7"><t>reading</t></rPh></si></sst>'
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
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_cells_that_break_the_standard_are_refused(body: str) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "shared")
    data = _repacked(buffer.getvalue(), {"xl/worksheets/sheet1.xml": _sheet_xml(body)})
    with pytest.raises(RefusedFile):
        _open(data).sheet()


_PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
    "docProps/core.xml",
)


@pytest.mark.parametrize("part", _PARTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(part: str, encoding: str) -> None:
    # a thousand million laughs, had the entities been expanded: 10 ** 9 times "ha"
    names = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{"".join(names)}]>'
        f'<worksheet xmlns="{_MAIN}"><sheetData>&l9;</sheetData></worksheet>'
    )
    data = _repacked(_saved({"A1": "text"}), {part: bomb.encode(encoding)})
    with pytest.raises(RefusedFile, match="document type"):
        _open(data).sheet()


def test_too_many_tags_are_refused_before_they_are_parsed() -> None:
    many = "<c/>" * MOST_TAGS
    data = _repacked(
        _saved({"A1": 1}), {"xl/worksheets/sheet1.xml": _sheet_xml(f"<row>{many}</row>")}
    )
    assert len(data) < 100_000
    with pytest.raises(RefusedFile, match="2,000,000 tags"):
        _open(data)
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><fonts>{"<font/>" * MOST_OTHER_TAGS}</fonts></styleSheet>'
    )
    with pytest.raises(RefusedFile, match="200,000 outside"):
        _open(_repacked(_saved({"A1": 1}), {"xl/styles.xml": styles.encode()}))


def test_ranges_over_the_whole_sheet_are_not_filled() -> None:
    whole = (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="2"><c r="B2"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks></worksheet>'
    )
    data = _repacked(_saved({"A1": 1}), {"xl/worksheets/sheet1.xml": whole.encode()})
    assert {row: list(cells) for row, cells in _open(data).sheet().rows.items()} == {2: [2]}


def test_rows_and_cells_out_of_order_are_not_lost() -> None:
    mixed = _sheet_xml(
        '<row r="3"><c r="C3"><v>1</v></c><c r="A3"><v>2</v></c></row>'
        '<row r="1"><c r="B1"><v>3</v></c></row>'
    )
    data = _repacked(_saved({"A1": 1}), {"xl/worksheets/sheet1.xml": mixed})
    sheet = _open(data).sheet()
    assert (sheet.texts(3), sheet.texts(1)) == ({3: "1", 1: "2"}, {2: "3"})


def test_other_workbooks_are_not_followed() -> None:
    # neither the part that a link names is there, nor what it names in turn
    data = _saved({"A1": 1})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = (
        f'<externalReferences xmlns:r="{kind}"><externalReference r:id="rX"/></externalReferences>'
    )
    relation = (
        f'<Relationship Id="rX" Type="{kind}/externalLink" TargetMode="External" '
        'Target="file:///etc/passwd"/></Relationships>'
    )
    changed = _repacked(
        data,
        {
            "xl/workbook.xml": book.replace(b"</sheets>", b"</sheets>" + link.encode()),
            "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", relation.encode()),
        },
    )
    assert changed != data
    assert _open(changed).sheet().texts(1) == {1: "1"}


def test_the_strict_variant_is_refused_rather_than_read_as_empty() -> None:
    strict = _sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        _MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    data = _repacked(_saved({"A1": 1}), {"xl/worksheets/sheet1.xml": strict})
    with pytest.raises(RefusedFile, match="Strict Open XML"):
        _open(data)


def test_escaped_characters_errors_and_colours() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "a\rb", book.add_format({"font_color": "#0000FF"}))
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
        sheet.write_number(0, 2, 2, book.add_format({"font_color": "red"}))
        sheet.write_number(0, 3, 3)
    row = _open(buffer.getvalue()).sheet().rows[1]
    assert (row[1].text, row[1].colour) == ("a\rb", "FF0000FF")
    assert (row[2].text, row[2].problem, row[2].formula) == ("#DIV/0!", "#DIV/0!", True)
    assert (row[3].colour, row[4].colour) == ("FFFF0000", None)


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


@cache
def _whole() -> bytes:
    """Return a workbook, saved once: a second time it would bear another date."""
    return _saved({f"A{row}": f"name {row}" for row in range(1, 30)} | {"B1": 2.5, "C3": "=A1"})


@settings(max_examples=40)
@given(data=st.data())
def test_damaged_workbooks_are_refused(data: st.DataObject) -> None:
    damaged = bytearray(_whole())
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
