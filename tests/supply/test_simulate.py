"""The simulation of supply against arithmetic by hand."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest

from sulh.cases.problems import BadCase
from sulh.core.errors import BadRequest
from sulh.methods.simulation.intervals import mean_interval
from sulh.questions.supply.case import Case
from sulh.questions.supply.defaults import climate_of, defaults
from sulh.questions.supply.simulate import Effort, months_of, needs_of, simulate
from sulh.questions.supply.statistics import shortages, summary, traffic, use

from .conftest import Write


def test_a_steady_camp_by_hand(write: Write) -> None:
    # 1,000 persons use 2 t a day. Of 10 days' stock 5 are left after 5 days: 10 t are ordered, and
    # again every 5 days: on days 5, 10, …, 100, which are 20 trips of one truck over 270 km.
    found = simulate(Case.read(write()), Effort(3))
    row = traffic(found).row(0, named=True)
    assert (row["trips"], row["tonnes"], row["vehicle_km"]) == (20, 200, 20 * 2 * 270)
    assert (row["usd"], row["tonnes_co2"]) == (20 * 540 * 2, pytest.approx(20 * 540 / 1000))
    told = summary(found)
    assert (told["tonnes_needed"], told["amount_short"][0]) == (200, 0)
    assert told["usd"] == 20 * 540 * 2 + 5 * 100 * 100
    # 270 km at 30 km/h and 9 hours a day are one day, and one of handling: what is sent after
    # day 5's use arrives on day 7, when 3 days' stock are left less that day's.
    assert found.lowest[0, 1, 0] == 4
    # Each trip takes 2 days out and 2 back: 80 of 500 truck-days, 80 of 200 escort-days.
    assert use(found) == {"trucks": 80 / 500, "escorts": 80 / 200}


@pytest.mark.parametrize(
    "change",
    [
        ("fleets.csv", "road,5,16", "road,0,16"),
        ("case.toml", "escorts = 2", "escorts = 0"),
        ("routes.csv", "yes,,,0", "yes,,1|2|3|4|5|6|7|8|9|10|11|12,0"),
    ],
)
def test_without_trucks_escorts_or_roads_the_first_stock_is_all(
    write: Write, change: tuple[str, str, str]
) -> None:
    found = simulate(Case.read(write(change)), Effort(2))
    row = shortages(found).row(0, named=True)
    assert row["amount_short"] == pytest.approx(90 / 100)
    assert row["days_short"] == pytest.approx(90 / 100)
    assert (row["any_shortage"], row["lowest_days"]) == (1.0, 0.0)


def test_a_route_that_is_shut_for_a_season(write: Write) -> None:
    # January has days 1 to 31 (30.4375 a month). Stock for 10 days: 21 days short, then a truck
    # that leaves on day 32 is there on day 34.
    found = simulate(Case.read(write(("routes.csv", "yes,,,0", "yes,,1,0"))), Effort(1))
    assert found.days_short[0, 1, 0] == 31 - 10 + 2


def test_months_follow_the_first(write: Write) -> None:
    months = months_of(Case.read(write(("case.toml", '"2027-01"', '"2027-11"'))))
    assert months[0] == 10
    assert months[-1] == (10 + int(99 // 30.4375)) % 12


def test_attacks_come_as_often_as_the_rate_says(write: Write) -> None:
    changed = write(("routes.csv", "yes,,,0,0,0", "yes,,,0.8,0.5,0"))
    found = simulate(Case.read(changed), Effort(300, 3))
    trips, attacks, lost, sent = (found.routes[:, 0, k].sum() for k in (0, 3, 4, 1))
    chance = 1 - exp(-0.8 * 0.27)
    assert abs(attacks / trips - chance) < 4 * sqrt(chance * (1 - chance) / trips)
    assert lost / sent == pytest.approx(0.5 * attacks / trips, rel=0.05)


def test_demand_varies_as_told(write: Write) -> None:
    found = simulate(
        Case.read(write(("case.toml", "variation = 0", "variation = 0.3"))), Effort(400, 5)
    )
    totals = found.needed[:, 1, 0]
    assert abs(totals.mean() - 200_000) < 4 * 0.3 * 2_000 * 10 / sqrt(400)
    assert totals.std() == pytest.approx(0.3 * 2_000 * sqrt(100), rel=0.15)


def test_the_same_seed_gives_the_same_events_whatever_the_workers(write: Write) -> None:
    case = Case.read(
        write(
            ("routes.csv", "yes,,,0,0,0,0,0", "yes,,,0.5,0.3,2,0.4,3"),
            ("case.toml", "variation = 0", "variation = 0.2"),
        )
    )
    one, two = simulate(case, Effort(20, 9, 1)), simulate(case, Effort(20, 9, 3))
    for name in ("needed", "short", "days_short", "lowest", "held", "routes"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    other = simulate(case, Effort(20, 10, 1))
    assert not np.array_equal(one.needed, other.needed)
    # More replications go on from those there were.
    assert np.array_equal(simulate(case, Effort(25, 9)).needed[:20], one.needed)


def test_nothing_is_used_that_was_not_there(write: Write) -> None:
    case = Case.read(
        write(
            ("routes.csv", "yes,,,0,0,0,0,0", "yes,,,2,0.6,5,1,6"),
            ("case.toml", "variation = 0", "variation = 0.5"),
        )
    )
    found = simulate(case, Effort(50, 2))
    used = (found.needed - found.short)[:, 1, 0]
    brought = found.routes[:, 0, 1] - found.routes[:, 0, 4]
    assert (used <= 20_000 + brought + 1e-6).all()
    assert (found.lowest >= 0).all()


def test_a_depot_passes_on_what_its_sites_need(write: Write) -> None:
    folder = write(
        ("places.csv", "Camp,site,0,2,1000,0", "Camp,depot,0,2,1000,0\nPost,site,0,3,500,0"),
        (
            "routes.csv",
            "road,Port,Camp",
            "far,Camp,Post,trucks,100,1,10,no,,,0,0,0,0,0\nroad,Port,Camp",
        ),
    )
    case = Case.read(folder)
    own, passing = needs_of(case)
    assert own[:, 0].tolist() == [0, 2_000, 1_000]
    assert passing[:, 0].tolist() == [3_000, 3_000, 1_000]
    assert summary(simulate(case, Effort(1)))["amount_short"][0] == 0


def test_no_persons_need_nothing(write: Write) -> None:
    told = summary(simulate(Case.read(write(("places.csv", "2,1000,", "2,0,"))), Effort(2)))
    assert (told["tonnes_needed"], told["amount_short"], told["any_shortage"][0]) == (0, [0] * 3, 0)


def test_threat_beyond_measure_ends_with_an_answer(write: Write) -> None:
    folder = write(("routes.csv", "yes,,,0,0,0,0,0", "yes,,,1000,1,366,1000,90"))
    told = summary(simulate(Case.read(folder), Effort(5)))
    assert told["amount_short"][0] == pytest.approx(0.9)


def test_an_interrupt_keeps_what_is_done(write: Write) -> None:
    case = Case.read(write(("case.toml", "variation = 0", "variation = 0.2")))

    def stop(done: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    cut = simulate(case, Effort(500, 4, 2), stop)
    assert cut.effort.replications == 7
    assert np.array_equal(cut.needed, simulate(case, Effort(7, 4)).needed)


def test_intervals_hold_the_truth_as_often_as_they_say(write: Write) -> None:
    # The mean weight needed is 200 t: of 400 intervals, 380 should hold it; 93 to 97 % may.
    case = Case.read(write(("case.toml", "variation = 0", "variation = 0.4")))
    found = simulate(case, Effort(400 * 20, 11, 2)).needed[:, 1, 0].reshape(400, 20)
    intervals = [mean_interval(row) for row in found]
    holds = sum(one.low <= 200_000 <= one.high for one in intervals)
    assert 0.93 * 400 <= holds <= 0.97 * 400


def test_a_season_changes_the_need_of_its_month(write: Write) -> None:
    folder = write()
    (folder / "seasons.csv").write_text("month,commodity,factor\n2,rations,1.5\n", encoding="utf-8")
    found = simulate(Case.read(folder), Effort(3, 1))
    # 1,000 persons, 2 kg a day: days 31 to 60 (from 0) are in the second month of 30.4375 days.
    february = sum(int(day // 30.4375) == 1 for day in range(100))
    assert february == 30
    assert found.needed[:, 1, 0].tolist() == [2_000.0 * (100 + 0.5 * february)] * 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("13,rations,1", "month"),
        ("1,love,1", "commodities.csv has no such name"),
        ("1,rations,-1", "factor"),
        ("1,rations,1e9", "factor"),
        ("1,rations,1\n1,rations,2", "twice"),
    ],
)
def test_seasons_that_cannot_be(write: Write, row: str, said: str) -> None:
    folder = write()
    (folder / "seasons.csv").write_text(f"month,commodity,factor\n{row}\n", encoding="utf-8")
    with pytest.raises(BadCase, match=said):
        Case.read(folder)


def test_the_climates_rest_on_their_figures() -> None:
    from sulh.facts.planning import figures

    held = {one.item: one.value for one in figures("water")}
    for entry in defaults()["climate"]:
        assert float(held[entry["item"]].split("/")[0]) == entry["sustaining_litres"]
    with pytest.raises(BadRequest, match="tropical, arid, temperate, cold"):
        climate_of("lunar")
