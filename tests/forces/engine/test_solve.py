"""The optimiser against enumeration, special cases with known optima, and what cannot change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forces.engine.small_cases import (
    by_enumeration,
    case,
    cases,
    interval_optimum,
    month,
    offer,
    pledge,
    requirement,
)

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine import solve as solving
from sulh.questions.forces.engine.ascent import Ascent
from sulh.questions.forces.engine.bounding import Bounding
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import Schedule, best_schedule
from sulh.questions.forces.engine.prices import Prices, between_cost
from sulh.questions.forces.engine.search import Search
from sulh.questions.forces.engine.solve import solve
from sulh.questions.forces.engine.units import Annealing
from sulh.questions.forces.plan import objective, violations
from sulh.questions.forces.records import Nation

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def best(case_: Case) -> float:
    found = solve(case_, seconds=30, workers=1)
    assert not violations(case_, found.plan)
    assert found.objective == pytest.approx(objective(case_, found.plan), abs=1e-6)
    assert found.bound <= found.objective
    assert found.gap <= 1e-9
    return found.objective


@FEW
@given(cases())
def test_the_optimum_is_that_of_trying_every_plan(case_: Case) -> None:
    assert best(case_) == pytest.approx(by_enumeration(case_), rel=1e-9)


def test_where_the_time_is_over_before_prices_are_compiled_none_are_sought() -> None:
    bounding = Bounding(Model.of(case([requirement("R")], [pledge("P")])), stop=lambda: True)
    jobs = bounding.work()
    (climb,) = next(jobs)
    assert climb() is None
    with pytest.raises(StopIteration):
        jobs.send([None])
    assert bounding.bound == -np.inf


@FEW
@given(cases())
def test_the_bound_of_prices_lies_under_the_optimum(case_: Case) -> None:
    bounding = Bounding(Model.of(case_))
    jobs, results = bounding.work(), None
    try:
        while True:
            listed = next(jobs) if results is None else jobs.send(results)
            results = [job() for job in listed]
            for found in results:
                if isinstance(found, Schedule):
                    bounding.take(found)
    except StopIteration:
        pass
    optimum = by_enumeration(case_)
    assert bounding.bound <= optimum * (1 + 1e-9)
    # Prices at the end of the way up: far below would be a fault, if not a wrong bound.
    assert bounding.bound >= 0.5 * optimum - 1e6 or len(Model.of(case_).tours) == 0


def test_one_requirement_by_hand() -> None:
    # Five months; tours of two months with one at home between: months 0-1 and 3-4 are covered,
    # or one of them and a tour cut short. One month stays unmet: 2.0 * 1,000,000. Four months at
    # 100 * 1,000 + 20,000 and two moves of 50,000.
    case_ = case([requirement("R")], [pledge("P")])
    assert best(case_) == 2_000_000 + 4 * 120_000 + 2 * 50_000


def test_women_short_of_the_target_cost_their_weight() -> None:
    from sulh.questions.forces.records import Mission

    # As above; 0.15 * 100 - 10 = 5 women short in four months at 2,000 each.
    missions = {"UNMISS": Mission("UNMISS", None, 0.15)}
    case_ = case([requirement("R")], [pledge("P")], missions=missions)
    assert best(case_) == pytest.approx(2_580_000 + 4 * 5 * 2_000)


def test_priorities_beyond_all_measure_are_not_claimed_to_be_proven() -> None:
    # Covered requirements of priority 1e7 leave some 5e6 points of cost: HiGHS's tolerance of 1e-6
    # of what is saved is as much as plans differ by.
    wanted = [requirement(f"R{i}", priority=1e7 * (1 + i / 10), mission=f"M{i}") for i in range(7)]
    pledged = [
        pledge(
            f"P{i}",
            ("KEN", "GHA")[i % 2],
            units=2,
            tour_months=3,
            monthly_cost_usd=20_000 + 137 * i,
        )
        for i in range(7)
    ]
    nations = {"KEN": Nation("KEN", 400, None), "GHA": Nation("GHA", 300, 3)}
    found = solve(case(wanted, pledged, nations=nations), seconds=3, workers=1)
    assert not violations(case(wanted, pledged, nations=nations), found.plan)
    assert found.bound <= 4_912_741


def test_an_impossible_case_is_an_empty_plan_with_its_unmet_weight() -> None:
    case_ = case([requirement("R", capability="hospital")], [pledge("P")])
    found = solve(case_, seconds=5)
    assert found.plan.tours == ()
    assert found.objective == found.bound == 2.0 * 1_000_000 * 5


def test_a_case_without_requirements_or_pledges_is_an_empty_plan() -> None:
    assert solve(case([], [pledge("P")]), seconds=5).objective == 0
    assert solve(case([requirement("R")], []), seconds=5).objective == 10_000_000


def test_a_ceiling_on_missions_keeps_a_nation_to_one_mission() -> None:
    wanted = [requirement("A"), requirement("B", mission="UNIFIL", priority=1.0)]
    pledged = [pledge("P", tour_months=5), pledge("Q", tour_months=5)]
    cost = 5 * 120_000 + 50_000
    assert best(case(wanted, pledged)) == 2 * cost
    one = {"KEN": Nation("KEN", None, 1)}
    assert best(case(wanted, pledged, nations=one)) == cost + 5 * 1_000_000


@FEW
@given(st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_assignment(table: list[list[int]]) -> None:
    """Units that fit one another's place are the assignment problem, its optimum by permutation.

    Pledge i costs ``table[i][j]`` thousand a month for requirement j: told apart by strength 0
    being impossible, requirements take one language each and pledges come in three copies.
    """
    from itertools import permutations

    months = 5
    wanted = [requirement(f"R{j}", languages=frozenset({f"l{j}"}), priority=9.0) for j in range(3)]
    pledged = [
        pledge(
            f"P{i}{j}",
            f"N{i}",
            tour_months=months,
            strength=100,
            languages=frozenset({f"l{j}"}),
            monthly_cost_usd=1000 * table[i][j],
            move_cost_usd=0,
        )
        for i in range(3)
        for j in range(3)
    ]
    nations = {f"N{i}": Nation(f"N{i}", 100, None) for i in range(3)}
    least = min(sum(table[i][p[i]] for i in range(3)) for p in permutations(range(3)))
    expected = months * (3 * 100 * 1000 + 1000 * least)
    assert best(case(wanted, pledged, nations=nations)) == expected


@FEW
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 2), st.sampled_from([0.2, 0.3, 0.7])),
        min_size=1,
        max_size=5,
    )
)
def test_weighted_interval_scheduling(drawn: list[tuple[int, int, float]]) -> None:
    """One unit and requirements that each want it for their own span: disjoint spans of most worth.

    A unit gains priority * 1,000,000 - 120,000 a month less 50,000 a move. A tour begins with its
    requirement: its pledge's tour is as long as the longest span, and a later start gains less
    whenever the whole span fits; spans of one start only are drawn by one month each.
    """
    spans = [(first, first, weight) for first, _, weight in drawn]
    wanted = [
        requirement(
            f"R{i}",
            priority=weight,
            first=first,
            last=last,
            first_month=month(first),
            last_month=month(last),
        )
        for i, (first, last, weight) in enumerate(spans)
    ]
    case_ = case(wanted, [pledge("P", reset_months=0)])
    unmet = sum(weight * 1e6 for _, _, weight in spans)
    worth = [(a, b, weight * 1e6 - 170_000) for a, b, weight in spans]
    assert best(case_) == pytest.approx(unmet - interval_optimum(worth))


@FEW
@given(cases(), st.sampled_from(["KEN", "GHA"]))
def test_one_more_pledge_never_worsens_the_optimum(case_: Case, nation: str) -> None:
    more = replace(case_, pledges=(*case_.pledges, pledge("new", nation)))
    assert best(more) <= best(case_) + 1e-6


@FEW
@given(cases(), st.sampled_from([0.5, 3.0]))
def test_scaling_the_weights_scales_the_objective(case_: Case, factor: float) -> None:
    weights = case_.weights
    scaled = replace(
        weights,
        unmet=weights.unmet * factor,
        cost_usd=weights.cost_usd * factor,
        women=weights.women * factor,
    )
    assert best(replace(case_, weights=scaled)) == pytest.approx(factor * best(case_))


@FEW
@given(cases())
def test_renaming_changes_nothing(case_: Case) -> None:
    pledged = tuple(replace(p, key=f"z{9 - i}") for i, p in enumerate(case_.pledges))
    wanted = tuple(replace(r, key=f"y{9 - i}") for i, r in enumerate(case_.requirements))
    renamed = replace(case_, pledges=pledged, requirements=wanted[::-1])
    assert best(renamed) == pytest.approx(best(case_))


@FEW
@given(cases())
def test_a_stricter_caveat_never_helps(case_: Case) -> None:
    caveat = frozenset({"UNMISS"})
    strict = tuple(
        replace(p, excluded_missions=p.excluded_missions | caveat) for p in case_.pledges
    )
    assert best(replace(case_, pledges=strict)) >= best(case_) - 1e-6


def test_decomposition_agrees_with_the_whole_program(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [requirement(f"R{i}", units=2, mission=f"M{i % 2}") for i in range(3)]
    pledged = [pledge(f"P{i}", f"N{i % 3}", needs=("airlift",) if i % 2 else ()) for i in range(6)]
    case_ = case(wanted, pledged, [offer("O", uses=3)], nations={"N0": Nation("N0", 100, 1)})
    whole = best(case_)
    monkeypatch.setattr(solving, "EXACT_TOURS", 0)
    # The kernels are compiled before the clock runs.
    model = Model.of(case_)
    Ascent(model).slack(Ascent(model).climb(steps=1).prices)
    Annealing(model, np.arange(len(model.tours)), 1).advance(lambda: False)
    found = solve(case_, seconds=6, gap=1e-6, workers=2)
    assert not violations(case_, found.plan)
    assert found.bound <= whole * (1 + 1e-9)
    assert found.objective == pytest.approx(whole)


@FEW
@given(cases(), st.integers(1, 9))
def test_annealing_counts_as_the_model_counts_and_keeps_every_limit(case_: Case, seed: int) -> None:
    """Its own running sum agrees with the objective of the plan that it has come to."""
    model = Model.of(case_)
    spared = np.full(len(model.uses), 40_000.0)
    for given_ in (None, spared):
        annealing = Annealing(model, np.arange(len(model.tours)), 5_000, given_, seed)
        times = annealing.advance(lambda: False)
        search = Search(model)
        assert search.offer(times) or not times.any()
        # Offers are given tour by tour, and may cost more than the best way to share them out.
        assert search.best.points <= annealing.best + 1e-3
        if not any(p.needs for p in case_.pledges):
            assert search.best.points == pytest.approx(annealing.best, abs=1e-3)
        assert search.best.points >= by_enumeration(case_) - 1e-3


def test_annealing_does_not_depend_on_how_often_it_is_looked_at() -> None:
    wanted = [requirement(f"R{i}", units=2, mission=f"M{i % 2}") for i in range(3)]
    pledged = [pledge(f"P{i}", f"N{i % 3}", needs=("airlift",) if i % 2 else ()) for i in range(6)]
    model = Model.of(case(wanted, pledged, [offer("O", uses=3)]))
    every = np.arange(len(model.tours))
    once = Annealing(model, every, 20_000).advance(lambda: False)
    often = Annealing(model, every, 20_000)
    while not often.done:
        times = often.advance(lambda: False, rounds=1)
    assert (times == once).all()


def test_progress_never_worsens() -> None:
    seen: list[solving.Progress] = []
    case_ = case([requirement("R")], [pledge("P")])
    solve(case_, seconds=5, progress=seen.append)
    assert seen
    assert seen == sorted(seen, key=lambda state: -state.objective)
    assert np.isfinite([state.objective for state in seen]).all()


@FEW
@given(cases(), st.integers(0, 2**32 - 1))
def test_prices_alone_prove_less_than_a_nation_s_best_schedule(case_: Case, seed: int) -> None:
    model, random = Model.of(case_), np.random.default_rng(seed)
    prices = Prices(*(3 * random.random(part.shape) for part in Prices.zero(model)))
    # A woman short never costs more than her weight.
    most = case_.weights.women / model.scale
    prices = prices._replace(women=np.minimum(prices.women, most))
    proof, _ = Ascent(model).prove(prices)
    cost = between_cost(model, prices)
    for nation in range(len(model.nation_names)):
        assert proof.floors[nation] <= best_schedule(model, nation, cost).cost + 1e-6
    assert proof.bound * model.scale <= by_enumeration(case_) * (1 + 1e-9)
