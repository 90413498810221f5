"""Measures of shared responsibility on figures that can be divided by eye."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.burden import burden, concentration, lorenz, without
from sulh.questions.burden.without import _shares
from sulh.questions.view import View
from sulh.store.reading import Store

MakeStore = Callable[..., Store]


@pytest.fixture
def rich_store(make_store: MakeStore) -> Store:
    return make_store(
        contributions=[
            ("2020-12", "BGD", "MINUSCA", "troops", 0, 600, 600, "un"),
            ("2020-12", "SEN", "MINUSCA", "troops", 0, 300, 300, "un"),
            ("2020-12", "FRA", "MINUSCA", "troops", 0, 100, 100, "un"),
        ],
        nation_years=[
            (2019, "BGD", "population", 160e6, None, "population"),
            (2018, "BGD", "population", 999e6, None, "population"),
            (2021, "BGD", "population", 1.0, None, "population"),
            (2019, "BGD", "population", 2.0, None, "cow_nmc"),
            (2020, "SEN", "population", 16e6, None, "cow_nmc"),
            (2020, "SEN", "population", 1.0, "improbable", "population"),
            (2005, "FRA", "population", 60e6, None, "population"),
            (2020, "BGD", "gdp_usd", 300e9, None, "gdp"),
            (2020, "SEN", "gdp_usd", 0.0, None, "gdp"),
        ],
    )


def test_persons_per_million_take_the_latest_figure_not_after_the_month(rich_store: Store) -> None:
    result = burden(rich_store, "BGD | SEN | FRA")
    rows = {row["nation"]: row for row in result.table.rows(named=True)}
    # BGD 600 / 160 million of 2019, not of 2021, and not of the general source; SEN 300 / 16.
    assert rows["BGD"]["persons_per_million"] == 3.75
    assert rows["BGD"]["population_year"] == 2019
    assert rows["SEN"]["persons_per_million"] == 18.75
    assert (rows["SEN"]["persons_per_million_rank"], rows["BGD"]["persons_per_million_rank"]) == (
        1,
        2,
    )
    assert rows["BGD"]["persons_per_billion_gdp"] == 2.0


def test_a_figure_older_than_ten_years_or_zero_is_not_used_and_said(rich_store: Store) -> None:
    result = burden(rich_store, "BGD | SEN | FRA")
    france = result.table.filter(pl.col("nation") == "FRA").row(0, named=True)
    assert france["persons_per_million"] is None
    assert france["persons_per_million_rank"] is None
    notes = " ".join(result.missing)
    assert "inhabitants in the last 10 years: FRA." in notes
    assert "gross product in the last 10 years: FRA, SEN." in notes


def test_members_that_contribute_nobody_have_zero(rich_store: Store) -> None:
    table = burden(rich_store, "OIC").table
    assert table.height == 57
    assert table.filter(pl.col("persons") == 0).height == 55
    assert table["nation"].head(2).to_list() == ["BGD", "SEN"]


def test_of_the_world_only_contributors(rich_store: Store) -> None:
    assert burden(rich_store).table["nation"].to_list() == ["BGD", "SEN", "FRA"]


def test_a_group_over_time_divides_sums(rich_store: Store) -> None:
    result = burden(rich_store, "BGD | SEN | FRA", View(by="month"))
    row = result.table.row(0, named=True)
    # (600 + 300) / (160 + 16) million; France has no usable figure and is left out, said.
    assert row["persons_per_million"] == pytest.approx(900 / 176)
    assert (row["persons"], row["nations"]) == (1000, 3)
    assert any("inhabitants: FRA." in note for note in result.missing)


def test_an_unknown_breakdown_is_refused(rich_store: Store) -> None:
    with pytest.raises(BadRequest, match="month"):
        burden(rich_store, "OIC", View(by="year"))


def test_concentration_of_a_month(rich_store: Store) -> None:
    row = concentration(rich_store).table.row(0, named=True)
    assert (row["nations"], row["persons"]) == (3, 1000)
    # Shares .6 .3 .1: Gini = 2 (1·.1 + 2·.3 + 3·.6) / 3 - 4/3 = 1/3; HHI .36 + .09 + .01.
    assert row["gini"] == pytest.approx(1 / 3)
    assert row["hhi"] == pytest.approx(0.46)
    assert row["effective_nations"] == pytest.approx(1 / 0.46)
    assert (row["top_1"], row["top_3"], row["top_10"]) == (0.6, 1.0, 1.0)


def test_lorenz_curve_adds_the_smallest_first(rich_store: Store) -> None:
    table = lorenz(rich_store).table
    assert table["nation"].to_list() == [None, "FRA", "SEN", "BGD"]
    assert table["persons_share"].to_list() == pytest.approx([0, 0.1, 0.4, 1])
    assert table["nations_share"].to_list() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_without_a_nation(rich_store: Store) -> None:
    table = without(rich_store, "OIC", "2020-12").table
    bangladesh = table.row(0, named=True)
    # OIC 900 of 1,000. Without the 600: 300 of 400 if withdrawn, 300 of 1,000 if replaced.
    assert bangladesh["share"] == 0.9
    assert bangladesh["if_withdrawn"] == 0.75
    assert bangladesh["if_replaced"] == 0.3
    assert bangladesh["change_withdrawn"] == pytest.approx(-15)
    assert bangladesh["change_replaced"] == pytest.approx(-60)


def test_without_makes_no_sense_where_the_world_is_unknown(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="other bodies"):
        without(store, "NATO", "2020-12", View(scope="other"))


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8), st.integers(1, 5000))
def test_withdrawal_costs_less_share_than_replacement(own: list[int], others: int) -> None:
    nations = ["BGD", "PAK", "IDN", "SEN", "JOR", "EGY", "NER", "TUN"][: len(own)]
    group, world = sum(own), sum(own) + others
    frame = pl.DataFrame({"nation": nations, "persons": own})
    for row in _shares(frame, group, world).rows(named=True):
        assert row["if_replaced"] <= row["if_withdrawn"] <= row["share"]
        expected = (group - row["persons"]) / (world - row["persons"])
        assert row["if_withdrawn"] == pytest.approx(expected)
