"""Users' own tables: what is read, what is refused, and that every problem is told at once."""

from __future__ import annotations

import dataclasses
import io
from importlib.resources import files
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadRequest, RefusedFile
from sulh.intake.base import Document
from sulh.intake.user import SOURCE, is_mapping, parse_with_mapping, write_templates
from sulh.intake.user import template as own
from sulh.intake.user.mapping import (
    ColumnsPart,
    ConstantsPart,
    FilePart,
    SourcePart,
    ValuesPart,
    read_mapping,
)
from sulh.intake.user.template import PERSONNEL_TYPES, template_workbook

_HEAD = "month,nation,operation,personnel_type,women,men,persons,producer,citation,licence\n"
_SOURCE = '[source]\ntitle = "t"\nproducer = "p"\ncitation = "c"\nlicence = "l"\n'


def _shipped(name: str) -> Document:
    folder = files("sulh.intake.user").joinpath("templates")
    return Document(name, folder.joinpath(name).read_bytes())


def _csv(*rows: str, head: str = _HEAD) -> Document:
    return Document("own.csv", (head + "\n".join(rows) + "\n").encode())


def _mapping(text: str) -> Document:
    return Document("own.sulh.toml", (_SOURCE + text).encode())


def _problems(document: Document, mapping: Document | None = None) -> str:
    with pytest.raises(RefusedFile) as caught:
        _ = SOURCE.parse(document) if mapping is None else parse_with_mapping(document, mapping)
    return caught.value.found


def _row(**changes: str) -> str:
    cells = {
        "month": "2012-12",
        "nation": "Mali",
        "operation": "AMISOM",
        "personnel_type": "troops",
        "women": "",
        "men": "",
        "persons": "5",
        "producer": "AU",
        "citation": "report",
        "licence": "open",
    }
    return ",".join({**cells, **changes}.values())


def test_the_example_says_what_its_source_says() -> None:
    document = _shipped("ifor_february_1996.csv")
    assert SOURCE.recognises(document)
    parsed = SOURCE.parse(document)
    # USA Today, 19 February 1996: "1,522 Turkish troops"
    rows = parsed.tables["contributions"]
    turkiye = rows.filter(pl.col("nation_name") == "Türkiye").row(0, named=True)
    assert (turkiye["month"], turkiye["operation_name"]) == ("1996-02", "IFOR")
    assert (turkiye["persons"], turkiye["women"], turkiye["men"]) == (1_522, None, None)
    assert rows["persons"].sum() == 14_829 + 1_522 + 998 + 870 + 807
    origin = parsed.tables["user_files"].row(0, named=True)
    assert origin["producer"] == "USA Today" and origin["body"] == "NATO"
    assert (origin["first_line"], origin["last_line"]) == (2, 6)
    assert parsed.flags == ()


def test_the_mapped_example_reads_its_own_headings() -> None:
    table, mapping = (_shipped(f"kfor_february_2017.{end}") for end in ("csv", "sulh.toml"))
    assert is_mapping(mapping) and not is_mapping(table)
    assert not SOURCE.recognises(table)
    parsed = parse_with_mapping(table, mapping)
    rows = parsed.tables["contributions"]
    assert rows.select("nation_name", "persons").rows()[0] == ("Albania", 13)
    assert set(rows["month"]) == {"2017-02"} and set(rows["operation_name"]) == {"KFOR"}
    assert parsed.tables["user_files"]["producer"].to_list() == ["NATO"]


def test_the_template_is_the_declared_columns() -> None:
    names = [column.name for column in own.columns()]
    assert _shipped("template.csv").data.decode().strip().split(",") == names
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert [cell.value for cell in book["data"][1]] == names
    assert [row[0].value for row in book["columns"].iter_rows(min_row=2)] == names
    assert _problems(_shipped("template.csv")).endswith("no rows")


def test_the_documentation_lists_the_columns_and_the_types(root: Path) -> None:
    page = (root / "docs" / "your-own-data.md").read_text(encoding="utf-8")
    for column in own.columns():
        required = "yes" if column.required else "no"
        assert f"| `{column.name}` | {required} | {column.meaning} |" in page
    for kind in PERSONNEL_TYPES:
        assert f"`{kind}`" in page
    for part in (FilePart, ColumnsPart, ConstantsPart, ValuesPart, SourcePart):
        for setting in part.model_fields:
            assert f"`{setting}`" in page


