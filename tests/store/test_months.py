"""Copies, holes and falls in series of contributions."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.store.checks.months import (
    copied_months,
    implausible_jumps,
    implausible_rises,
    missing_months,
)
from sulh.store.reading import Store

MONTHS = ["1994-05", "1994-06", "1994-07", "1994-08", "1994-09"]


def series(persons: list[int], nation: str = "TUR") -> pl.DataFrame:
    months = MONTHS[: len(persons)]
    return pl.DataFrame({"month": months, "nation": [nation] * len(months), "persons": persons})


def test_copy_needs_all_nations_alike() -> None:
    same = pl.concat([series([4, 4, 5]), series([7, 7, 7], "BGD")])
    assert copied_months(same) == ("1994-06",)
    assert copied_months(pl.concat([series([4, 4]), series([7, 8], "BGD")])) == ()


def test_copy_ignores_the_order_of_rows() -> None:
    rows = pl.concat([series([4, 4]), series([7, 7], "BGD")])
    assert copied_months(rows.reverse()) == ("1994-06",)


def test_a_nation_that_joins_is_no_copy() -> None:
    assert copied_months(pl.concat([series([4, 4]), series([7, 7], "BGD")[1:]])) == ()


def test_equal_months_far_apart_are_no_copy() -> None:
    rows = series([4, 4, 4]).filter(pl.col("month") != "1994-06")
    assert copied_months(rows) == ()


@pytest.mark.parametrize(
    ("persons", "fall"),
    [
        ([1504, 6, 6, 11, 1488], ("1994-06", "1994-08", 1504, 6, 1488)),
        ([1504, 6, 1488], ("1994-06", "1994-06", 1504, 6, 1488)),
    ],
)
def test_fall_and_return(persons: list[int], fall: tuple[str, str, int, int, int]) -> None:
    assert implausible_jumps(series(persons)).rows() == [("TUR", *fall)]


@pytest.mark.parametrize(
    "persons",
    [
        [1504, 6, 6, 6, 6],  # does not return
        [1504, 6, 6, 600, 1504],  # returns to less than half
        [1504, 6, 6, 3100, 3100],  # returns to more than double: another deployment
        [1504, 200, 200, 200, 1504],  # falls to more than a tenth
        [290, 6, 6, 6, 290],  # too few to be sure
        [6, 6, 6, 1504, 1504],
    ],
)
def test_what_is_no_fall(persons: list[int]) -> None:
    assert implausible_jumps(series(persons)).is_empty()


def test_a_month_in_which_only_others_report_counts_as_nothing() -> None:
    holed = series([796, 796, 796, 840]).filter(~pl.col("month").is_in(MONTHS[1:3]))
    rows = pl.concat([holed, series([5] * 4, "BGD")])
    assert implausible_jumps(rows).rows() == [("TUR", "1994-06", "1994-07", 796, 0, 840)]


def test_types_are_added_up_and_names_serve_as_nations() -> None:
    rows = pl.concat([series([1497, 0, 1477]), series([7, 6, 11])]).rename(
        {"nation": "nation_name"}
    )
    assert implausible_jumps(rows).rows() == [("TUR", "1994-06", "1994-06", 1504, 6, 1488)]


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=5))
def test_every_fall_found_is_one(persons: list[int]) -> None:
    for row in implausible_jumps(series(persons)).iter_rows(named=True):
        assert row["before"] >= 300
        assert row["lowest"] <= row["before"] / 10
        assert row["before"] / 2 <= row["after"] <= row["before"] * 2


@given(st.sets(st.sampled_from(MONTHS), min_size=1))
def test_missing_months_fill_the_holes(held: set[str]) -> None:
    found = missing_months(pl.DataFrame({"month": sorted(held)}))
    assert sorted([*held, *found]) == [m for m in MONTHS if min(held) <= m <= max(held)]


def test_no_month_misses_none() -> None:
    assert missing_months(pl.DataFrame({"month": []}, schema={"month": pl.String})) == ()


@pytest.mark.parametrize(
    ("persons", "rise"),
    [
        ([43, 43_000, 44], ("1994-06", "1994-06", 43, 43_000, 44)),
        ([50, 1_000, 1_200, 90], ("1994-06", "1994-07", 50, 1_200, 90)),
        ([500, 5_000, 500], ("1994-06", "1994-06", 500, 5_000, 500)),
        ([0, 43_000, 43_000], ("1994-06", "1994-07", 0, 43_000, 0)),
    ],
)
def test_a_rise_that_goes_back_or_is_out_of_range_is_found(
    persons: list[int], rise: tuple[str | int, ...]
) -> None:
    assert implausible_rises(series(persons)).rows() == [("TUR", *rise)]


@pytest.mark.parametrize(
    "persons",
    [
        [50, 1_000, 101],  # it does not go back
        [50, 999, 50],
        [300, 1_500, 300],
        [0, 1_900, 0],  # a battalion for one month, as at an election
        [1_504, 6, 1_488, 7, 1_490],  # falls, of which the reports between are the sound ones
    ],
)
def test_what_is_no_doubtful_rise(persons: list[int]) -> None:
    assert implausible_rises(series(persons)).is_empty()


@pytest.mark.shared
def test_the_rows_of_tanzania_printed_under_thailand_are_corrected(real_store: Store) -> None:
    """The report of July 2015 prints 818 soldiers in UNAMID and 153 in UNIFIL under Thailand.

    With 14 and 3 experts of two operations that is 988 of the 1,000 printed for it.
    """
    rows = real_store.table("contributions").filter(pl.col("personnel_type") != "civilian")
    chosen = real_store.table("coverage").select("month", origin="chosen")
    published = rows.join(chosen, on=["month", "origin"], how="semi")
    assert implausible_rises(published).is_empty()
    july = published.filter(month="2015-07").group_by("nation").agg(pl.col("persons").sum())
    assert dict(july.filter(pl.col("nation").is_in(["THA", "TZA"])).iter_rows()) == {
        "THA": 1_000 - 818 - 153 - 14 - 3,
        "TZA": 1_322 + 818 + 153 + 14 + 3,
    }
