"""Sources are those of the rows shown; what the small store leaves out is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.questions.contributions import nation, operation, rank, series
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.quality import gaps
from sulh.store.reading import Store

from .conftest import Row

MakeStore = Callable[..., Store]

CONTRIBUTIONS: list[Row] = [
    ("2009-12", "BGD", "MINURCAT", "troops", 1, 1, 2, "ipi_gender"),
    ("2013-12", "BGD", "MINUSMA", "troops", 0, 90, 90, "ipi_gender"),
    ("2015-12", "BGD", "MINUSMA", "troops", 0, 20, 20, "un_hub_contributions"),
    ("2020-12", "BGD", "MINUSMA", "troops", 20, 30, 50, "un_monthly_pdf"),
]
STRENGTH: list[Row] = [
    ("2015-12", "MINUSMA", "uniformed", 100, 20, False, "shortfall"),
    ("2015-12", "ONUCI", "uniformed", 100, 20, False, "bara_hultman"),
]


@pytest.fixture
def mali(make_store: MakeStore) -> Store:
    return make_store(contributions=CONTRIBUTIONS, strength=STRENGTH)


def keys(result: Result) -> set[str]:
    return {origin.key for origin in result.origins}


def of(store: Store, *names: str) -> set[str]:
    """Return the keys of the citations: files of one source share one."""
    return {origin.key for origin in store.origins(names)}


def test_a_profile_cites_its_two_head_counts_and_the_facts(mali: Store) -> None:
    """Last: 50 in 2020; largest: 90 in 2013. What 2015 rests on is not shown."""
    found = operation(mali, "MINUSMA")
    assert keys(found) == of(mali, "facts", "ipi_gender", "un_monthly_pdf")
    told = {row["property"]: row["source"] for row in found.table.to_dicts()}
    assert told["last head-count"] == "un_monthly_pdf"
    assert told["largest head-count"] == "ipi_gender"


def test_contributors_of_the_last_month_cite_its_report(mali: Store) -> None:
    found = operation(mali, "MINUSMA", View(by="nation", scope="all"))
    assert keys(found) == of(mali, "un_monthly_pdf")


def test_strength_by_month_cites_every_month_shown(mali: Store) -> None:
    found = operation(mali, "MINUSMA", View(by="month", scope="all"))
    names = ("facts", "ipi_gender", "un_hub_contributions", "un_monthly_pdf", "shortfall")
    assert keys(found) == of(mali, *names)
    late = operation(mali, "MINUSMA", View(from_="2020-01", by="month", scope="all"))
    assert keys(late) == of(mali, "facts", "un_monthly_pdf")


def test_a_rank_cites_the_report_of_its_month(mali: Store) -> None:
    assert keys(rank(mali, "2015-12")) == of(mali, "un_hub_contributions")
    assert keys(rank(mali, "2020-12")) == of(mali, "un_monthly_pdf")


def test_a_nation_cites_the_head_counts_shown(make_store: MakeStore) -> None:
    """In the scope political only UNAMA is shown, whose month another source gives."""
    rows = [*CONTRIBUTIONS, ("2021-12", "BGD", "UNAMA", "experts_on_mission", 0, 1, 1, "own")]
    found = nation(make_store(contributions=rows), "BGD", View(scope="political"))
    assert found.table["operation"].to_list() == ["UNAMA"]
    assert keys(found) == {"own"}


def test_a_row_of_ones_own_does_not_hide_since_when_a_nation_serves(store: Store) -> None:
    """300 troops in KFOR in December 2020 are the user's; that Türkiye serves since 1999 a fact."""
    table = nation(store, "TUR", View(scope="all")).table
    kfor = [row for row in table.to_dicts() if row["operation"] == "KFOR"]
    assert [(row["first_month"], row["evidence"], row["peak"]) for row in kfor] == [
        ("1999", "facts", None),
        ("2020-12", "head-counts", 300),
    ]


def test_reports_of_the_un_need_no_fact_beside_them(make_store: MakeStore) -> None:
    rows: list[Row] = [("1994-12", "TUR", "UNPROFOR", "troops", 0, 9, 9, "ipi_gender")]
    table = nation(make_store(contributions=rows), "TUR", View(scope="un")).table
    assert table.filter(operation="UNPROFOR")["evidence"].to_list() == ["head-counts"]


THIN = "The starter store holds each December and the latest month only"
YEARS: list[Row] = [
    (f"{year}-12", "BGD", "MINUSCA", "troops", 0, year, year, "un_monthly_pdf")
    for year in (2016, 2018)
]
PRINTED: list[Row] = [(f"2017-{m:02}", "uniformed", None, None, 9, 1, "ipi_world") for m in (3, 5)]


@pytest.fixture
def decembers(make_store: MakeStore) -> Store:
    coverage = [(row[0], "un_monthly_pdf", None, row[6], 1, "") for row in YEARS]
    tables = {"contributions": YEARS, "coverage": coverage, "world_totals": PRINTED}
    return make_store("starter", **tables)


def test_an_operation_in_the_small_store_says_what_it_leaves_out(decembers: Store) -> None:
    for view in (View(scope="all"), View(by="month", scope="all")):
        assert THIN in operation(decembers, "MINUSCA", view).missing[0]
    one = View(from_="2018-12", to="2018-12", scope="all")
    assert not any(THIN in text for text in operation(decembers, "MINUSCA", one).missing)


def test_a_december_that_is_missing_is_missing_in_the_small_store_too(decembers: Store) -> None:
    found = series(decembers, "BGD")
    assert found.table.select("month", "persons").rows() == [
        ("2016-12", 2016),
        ("2017-12", None),
        ("2018-12", 2018),
    ]
    assert THIN in found.missing[0]
    assert found.missing[1].startswith("No report for 1 month: 2017-12.")


def test_the_world_in_the_small_store_has_its_totals_and_the_december(decembers: Store) -> None:
    found = series(decembers)
    assert found.table.select("month", "persons").rows() == [
        ("2016-12", 2016),
        ("2017-03", 9),
        ("2017-05", 9),
        ("2017-12", None),
        ("2018-12", 2018),
    ]
    assert of(decembers, "ipi_world") <= keys(found), "the totals are the source's"


def test_person_months_say_what_they_add(store: Store) -> None:
    said = " ".join(series(store, "BGD", View(by="year")).assumed)
    assert "person_months adds the twelve head-counts of a year, where all twelve are known" in said


def test_a_fall_that_decembers_do_not_show_is_told_by_the_small_store(
    make_store: MakeStore,
) -> None:
    """11 of 1,011 persons, but between 1,504 in June and 1,488 in April: no share."""
    small = make_store(
        "starter",
        contributions=[
            ("1994-12", "TUR", None, "troops", None, None, 11, "ipi_nation"),
            ("1994-12", "BGD", None, "troops", None, None, 1_000, "ipi_nation"),
        ],
        coverage=[("1994-12", "ipi_nation", None, 1_011, 2, "")],
        swings=[("TUR", "1994-07", "1995-03", 1_504, 6, 1_488, "ipi_nation")],
    )
    found = series(small, "TUR")
    assert found.table.select("persons", "share").rows() == [(11, None)]
    assert any("falls from 1,504 to 6 from 1994-07 to 1995-03" in said for said in found.missing)
    (gap,) = gaps(small, kind="doubtful_fall").table.to_dicts()
    assert (gap["month"], gap["nation"], gap["persons"]) == ("1994-12", "TUR", 11)