def test_a_filled_in_workbook_is_read_like_the_table() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    cells = ["1996-02", "Türkiye", "IFOR", "troops", None, None, 1522, "USA Today", "19 Feb", "-"]
    for place, value in enumerate(cells, 1):
        book["data"].cell(2, place, value)
    buffer = io.BytesIO()
    book.save(buffer)
    document = Document("own.xlsx", buffer.getvalue())
    assert SOURCE.recognises(document)
    parsed = SOURCE.parse(document)
    assert parsed.flags == ()
    rows = parsed.tables["contributions"]
    assert rows["persons"].to_list() == [1_522] and rows["line"].to_list() == [2]


def test_templates_are_written_once(tmp_path: Path) -> None:
    written = write_templates(tmp_path / "own")
    assert [path.name for path in written] == [
        "ifor_february_1996.csv",
        "kfor_february_2017.csv",
        "kfor_february_2017.sulh.toml",
        "template.csv",
        "template.xlsx",
    ]
    with pytest.raises(BadRequest, match="overwritten"):
        write_templates(tmp_path / "own")


def test_zero_is_not_unknown() -> None:
    rows = SOURCE.parse(_csv(_row(women="0", persons="5"))).tables["contributions"]
    assert (rows["women"].item(), rows["men"].item()) == (0, None)


def test_persons_are_the_sum_of_women_and_men() -> None:
    rows = SOURCE.parse(_csv(_row(women="2", men="3", persons=""))).tables["contributions"]
    assert rows["persons"].item() == 5


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"month": ""}, "line 2: no month"),
        ({"month": "2012"}, "a year is no month"),
        ({"month": "2012-13"}, "month '2012-13'"),
        ({"month": "12/2012"}, "month_format"),
        ({"month": "2012-02-30"}, "month '2012-02-30'"),
        ({"month": "1812-12"}, "month '1812-12' is not within 1945-01 to"),
        ({"nation": ""}, "no nation"),
        ({"nation": "Total"}, "is a total"),
        ({"nation": "Grand  total:"}, "is a total"),
        ({"nation": "Ensemble"}, "is a total"),
        ({"nation": "Total général"}, "is a total"),
        ({"nation": "Sous-total"}, "is a total"),
        ({"nation": "=HYPERLINK(1)"}, "cannot be a name"),
        ({"nation": "Atlantis"}, "line 2: name 'Atlantis' is not in the tables"),
        ({"operation": "XFOR"}, "did you mean SFOR or KFOR or IFOR"),
        ({"operation": "EUFOR", "month": "2006-08"}, "fits EUFOR RD Congo"),
        ({"operation": "+cmd"}, "cannot be a name"),
        ({"personnel_type": "soldiers"}, "write one of troops"),
        ({"persons": ""}, "no persons"),
        ({"persons": "-4"}, "persons '-4'"),
        ({"persons": "4.5"}, "persons '4.5'"),
        ({"persons": "1.522"}, "persons '1.522'"),
        ({"persons": "2000000"}, "from 0 to 1,000,000"),
        ({"persons": "many"}, "persons 'many'"),
        ({"women": "6"}, "must add up"),
        ({"women": "1", "men": "1"}, "must add up"),
        ({"licence": ""}, "no licence"),
    ],
)
def test_a_problem_is_told_with_its_line(changes: dict[str, str], told: str) -> None:
    assert told in _problems(_csv(_row(**changes)))


def test_a_figure_of_another_body_needs_its_operation() -> None:
    head = _HEAD.replace("licence", "licence,body")
    told = _problems(_csv("2020-12,TUR,,troops,,,500,p,c,l,NATO", head=head))
    assert told.count("body 'NATO' and no operation") == 1
    for row in ("2020-12,TUR,KFOR,troops,,,500,p,c,l,NATO", "2020-12,TUR,,troops,,,5,p,c,l,UN"):
        assert SOURCE.parse(_csv(row, head=head)).tables["contributions"].height == 1


