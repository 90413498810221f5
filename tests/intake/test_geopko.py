"""Geo-PKO: the raw file and the yearly extracts, against plain counting."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake import geopko, geopko_yearly
from sulh.intake.base import Document, Parsed
from sulh.intake.geopko_names import month_of_map

_RAW = "geopko/geopko_raw_from_RData.csv"


def _document(shared_data: Path, name: str) -> Document:
    return Document(name, (shared_data / name).read_bytes())


def _plain(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Parsed:
    return geopko.SOURCE.parse(_document(shared_data, _RAW))


@pytest.fixture(scope="module")
def plain(shared_data: Path) -> list[dict[str, str]]:
    return _plain(shared_data, _RAW)


def test_it_is_recognised_by_its_columns_alone(shared_data: Path) -> None:
    document = _document(shared_data, _RAW)
    assert geopko.SOURCE.recognises(Document("x.dat", document.data))
    assert not geopko_yearly.SOURCE.recognises(document)
    for name in ("FrontMap", "TTMap", "TCCMap"):
        extract = _document(shared_data, f"geopko/{name}_v.2.3.csv")
        assert geopko_yearly.SOURCE.recognises(extract)
        assert not geopko.SOURCE.recognises(extract)


def test_every_row_is_kept_and_troops_add_up_by_year(
    raw: Parsed, plain: list[dict[str, str]]
) -> None:
    deployments = raw.tables["deployments"]
    assert deployments.height == len(plain) == 18_699
    expected: Counter[str] = Counter()
    for row in plain:
        if row["no.troops"] != "unknown":
            expected[row["year"]] += int(row["no.troops"])
    found = deployments.group_by(pl.col("month").str.slice(0, 4).alias("year")).agg(
        pl.col("troops").sum()
    )
    assert dict(found.rows()) == dict(expected)
    unknown = sum(row["no.troops"] == "unknown" for row in plain)
    assert deployments["troops"].null_count() == unknown == 502


def test_units_are_those_of_the_file(raw: Parsed, plain: list[dict[str, str]]) -> None:
    deployments = raw.tables["deployments"]
    pairs = {"medical": "med", "engineering": "eng", "transport": "trans", "aviation": "avia"}
    for ours, theirs in pairs.items():
        assert deployments[ours].sum() == sum(row[theirs] == "1" for row in plain)


def test_contributors_are_unfolded_from_all_seventeen_pairs(
    raw: Parsed, plain: list[dict[str, str]]
) -> None:
    names: Counter[str] = Counter()
    troops = 0
    for row in plain:
        for place in range(1, 18):
            name = row[f"nameoftcc_{place}"]
            if name != "NA":
                names[name] += 1
                size = row[f"notroopspertcc_{place}"]
                troops += int(size) if size.isdigit() else 0
    table = raw.tables["deployment_contributors"]
    assert table.height == sum(names.values())
    assert table["troops"].sum() == troops
    assert table.filter(pl.col("nation_name") == "Bangladesh").height == names["Bangladesh"]
    both_null = pl.col("nation_name").is_null() & pl.col("group_name").is_null()
    assert table.filter(both_null).height == names["unknown"] == 337
    groups = names["Multinational"] + names["Mutinational"] + names["CARICOM"]
    assert table["group_name"].drop_nulls().len() == groups


def test_a_unit_is_attributed_only_where_one_nation_stands_alone(
    raw: Parsed, plain: list[dict[str, str]]
) -> None:
    groups = {"unknown", "Multinational", "Mutinational", "CARICOM"}
    expected = 0
    for row in plain:
        listed = {row[f"nameoftcc_{place}"] for place in range(1, 18)} - {"NA"}
        alone = len(listed) == 1 and int(row["no.tcc"]) <= 1 and not listed & groups
        expected += row["med"] == "1" and alone
    medical = raw.tables["deployment_units"].filter(pl.col("unit") == "medical")
    assert medical["attributed"].sum() == expected
    several = medical.filter(pl.col("contributors") > 1)
    assert several["attributed"].sum() == 0
    # every medical unit of the file appears, whether anyone is known to have sent it or not
    assert medical["line"].n_unique() == sum(row["med"] == "1" for row in plain) == 1_615


def test_a_handful_of_cells(raw: Parsed) -> None:
    first = raw.tables["deployments"].row(0, named=True)
    assert (first["month"], first["operation_name"], first["location"]) == (
        "2017-06",
        "UNDOF",
        "Camp Faouar",
    )
    assert (first["troops"], first["infantry"], first["engineering"]) == (225, 1, 1)
    assert first["latitude"] == pytest.approx(33.238894)
    listed = raw.tables["deployment_contributors"].filter(pl.col("line") == 2)
    assert listed.select("nation_name", "troops").rows() == [
        ("Fiji", 150),
        ("Nepal", 70),
        ("India", 35),
    ]


def test_the_faults_of_the_file_are_told(raw: Parsed) -> None:
    found = {flag.code: flag for flag in raw.flags}
    assert "(1 rows" in found["no_position"].message
    assert "(520 rows" in found["contributors_differ"].message
    # line 2: 225 troops, contributors 150 + 70 + 35 = 255
    assert found["troops_differ"].line == 2
    assert sum(flag.code == "maps_of_one_month" for flag in raw.flags) == 22


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        ("1999", "6", ("1999-06", False)),
        ("1999", "June", ("1999-06", False)),
        ("1999", "Mar-Apr", ("1999-04", True)),
        ("1999", "11/12", ("1999-12", True)),
        ("1999", "NA", (None, False)),
        ("1999", "13", (None, False)),
        ("1999", "1-2-3", (None, False)),
        ("NA", "3", (None, False)),
        ("1999", "Ma", (None, False)),
    ],
)
def test_months_of_maps(year: str, month: str, expected: tuple[str | None, bool]) -> None:
    assert month_of_map(year, month) == expected


def test_yearly_strengths(shared_data: Path) -> None:
    name = "geopko/FrontMap_v.2.3.csv"
    rows = _plain(shared_data, name)
    table = geopko_yearly.SOURCE.parse(_document(shared_data, name)).tables["deployments_yearly"]
    assert table.height == len(rows) == 8_783
    expected: Counter[int] = Counter()
    for row in rows:
        expected[int(row["year"])] += 0 if row["NoTroops"] == "NA" else int(row["NoTroops"])
    assert dict(table.group_by("year").agg(pl.col("troops").sum()).rows()) == dict(expected)
    assert table["year"].max() == 2024
    assert table["troops"].null_count() == 250


def test_yearly_units(shared_data: Path) -> None:
    name = "geopko/TTMap_v.2.3.csv"
    rows = _plain(shared_data, name)
    parsed = geopko_yearly.SOURCE.parse(_document(shared_data, name))
    table = parsed.tables["deployment_units_yearly"]
    assert table.height == len(rows) == 7_372
    for ours, theirs in {"medical": "med", "engineering": "eng", "transport": "trans"}.items():
        assert table[ours].sum() == sum(int(row[theirs]) for row in rows)


def test_yearly_contributors(shared_data: Path) -> None:
    name = "geopko/TCCMap_v.2.3.csv"
    rows = _plain(shared_data, name)
    parsed = geopko_yearly.SOURCE.parse(_document(shared_data, name))
    table = parsed.tables["deployment_contributors_yearly"]
    # the source's own count of contributors is the check of the cells that were unfolded
    assert table.height == sum(int(row["No.TCC"]) for row in rows) == 8_729
    assert parsed.flags == ()
    sizes = sum(
        int(size) for row in rows for size in re.findall(r"\((\d+)\)", row["year.overview"])
    )
    assert table["troops"].sum() == sizes
    assert table.filter(pl.col("nation_name") == "Korea (ROK)").height == 37
    assert table.filter(pl.col("nation_name").str.contains("unknown")).height == 0


_OVERVIEW = st.lists(
    st.tuples(
        st.sampled_from(["Nepal", "Cote d'Ivoire", "Korea (ROK)", "TCC name unknown", "UK"]),
        st.none() | st.integers(0, 999_999),
    ),
    min_size=1,
    max_size=9,
)


@given(_OVERVIEW)
def test_an_overview_is_read_back(entries: list[tuple[str, int | None]]) -> None:
    written = ", ".join(
        f"{name} ({'size unknown' if size is None else size})" for name, size in entries
    )
    assert geopko_yearly.read_overview(written) == entries
    assert geopko_yearly.read_overview(written + " and others") is None


def test_swapped_columns_are_refused(shared_data: Path) -> None:
    lines = _document(shared_data, _RAW).data.split(b"\n")
    head = lines[0].replace(b'"latitude"', b'"x"').replace(b'"mission"', b'"latitude"')
    head = head.replace(b'"x"', b'"mission"')
    with pytest.raises(RefusedFile, match="rows cannot be read"):
        geopko.SOURCE.parse(Document("swapped.csv", b"\n".join([head, *lines[1:400], b""])))


@settings(max_examples=25)
@given(data=st.data())
def test_damaged_bytes_are_refused_or_flagged(shared_data: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([_RAW, "geopko/TTMap_v.2.3.csv", "geopko/TCCMap_v.2.3.csv"]))
    whole = (shared_data / name).read_bytes()
    sample = bytearray(whole[: whole.index(b"\n", 60_000) + 1])
    for _ in range(data.draw(st.integers(1, 8))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sample)))
    for damaged in (bytes(sample), bytes(sample[:cut]), bytes(sample[cut:])):
        for source in (geopko.SOURCE, geopko_yearly.SOURCE):
            document = Document("damaged.csv", damaged)
            source.recognises(document)
            try:
                parsed = source.parse(document)
            except RefusedFile:
                continue
            assert all(table.height for table in parsed.tables.values())
