"""Files round trip with nothing changed, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.api.registry import export_records, read_records
from sulh.cli.app import run
from sulh.core.errors import BadRequest, RefusedFile
from sulh.registry import KINDS, Cells, Refused, Register, example_records, verify
from sulh.registry.files import shielded, unshielded

NASTY = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "''@x",
    "'quoted'",
    " =1",
    "\t=1",
    "\n=1",
    '=HYPERLINK("http://x";"y")',
    "a,b;c\td\"e'f",
    "two\nlines",
    "_x0041_ _x000D_ _x005F_",
    "  spaces  ",
    "12",
    "1e5",
    "TRUE",
    "2025-01-01",
    "null",
    "İslahiye قطر 𝕬 é e\u0301",
)


def _full(desk: Register) -> None:
    desk.write(example_records())
    desk.write(
        [
            Cells("forum", {"id": f"N{n}", "title": text, "source": text, "notes": text})
            for n, text in enumerate(NASTY)
        ]
    )
    pact = {"title": "t", "parties": "IDN|MYS", "kind": "treaty", "source": "s"}
    desk.write(
        [
            Cells("agreement", {"id": "OLD", **pact}),
            Cells("agreement", {"id": "NEW", "replaces": "OLD", "in_force": "2018-05", **pact}),
            Cells(
                "ratification",
                {"id": "R", "agreement": "OLD", "party": "MYS", "how": "accession"}
                | {"ratified": "1995-03", "declarations": "=none", "source": "s"},
            ),
            Cells(
                "exercise",
                {"id": "E", "title": "@Exercise", "kind": "naval", "participants": "BGD|PAK"}
                | {"hosts": "PAK", "observers": "TUR", "persons": "12", "source": "s"},
            ),
        ]
    )
    desk.change("forum", "PKM-2025", 1, nations="130")
    desk.write(
        [
            Cells(
                "requirement",
                {
                    "id": "R",
                    "mission": "UNMISS",
                    "capability": "infantry",
                    "units": "1",
                    "first_month": "2027-01",
                    "last_month": "2027-12",
                    "priority": "0.1",
                    "source": "s",
                },
            )
        ]
    )


@pytest.mark.parametrize("name", ["out.json", "out.xlsx", "folder"])
def test_records_come_back_as_they_were(desk: Register, tmp_path: Path, name: str) -> None:
    _full(desk)
    paths = export_records(desk, [], tmp_path / name)
    copy = Register.open(tmp_path / "copy.sqlite", "second")
    count = 33 + len(NASTY) + 4 + 1
    assert copy.write(read_records(paths)).added == count
    for kind in KINDS:
        assert copy.rows(kind) == desk.rows(kind)
    assert copy.record("requirement", "R")["priority"] == 0.1
    assert verify(copy).faults == ()
    # The same files once more change nothing, here and there.
    for register in (copy, desk):
        assert register.write(read_records(paths)).same == count
    again = export_records(copy, [], tmp_path / f"again-{name}")
    if name != "out.xlsx":
        assert [p.read_bytes() for p in again] == [p.read_bytes() for p in paths]
    copy.close()


@given(st.text(alphabet=st.sampled_from("'=+-@ \t\r\nab"), max_size=8))
def test_a_shielded_text_comes_back_and_is_no_formula(text: str) -> None:
    assert unshielded(shielded(text)) == text
    assert not re.match(r"\s*[=+\-@]", shielded(text))


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_that_is_kept_comes_back_from_every_format(texts: list[str]) -> None:
    import tempfile

    desk = Register.open(":memory:")
    kept = []
    for text in texts:
        try:
            desk.add("forum", id=f"F{len(kept)}", title=text, source="s")
            kept.append(text)
        except Refused:
            continue
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.json", "a.xlsx", "forum.csv"):
            (path,) = export_records(desk, ["forum"], Path(folder, name))
            back = [dict(cells.cells)["title"] for cells in read_records([path])]
            assert back == kept
    desk.close()


def test_no_cell_of_a_file_is_a_formula(desk: Register, tmp_path: Path) -> None:
    _full(desk)
    (path,) = export_records(desk, ["forum"], tmp_path / "forum.csv")
    for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
        assert not [cell for cell in row if re.match(r"\s*[=+\-@]", cell)]
    (book,) = export_records(desk, ["forum"], tmp_path / "forum.xlsx")
    with zipfile.ZipFile(book) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    cells = [c for row in openpyxl.load_workbook(book)["forum"].iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]


def test_a_workbook_that_a_person_typed(tmp_path: Path) -> None:
    import datetime as dt

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "forum"
    sheet.append(["id", "title", "begins", "nations", "source"])
    sheet.append([2025, "Forum", dt.datetime(2025, 5, 13), 74.0, "s"])
    book.save(tmp_path / "typed.xlsx")
    (cells,) = read_records([tmp_path / "typed.xlsx"])
    assert cells.cells == {
        "id": "2025",
        "title": "Forum",
        "begins": "2025-05-13",
        "nations": "74",
        "source": "s",
    }
    assert cells.line == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("forum.csv", b"id,title\xff\n", "not UTF-8"),
        ("forum.csv", b"id,titel\nA,b\n", "columns titel"),
        ("forum.csv", b"title\nb\n", "no column id"),
        ("forum.csv", b"id;title\nA;b\n", "cells separated by ';'"),
        ("forum.csv", b"id,title,source\nA,b\n", "2 cells, the header 3"),
        ("forum.csv", b'id,title\nA,"b\n', "unexpected end"),
        ("love.csv", b"id\nA\n", "of the kind 'love'"),
        ("a.json", b"[1]", "no object of arrays"),
        ("a.json", b'{"forum": [{"id": NaN}]}', "NaN is no number"),
        ("a.json", b"{" * 5_000, "not JSON"),
        ("a.json", b'{"forum": [{"titel": 1}]}', "columns titel"),
        ("a.xlsx", b"PK\x03\x04nothing", "no workbook"),
        ("a.xlsx", b"", "no workbook"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RefusedFile, match=said):
        read_records([path])


def test_files_of_no_known_kind(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    with pytest.raises(BadRequest, match=r"records are kept in \.csv"):
        read_records([tmp_path / "a.pdf"])
    with pytest.raises(RefusedFile, match="cannot be read"):
        read_records([tmp_path / "absent.csv"])


def test_the_commands_do_a_dry_run_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SULH_REGISTRY", str(tmp_path / "desk.sqlite"))
    monkeypatch.setenv("SULH_WHO", "a desk officer")
    assert run(["registry", "example"]) == 0
    assert run(["registry", "export", str(tmp_path / "all.json")]) == 0
    document = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    document["forum"][0]["place"] = "Antalya, Türkiye"
    (tmp_path / "all.json").write_text(json.dumps(document), encoding="utf-8")
    capsys.readouterr()
    assert run(["registry", "import", str(tmp_path / "all.json")]) == 0
    said = "0 added, 1 changed, 0 removed, 32 the same"
    assert capsys.readouterr().out == f"dry run: {said}; --write does it\n"
    assert run(["registry", "import", str(tmp_path / "all.json"), "--write"]) == 0
    assert capsys.readouterr().out == f"{said}\n"
    # The file is older now than the record: whoever imports it again is told.
    document["forum"][0]["place"] = "elsewhere"
    (tmp_path / "all.json").write_text(json.dumps(document), encoding="utf-8")
    assert run(["registry", "import", str(tmp_path / "all.json"), "--write"]) == 2
    assert "has version 2 by a desk officer" in capsys.readouterr().err
    assert run(["registry", "history", "forum", "ADF-2024", "--format", "csv"]) == 0
    newest = capsys.readouterr().out.splitlines()[1]
    said = 'a desk officer,ADF-2024,2,place,Antalya,"Antalya, Türkiye",changed,forum,,34'
    assert newest.endswith(said)
    assert run(["registry", "verify"]) == 0
    assert capsys.readouterr().out == "33 records, 34 changes, 0 faults\n"
