"""Great circles against known distances and properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.methods.geodesy import EARTH_KM, distances_km, great_circle_km

_points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_known_great_circles() -> None:
    # Pole to equator is a quarter of the circumference, antipodes half of it.
    assert great_circle_km(90, 0, 0, 77) == pytest.approx(math.pi / 2 * EARTH_KM)
    assert great_circle_km(10, 20, -10, -160) == pytest.approx(math.pi * EARTH_KM)
    # London and New York by their airports: 5,540 km (LHR to JFK, as published), within 0.5 %.
    assert great_circle_km(51.47, -0.4543, 40.6413, -73.7781) == pytest.approx(5_540, rel=0.005)


@given(_points, _points, _points)
def test_great_circles_are_distances(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    one, other = great_circle_km(*a, *b), great_circle_km(*b, *a)
    assert one == pytest.approx(float(other), abs=1e-6)
    assert 0 <= one <= math.pi * EARTH_KM + 1e-9
    assert great_circle_km(*a, *c) <= one + great_circle_km(*b, *c) + 1e-4


def test_the_table_is_symmetric_with_zeros() -> None:
    table = distances_km([0, 10, -45], [0, 20, 170])
    assert (table == table.T).all()
    assert table.diagonal().tolist() == [0, 0, 0]
