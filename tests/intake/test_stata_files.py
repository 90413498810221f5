"""The two Stata files: against their published definitions and plain loops; damage is refused."""

from __future__ import annotations

import math
import struct
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake import bara_hultman, personnel_shortfall
from sulh.intake.base import Document, Parsed
from sulh.intake.stata import is_stata, read_stata, variable_names

_OPERATIONS = "non_un/bara_hultman_v2-2019.dta"
_STRENGTH = "shortfall/Personnel_shortfall_data.dta"


def _document(shared_data: Path, name: str) -> Document:
    return Document(name, (shared_data / name).read_bytes())


def _records(shared_data: Path, name: str) -> list[dict[str, object]]:
    """Return the records as another program reads them: pandas has its own reader."""
    return pd.read_stata(shared_data / name).to_dict("records")


@pytest.fixture(scope="module")
def operations(shared_data: Path) -> Parsed:
    return bara_hultman.SOURCE.parse(_document(shared_data, _OPERATIONS))


@pytest.fixture(scope="module")
def strength(shared_data: Path) -> Parsed:
    return personnel_shortfall.SOURCE.parse(_document(shared_data, _STRENGTH))


def test_each_is_recognised_by_its_variables(shared_data: Path) -> None:
    first, second = _document(shared_data, _OPERATIONS), _document(shared_data, _STRENGTH)
    assert bara_hultman.SOURCE.recognises(first) and not bara_hultman.SOURCE.recognises(second)
    assert personnel_shortfall.SOURCE.recognises(second)
    assert not personnel_shortfall.SOURCE.recognises(first)
    assert variable_names(first.data)[:3] == ("ccode", "location", "conflictid")


def test_an_operation_has_one_row_a_month_and_host(operations: Parsed, shared_data: Path) -> None:
    records = _records(shared_data, _OPERATIONS)
    once = {(row["missionid"], str(row["date"])[:7]): row for row in records}
    table = operations.tables["other_operations"]
    assert (len(records), len(once)) == (8_100, 6_422)
    assert table.height == len(once)
    found = {(float(row["mission_id"]), row["month"]): row for row in table.iter_rows(named=True)}
    assert set(found) == set(once)
    expected: dict[str, float] = defaultdict(float)
    for (_, month), row in once.items():
        expected[month[:4]] += float(str(row["troops_iepo"]))
    sums = table.group_by(pl.col("month").str.slice(0, 4).alias("year")).agg(pl.sum("troops"))
    assert dict(sums.rows()) == pytest.approx(dict(expected))


def test_bodies_and_reported_months(operations: Parsed, shared_data: Path) -> None:
    table = operations.tables["other_operations"]
    # IFOR began in December 1995 with 60,000, a figure that SIPRI reports
    ifor = table.filter(pl.col("operation_name") == "IFOR").sort("month")
    first = ifor.row(0, named=True)
    assert (first["month"], first["troops"], first["body"]) == ("1995-12", 60_000, "regional")
    assert not first["interpolated"]
    assert ifor.row(1, named=True)["interpolated"]
    records = _records(shared_data, _OPERATIONS)
    reported = {
        (row["missionid"], str(row["date"]))
        for row in records
        if not math.isnan(float(str(row["SIPRI_totals"])))
    }
    assert table.filter(~pl.col("interpolated")).height == len(reported)
    assert f"{table.height - len(reported)} of {table.height}" in operations.flags[0].message
    assert set(table["month"].str.slice(0, 4)) == {str(year) for year in range(1993, 2017)}


def test_bosnian_operations_are_not_counted_three_times(operations: Parsed) -> None:
    # the codebook: every operation in Bosnia is listed for each of three conflicts
    table = operations.tables["other_operations"]
    sfor = table.filter(pl.col("operation_name") == "SFOR")
    assert sfor.height == sfor["month"].n_unique()


