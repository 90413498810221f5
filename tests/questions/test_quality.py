"""A month with missing reports gives no share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.questions.contributions import rank, series
from sulh.questions.view import View
from sulh.store.reading import Store

MakeStore = Callable[..., Store]


def two_nations(month: str, origin: str = "ipi_nation") -> list[tuple[object, ...]]:
    return [
        (month, "BGD", None, "troops", None, None, 300, origin),
        (month, "FRA", None, "troops", None, None, 700, origin),
    ]


def chosen(month: str, origin: str = "ipi_nation") -> tuple[object, ...]:
    return (month, origin, None, 1000, 2, "the only source")


def printed(month: str, persons: int, origin: str = "ipi_world") -> tuple[object, ...]:
    return (month, "uniformed", None, None, persons, 2, origin)


def test_a_copied_month_gives_no_share(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[*two_nations("1998-11"), *two_nations("1998-12")],
        coverage=[chosen("1998-11"), chosen("1998-12")],
        flags=[
            ("f", "n", "ipi_world", "copied_month", "doubt", "1998-12", None, None, "copied"),
            ("f", "n", "un_x", "copied_month", "doubt", "1998-11", None, None, "another source"),
        ],
    )
    result = series(store, "BGD")
    assert result.table["share"].to_list() == [0.3, None]
    assert any("1998-12 the source repeats" in note for note in result.missing)


@pytest.mark.parametrize(
    ("total", "share"),
    [
        (1000, 0.3),
        (1005, 0.3),  # 5 of 1005 are 0.498 %: within the tolerance, said
        (1006, None),  # 6 of 1006 are 0.596 %: reports are missing
        (994, None),
    ],
)
def test_rows_that_miss_the_printed_total_by_much_give_no_share(
    make_store: MakeStore, total: int, share: float | None
) -> None:
    store = make_store(
        contributions=two_nations("2011-08"),
        coverage=[chosen("2011-08")],
        world_totals=[printed("2011-08", total)],
    )
    result = series(store, "BGD")
    assert result.table["share"].to_list() == [share]
    assert bool(result.missing) == (total != 1000)
    assert rank(store, "2011-08").table["share"].to_list()[1] == share


def test_the_total_of_the_same_source_goes_first(make_store: MakeStore) -> None:
    store = make_store(
        contributions=two_nations("2011-08"),
        coverage=[chosen("2011-08")],
        world_totals=[printed("2011-08", 5000, "another"), printed("2011-08", 1000, "ipi_nation")],
    )
    assert series(store, "BGD").table["share"].to_list() == [0.3]


def test_a_users_own_data_is_not_the_world(make_store: MakeStore) -> None:
    store = make_store(
        contributions=two_nations("2020-01", "user"), coverage=[chosen("2020-01", "user")]
    )
    result = series(store, "BGD")
    assert result.table["share"].to_list() == [None]
    assert any("your own" in note for note in result.missing)


def test_a_year_takes_its_share_from_the_months_that_have_one(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[*two_nations("2011-08"), *two_nations("2011-09")],
        coverage=[chosen("2011-08"), chosen("2011-09")],
        world_totals=[printed("2011-08", 2000)],
    )
    row = series(store, "BGD", View(by="year")).table.row(0, named=True)
    assert (row["persons_mean"], row["share_mean"], row["months"]) == (300.0, 0.3, 2)


def test_only_a_printed_total_answers_for_the_world_alone(make_store: MakeStore) -> None:
    store = make_store(
        contributions=two_nations("2014-01"),
        world_totals=[printed("2014-02", 1100)],
    )
    view = View(from_="2014-01", to="2014-02")
    assert series(store, "WORLD", view).table.row(1) == ("2014-02", 1100, 1100, None, 2)
    assert series(store, "BGD", view).table.row(1) == ("2014-02", None, 1100, None, None)
    peacekeeping = View("2014-01", "2014-02", scope="peacekeeping")
    assert series(store, "BGD", peacekeeping).table["world"].to_list() == [None, None]
