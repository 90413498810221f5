"""Series on figures that can be added by eye (see conftest)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.contributions import series
from sulh.questions.view import View
from sulh.store.reading import Store


def rows(store: Store, group: str, **view: str) -> list[dict[str, object]]:
    return series(store, group, View(**view)).table.rows(named=True)


def test_a_group_and_its_share(store: Store) -> None:
    # Members of the OIC that serve: BGD and SEN; TUR only in KFOR, which is not the UN's.
    assert rows(store, "OIC", from_="2020-12") == [
        # BGD 150 + 10, SEN 80; FRA 160: 240 of 400
        {"month": "2020-12", "persons": 240, "world": 400, "share": 0.6, "nations": 2}
    ]


def test_a_month_without_reports_is_empty_not_zero(store: Store) -> None:
    result = series(store, "OIC", View(from_="2000-01", to="2000-03"))
    assert result.table.row(1) == ("2000-02", None, None, None, None)
    assert any("2000-02" in note for note in result.missing)


def test_a_group_that_a_complete_report_does_not_list_gave_nobody(store: Store) -> None:
    (row,) = rows(store, "ASEAN", from_="2020-12")
    assert (row["persons"], row["share"], row["nations"]) == (0, 0.0, 0)


def test_scope_leaves_out_the_political_missions(store: Store) -> None:
    (row,) = rows(store, "WORLD", from_="2020-12", scope="peacekeeping")
    assert row["persons"] == 320  # without the 80 in UNAMA
    (row,) = rows(store, "WORLD", from_="2020-12", scope="political")
    assert row["persons"] == 80


def test_a_scope_that_cannot_be_told_gives_no_figure(store: Store) -> None:
    result = series(store, "WORLD", View(to="2000-03", scope="peacekeeping"))
    assert result.table["persons"].to_list() == [None, None, None]
    assert any("cannot be told" in note for note in result.missing)


def test_other_bodies_have_no_world_and_no_share(store: Store) -> None:
    result = series(store, "NATO", View(from_="2020-12", scope="other"))
    assert result.table.rows() == [("2020-12", 300, None, None, 1)]
    assert any("no share" in note for note in result.missing)


def test_civilians_are_not_uniformed(store: Store) -> None:
    (row,) = rows(store, "BGD", from_="2020-12")
    assert row["persons"] == 160


def test_by_sex_keeps_what_is_not_reported_apart(store: Store) -> None:
    table = series(store, "OIC", View(from_="2020-12", by="sex")).table
    assert table.select("sex", "persons", "world").rows() == [
        ("men", 135, 265),
        ("not reported", 80, 80),
        ("women", 25, 55),
    ]


def test_by_operation_compares_with_the_same_operation(store: Store) -> None:
    table = series(store, "BGD", View(from_="2020-12", by="operation")).table
    assert table.select("operation", "persons", "world").rows() == [
        ("MINUSCA", 150, 310),
        ("UNAMA", 0, 80),
        ("UNFICYP", 10, 10),
    ]


def test_by_nation_compares_with_all_nations(store: Store) -> None:
    table = series(store, "OIC", View(from_="2020-12", by="nation")).table
    assert table.select("nation", "persons", "share").rows() == [
        ("BGD", 160, 0.4),
        ("SEN", 80, 0.2),
    ]


def test_by_year_gives_mean_and_december(store: Store) -> None:
    result = series(store, "WORLD", View(from_="2020-11", by="year"))
    # mean of 200 and 400; December 400; two months known
    row = result.table.row(0, named=True)
    assert (row["persons_mean"], row["persons_december"], row["months"]) == (300.0, 400, 2)
    assert row["person_months"] is None  # of a part of a year they would say too little
    assert "persons" not in result.table.columns
    assert result.missing == ("Years with fewer than 12 known months: 2020 (2).",)


def test_person_months_of_a_whole_year_have_their_own_name(
    make_store: Callable[..., Store],
) -> None:
    months = [f"2020-{month:02d}" for month in range(1, 13)]
    store = make_store(
        contributions=[(m, "FRA", None, "troops", None, None, 5, "ipi") for m in months]
    )
    row = series(store, "FRA", View(by="year")).table.row(0, named=True)
    assert (row["persons_mean"], row["person_months"], row["months"]) == (5.0, 60, 12)


def test_by_year_and_nation_counts_zero_for_months_without_the_nation(store: Store) -> None:
    table = series(store, "OIC", View(from_="2020-11", by="year,nation")).table
    means = dict(table.select("nation", "persons_mean").iter_rows())
    # BGD (100 + 160) / 2; SEN (0 + 80) / 2
    assert means == {"BGD": 130.0, "SEN": 40.0}


def test_membership_is_dated_unless_today_is_asked(make_store: Callable[..., Store]) -> None:
    # Côte d'Ivoire joined the OIC in 2001.
    store = make_store(
        contributions=[
            ("1999-12", "CIV", None, "troops", None, None, 10, "ipi"),
            ("1999-12", "FRA", None, "troops", None, None, 30, "ipi"),
        ]
    )
    assert rows(store, "OIC")[0]["persons"] == 0
    today = series(store, "OIC", View(membership="today"))
    assert today.table["share"].to_list() == [0.25]
    assert any("present-day members" in said for said in today.assumed)


def test_the_parts_add_up_to_the_world(store: Store) -> None:
    view = View(from_="2020-11", membership="today")
    whole = series(store, "WORLD", view).table
    inside = series(store, "OIC", view).table
    outside = series(store, "FRA", view).table
    assert (inside["persons"] + outside["persons"]).equals(whole["persons"])


def test_a_sparse_starter_store_has_no_absent_months(make_store: Callable[..., Store]) -> None:
    store = make_store(
        "starter",
        contributions=[
            ("2000-12", "FRA", None, "troops", None, None, 1, "ipi"),
            ("2001-12", "FRA", None, "troops", None, None, 1, "ipi"),
        ],
    )
    result = series(store)
    assert result.table.height == 2
    assert any("starter" in note for note in result.missing)


def test_the_world_of_a_starter_store_has_the_printed_totals(
    make_store: Callable[..., Store],
) -> None:
    store = make_store(
        "starter",
        contributions=[("2000-12", "FRA", None, "troops", None, None, 7, "ipi")],
        world_totals=[("2001-03", "uniformed", None, None, 9, 2, "ipi_world")],
    )
    assert series(store).table.rows() == [
        ("2000-12", 7, 7, 1.0, 1),
        ("2001-03", 9, 9, None, 2),
    ]
    assert series(store, "FRA").table["month"].to_list() == ["2000-12"]


def test_a_period_without_reports_is_an_error_that_says_what_is_held(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="2000-01 to 2020-12"):
        series(store, "OIC", View(from_="2021-01"))


def test_an_unknown_breakdown_lists_the_known(store: Store) -> None:
    with pytest.raises(BadRequest, match="personnel_type"):
        series(store, "OIC", View(by="region"))


def test_a_result_says_scope_membership_and_command(store: Store) -> None:
    result = series(store, "OIC", View(scope="peacekeeping", from_="2020-11"))
    assert "peacekeeping operations only" in result.title
    assert any("as of each month" in said for said in result.assumed)
    assert result.query == "sulh contributions OIC --from 2020-11 --scope peacekeeping"
    assert [origin.key for origin in result.origins] == ["un"]
    assert set(result.units) >= {"persons", "share"}


def test_the_plain_series_has_the_columns_that_scripts_rely_on(store: Store) -> None:
    assert series(store, "OIC").table.schema == {
        "month": pl.String,
        "persons": pl.Int64,
        "world": pl.Int64,
        "share": pl.Float64,
        "nations": pl.Int64,
    }


def test_a_period_of_which_only_totals_are_printed_has_no_nations_by_year(
    make_store: Callable[..., Store],
) -> None:
    """The scope of a month without operations cannot be told: there is no row, and no fault."""
    store = make_store(contributions=[("1992-01", "FRA", None, "troops", None, None, 5, "ipi")])
    found = series(store, "NATO", View(by="year,nation", scope="political"))
    assert found.table.is_empty()
    assert any("cannot be told" in said for said in found.missing)