def test_the_body_of_a_mapping_needs_operations_too() -> None:
    mapping = _mapping(
        'body = "NATO"\n[columns]\nmonth = "m"\nnation = "n"\npersons = "p"\n'
        '[constants]\npersonnel_type = "troops"\n'
    )
    told = _problems(_csv("2020-12,TUR,500", head="m,n,p\n"), mapping)
    assert "body 'NATO' and no operation" in told


def test_a_code_may_stand_for_the_nation() -> None:
    rows = SOURCE.parse(_csv(_row(nation="PAK"), _row(nation="Pakistan", month="2013-01")))
    found = rows.tables["contributions"].select("nation_name", "nation_code").rows()
    assert found == [(None, "PAK"), ("Pakistan", None)]


def test_thousands_may_be_grouped() -> None:
    for written in ('"1,522"', "1 522", "1\u00a0522", "1522"):
        rows = SOURCE.parse(_csv(_row(persons=written))).tables["contributions"]
        assert rows["persons"].item() == 1_522


def test_all_problems_are_told_at_once_and_counted() -> None:
    found = _problems(_csv(*[_row(month=f"{year}", persons="x") for year in range(1990, 2010)]))
    assert "40 problems" in found and found.endswith("and 20 more")
    assert found.count("line 2:") == 2 and "line 11:" in found and "line 12:" not in found


def test_unknown_names_are_told_beside_bad_cells() -> None:
    """A name is told once, however many lines have it, also where another cell of them is bad."""
    rows = [_row(nation="Atlantis", month=f"2012-{month:02d}") for month in range(1, 13)]
    found = _problems(_csv(*rows, _row(persons="many"), _row(nation="Lemuria", month="May")))
    assert "4 problems" in found
    assert "line 2: name 'Atlantis'" in found and "and on 11 more lines (" in found
    assert "line 14: persons 'many'" in found
    assert "line 15: name 'Lemuria'" in found and "line 15: month 'May'" in found


def test_a_month_after_the_import_was_not_observed() -> None:
    table = _csv(_row(month="2026-11"), _row(month="2026-12"))
    found = _problems(dataclasses.replace(table, day="2026-11-23"))
    assert "1 problem: line 3: month '2026-12' is later than the day of the import, 2026-11-23" in (
        found
    )
    for day in ("2026-12-01", ""):
        read = SOURCE.parse(dataclasses.replace(table, day=day)).tables["contributions"]
        assert read.equals(SOURCE.parse(table).tables["contributions"]) and read.height == 2


def test_a_month_outside_the_tables_does_not_name_the_bound_as_observed() -> None:
    found = _problems(_csv(_row(month="2051-05")))
    assert "month '2051-05' is not within 1945-01 to" in found and "observed" not in found


def test_a_figure_that_stands_twice_is_refused() -> None:
    found = _problems(_csv(_row(), _row(persons="6"), _row(month="2013-01")))
    assert "1 problem" in found and "line 3" in found and "line 2 too" in found


def test_a_row_with_too_many_cells_is_told() -> None:
    good = [_row(month=f"2012-{month:02d}") for month in range(1, 13)]
    assert "line 14" in _problems(_csv(*good, _row(month="2013-01") + ",extra"))


def test_a_table_with_other_columns_is_not_taken_for_the_template() -> None:
    exported = "month,nation,operation,personnel_type,women,men,persons,origin\n"
    assert not SOURCE.recognises(_csv("2012-12,MLI,,troops,,,5,x", head=exported))
    assert not SOURCE.recognises(Document("x", b""))
    assert "no column licence" in _problems(_csv("x,y", head="month,nation\n"))


_LONG = (
    '[columns]\nmonth = "when"\nnation = "who"\npersonnel_type = "kind"\npersons = "n"\n'
    '[personnel_types]\n"soldiers" = "troops"\n"civilians" = "civilian"\n'
)


def test_words_for_types_are_translated_and_missing_cells_named() -> None:
    table = Document("t.csv", b"when;who;kind;n;note\n2012-12;Mali;soldiers;5;a\n")
    parsed = parse_with_mapping(table, _mapping(_LONG))
    assert parsed.tables["contributions"]["personnel_type"].item() == "troops"
    assert [flag.code for flag in parsed.flags] == ["columns_left_out"]
    unknown = Document("t.csv", b"when;who;kind;n\n2012-12;Mali;n/a;5\n")
    told = _problems(unknown, _mapping(_LONG + '[values]\nmissing = ["n/a"]\n'))
    assert "no personnel type" in told


