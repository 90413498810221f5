from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.core.errors import BadMonth, BadRequest, NotAnswerable
from sulh.questions.contributions import latest_month, rank
from sulh.questions.view import View
from sulh.store.reading import Store


def test_equal_contributions_share_a_rank_in_order_of_name(store: Store) -> None:
    table = rank(store, "2020-12").table
    assert table.columns == ["rank", "nation", "name", "women", "men", "persons", "share"]
    assert table.select("rank", "name", "persons").rows() == [
        (1, "Bangladesh", 160),
        (1, "France", 160),
        (3, "Senegal", 80),
    ]


def test_women_are_null_where_any_part_does_not_separate_them(store: Store) -> None:
    result = rank(store, "2020-12")
    assert result.table.select("nation", "women", "men").rows() == [
        ("BGD", 25, 135),
        ("FRA", 30, 130),
        ("SEN", None, None),
    ]
    assert any("1 of 3 nations" in note for note in result.missing)


def test_a_rank_within_a_group_keeps_the_share_of_the_world(store: Store) -> None:
    table = rank(store, "2020-12", View(), "OIC").table
    assert table.select("rank", "nation", "share").rows() == [(1, "BGD", 0.4), (2, "SEN", 0.2)]


def test_who_is_listed_with_nobody_is_named_and_not_ranked(
    make_store: Callable[..., Store],
) -> None:
    store = make_store(
        contributions=[
            ("2020-12", "FRA", "UNIFIL", "troops", 0, 5, 5, "un"),
            ("2020-12", "FJI", "UNIFIL", "troops", 0, 0, 0, "un"),
        ]
    )
    result = rank(store, "2020-12")
    assert result.table["nation"].to_list() == ["FRA"]
    assert any("FJI" in note for note in result.missing)


def test_names_are_those_of_today_in_every_month(make_store: Callable[..., Store]) -> None:
    store = make_store(
        contributions=[
            ("1990-12", "COD", None, "troops", None, None, 1, "ipi"),
            ("2020-12", "COD", None, "troops", None, None, 1, "ipi"),
        ]
    )
    for month in ("1990-12", "2020-12"):
        assert rank(store, month).table["name"].to_list() == ["Democratic Republic of the Congo"]


def test_a_month_without_reports_is_an_error(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="unknown, not zero"):
        rank(store, "2000-02")


def test_a_month_whose_scope_cannot_be_told_is_an_error(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="no operation"):
        rank(store, "2000-03", View(scope="peacekeeping"))


def test_a_malformed_month_is_refused(store: Store) -> None:
    with pytest.raises(BadMonth):
        rank(store, "December 2020")


def test_the_latest_month_is_that_of_the_store(
    store: Store, make_store: Callable[..., Store]
) -> None:
    assert latest_month(store) == "2020-12"
    with pytest.raises(NotAnswerable):
        latest_month(make_store(flags=[]))


def test_the_command_names_the_group(store: Store) -> None:
    assert rank(store, "2020-12", View(), "OIC").query == "sulh rank 2020-12 --group OIC"


def test_a_period_is_ranked_by_the_mean_of_its_months(store: Store) -> None:
    """Bangladesh: 100 in November, 160 in December: 130 on the mean, of 200 and 400 in all."""
    result = rank(store, None, View("2020-11", "2020-12"))
    columns = ["rank", "nation", "women_mean", "men_mean", "persons_mean", "share_mean", "months"]
    assert result.table.select(columns).rows() == [
        (1, "BGD", 17.5, 112.5, 130.0, 260 / 600, 2),
        (1, "FRA", 15.0, 115.0, 130.0, 260 / 600, 2),
        (3, "SEN", None, None, 40.0, 80 / 600, 2),
    ]
    assert result.query == "sulh rank --from 2020-11 --to 2020-12"
    assert any("2 months with full reports" in text for text in result.assumed)


def test_a_month_of_a_period_has_its_own_figures(store: Store) -> None:
    month = rank(store, "2020-12").table
    mean = rank(store, None, View("2020-12", "2020-12")).table
    assert mean["persons_mean"].to_list() == month["persons"].to_list()
    assert mean["share_mean"].to_list() == month["share"].to_list()


def test_months_without_full_reports_are_left_out_of_the_mean(
    make_store: Callable[..., Store],
) -> None:
    """November's rows lack 40 % of the printed total; only October and December count."""
    row = ("MINUSCA", "troops", 1, 1)
    store = make_store(
        contributions=[
            ("2020-10", "BGD", *row, 100, "un"),
            ("2020-11", "BGD", *row, 60, "un"),
            ("2020-12", "BGD", *row, 200, "un"),
        ],
        coverage=[
            ("2020-10", "un", "", 100, 1, ""),
            ("2020-11", "un", "", 60, 1, ""),
            ("2020-12", "un", "", 200, 1, ""),
        ],
        world_totals=[("2020-11", "uniformed", None, None, 100, 2, "un")],
    )
    result = rank(store, None, View("2020-10", "2020-12"))
    assert result.table.select("persons_mean", "months").row(0) == (150.0, 2)
    assert any("Left out of the mean" in text and "2020-11" in text for text in result.missing)
    with pytest.raises(NotAnswerable, match="too low"):
        rank(store, None, View("2020-11", "2020-11"))


