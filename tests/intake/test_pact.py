"""The Peacekeeping Activity Dataset, against plain counting."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake import pact
from sulh.intake.base import Document, Parsed

_NAME = "pact/PACT2_mission-year.csv"


@pytest.fixture(scope="module")
def parsed(shared_data: Path) -> Parsed:
    return pact.SOURCE.parse(Document(_NAME, (shared_data / _NAME).read_bytes()))


def test_every_activity_is_unfolded(parsed: Parsed, shared_data: Path) -> None:
    with (shared_data / _NAME).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    plain = [name for name in rows[0] if "__" in name and not name.endswith("__IA")]
    table = parsed.tables["activities"]
    assert table.height == len(rows) * len(plain) == 130 * 308
    assert table["coded"].sum() == sum(row[name] == "1" for row in rows for name in plain)
    joint = sum(row[f"{name}__IA"] == "1" for row in rows for name in plain)
    assert table["with_international_actors"].sum() == joint == 685
    unmik = table.filter(pl.col("operation_name") == "UNMIK", pl.col("year") == 2008)
    expected = [row for row in rows if row["PKO"] == "UNMIK" and row["year"] == "2008"]
    activity = unmik.filter(pl.col("activity") == "PoliceReform", pl.col("manner") == "Monitor")
    assert activity["coded"].item() == int(expected[0]["PoliceReform__Monitor"])
    assert unmik["coded"].sum() == sum(expected[0][name] == "1" for name in plain)


def test_names_with_underscores_are_told_from_manners(parsed: Parsed) -> None:
    activities = set(parsed.tables["activities"]["activity"])
    assert {"National_Reconciliation", "Operations_UseOfForce", "ControlSALW"} <= activities
    assert len(activities) == 37


def test_columns_that_are_no_activities_are_told(parsed: Parsed) -> None:
    assert [flag.code for flag in parsed.flags] == ["columns_left_out"]
    assert parsed.flags[0].message.startswith("12 columns")


def test_a_cell_that_is_neither_one_nor_zero_is_kept_apart(shared_data: Path) -> None:
    lines = (shared_data / _NAME).read_bytes().split(b"\n")
    lines[3] = lines[3].replace(b',"0"', b',"7"', 1).replace(b",0,", b",7,", 1)
    found = pact.SOURCE.parse(Document("x.csv", b"\n".join(lines)))
    refused = [flag for flag in found.flags if flag.severity == "refused"]
    assert [flag.line for flag in refused] == [4]
    assert found.tables["activities"].height == 129 * 308


@settings(max_examples=15)
@given(data=st.data())
def test_damaged_bytes_never_crash(shared_data: Path, data: st.DataObject) -> None:
    damaged = bytearray((shared_data / _NAME).read_bytes()[:70_000])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    document = Document("x.csv", bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    pact.SOURCE.recognises(document)
    try:
        table = pact.SOURCE.parse(document).tables["activities"]
    except RefusedFile:
        return
    assert set(table["coded"].drop_nulls()) <= {0, 1}
