"""A head-count is a stock: it has a mean and an end, never a sum."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadRequest
from sulh.core.months import month_at
from sulh.questions.contributions import series
from sulh.questions.stock import over_months
from sulh.questions.view import View
from sulh.store.reading import Store

COUNTS = pl.DataFrame({"month": ["2020-01", "2020-02", "2020-03"], "persons": [10, None, 30]})


@pytest.mark.parametrize("how", ["sum", "total", "add", "cumulative"])
def test_a_sum_of_persons_over_months_is_refused_with_the_reason(how: str) -> None:
    with pytest.raises(BadRequest, match=r"stock.*person_months"):
        over_months(COUNTS, how)


@pytest.mark.parametrize("by", ["sum", "total", "nation,sum"])
def test_a_question_for_a_sum_is_refused_too(store: Store, by: str) -> None:
    with pytest.raises(BadRequest, match="stock"):
        series(store, "WORLD", View(by=by))


def test_the_mean_is_of_known_months() -> None:
    # (10 + 30) / 2; the unknown month is neither zero nor counted.
    assert over_months(COUNTS, "mean").rows() == [(20.0, 2)]


def test_the_end_is_the_last_known_month() -> None:
    assert over_months(COUNTS, "end").rows() == [(30, "2020-03")]


def test_person_months_have_their_own_name() -> None:
    assert over_months(COUNTS, "person_months").columns == ["person_months", "months"]


def test_keys_are_kept_apart() -> None:
    counts = pl.DataFrame(
        {
            "nation": ["A", "B", "A"],
            "month": ["2020-02", "2020-01", "2020-01"],
            "persons": [3, 5, 1],
        }
    )
    assert over_months(counts, "end", ("nation",)).rows() == [
        ("A", 3, "2020-02"),
        ("B", 5, "2020-01"),
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_mean_lies_between_the_extremes_and_times_months_is_person_months(
    persons: list[int],
) -> None:
    months = [month_at(24000 + i) for i in range(len(persons))]
    counts = pl.DataFrame({"month": months, "persons": persons})
    mean = over_months(counts, "mean")["persons_mean"][0]
    assert min(persons) - 1e-6 <= mean <= max(persons) + 1e-6
    assert mean * len(persons) == pytest.approx(
        over_months(counts, "person_months")["person_months"][0]
    )
