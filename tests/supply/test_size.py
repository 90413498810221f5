"""Sized fleets against arithmetic by hand."""

from __future__ import annotations

import pytest

from sulh.core.errors import NotAnswerable
from sulh.questions.supply.case import Case
from sulh.questions.supply.outputs import case_files
from sulh.questions.supply.size import Wish, longest_closure, size

from .conftest import Write

_MANY = ("places.csv", "0,2,1000,0", "0,2,10000,0")


def test_the_fleet_is_the_least_that_carries_the_need(write: Write) -> None:
    # 20 t a day; a truck moves 16 t in 4 days and works 60 % of the time: 2.4 t a day. Of 10 days'
    # stock 7.5 may be used up over the 100 days: (2,000 - 150) / 240 = 7.7, so 8 trucks; the rows
    # of the months allow it, since eight are short by 0.8 t a day and the stock lasts 150 t.
    sized = size(Case.read(write(_MANY)), Wish(at_work=0.6))
    assert sized.vehicles == {"trucks": 8}
    assert sized.usd == pytest.approx(sized.bound, rel=1e-6)
    # Costs by hand: trucks, one escort at 5,000 USD, and 1,850 t in trips of 540 km at 2 USD.
    assert sized.case.settings.escorts == 1
    assert sized.usd == pytest.approx(8 * 100 * 100 + 5_000 * 100 + 1_850 / 16 * 540 * 2)


def test_a_closure_without_end_has_no_answer(write: Write) -> None:
    shut = write(("routes.csv", "yes,,,0", "yes,,1|2|3|4|5|6|7|8|9|10|11|12,0"))
    with pytest.raises(NotAnswerable, match="no fleet keeps"):
        size(Case.read(shut))


def test_stocks_last_over_the_longest_closure(write: Write) -> None:
    shut = write(
        ("routes.csv", "yes,,,0", "yes,,12|1,0"),
        ("commodities.csv", "2,10,5,10", "2,80,5,10"),
    )
    case = Case.read(shut)
    assert longest_closure(case) == 2 * 30.4375
    kind = size(case).case.commodities["rations"]
    assert kind.reorder_days >= 2 * 30.4375
    assert kind.fill_days > kind.reorder_days


def test_a_depot_that_costs_more_than_it_saves_stays_shut(write: Write) -> None:
    folder = write(
        ("places.csv", "Camp,site", "Hub,depot,0,1,0,0\nCamp,site"),
        (
            "routes.csv",
            "road,Port,Camp",
            "in,Port,Hub,trucks,100,0,10,no,,,0,0,0,0,0\n"
            "out,Hub,Camp,trucks,100,0,10,no,,,0,0,0,0,0\nroad,Port,Camp",
        ),
    )
    case = Case.read(folder)
    # By way of the hub a tonne goes 200 km without escort, straight 270 km with one.
    assert size(case).depots == ("Hub",)
    assert size(case, Wish(depot_usd=10_000, escort_usd=0)).depots == ()


def test_a_season_adds_its_tonnes_to_the_plan(write: Write) -> None:
    folder = write()
    before = size(Case.read(folder))
    # 100 days from January, months of 30.4375: 2 t a day; twice that on the 30 days of February.
    (folder / "seasons.csv").write_text("month,commodity,factor\n2,rations,2\n", encoding="utf-8")
    after = size(Case.read(folder))
    days = sum(day + 1 >= 31 and (day // 30.4375) == 1 for day in range(100))
    assert after.tonnes.sum() - before.tonnes.sum() == pytest.approx(2.0 * days)


def test_the_files_of_a_case_read_as_the_same_case(write: Write) -> None:
    folder = write(("routes.csv", "yes,,,0", "yes,3,7|8,0"))
    (folder / "seasons.csv").write_text("month,commodity,factor\n7,rations,1.5\n", encoding="utf-8")
    case = Case.read(folder)
    for name, text in case_files(case).items():
        (folder / name).write_text(text, encoding="utf-8")
    assert Case.read(folder) == case
