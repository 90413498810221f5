"""States are asked for in their own time: outside it there is no zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.core.errors import NotAnswerable
from sulh.questions.burden import burden, concentration, lorenz, without
from sulh.questions.contributions import mix, nation, rank, series
from sulh.questions.listings import groups
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.reading import Store

LATE = View(from_="2020-11", to="2020-12")


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: series(store, "SUN", LATE),
        lambda store: mix(store, "SUN", LATE),
        lambda store: burden(store, "SUN", LATE),
        lambda store: concentration(store, "SUN", LATE),
        lambda store: nation(store, "SUN", LATE),
        lambda store: nation(store, "SUN", View("2020-11", "2020-12", "month")),
        lambda store: rank(store, "2020-12", None, "SUN"),
        lambda store: rank(store, None, LATE, "SUN"),
        lambda store: lorenz(store, "SUN", "2020-12"),
        lambda store: without(store, "SUN", "2020-12"),
    ],
)
def test_a_state_that_was_none_gets_no_zero(store: Store, ask: Callable[[Store], Result]) -> None:
    told = r"SUN \(Union of Soviet Socialist Republics\) did not exist in 2020-1"
    with pytest.raises(NotAnswerable, match=told):
        ask(store)


def test_months_before_a_state_are_named_and_left_out(store: Store) -> None:
    found = series(store, "SRB")  # a state since June 2006
    assert found.table.filter(found.table["persons"].is_not_null())["month"].to_list() == [
        "2020-11",
        "2020-12",
    ]
    assert "SRB (Serbia) did not exist in 2000-01, 2000-03: no figure." in found.missing


def test_a_state_before_its_founding_has_no_answer(store: Store) -> None:
    with pytest.raises(NotAnswerable, match=r"SSD \(South Sudan\) did not exist in 2000-01"):
        series(store, "SSD", View(to="2000-03"))


def test_the_list_of_members_says_why_it_is_empty() -> None:
    assert "SUN (Union of Soviet Socialist Republics) did not exist in 2020-12: no figure." in (
        groups("SUN", "2020-12").missing
    )


def test_a_curve_of_nobody_is_not_drawn(store: Store) -> None:
    with pytest.raises(NotAnswerable, match=r"nobody of Jordan \(JOR\) served in 2020-12"):
        lorenz(store, "JOR", "2020-12")
