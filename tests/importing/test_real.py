"""The public files, all of them: what is published must come out, and every known fault be told."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from sulh.intake.importing import ImportReport, import_paths
from sulh.store.quality import check, gaps, sources
from sulh.store.reading import Store

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDERS = ("un_monthly_pdf", "ipi", "un_hub", "geopko", "non_un", "shortfall", "pact", "countries")
COPIED = [
    *("1990-12", "1991-01", "1991-02", "1992-05"),
    *("1992-06", "1992-07", "1998-12", "2001-02"),
]


@pytest.fixture(scope="module")
def report(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ImportReport:
    root = tmp_path_factory.mktemp("real") / "store"
    return import_paths([shared_data / name for name in FOLDERS], root, workers=2)


@pytest.fixture(scope="module")
def store(report: ImportReport) -> Store:
    return Store.open(report.store)


def total(store: Store, month: str) -> int:
    rows = store.table("contributions").filter(pl.col("month") == month)
    return int(rows["persons"].sum())


def test_every_report_of_the_un_is_read(report: ImportReport) -> None:
    pdfs = [file for file in report.files if file.path.endswith(".pdf")]
    assert len(pdfs) == 108
    assert [file.path for file in pdfs if file.refused] == []


def test_what_is_no_source_is_refused_with_what_it_looks_like(report: ImportReport) -> None:
    refused = {Path(file.path).name: str(file.refused) for file in report.refused}
    assert "a table whose header is 'ccode'" in refused["cow_capitals.csv"]
    assert "text that is no table" in refused["codebook.txt"]
    assert report.status == 1


@pytest.mark.parametrize(
    ("month", "persons"),
    [
        ("1993-12", 69_931),
        ("2002-12", 39_652),
        ("2006-12", 80_368),
        ("2007-12", 84_309),
        ("2010-12", 98_638),
        ("2011-12", 99_016),
        ("2013-12", 98_200),
        ("2015-12", 107_088),
        ("2016-12", 100_376),
    ],
)
def test_published_totals(store: Store, month: str, persons: int) -> None:
    """Our World in Data, from UN figures; December 1993 from the files of the IPI."""
    assert total(store, month) == persons


def test_published_nations_of_october_2010(store: Store) -> None:
    """Published: Bangladesh 10,748, of whom 167 women, Pakistan 10,635, Egypt 5,463."""
    rows = store.table("contributions").filter(pl.col("month") == "2010-10")
    sums = rows.group_by("nation").agg(pl.col("persons", "women").sum())
    found = {nation: (persons, women) for nation, persons, women in sums.iter_rows()}
    assert found["BGD"] == (10_748, 167)
    assert found["PAK"][0] == 10_635
    assert found["EGY"][0] == 5_463


def test_every_printed_total_is_equal_or_told(store: Store) -> None:
    found = {row["check"]: row for row in check(store).table.to_dicts()}
    flagged = store.table("flags").filter(pl.col("code") == "total_differs")["month"].n_unique()
    assert found["printed_totals"]["tested"] > 70
    assert found["printed_totals"]["failed"] <= flagged
    assert found["women_and_men"]["failed"] == 0
    assert found["one_row_a_key"]["failed"] == 0


def test_copied_months_are_in_doubt(store: Store) -> None:
    rows = store.table("coverage").filter(pl.col("reason").str.contains("copied"))
    assert rows["month"].sort().to_list() == COPIED


def test_the_fall_of_turkiye_is_told(store: Store) -> None:
    (row,) = check(store).table.filter(pl.col("check") == "impossible_jumps").to_dicts()
    assert "TUR 1,504 to 6, 1994-07 to 1995-03" in row["detail"]


def test_months_without_a_report_are_missing_not_zero(store: Store) -> None:
    table = gaps(store).table.filter(pl.col("gap") == "missing_month")
    missing = table["month"].to_list()
    assert {"2014-12", "2015-03"} <= set(missing), "2015_03.pdf is a copy of April"
    assert not set(missing) & set(store.months)
    held = store.table("contributions")["month"].unique()
    assert not set(missing) & set(held)


def test_a_report_that_holds_another_month_is_placed_by_its_print(report: ImportReport) -> None:
    (file,) = [file for file in report.files if file.path.endswith("2020_06.pdf")]
    assert file.months == ("2022-06",)


def test_half_a_nation_is_not_taken_for_the_whole(store: Store) -> None:
    """Two files of one source say 87 and 1,098 persons of France; the printed total decides."""
    rows = store.table("contributions")
    france = rows.filter((pl.col("month") == "2012-06") & (pl.col("nation") == "FRA"))
    assert france["persons"].sum() == 1_098


def test_casualties_of_overlapping_files_count_once(store: Store) -> None:
    """The newest file has 4,429 rows, and says of some casualties twice."""
    rows = store.table("fatalities")
    assert 4_350 <= rows.height <= 4_429
    assert rows["fatalities"].sum() == rows.height


def test_namibia_is_not_taken_for_a_missing_value(store: Store) -> None:
    rows = store.table("contributions").filter(pl.col("nation") == "NAM")
    assert rows["persons"].sum() > 0


def test_every_source_is_listed_with_its_terms(store: Store) -> None:
    table = sources(store).table
    assert {"un_monthly_pdf", "ipi_gender", "geopko", "un_hub_fatalities"} <= set(table["source"])
    assert table["licence"].null_count() == 0


def test_disagreements_give_both_figures(store: Store) -> None:
    """August 2011: the source by operation lacks 1,497 persons of Egypt."""
    table = gaps(store, "2011-08", "2011-08").table
    (row,) = table.filter(pl.col("gap") == "nation_total_differs").to_dicts()
    assert (row["nation"], row["persons"], row["other_persons"]) == ("EGY", 5_627, 4_130)


def test_any_order_gives_the_same_version(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "un_monthly_pdf").glob("*2015*.pdf"))[:6]
    files += sorted((shared_data / "ipi").glob("*.csv"))
    versions = {
        import_paths(
            random.Random(seed).sample(files, len(files)), tmp_path / str(seed), workers=w
        ).version
        for seed, w in ((1, 1), (2, 2))
    }
    assert len(versions) == 1
