from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.core.errors import BadMonth, NotAnswerable
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


def test_names_are_those_of_the_month(make_store: Callable[..., Store]) -> None:
    store = make_store(
        contributions=[
            ("1990-12", "COD", None, "troops", None, None, 1, "ipi"),
            ("2020-12", "COD", None, "troops", None, None, 1, "ipi"),
        ]
    )
    assert rank(store, "1990-12").table["name"].to_list() == ["Zaire"]
    assert rank(store, "2020-12").table["name"].to_list() == ["Democratic Republic of the Congo"]


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
