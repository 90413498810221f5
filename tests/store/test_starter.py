"""The starter store: what it holds, its size, and that the same store gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import SulhError
from sulh.facts.catalogue import entry
from sulh.store.layout import starter_store
from sulh.store.publishing import Edition, publish
from sulh.store.quality import check, gaps, sources
from sulh.store.reading import Store
from sulh.store.schema import schema
from sulh.store.starter import MOST_BYTES, write_starter


@pytest.fixture
def full(tmp_path: Path) -> Store:
    months = ["1999-11", "1999-12", "2000-02"]
    count = {"month": months, "nation": ["BGD"] * 3, "persons": [1, 2, 3]}
    contributions = {**count, "personnel_type": ["troops"] * 3, "origin": ["ipi_nation"] * 3}
    coverage = {"month": months, "chosen": ["ipi_nation"] * 3, "persons": [1, 2, 3]}
    deaths = {"month": ["1999-11", "1999-12"], "year": [1999] * 2, "nation": ["BGD"] * 2}
    years = {"year": [1999] * 2, "nation": ["BGD"] * 2, "measure": ["armed_forces"] * 2}
    tables = {
        "contributions": pl.DataFrame(contributions),
        "coverage": pl.DataFrame(coverage),
        "fatalities": pl.DataFrame(
            {**deaths, "fatalities": [1, 1], "origin": ["un_hub_fatalities"] * 2}
        ),
        "nation_years": pl.DataFrame(
            {**years, "value": [5.0, 6.0], "origin": ["cow_nmc", "iiss_milper"]}
        ),
        "flags": pl.DataFrame(
            {
                "origin": ["ipi_nation"] * 4,
                "code": ["corrected", "corrected", "fall_and_return", "name_repaired"],
                "severity": ["repaired", "repaired", "doubt", "repaired"],
                "month": ["1999-11", "1999-12", "1999-11", None],
                "message": ["not held", "held", "a fall of several months", "of no month"],
            }
        ),
    }
    tables["swings"] = pl.DataFrame(
        [("BGD", "1999-11", "1999-11", 900, 1, 900, "ipi_nation")],
        schema=schema("swings"),
        orient="row",
    )
    publish(tmp_path / "full", Edition(tables))
    return Store.open(tmp_path / "full")


@pytest.fixture
def small(full: Store, tmp_path: Path) -> Store:
    write_starter(full, tmp_path / "starter")
    return Store.open(tmp_path / "starter")


def test_it_holds_decembers_and_the_latest_month(small: Store) -> None:
    assert small.kind == "starter"
    assert small.months == ("1999-12", "2000-02")
    assert small.table("contributions")["persons"].to_list() == [2, 3]


def test_world_totals_cover_all_months(small: Store) -> None:
    totals = small.table("world_totals").select("month", "persons").rows()
    assert totals == [("1999-11", 1), ("1999-12", 2), ("2000-02", 3)]


def test_deaths_are_summed_by_year(small: Store) -> None:
    (row,) = small.table("fatalities").to_dicts()
    assert (row["year"], row["month"], row["date"], row["fatalities"]) == (1999, None, None, 2)


def test_what_may_not_be_passed_on_is_left_out(small: Store) -> None:
    assert entry("iiss_milper").redistribution == "no"
    assert small.table("nation_years")["origin"].to_list() == ["cow_nmc"]


def test_missing_months_of_the_full_store_are_told(full: Store, small: Store) -> None:
    assert gaps(full).table.filter(pl.col("gap") == "missing_month")["month"].to_list() == [
        "2000-01"
    ]
    assert "2000-01" in gaps(small).table["month"].to_list()
    assert "December" in gaps(small).missing[0]


def test_it_keeps_the_remarks_on_what_it_holds(small: Store) -> None:
    """Of a fall that lasts several months Decembers alone do not tell."""
    told = small.table("flags").filter(pl.col("origin") == "ipi_nation")["message"].to_list()
    assert sorted(told) == ["held", "of no month"]
    assert small.table("swings")["first"].to_list() == ["1999-11"], "though it lacks the month"


def test_the_same_store_gives_the_same_bytes(full: Store, small: Store, tmp_path: Path) -> None:
    write_starter(full, tmp_path / "again")
    one, two = (
        {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (small.path, tmp_path / "again")
    )
    assert one == two


def test_it_is_not_made_from_itself(small: Store, tmp_path: Path) -> None:
    with pytest.raises(SulhError, match="itself a starter store"):
        write_starter(small, tmp_path / "third")


def test_the_shipped_store_is_whole_and_small() -> None:
    store = Store.open(starter_store())
    store.verify()
    assert store.kind == "starter"
    assert sum(p.stat().st_size for p in store.path.rglob("*") if p.is_file()) <= MOST_BYTES
    years = {month[:4] for month in store.months if month.endswith("-12")}
    assert {str(year) for year in range(1990, 2014)} <= years
    keys = {o for name in ("contributions", "nation_years") for o in store.table(name)["origin"]}
    assert all(entry(key).redistribution != "no" for key in keys)
    for report in (check, gaps, sources):
        assert len(report(store)) > 0


def test_the_shipped_store_remarks_on_nothing_that_it_lacks() -> None:
    store = Store.open(starter_store())
    strange = store.table("flags").filter(
        pl.col("month").is_not_null(),
        ~pl.col("month").is_in(list(store.months)),
        pl.col("code") != "missing_month",
    )
    assert strange.is_empty()
    tested = check(store).table.filter(check="correction_stale")
    assert tested["failed"].to_list() == [0]


def test_the_shipped_store_has_the_published_decembers() -> None:
    """Totals of all uniformed personnel; source: Our World in Data, from UN figures."""
    published = {
        "2002": 39_652,
        "2006": 80_368,
        "2007": 84_309,
        "2010": 98_638,
        "2011": 99_016,
        "2013": 98_200,
        "2015": 107_088,
        "2016": 100_376,
    }
    rows = Store.open(starter_store()).table("contributions")
    totals = dict(rows.group_by("month").agg(pl.col("persons").sum()).iter_rows())
    assert {year: totals[f"{year}-12"] for year in published} == published