def test_a_wide_table_gives_a_row_for_each_type() -> None:
    mapping = _mapping(
        '[columns]\nmonth = "M"\nnation = "N"\n[constants]\noperation = "AMISOM"\n'
        '[persons_by_type]\nT = "troops"\nP = "police"\n[values]\nmissing = ["-"]\n'
    )
    table = Document("w.csv", b"M,N,T,P\n2012-12,Burundi,5432,0\n2012-12,Uganda,6223,-\n")
    rows = parse_with_mapping(table, mapping).tables["contributions"]
    assert rows.select("nation_name", "personnel_type", "persons").rows() == [
        ("Burundi", "troops", 5_432),
        ("Burundi", "police", 0),
        ("Uganda", "troops", 6_223),
    ]


def test_a_yearly_figure_needs_its_month_said() -> None:
    table = Document("y.csv", b"when,who,kind,n\n2012,Mali,troops,5\n")
    assert "month_of_year" in _problems(table, _mapping(_LONG))
    parsed = parse_with_mapping(table, _mapping(_LONG + "[values]\nmonth_of_year = 12\n"))
    assert parsed.tables["contributions"]["month"].item() == "2012-12"
    assert "yearly_figures" in [flag.code for flag in parsed.flags]


def test_thousands_are_a_unit() -> None:
    table = Document("k.csv", b"when,who,kind,n\n2012-12,Mali,troops,1.5\n")
    parsed = parse_with_mapping(table, _mapping(_LONG + '[values]\nunit = "thousands"\n'))
    assert parsed.tables["contributions"]["persons"].item() == 1_500


def test_a_header_further_down_and_another_delimiter() -> None:
    table = Document("d.csv", b"Some title\n\nwhen|who|kind|n\n2012-12|Mali|troops|5\nx|x|x|x\n")
    mapping = _mapping(_LONG + '[file]\nheader_row = 3\ndelimiter = "|"\n')
    assert "line 5: month 'x'" in _problems(table, mapping)


def _workbook(formula: str | None) -> Document:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["when", "who", "kind", "n"])
        sheet.write_row(1, 0, ["2012-12", "Mali", "troops", 5])
        sheet.write_row(2, 0, ["2012-12", "Niger", "troops"])
        if formula is None:
            sheet.write_formula("D3", "=1+B7", None, 7)
        else:
            sheet.write_formula("D3", formula, None, "")
    return Document("f.xlsx", buffer.getvalue())


def test_formulas_are_not_evaluated_and_told() -> None:
    mapping = _mapping(_LONG + '[file]\nsheet = "Data"\n')
    parsed = parse_with_mapping(_workbook(None), mapping)
    assert parsed.tables["contributions"]["persons"].to_list() == [5, 7]
    (flag,) = parsed.flags
    assert flag.severity == "doubt" and "(D3)" in flag.message
    assert "formula without a stored value" in _problems(_workbook("=1+1"), mapping)
    other = _mapping(_LONG + '[file]\nsheet = "data"\n')
    assert "no sheet 'data'; there are Data" in _problems(_workbook(None), other)


def _sheets(**sheets: list[list[str | int]]) -> Document:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return Document("own.xlsx", buffer.getvalue())


