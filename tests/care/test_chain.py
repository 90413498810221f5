"""The chain from injury to surgery against times added up by hand, and against theory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from sulh.methods.queues import pollaczek_khinchine
from sulh.methods.simulation.intervals import ratio_interval
from sulh.questions.care.case import Case
from sulh.questions.care.compare import AIM, compare
from sulh.questions.care.engine.arrays import (
    CARRIAGE,
    ENHANCED,
    LOWER_CARE,
    OPERATED,
    OUTWARD,
    PERMISSION,
    THEATRE,
)
from sulh.questions.care.outcome import WAITS, Outcome, simulate
from sulh.questions.care.statistics import clocks, delays, facilities, units

Toy = Callable[..., Path]


def alone(outcome: Outcome) -> np.ndarray:
    """Return the places of patients who waited for no unit: they were alone."""
    return np.flatnonzero(outcome.raw.waited[:, WAITS.index("no unit free")] == 0)


def test_an_evacuation_by_helicopter_adds_up(toy: Toy) -> None:
    """4 aid, 10 request, 30 permission, 15 ready, 60 out, 10 load, 60 back, 20 doctor: 209."""
    outcome = simulate(Case.read(toy()), 5)
    first = alone(outcome)
    minutes = outcome.minutes_to(OPERATED)
    assert minutes[first].max() == approx(209, abs=0.01)
    # The medical team comes with the helicopter: 4 + 10 + 30 + 15 + 60 + 10.
    assert outcome.minutes_to(ENHANCED)[first].max() == approx(129, abs=0.01)
    waited = outcome.raw.waited[first] * 60
    assert waited[:, PERMISSION] == approx(30)
    assert waited[:, OUTWARD] == approx(85, abs=0.01)
    assert waited[:, CARRIAGE] == approx(60, abs=0.01)
    assert waited[:, LOWER_CARE] == approx(20)


def test_a_road_is_longer_and_needs_no_permission(toy: Toy) -> None:
    """2 x 200.151 km of road at 200.151 km/h: 14 + 15 + 120 + 10 + 120 + 20 = 299."""
    case = Case.read(toy())
    car = replace(case.fleets[0], kind="ambulance", permission=False, medic=False, range_km=900)
    outcome = simulate(replace(case, fleets=(car,)), 5)
    assert outcome.minutes_to(OPERATED)[alone(outcome)].max() == approx(299, abs=0.02)


def test_nothing_flies_in_the_dark(toy: Toy) -> None:
    case = Case.read(toy())
    day = replace(case.fleets[0], night=False)
    outcome = simulate(replace(case, fleets=(day,)), 10)
    legs = outcome.raw.legs
    hours = legs[~np.isnan(legs[:, 5])]
    assert len(hours) > 100
    # It is made ready from 5:45, leaves from 6:00 on and lands before 18:00, the same day.
    assert (hours[:, 3] % 24 >= 5.75).all()
    assert (hours[:, 5] % 24 < 18).all()
    assert (np.floor(hours[:, 3] / 24) == np.floor(hours[:, 5] / 24)).all()


def test_who_flies_straight_to_surgery_comes_to_enhanced_care_later(toy: Toy) -> None:
    """At night an ambulance calls at the camp's own level 1: 4 aid, 10 request, 5 ready and 10
    load are 29 minutes to enhanced care, and surgery waits for the day. A helicopter that flies at
    night comes after 129, straight to surgery.
    """
    case = Case.read(toy())
    camp = replace(case.facilities[0], key="camp post", latitude=0.0, level=1, theatres=0)
    ambulance = replace(
        case.fleets[0],
        key="car",
        kind="ambulance",
        base="camp post",
        speed_kmh=40.0,
        readiness_minutes=5.0,
        permission=False,
        medic=False,
        weather=False,
        range_km=50.0,
    )
    facilities = (*case.facilities, camp)
    by_day = replace(case.fleets[0], night=False)
    one = replace(case, facilities=facilities, fleets=(by_day, ambulance))
    other = replace(case, facilities=facilities, fleets=(case.fleets[0], ambulance))
    found = compare(one, other, 20)
    rows = {row["measure"]: row for row in found.table.iter_rows(named=True)}
    assert rows["enhanced care within 60 min, all"]["high"] < 0
    assert rows["time to surgery"]["high"] < 0
    assert AIM in found.assumed
    minutes = simulate(one, 20).minutes_to(ENHANCED)
    assert np.isclose(minutes, 29, atol=0.01).any()


def test_waits_add_up_to_the_time_to_surgery(toy: Toy) -> None:
    case = Case.read(toy())
    busy = tuple(
        replace(c, per_1000_person_years=3_000, casualties_per_event=4, in_field=0.5)
        for c in case.causes
    )
    sites = tuple(replace(s, radius_km=60) for s in case.sites)
    outcome = simulate(replace(case, causes=busy, sites=sites), 10)
    minutes = outcome.minutes_to(OPERATED)
    there = ~np.isnan(minutes)
    assert there.sum() > 5_000
    assert outcome.raw.waited[there].sum(axis=1) * 60 == approx(minutes[there], rel=1e-9)
    # Nobody is on board of a full helicopter, and nobody is carried twice before surgery.
    legs = outcome.raw.legs
    trips = np.stack([outcome.raw.leg_replication, legs[:, 1], legs[:, 5]], axis=1)
    _, crowd = np.unique(trips[~np.isnan(legs[:, 5])], axis=0, return_counts=True)
    assert crowd.max() == 4


def test_patients_are_as_many_as_the_rate_says(toy: Toy) -> None:
    """100 per 1,000 person-years, 1,000 people, 100 days: 27.379; Poisson over 400 runs."""
    outcome = simulate(Case.read(toy()), 400)
    expected = 100 * 100 / 365.25
    mean = outcome.raw.patient.size / 400
    assert mean == approx(expected, abs=4.5 * (expected / 400) ** 0.5)


def theatre(toy: Toy, days: int) -> Case:
    """Return a case that is M/D/1 at its one theatre: 12 patients a day, operations of an hour."""
    case = Case.read(toy())
    hospital = replace(case.facilities[0], latitude=0.0, theatres=1, doctors=900, beds=10_000)
    car = replace(
        case.fleets[0],
        **{"kind": "ambulance", "number": 40, "permission": False, "readiness_minutes": 0.0},
    )
    cause = replace(case.causes[0], per_1000_person_years=12 * 365.25)
    return replace(
        case,
        settings=replace(case.settings, days=days),
        facilities=(hospital,),
        fleets=(car,),
        causes=(cause,),
    )


def test_the_theatre_is_a_queue_with_fixed_service(toy: Toy) -> None:
    """Pollaczek-Khinchine at load 0.5: 0.5 / (2 x 0.5) = 0.5 hours, held to 4.5 errors."""
    outcome = simulate(theatre(toy, 200), 40)
    waits = outcome.raw.waited[:, THEATRE]
    assert pollaczek_khinchine(0.5, 0.0) == 0.5
    sums = np.bincount(outcome.row, waits, 40)
    found = ratio_interval(sums, np.bincount(outcome.row, minlength=40))
    assert abs(found.value - 0.5) < 4.5 * found.error
    assert found.error < 0.02


@pytest.mark.slow
def test_intervals_of_a_case_hold_the_truth_as_often_as_they_say(toy: Toy) -> None:
    """Of 400 runs of 12 replications, 93 to 97 % of the intervals hold the wait of M/D/1."""
    case, held = theatre(toy, 100), 0
    for seed in range(400):
        outcome = simulate(case, 12, seed)
        sums = np.bincount(outcome.row, outcome.raw.waited[:, THEATRE], 12)
        found = ratio_interval(sums, np.bincount(outcome.row, minlength=12))
        held += found.low <= 0.5 <= found.high
    assert 0.93 <= held / 400 <= 0.97


def test_routine_operations_keep_to_the_number_of_a_day(toy: Toy) -> None:
    case = theatre(toy, 50)
    hospital = replace(case.facilities[0], operations_per_day=3)
    routine = replace(case.causes[0], priority_1=0.0, priority_3=1.0)
    outcome = simulate(replace(case, facilities=(hospital,), causes=(routine,)), 3)
    begun = outcome.raw.times[:, 1 + OPERATED]
    kept = ~np.isnan(begun)
    days = np.stack([outcome.row[kept], np.floor(begun[kept] / 24)], axis=1)
    _, operations = np.unique(days, axis=0, return_counts=True)
    assert operations.max() == 3


def test_statistics_of_the_toy_by_hand(toy: Toy) -> None:
    outcome = simulate(Case.read(toy()), 20)
    table = clocks(outcome)
    whole = table.filter((table["site"] == "all") & (table["priority"] == "all"))
    # First aid takes 4 minutes: all within 10. Surgery takes 209, less the 95 that a patient saves
    # who is ready when the helicopter comes for another.
    aid, enhanced, surgery = whole["share"].to_list()
    assert aid == 1.0
    assert enhanced < 0.03
    assert surgery < 0.03
    # Without the way out (85 min), 124 is still too late: only who joins another on the way home
    # can be saved by one delay less, some two of a hundred a year.
    lost = delays(outcome)["in_time_without"]
    assert lost.len() == 12
    assert lost.max() < 5
    # Each mission carries one patient; a bed is kept for a day: 27.4 of 107 days.
    done = units(outcome).row(0, named=True)
    assert done["missions_a_year_value"] == approx(100.0, rel=0.1)
    beds = facilities(outcome).row(0, named=True)
    assert beds["beds_used_value"] == approx(27.38 * 1 / 107, rel=0.15)