def test_strength_by_type_and_month(strength: Parsed, shared_data: Path) -> None:
    records = _records(shared_data, _STRENGTH)
    pairs = {
        "troops": ("authtroop", "troop"),
        "police": ("authpolice", "police"),
        "experts_on_mission": ("authmilobs", "milobs"),
        "uniformed": ("totalauth", "total"),
    }
    rows: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for record in records:
        for kind, (authorised, deployed) in pairs.items():
            known = [float(str(record[name])) for name in (authorised, deployed)]
            rows[kind] += not all(math.isnan(value) for value in known)
            sums[kind] += 0 if math.isnan(known[1]) else int(known[1])
    table = strength.tables["strength"]
    found = table.group_by("personnel_type").agg(pl.len(), pl.col("deployed").sum())
    assert {kind: (n, total) for kind, n, total in found.rows()} == {
        kind: (rows[kind], sums[kind]) for kind in pairs
    }


def test_a_handful_of_strengths(strength: Parsed) -> None:
    table = strength.tables["strength"]
    unprofor = table.filter(
        pl.col("operation_name") == "UNPROFOR", pl.col("month") == "1994-12"
    ).select("personnel_type", "authorised", "deployed")
    # 44,870 + 1,011 + 748 = 46,629 authorised; 38,332 + 764 + 693 = 39,789 deployed
    assert unprofor.rows() == [
        ("troops", 44_870, 38_332),
        ("police", 1_011, 764),
        ("experts_on_mission", 748, 693),
        ("uniformed", 46_629, 39_789),
    ]


def test_printed_totals_are_compared(strength: Parsed) -> None:
    found = {flag.code: flag for flag in strength.flags}
    # the total of MINUSCA in May to July 2014 is printed as 0 beside 9,760 + 1,820 + 240
    assert "(6 rows; lines 140, 478, 479, 480" in found["authorised_total_differs"].message
    assert "(7 rows" in found["deployed_total_differs"].message
    assert found["fraction_rounded"].severity == "repaired"


def test_a_head_that_promises_too_much_is_refused(shared_data: Path) -> None:
    data = bytearray(_document(shared_data, _OPERATIONS).data)
    place = data.index(b"<N>") + 3
    data[place : place + 8] = struct.pack("<Q", 10**15)
    with pytest.raises(RefusedFile, match="1,000,000,000,000,000 records"):
        read_stata(Document("huge.dta", bytes(data)))


@pytest.mark.parametrize("keep", [0, 10, 200, 5_000, 600_000, -1])
def test_a_cut_file_is_refused(shared_data: Path, keep: int) -> None:
    data = _document(shared_data, _OPERATIONS).data[:keep]
    with pytest.raises(RefusedFile):
        bara_hultman.SOURCE.parse(Document("cut.dta", data))


def test_an_older_release_is_refused_with_advice() -> None:
    old = b"\x72\x02\x01\x00" + bytes(400)
    assert not is_stata(old)
    with pytest.raises(RefusedFile, match="Stata 13"):
        read_stata(Document("old.dta", old))


@settings(max_examples=12)
@given(data=st.data())
def test_damaged_bytes_never_crash(shared_data: Path, data: st.DataObject) -> None:
    name, source = data.draw(
        st.sampled_from(
            [(_OPERATIONS, bara_hultman.SOURCE), (_STRENGTH, personnel_shortfall.SOURCE)]
        )
    )
    damaged = bytearray((shared_data / name).read_bytes())
    head = data.draw(st.booleans())
    for _ in range(data.draw(st.integers(1, 20))):
        last = 27_000 if head else len(damaged) - 1
        damaged[data.draw(st.integers(0, last))] = data.draw(st.integers(0, 255))
    document = Document("damaged.dta", bytes(damaged))
    source.recognises(document)
    try:
        parsed = source.parse(document)
    except RefusedFile:
        return
    for table in parsed.tables.values():
        assert table["month"].str.contains(r"^\d{4}-(0[1-9]|1[0-2])$").all()
        for column in {"troops", "deployed"} & set(table.columns):
            assert table[column].drop_nulls().is_between(0, 200_000).all()
