"""The map of a report: places where they belong, land behind them, names that break nothing."""

from __future__ import annotations

import re
from math import cos, radians

import pytest

from sulh.cases.ground import WIDTH, Ground
from sulh.questions.supply.case import Case
from sulh.questions.supply.report.drawing import map_of

from .conftest import Write


def test_distances_on_the_map_are_those_on_the_ground() -> None:
    ground = Ground.around([(10.0, 0.0), (20.0, 5.0)])
    (x0, y0), (x1, y1) = ground.at(10.0, 0.0), ground.at(20.0, 5.0)
    # Ten degrees of latitude fill what the margins leave of the height; five of longitude are
    # as many, times the cosine of 15 degrees.
    assert y0 - y1 == pytest.approx(560 - 40 - 60)
    assert x1 - x0 == pytest.approx(46 * 5 * cos(radians(15)), abs=0.1)
    assert (x0 + x1) / 2 == pytest.approx(WIDTH / 2, abs=0.1)


def test_places_on_both_sides_of_the_date_line_lie_side_by_side() -> None:
    ground = Ground.around([(-17.0, 178.0), (-14.0, -172.0)])
    (west, _), (east, _) = ground.at(-17.0, 178.0), ground.at(-14.0, -172.0)
    assert 0 < west < east < WIDTH


def test_land_is_drawn_in_the_frame_and_nothing_else() -> None:
    sahel = Ground.around([(12.6, -8.0), (16.3, 0.0)]).opened("x").count('class="land"')
    ocean = Ground.around([(-40.0, -120.0), (-41.0, -121.0)]).opened("x").count('class="land"')
    assert sahel > 3
    assert ocean == 0


def test_every_place_and_leg_is_there_and_a_name_is_only_a_name(write: Write) -> None:
    hostile = "</svg><script>alert(1)</script>"
    folder = write(
        ("places.csv", "Camp,site", f"{hostile},site"),
        ("routes.csv", "Port,Camp", f"Port,{hostile}"),
    )
    drawn = map_of(Case.read(folder), {"road": 730.0}, {hostile: 0.02})
    assert "<script>" not in drawn
    assert len(re.findall(r'<line class="leg road"', drawn)) == 1
    assert len(re.findall(r'<circle class="site wanting"', drawn)) == 1
    assert len(re.findall(r'<rect class="source"', drawn)) == 1
    assert "road: 730 t" in drawn


def test_one_place_alone_is_a_map_too() -> None:
    assert Ground.around([(0.0, 0.0)]).at(0.0, 0.0) == (pytest.approx(369, abs=120), 40.0)