def test_the_mean_within_a_group_is_of_the_months_of_membership(
    make_store: Callable[..., Store],
) -> None:
    """Burkina Faso left ECOWAS in January 2025: its one month as a member counts, 30 of 90."""
    row = ("MINUSCA", "troops", 0, 0)
    store = make_store(
        contributions=[
            (month, nation, *row, persons, "un")
            for month in ("2024-12", "2025-02")
            for nation, persons in (("BFA", 30), ("GHA", 60))
        ]
    )
    table = rank(store, None, View("2024-12", "2025-02"), "ECOWAS").table
    assert table.select("nation", "persons_mean", "share_mean", "months").rows() == [
        ("GHA", 60.0, 120 / 180, 2),
        ("BFA", 30.0, 30 / 90, 1),
    ]


def test_nations_are_ranked_by_women_with_the_share_of_women(store: Store) -> None:
    november = rank(store, "2020-11", View(by="women")).table
    assert november.select("rank", "nation", "women", "share").rows() == [
        (1, "BGD", 10, 1.0),
        (2, "FRA", 0, 0.0),
    ]
    result = rank(store, "2020-12", View(by="women"))
    assert result.table.select("rank", "nation", "share").rows() == [
        (1, "FRA", None),
        (2, "BGD", None),
        (None, "SEN", None),
    ], "Senegal's women are unknown, so that nobody's share of all women is known"
    assert any("Without a rank" in text and "SEN" in text for text in result.missing)


def test_a_mean_of_women_is_of_the_months_in_which_all_are_told(store: Store) -> None:
    result = rank(store, None, View("2020-11", "2020-12", by="women"))
    assert result.table.select("nation", "women_mean", "months").rows() == [
        ("BGD", 10.0, 1),
        ("FRA", 0.0, 1),
    ]
    assert any("Left out of the mean" in text and "2020-12" in text for text in result.missing)


def test_nations_are_ranked_within_each_type_of_personnel(store: Store) -> None:
    table = rank(store, "2020-12", View(by="personnel_type")).table
    assert table.columns[:2] == ["personnel_type", "rank"]
    assert table.select("personnel_type", "rank", "nation", "share").rows() == [
        ("experts_on_mission", 1, "SEN", 1.0),
        ("individual_police", 1, "BGD", 1.0),
        ("troops", 1, "FRA", 160 / 310),
        ("troops", 2, "BGD", 150 / 310),
    ]


@pytest.mark.parametrize(
    ("month", "view", "said"),
    [
        ("2020-12", View("2020-11"), "give the month, or --from and --to"),
        (None, View(by="women,men"), "one order"),
        (None, View(by="operation"), "takes persons, women, men, personnel_type"),
        (None, View(by="sum"), "stock"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    store: Store, month: str | None, view: View, said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        rank(store, month, view)


def test_no_mean_where_what_is_not_reported_is_unknown(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="unknown, not zero"):
        rank(store, None, View("2020-11", "2020-12", scope="all"))


def test_without_a_month_the_latest_is_ranked(store: Store) -> None:
    assert rank(store).query == "sulh rank 2020-12"


def test_women_that_are_not_plausible_are_told_and_left_out_of_the_mean(
    make_store: Callable[..., Store],
) -> None:
    """The report for August 2020 prints half of all persons as women; a check marks it."""
    said = ("women_not_plausible", "doubt", "2020-08", None, None, "50 women of 100")
    store = make_store(
        contributions=[
            ("2020-07", "BGD", "MINUSCA", "troops", 4, 96, 100, "un"),
            ("2020-08", "BGD", "MINUSCA", "troops", 50, 50, 100, "un"),
        ],
        coverage=[(month, "un", "", 100, 1, "") for month in ("2020-07", "2020-08")],
        flags=[("f", "f.pdf", "un", *said)],
    )
    month = rank(store, "2020-08", View(by="women"))
    assert month.table["women"].to_list() == [50], "as printed"
    assert any("not plausible" in text for text in month.missing)
    assert not any("not plausible" in text for text in rank(store, "2020-07").missing)
    mean = rank(store, None, View("2020-07", "2020-08", by="women"))
    assert mean.table.select("women_mean", "months").row(0) == (4.0, 1)
    assert any("Left out of the mean" in text and "2020-08" in text for text in mean.missing)
