"""The files of IPI: what they print is read, what they have wrong is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Flag, Parsed
from sulh.intake.ipi import SOURCES
from sulh.intake.ipi.attributes import group_flags
from sulh.intake.ipi.nation import nation_in_name
from sulh.store.checks.months import copied_months, implausible_jumps

COPIED = (
    "1990-12", "1991-01", "1991-02", "1992-05", "1992-06", "1992-07", "1998-12", "2001-02",
)  # fmt: skip
GENDER = (
    "Date,Contributor,Contributor_ISO-3,Mission,Individual_Police_Male,Individual_Police_Female,"
    "Individual_Police_Total,Formed_Police_Units_Male,Formed_Police_Units_Female,"
    "Formed_Police_Units_Total,Experts_on_Mission_Male,Experts_on_Mission_Female,"
    "Experts_on_Mission_Total,Troops_Male,Troops_Female,Troops_Total,Total_Male,Total_Female,"
    "Total_Total\n"
)


@cache
def _read(path: Path) -> Parsed:
    return parse(Document(path.name, path.read_bytes()))


def parse(document: Document) -> Parsed:
    (source,) = [source for source in SOURCES if source.recognises(document)]
    return source.parse(document)


def gender(*rows: str) -> Parsed:
    return parse(Document("any", (GENDER + "".join(f"{row}\n" for row in rows)).encode()))


def codes(parsed: Parsed, severity: str | None = None) -> list[str]:
    return [flag.code for flag in parsed.flags if severity in (None, flag.severity)]


def flagged(parsed: Parsed, code: str) -> list[Flag]:
    return [flag for flag in parsed.flags if flag.code == code]


@pytest.fixture(scope="module")
def ipi(shared_data: Path) -> Path:
    return shared_data / "ipi"


@pytest.fixture(scope="module")
def nations(ipi: Path) -> pl.DataFrame:
    """Return the contributions of all nations, from their own files."""
    paths = [path for path in sorted((ipi / "countries").iterdir()) if path.name != ".csv"]
    return pl.concat(_read(path).tables["contributions"] for path in paths)


def by_nation(frame: pl.DataFrame, month: str) -> dict[str, int]:
    held = frame.filter(pl.col("month") == month)
    sums = held.group_by("nation_name").agg(pl.col("persons").sum())
    return dict(sums.rows())


def world(ipi: Path, month: str) -> int:
    totals = _read(ipi / "data_monthly.csv").tables["world_totals"]
    held = totals.filter(pl.col("month") == month, pl.col("personnel_type") == "uniformed")
    return int(held["persons"].item())


@pytest.mark.parametrize(
    ("name", "key", "rows"),
    [
        ("20140430.csv", "ipi_month", {"contributions": 890, "operations": 17}),
        ("Gender.Full.csv", "ipi_gender", {"contributions": 44054}),
        ("full_gender_data_latest.csv", "ipi_gender", {"contributions": 49074}),
        ("data_mission.csv", "ipi_operation", {"operation_totals": 15960, "operations": 78}),
        ("data_monthly.csv", "ipi_world", {"world_totals": 1242}),
        ("countries.json", "ipi_countries_json", {}),
        ("missions.json", "ipi_missions_json", {"operations": 78}),
        ("countries/Namibia.csv", "ipi_nation", {"contributions": 541}),
    ],
)
@pytest.mark.shared
def test_each_file_has_one_source(ipi: Path, name: str, key: str, rows: dict[str, int]) -> None:
    parsed = _read(ipi / name)
    assert parsed.source == key
    assert {table: frame.height for table, frame in parsed.tables.items()} == rows


@pytest.mark.shared
@pytest.mark.parametrize(
    ("month", "persons"),
    [
        ("2002-12", 39_652), ("2006-12", 80_368), ("2007-12", 84_309), ("2010-12", 98_638),
        ("2011-12", 99_016), ("2013-12", 98_200), ("2014-12", 104_062), ("2015-12", 107_088),
        ("2016-12", 100_376),
    ],
)  # fmt: skip
def test_december_totals_are_the_published_ones(ipi: Path, month: str, persons: int) -> None:
    """Our World in Data, from the United Nations; both files of totals agree."""
    assert world(ipi, month) == persons
    totals = _read(ipi / "data_mission.csv").tables["operation_totals"]
    held = totals.filter(pl.col("month") == month, pl.col("personnel_type") == "uniformed")
    assert held["persons"].sum() == persons


@pytest.mark.shared
def test_december_2013_without_the_political_missions(ipi: Path) -> None:
    """UN fact sheet, 31 December 2013: 97,904 = 83,008 troops + 13,053 police + 1,843 observers."""
    rows = _read(ipi / "data_mission.csv").tables["operation_totals"]
    held = rows.filter(pl.col("month") == "2013-12")
    political = held.filter(pl.col("operation_name").is_in(["UNAMA", "UNAMI"]))
    uniformed = political.filter(pl.col("personnel_type") == "uniformed")
    assert dict(uniformed.select("operation_name", "persons").rows()) == {"UNAMA": 25, "UNAMI": 271}
    kept = held.filter(~pl.col("operation_name").is_in(["UNAMA", "UNAMI"]))
    sums = dict(kept.group_by("personnel_type").agg(pl.col("persons").sum()).rows())
    assert sums == {
        "uniformed": 97_904, "troops": 83_008, "police": 13_053, "experts_on_mission": 1_843,
    }  # fmt: skip


@pytest.mark.shared
def test_october_2010_by_nation(nations: pl.DataFrame, ipi: Path) -> None:
    """bbsnews, 2010/11: as published, but the file of Egypt has 5,461 where 5,463 was published."""
    held = by_nation(nations, "2010-10")
    named = {name: held[name] for name in ("Bangladesh", "Pakistan", "India", "Nigeria", "Egypt")}
    assert named == {
        "Bangladesh": 10_748, "Pakistan": 10_635, "India": 8_704, "Nigeria": 5_786, "Egypt": 5_461,
    }  # fmt: skip
    full = _read(ipi / "Gender.Full.csv").tables["contributions"]
    assert by_nation(full, "2010-10")["Egypt"] == 5_463
    mended = _read(ipi / "full_gender_data_latest.csv").tables["contributions"]
    assert by_nation(mended, "2010-10")["Egypt"] == 5_463
    bangladesh = full.filter(pl.col("month") == "2010-10", pl.col("nation_code") == "BGD")
    assert bangladesh.select("men", "women", "persons").sum().row(0) == (10_581, 167, 10_748)


@pytest.mark.shared
def test_december_2009_and_march_2012_by_nation(nations: pl.DataFrame) -> None:
    """mountainrunner.us, 2010: India 8,757 and Egypt 5,155; pko.go.jp for March 2012."""
    held = by_nation(nations, "2009-12")
    expected = {
        "Pakistan": 10_764, "Bangladesh": 10_427, "India": 8_756, "Nigeria": 5_807,
        "Egypt": 5_153, "Nepal": 4_311, "Jordan": 3_798, "Rwanda": 3_671, "Ghana": 3_633,
        "Uruguay": 2_513,
    }  # fmt: skip
    assert {name: held[name] for name in expected} == expected
    later = by_nation(nations, "2012-03")
    ranked = sorted(later, key=lambda name: -later[name])
    top = {"Bangladesh": 10_245, "Pakistan": 9_401, "India": 8_134}
    assert {name: later[name] for name in ranked[:3]} == top
    assert (len(later), ranked.index("Japan") + 1) == (117, 38)


@pytest.mark.shared
def test_women_in_may_2013(ipi: Path) -> None:
    """untribune.com, June 2013: 2,259 of 78,091 military and 1,251 of 12,460 police."""
    rows = _read(ipi / "Gender.Full.csv").tables["contributions"]
    held = rows.filter(pl.col("month") == "2013-05")
    police = pl.col("personnel_type").str.contains("police")
    for part, women, persons in ((~police, 2_259, 78_091), (police, 1_251, 12_460)):
        assert held.filter(part).select("women", "persons").sum().row(0) == (women, persons)


@pytest.mark.shared
def test_contributors_in_1993_and_2012(nations: pl.DataFrame) -> None:
    """Perry and Smith 2013: 73 in 1993 (the peak, in June) and 115 in 2012."""
    assert len(by_nation(nations, "1993-06")) == 73
    assert len(by_nation(nations, "1993-12")) == 69
    assert len(by_nation(nations, "2012-12")) == 115


@pytest.mark.shared
@pytest.mark.parametrize("name", ["data_monthly.csv", "data_mission.csv"])
def test_copied_and_missing_months_are_in_doubt(ipi: Path, name: str) -> None:
    parsed = _read(ipi / name)
    assert tuple(flag.month for flag in flagged(parsed, "copied_month")) == COPIED
    assert [flag.month for flag in flagged(parsed, "missing_month")] == ["2016-11"]


@pytest.mark.shared
def test_copies_and_falls_over_all_nations(nations: pl.DataFrame) -> None:
    assert copied_months(nations) == COPIED
    falls = {row[0]: row[1:3] for row in implausible_jumps(nations).rows()}
    assert falls["Turkey"] == ("1994-07", "1995-03")
    assert sorted(falls) == ["Bulgaria", "Turkey", "Uruguay", "Zambia"]


@pytest.mark.shared
def test_fall_of_tuerkiye_is_in_doubt_at_reading(ipi: Path) -> None:
    (fall,) = flagged(_read(ipi / "countries" / "Turkey.csv"), "fall_and_return")
    assert (fall.month, fall.severity) == ("1994-07", "doubt")
    assert "1,504" in fall.message


@pytest.mark.shared
def test_file_without_a_name_is_refused(ipi: Path) -> None:
    with pytest.raises(RefusedFile, match="no name of a nation"):
        _read(ipi / "countries" / ".csv")


@pytest.mark.parametrize("name", ["", ".csv", "20140430.csv", "=x.csv", "a.csv", "x" * 70 + ".csv"])
def test_what_is_no_name_of_a_nation(name: str) -> None:
    with pytest.raises(RefusedFile):
        nation_in_name(Document(name, b""))


@pytest.mark.parametrize("name", ["Timor-Leste", "Cote d Ivoire", "Türkiye", "Chad"])
def test_what_is_a_name_of_a_nation(name: str) -> None:
    assert nation_in_name(Document(f"folder/{name}.csv", b"")) == name


@pytest.mark.shared
def test_headquarters_are_turned_round(ipi: Path) -> None:
    parsed = _read(ipi / "data_mission.csv")
    (flag,) = flagged(parsed, "coordinates_exchanged")
    assert flag.severity == "repaired"
    places = {
        row["operation_name"]: (row["latitude"], row["longitude"])
        for row in parsed.tables["operations"].iter_rows(named=True)
    }
    own = {
        row["operation_name"]: (row["latitude"], row["longitude"])
        for row in _read(ipi / "missions.json").tables["operations"].iter_rows(named=True)
    }
    assert places["MINUSMA"] == (12.65, -8.0)
    assert places["UNFICYP"] == (35.1667, 33.3667)
    differing = {name for name in places if places[name] != own.get(name)}
    assert differing == {"UNMEE"}


@pytest.mark.shared
def test_stray_apostrophes_and_misspellings_are_mended(ipi: Path) -> None:
    month = _read(ipi / "20140430.csv")
    assert {"stray_apostrophe", "misspelt_column"} <= set(codes(month, "repaired"))
    later = _read(ipi / "full_gender_data_latest.csv").tables["contributions"]
    for frame in (*month.tables.values(), later):
        for name in set(frame.columns) & {"nation_name", "nation_code", "operation_name"}:
            assert not frame[name].str.ends_with("'").any()
    assert month.tables["contributions"]["persons"].sum() == 97_729 == world(ipi, "2014-04")


@pytest.mark.shared
def test_roll_ups_and_duplicates_count_nobody_twice(ipi: Path) -> None:
    parsed = _read(ipi / "full_gender_data_latest.csv")
    rows = parsed.tables["contributions"]
    assert not (rows["nation_name"] == "all").any()
    assert not (rows["operation_name"] == "all").any()
    assert "(4599 rows;" in flagged(parsed, "duplicates")[0].message
    assert "(6085 rows;" in flagged(parsed, "roll_up_rows")[0].message
    assert "contradictory_duplicate" not in codes(parsed)
    april = rows.filter(pl.col("month") == "2014-04")["persons"].sum()
    assert april == world(ipi, "2014-04")
    assert all(flag.month <= "2014-01" for flag in flagged(parsed, "roll_up_differs") if flag.month)


@pytest.mark.shared
def test_umbrella_names_are_told(ipi: Path) -> None:
    named = [flag.message.split()[0] for flag in
             flagged(_read(ipi / "data_mission.csv"), "umbrella_operation")]  # fmt: skip
    assert named == ["UNAVEM", "UNOSOM"]


@pytest.mark.shared
def test_namibia_keeps_its_code(ipi: Path) -> None:
    rows = _read(ipi / "Gender.Full.csv").tables["contributions"]
    assert rows.filter(pl.col("nation_name") == "Namibia")["nation_code"].unique().to_list() == [
        "NAM"
    ]


@pytest.mark.shared
def test_experts_before_1992_are_not_said_to_be_none(ipi: Path) -> None:
    totals = _read(ipi / "data_monthly.csv").tables["world_totals"]
    first = totals.filter(pl.col("month") == "1990-11")
    assert first["personnel_type"].to_list() == ["police", "troops", "uniformed"]
    assert "experts_in_troops" in codes(_read(ipi / "data_monthly.csv"), "note")


@pytest.mark.shared
def test_groups_of_nations_are_a_check_only(ipi: Path) -> None:
    path = ipi / "countries.json"
    flags = group_flags(Document(path.name, path.read_bytes()))
    oic = set(flags.filter(pl.col("group") == "oic")["nation_code"])
    assert (len(oic), "AZE" in oic, "TUR" in oic) == (56, False, True)
    assert codes(_read(path)) == ["attributes_only"]


def test_types_and_sexes_of_a_row() -> None:
    parsed = gender("2012-02-28,Mali,MLI,UNOCI,1,0,1,NA,NA,NA,0,0,0,8,2,10,9,2,11")
    columns = ["month", "nation_code", "personnel_type", "women", "men", "persons", "line"]
    assert parsed.tables["contributions"].select(columns).rows() == [
        ("2012-02", "MLI", "individual_police", 0, 1, 1, 2),
        ("2012-02", "MLI", "troops", 2, 8, 10, 2),
    ]


def test_total_of_the_month_before_is_mended() -> None:
    parsed = gender("2010-10-31,Egypt,EGY,UNMIS,15,0,15,NA,NA,NA,21,0,21,1490,15,1503,1526,15,1539")
    assert parsed.tables["contributions"]["persons"].sum() == 15 + 21 + 1505
    assert [flag.severity for flag in flagged(parsed, "women_and_men_do_not_add_up")] == [
        "repaired"
    ]


def test_damaged_number_of_men_does_not_replace_the_total() -> None:
    """9490 men contradict the total of the type and the total of men: the printed total stays."""
    parsed = gender("2010-10-31,Egypt,EGY,UNMIS,15,0,15,NA,NA,NA,21,0,21,9490,15,1505,1526,15,1541")
    assert parsed.tables["contributions"]["persons"].sum() == 15 + 21 + 1505
    assert codes(parsed, "doubt") == ["women_and_men_do_not_add_up"]


def test_contradictory_duplicate_is_in_doubt() -> None:
    row = "2012-02-28,Mali,MLI,UNOCI,1,0,1,NA,NA,NA,0,0,0,0,0,0,1,0,1"
    other = row.replace("Mali,MLI,UNOCI,1,0,1", "Mali',MLI',UNOCI',2,0,2").replace("1,0,1", "2,0,2")
    parsed = gender(row, other)
    assert parsed.tables["contributions"]["persons"].to_list() == [1]
    assert "contradictory_duplicate" in codes(parsed, "doubt")


def test_roll_up_that_differs_is_in_doubt() -> None:
    parsed = gender(
        "2012-02-28,all,all,all,2,0,2,NA,NA,NA,0,0,0,0,0,0,2,0,2",
        "2012-02-28,Mali,MLI,UNOCI,1,0,1,NA,NA,NA,0,0,0,0,0,0,1,0,1",
    )
    assert parsed.tables["contributions"]["persons"].to_list() == [1]
    assert [flag.line for flag in flagged(parsed, "roll_up_differs")] == [2]


def test_exchanged_columns_of_sexes_are_in_doubt() -> None:
    parsed = gender("2012-02-28,Mali,MLI,UNOCI,1,9,10,NA,NA,NA,0,0,0,0,0,0,1,9,10")
    assert "women_outnumber_men" in codes(parsed, "doubt")


def test_month_that_stands_twice_is_refused() -> None:
    text = b"Date,Troops,Police,Experts\n2012-01-31,1,NA,NA\n2012-01-31,2,NA,NA\n"
    with pytest.raises(RefusedFile, match="stands 2 times"):
        parse(Document("Mali.csv", text))


@pytest.mark.parametrize("cell", ["-1", "1e300", "NaN", "=1+1", "1.5", "9999999999", "x"])
def test_absurd_number_is_never_accepted(cell: str) -> None:
    lines = "".join(f"2012-{month:02d}-28,5,NA,NA\n" for month in range(1, 13))
    text = f"Date,Troops,Police,Experts\n{lines}2013-01-31,{cell},NA,NA\n"
    parsed = parse(Document("Mali.csv", text.encode()))
    assert parsed.months[-1] == "2012-12"
    assert [flag.line for flag in parsed.flags if flag.severity == "refused"] == [14]


def monthly(ipi: Path, change: Callable[[list[list[str]]], None]) -> Document:
    """Return ``data_monthly`` with its cells changed."""
    rows = list(csv.reader(io.StringIO((ipi / "data_monthly.csv").read_text("utf-8-sig"))))
    change(rows)
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return Document("any.csv", stream.getvalue().encode())


@pytest.mark.shared
def test_exchanged_headers_of_troops_and_police_are_refused(ipi: Path) -> None:
    def exchange(rows: list[list[str]]) -> None:
        rows[0][2], rows[0][6] = rows[0][6], rows[0][2]

    with pytest.raises(RefusedFile, match="do not fit the averages"):
        parse(monthly(ipi, exchange))


@pytest.mark.shared
def test_exchanged_cells_of_troops_and_police_are_in_doubt(ipi: Path) -> None:
    def exchange(rows: list[list[str]]) -> None:
        rows[200][2], rows[200][6] = rows[200][6], rows[200][2]

    (flag,) = flagged(parse(monthly(ipi, exchange)), "average_differs")
    assert flag.line == 201


@pytest.mark.shared
@pytest.mark.parametrize("year", ["1899", "2099"])
def test_months_out_of_range_are_refused(ipi: Path, year: str) -> None:
    text = (ipi / "20140430.csv").read_text(encoding="utf-8").replace("2014-04-30", f"{year}-04-30")
    with pytest.raises(RefusedFile, match="is no date from 1945-01 to"):
        parse(Document("any.csv", text.encode()))
