"""Measures of inequality against closed forms, properties and brute force."""

from __future__ import annotations

from math import inf, isclose, log, nan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadRequest
from sulh.methods import inequality as q

counts = st.lists(st.integers(1, 10**6), min_size=1, max_size=60)
measures = [q.gini, q.herfindahl, q.theil]


def test_gini_of_the_first_n_integers_is_its_closed_form() -> None:
    # For 1..n, G = (n - 1) / (3 n).
    for n in (1, 2, 7, 115):
        assert isclose(q.gini(range(1, n + 1)), (n - 1) / (3 * n), abs_tol=1e-12)


def test_gini_where_one_unit_holds_all() -> None:
    assert q.gini([0] * 9 + [7]) == pytest.approx(0.9)


def test_theil_where_one_unit_holds_all_is_the_logarithm_of_n() -> None:
    assert q.theil([0, 0, 0, 0, 3]) == pytest.approx(log(5))


def test_effective_number_of_equal_units_is_their_number() -> None:
    assert q.effective_number([4] * 8) == pytest.approx(8)


@given(counts)
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    pairs = sum(abs(a - b) for a in values for b in values)
    assert q.gini(values) == pytest.approx(pairs / (2 * len(values) * sum(values)), abs=1e-12)


@given(counts)
def test_gini_is_twice_the_area_above_the_lorenz_curve(values: list[int]) -> None:
    x, y = q.lorenz(values)
    below = sum((x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2 for i in range(1, len(x)))
    assert q.gini(values) == pytest.approx(1 - 2 * below, abs=1e-9)


@given(counts, st.floats(0.001, 1000))
def test_scale_does_not_matter(values: list[int], factor: float) -> None:
    for measure in measures:
        scaled = measure([value * factor for value in values])
        assert scaled == pytest.approx(measure(values), abs=1e-9)


@given(counts)
def test_order_does_not_matter(values: list[int]) -> None:
    for measure in measures:
        assert measure(values[::-1]) == pytest.approx(measure(values), abs=1e-12)


@given(counts)
def test_bounds(values: list[int]) -> None:
    n = len(values)
    assert 0 <= q.gini(values) <= (n - 1) / n + 1e-12
    assert 1 / n - 1e-12 <= q.herfindahl(values) <= 1 + 1e-12
    assert 0 <= q.theil(values) <= log(n) + 1e-12


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=30), st.data())
def test_a_transfer_from_more_to_less_lowers_every_measure(
    values: list[int], data: st.DataObject
) -> None:
    values = sorted(values)
    values[-1] += 10
    rich, poor = values[-1], values[0]
    gift = data.draw(st.integers(1, (rich - poor) // 2))
    after = [poor + gift, *values[1:-1], rich - gift]
    for measure in measures:
        assert measure(after) < measure(values)


@given(counts, st.integers(2, 5))
def test_copying_the_population_leaves_gini_and_divides_herfindahl(
    values: list[int], copies: int
) -> None:
    assert q.gini(values * copies) == pytest.approx(q.gini(values), abs=1e-12)
    assert q.herfindahl(values * copies) == pytest.approx(q.herfindahl(values) / copies)


@given(counts, st.integers(1, 70))
def test_top_share_is_the_end_of_the_lorenz_curve(values: list[int], k: int) -> None:
    _, y = q.lorenz(values)
    expected = 1 - y[max(0, len(values) - k)]
    assert q.top_share(values, k) == pytest.approx(expected, abs=1e-9)


@given(st.lists(counts, min_size=1, max_size=4))
def test_the_spread_of_many_cells_is_that_of_each(groups: list[list[int]]) -> None:
    values = [(key, value) for key, each in enumerate(groups) for value in sorted(each) if value]
    frame = pl.DataFrame(values, schema={"key": pl.Int64, "x": pl.Int64}, orient="row")
    table = q.spread(frame["key"], frame["x"], (1, 3))
    assert table["cell"].to_list() == sorted({key for key, _ in values})
    for row in table.iter_rows(named=True):
        own = [value for value in groups[row["cell"]] if value]
        assert (row["count"], row["sum"]) == (len(own), sum(own))
        assert row["gini"] == pytest.approx(q.gini(own), abs=1e-12)
        assert row["herfindahl"] == pytest.approx(q.herfindahl(own))
        assert row["top_1"] == pytest.approx(q.top_share(own, 1))
        assert row["top_3"] == pytest.approx(q.top_share(own, 3))


@pytest.mark.parametrize("values", [[], [0, 0], [1, -1], [1, inf], [1, nan]])
def test_undefined_is_an_error_that_says_why(values: list[float]) -> None:
    for measure in [*measures, q.lorenz, q.effective_number]:
        with pytest.raises(BadRequest, match="What to do"):
            measure(values)


def test_top_share_needs_a_unit() -> None:
    with pytest.raises(BadRequest, match="top 0"):
        q.top_share([1, 2], 0)
