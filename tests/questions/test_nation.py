"""A nation's head-counts over time, and what membership means for a single nation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.core.errors import BadRequest
from sulh.questions.contributions import nation, series
from sulh.questions.view import View
from sulh.store.reading import Store


def test_without_a_breakdown_the_operations_are_listed(store: Store) -> None:
    alone = nation(store, "BGD")
    assert alone.table.equals(nation(store, "BGD", View(by="operation")).table)
    assert {"MINUSCA", "UNFICYP"} <= set(alone.table["operation"])


def test_by_month_it_is_the_series_of_the_nation(store: Store) -> None:
    result = nation(store, "BGD", View("2020-11", "2020-12", by="month"))
    assert result.table.rows() == [("2020-11", 100, 200, 0.5), ("2020-12", 160, 400, 0.4)]
    assert result.query == "sulh nation BGD --from 2020-11 --to 2020-12 --by month"
    assert "Bangladesh" in result.title


def test_by_year_it_is_the_mean_with_december(store: Store) -> None:
    table = nation(store, "BGD", View("2020-11", "2020-12", by="year")).table
    columns = ("year", "persons_mean", "persons_december", "months")
    assert table.select(columns).rows() == [(2020, 130.0, 160, 2)]


@pytest.mark.parametrize("by", ["sex", "personnel_type", "sex,year", "personnel_type,year"])
def test_parts_are_those_of_the_series(store: Store, by: str) -> None:
    whole = series(store, "BGD", View("2020-11", by=by)).table
    own = nation(store, "BGD", View("2020-11", by=by)).table
    assert own.equals(whole.drop("nations", strict=False))


def test_operations_over_time_are_those_in_which_it_serves(store: Store) -> None:
    table = nation(store, "BGD", View("2020-12", by="operation,month")).table
    assert table.select("operation", "persons", "share").rows() == [
        ("MINUSCA", 150, 150 / 310),
        ("UNFICYP", 10, 1.0),
    ]


def test_a_month_is_not_a_year(store: Store) -> None:
    with pytest.raises(BadRequest, match="of one month, or of one year"):
        nation(store, "BGD", View(by="month,year"))


@pytest.mark.parametrize("by", [None, "month"])
def test_earlier_states_keep_their_own_figures_and_are_named(
    make_store: Callable[..., Store], by: str | None
) -> None:
    store = make_store(
        contributions=[
            ("2005-12", "SCG", None, "troops", None, None, 7, "ipi"),
            ("2012-12", "SRB", "UNIFIL", "troops", 0, 5, 5, "un"),
        ]
    )
    for membership in ("dated", "today"):
        result = nation(store, "SRB", View(by=by, membership=membership))
        assert any("Serbia and Montenegro (SCG)" in text for text in result.missing)
        said = [text for text in result.assumed if "embership changes nothing" in text]
        assert len(said) == (membership == "today")
    later = nation(store, "SRB", View("2010-01", by=by))
    assert not any("SCG" in text for text in later.missing)
