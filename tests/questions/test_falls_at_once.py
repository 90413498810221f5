"""The quick look for falls finds what looking at every nation finds."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.months import month_range
from sulh.questions.falls import found_among
from sulh.store.checks.series import falls_and_returns, rises_and_returns

MONTHS = list(month_range("2001-01", "2002-12"))
SIZES = st.sampled_from([0, 1, 20, 30, 100, 299, 300, 310, 900, 1_000, 2_400, 9_000, 25_000])


@given(
    st.dictionaries(
        st.sampled_from(["BGD", "PAK", "JOR"]),
        st.lists(SIZES, min_size=len(MONTHS), max_size=len(MONTHS)),
        min_size=1,
    )
)
def test_no_fall_is_lost(given_: dict[str, list[int]]) -> None:
    rows = [
        (nation, month, persons)
        for nation, series in given_.items()
        for month, persons in zip(MONTHS, series, strict=True)
        if persons
    ]
    rows += [("FRA", month, 1) for month in MONTHS]
    totals = pl.DataFrame(rows, schema=["nation", "month", "persons"], orient="row")
    rises = rises_and_returns(totals).rename({"highest": "lowest"})
    every = pl.concat([falls_and_returns(totals), rises]).sort("nation", "first", "last")
    assert found_among(totals).sort("nation", "first", "last").rows() == every.rows()
