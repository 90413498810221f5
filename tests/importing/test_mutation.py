"""Damaged files: whatever the bytes, an import refuses or reads them, and never breaks."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sulh.intake.importing.task import Task, read_one
from sulh.intake.registry import reader_version
from sulh.store.keeping import find_tidy

from .conftest import hub_csv


def _workbook() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    return data.getvalue()


def _records() -> bytes:
    row = {"incident_date": -678153600000, "casualty_id": 1, "mission_acronym": "UNTSO"}
    more = {"casualty_nationality": "France", "casualty_personnel_type": "Military"}
    return json.dumps([{**row, **more, "type_of_incident": "Accident"}] * 3).encode()


SEEDS = (
    hub_csv([("2020-12", "Bangladesh", "MINUSCA", 3, 40), ("2020-12", "Nepal", "UNIFIL", 1, 2)]),
    b"date,troops,police,experts\n1993-06-30,5,NA,1\n1993-07-31,5,2,1\n",
    b"month,nation,operation,personnel_type,women,men,persons,producer,citation,licence\n"
    b"1996-02,Norway,IFOR,troops,,,998,P,C,L\n",
    _records(),
    _workbook(),
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    b"SULH table with mapping 1\n" + (8).to_bytes(8, "big") + b"[source]a;b\n1;2\n",
)
ENCODINGS = ("utf-8", "utf-16", "utf-32", "latin-1", "cp1252")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a seed with bits flipped, parts cut, swapped or repeated, or in another encoding."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data) - 1)) if data else 0
        to = draw(st.integers(at, min(len(data), at + 200))) if data else 0
        how = draw(st.sampled_from(["flip", "cut", "insert", "repeat", "encode"]))
        if how == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "cut":
            del data[at:to]
        elif how == "insert":
            data[at:at] = draw(st.binary(max_size=20))
        elif how == "repeat":
            data[at:at] = data[at:to]
        else:
            text = bytes(data).decode("utf-8", "replace")
            data = bytearray(text.encode(draw(st.sampled_from(ENCODINGS)), "replace"))
    return bytes(data)


@given(damaged())
def test_no_bytes_break_an_import(data: bytes) -> None:
    """What is read keeps the promises of tidy rows: counts that add up, months that exist."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Norway.csv"
        path.write_bytes(data)
        task = Task(str(path), folder, reader_version())
        outcome = read_one(task)
        if outcome.refused is not None:
            assert "could not be read (" not in outcome.refused, "a parser's own failure"
            return
        assert outcome.broken is None
        tidy = find_tidy(Path(folder), outcome.sha256, task.reader)
        assert tidy is not None
        if "contributions" not in tidy.tables:
            return
        for row in tidy.table("contributions").to_dicts():
            assert row["persons"] >= 0
            assert len(row["month"]) == 7
            if row["women"] is not None and row["men"] is not None:
                assert row["women"] + row["men"] == row["persons"]