def test_a_sheet_with_rows_that_is_not_read_is_told() -> None:
    head: list[str | int] = ["when", "who", "kind", "n"]
    one: list[list[str | int]] = [head, ["2012-12", "Mali", "troops", 5]]
    other: list[list[str | int]] = [head, ["2012-12", "Niger", "troops", 7]]
    words: list[list[str | int]] = [["note", "by"], ["as received", "desk"]]
    parsed = parse_with_mapping(
        _sheets(one=one, other=other, words=words, bare=[]), _mapping(_LONG)
    )
    assert parsed.tables["contributions"]["persons"].to_list() == [5]
    assert [(flag.code, flag.severity) for flag in parsed.flags] == [
        ("sheet_not_read", "doubt"),
        ("sheet_not_read", "note"),
    ]
    assert "sheet 'other' has 2 rows and was not read, sheet 'one' was" in parsed.flags[0].message
    chosen = _mapping(_LONG + '[file]\nsheet = "other"\n')
    (flag, _) = parse_with_mapping(_sheets(one=one, other=other, words=words), chosen).flags
    assert flag.severity == "note"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[columns]\nmonth = 'a'\n", "nation must be given"),
        (_LONG + "[constants]\nnation = 'Mali'\n", "nation must be given"),
        (_LONG + "[constants]\npersonnel_type = 'troops'\n", "personnel_type must be given once"),
        (_LONG + "[persons_by_type]\nT = 'troops'\n", "personnel_type must be given once"),
        (_LONG.replace('persons = "n"\n', ""), "needs persons"),
        (_LONG + "[values]\nmonth_of_year = 13\n", "values.month_of_year"),
        (_LONG + "[nonsense]\nx = 1\n", "nonsense: no such setting"),
        (_LONG.replace('"troops"', '"soldiers"'), "personnel_types.soldiers"),
        ("[columns]\nmonth = \n", "Invalid value"),
        (_LONG + "[values]\nmonth_format = '%Y'\n", "names no month: add %m"),
        (_LONG + "[values]\nmonth_format = '%y-%d'\n", "names no month"),
        (_LONG + "[values]\nmonth_format = '%d/%m'\n", "names no year"),
    ],
)
def test_a_wrong_mapping_is_told(text: str, told: str) -> None:
    mapping = _mapping(text)
    assert is_mapping(mapping)
    with pytest.raises(RefusedFile) as caught:
        read_mapping(mapping)
    assert told in caught.value.found


def test_a_column_that_the_table_lacks_is_told_with_those_it_has() -> None:
    found = _problems(Document("t.csv", b"a,b\n1,2\n"), _mapping(_LONG))
    assert (
        "4 problems" in found and "no column 'when' (for month) (the table has 'a', 'b')" in found
    )


def test_empty_and_sealed_files_are_refused(shared_data: Path) -> None:
    for data in (b"", b"\n\n", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)):
        _problems(Document("x", data), _mapping(_LONG))
    _problems(Document("x", (shared_data / "countries" / "gdp.csv").read_bytes()), _mapping(_LONG))


def test_other_encodings_keep_the_names() -> None:
    text = "when;who;kind;n\n1996-02;Türkiye;troops;1522\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        parsed = parse_with_mapping(Document("t.csv", text.encode(encoding)), _mapping(_LONG))
        assert parsed.tables["contributions"]["nation_name"].item() == "Türkiye"
        assert bool(parsed.flags) == (encoding == "cp1252")


def test_a_cell_of_ten_megabytes_is_refused() -> None:
    huge = "x" * 10_000_000
    table = Document("t.csv", f"when,who,kind,n\n2012-12,{huge},troops,5\n".encode())
    assert len(_problems(table, _mapping(_LONG))) < 1_000


_CELL = st.text(max_size=12) | st.sampled_from(
    ["2012-12", "Mali", "troops", "5", "0", "=1", "1e9", "NA", '"', "2012", "-3", "\x00"]
)


@given(rows=st.lists(st.lists(_CELL, min_size=4, max_size=5), max_size=6))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    text = "when,who,kind,n\n" + "\n".join(",".join(row) for row in rows) + "\n"
    document = Document("any.csv", text.encode("utf-8", "replace"))
    try:
        parsed = parse_with_mapping(document, _mapping(_LONG))
    except RefusedFile:
        return
    table = parsed.tables["contributions"]
    assert table["persons"].is_between(0, 1_000_000).all()
    assert set(table["personnel_type"]) <= set(PERSONNEL_TYPES)
    assert table["month"].str.contains(r"^\d{4}-(0[1-9]|1[0-2])$").all()


@given(st.binary(max_size=300))
def test_any_bytes_as_a_mapping_are_read_or_refused(data: bytes) -> None:
    document = Document("any.toml", data)
    is_mapping(document)
    with pytest.raises(RefusedFile):
        read_mapping(document)
