"""Smart pledges and combined units: by hand, against trying every plan, and what cannot change."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forces.engine.small_cases import (
    MONTHS,
    by_enumeration,
    case,
    cases,
    month,
    offer,
    pledge,
    requirement,
)

from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine import solve as solving
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.solve import solve
from sulh.questions.forces.explain import explain
from sulh.questions.forces.plan import Plan, Tour, objective, violations
from sulh.questions.forces.records import Chain, Combined, Nation
from sulh.questions.forces.tours import tour_end

FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def best(case_: Case) -> float:
    found = solve(case_, seconds=20, workers=1)
    assert not violations(case_, found.plan)
    assert found.objective == pytest.approx(objective(case_, found.plan), abs=1e-6)
    assert found.gap <= 1e-9
    return found.objective


def _rosters(case_: Case, key: str) -> list[tuple[Tour, ...]]:
    """Every set of at most two tours of the single unit of a pledge, rules of wholes aside."""
    alone = replace(case_, chains=(), combined=())
    unit = case_.pledge_of[key]
    choices = [(o.key,) for o in case_.offers] if unit.needs else [()]
    tours = [
        Tour(key, 1, r.key, first, tour_end(unit, r, first), chosen)
        for r in case_.requirements
        for first in r.months
        for chosen in choices
    ]
    tours = [tour for tour in tours if not violations(alone, Plan((tour,)))]
    pairs = [(a, b) for a in tours for b in tours if a.last < b.first]
    return [(), *((tour,) for tour in tours), *pairs]


def by_trying(case_: Case) -> float:
    """The least objective of all valid plans: every choice of a roster for every pledge.

    A set of tours of chains that is no plan may become one by adding tours, so none is passed over.
    """
    every = product(*(_rosters(case_, p.key) for p in case_.pledges))
    plans = (Plan(tuple(tour for roster in rosters for tour in roster)) for rosters in every)
    return min(objective(case_, plan) for plan in plans if not violations(case_, plan))


def chain_case(**changes: object) -> Case:
    """Kenya, then Ghana, each two months, at one requirement of five months."""
    pledges = [pledge("A"), pledge("B", "GHA")]
    chained = case([requirement("R")], pledges, chains=(Chain("C", "R", ("A", "B")),))
    return replace(chained, **changes)  # type: ignore[arg-type]


def test_a_chain_by_hand() -> None:
    # Without the chain Kenya serves months 0-1 and 3-4 and Ghana month 2: nothing stays unmet.
    # The chain covers months 0-3 or 1-4: one month unmet (2.0 * 1,000,000), or from month 2: two;
    # four months at 120,000 and two moves of 50,000.
    assert best(chain_case()) == 2_000_000 + 4 * 120_000 + 2 * 50_000
    assert best(chain_case(chains=())) < best(chain_case())


def test_a_chain_that_takes_two_turns_each_by_hand() -> None:
    # Kenya 0-1, Ghana 2-3, Kenya in month 4, where the requirement ends: its fourth turn is not due.
    chain = Chain("C", "R", ("A", "B", "A", "B"))
    assert best(chain_case(chains=(chain,))) == 5 * 120_000 + 3 * 50_000


def test_a_chain_stops_with_its_last_turn_or_its_requirement_only() -> None:
    case_ = chain_case()
    first, second = Tour("A", 1, "R", 0, 1), Tour("B", 1, "R", 2, 3)
    rules = [
        ((first, second), set()),
        ((first,), {9}),
        ((second,), {9}),
        ((first, replace(second, first=3, last=4)), {9}),
        ((replace(second, first=0, last=1), replace(first, first=2, last=3)), {9}),
        ((first, second, replace(first, first=4, last=4)), {9}),
        ((replace(first, first=4, last=4),), set()),
    ]
    for tours, broken in rules:
        assert {v.rule for v in violations(case_, Plan(tours))} == broken, tours


def unit_case(**changes: object) -> Case:
    """Kenya's half of 60 persons and Ghana's of 40 make one company, beside nothing else."""
    parts = [pledge("A", strength=60, women=6), pledge("B", "GHA", strength=40, women=4)]
    whole = case([requirement("R")], parts, combined=(Combined("U", ("A", "B")),))
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_combined_unit_by_hand() -> None:
    # Months 0-1 and 3-4 covered once, one month unmet. Kenya's part costs 60,000 + 20,000 a month,
    # Ghana's 40,000 + 20,000; each moves twice.
    assert best(unit_case()) == 2_000_000 + 4 * (80_000 + 60_000) + 4 * 50_000


def test_the_limits_of_each_part_hold_for_the_whole() -> None:
    nothing = 5 * 2_000_000
    assert best(unit_case(nations={"GHA": Nation("GHA", 39, None)})) == nothing
    assert best(unit_case(nations={"GHA": Nation("GHA", 40, None)})) < nothing
    parts = unit_case().pledges
    barred = replace(parts[1], excluded_missions=frozenset({"UNMISS"}))
    assert best(unit_case(pledges=(parts[0], barred))) == nothing
    assert best(unit_case(pledges=parts[:1])) == nothing


def test_a_combined_unit_serves_together_and_counts_once() -> None:
    case_ = unit_case()
    one, other = Tour("A", 1, "R", 0, 1), Tour("B", 1, "R", 0, 1)
    assert violations(case_, Plan((one, other))) == ()
    assert {v.rule for v in violations(case_, Plan((one,)))} == {10}
    assert {v.rule for v in violations(case_, Plan((one, replace(other, first=1, last=2))))} == {10}
    # Rule 7 would hold two units against a need of one.
    assert {v.rule for v in violations(replace(case_, combined=()), Plan((one, other)))} == {7}
    cost = 2 * (80_000 + 60_000) + 2 * 50_000
    assert objective(case_, Plan((one, other))) == 3 * 2_000_000 + cost


@st.composite
def wholes(draw: st.DrawFn) -> Case:
    """Draw a small case with a chain or a combined unit of two pledges, and a third pledge."""
    priorities = st.sampled_from([0.05, 0.2, 1.5])
    wanted = [requirement("R0", priority=draw(priorities), units=draw(st.integers(1, 2)))]
    wanted.append(
        requirement(
            "R1", mission="UNIFIL", priority=draw(priorities), first=1, last=3,
            first_month=month(1), last_month=month(3),
        )
    )  # fmt: skip
    tour = draw(st.integers(2, 3))
    pledges = [
        pledge(
            key,
            nation,
            tour_months=tour,
            strength=draw(st.sampled_from([40, 100])),
            reset_months=draw(st.integers(0, 2)),
            max_tours=draw(st.sampled_from([None, 1])),
            needs=draw(st.sampled_from([(), ("airlift",)])),
            earliest=draw(st.integers(0, 1)),
        )
        for key, nation in (("A", "KEN"), ("B", "GHA"), ("D", "KEN"))
    ]
    most = draw(st.sampled_from([None, 100]))
    plain = case(
        wanted,
        pledges,
        [offer("O", uses=draw(st.integers(0, 2)))],
        nations={"KEN": Nation("KEN", most, draw(st.sampled_from([None, 1])))},
    )
    turns = draw(st.sampled_from([("A", "B"), ("B", "A", "B")]))
    if draw(st.booleans()):
        return replace(plain, chains=(Chain("C", draw(st.sampled_from(["R0", "R1"])), turns),))
    return replace(plain, combined=(Combined("U", ("A", "B")),))


@FEW
@given(wholes())
def test_the_optimum_is_that_of_trying_every_plan(case_: Case) -> None:
    assert best(case_) == pytest.approx(by_trying(case_), rel=1e-9)


@settings(FEW, max_examples=8)
@given(wholes())
def test_the_search_of_large_cases_keeps_wholes_and_its_bound_holds(case_: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "EXACT_TOURS", 0)
        found = solve(case_, seconds=1.0, workers=1)
    optimum = by_trying(case_)
    assert not violations(case_, found.plan)
    assert found.bound <= optimum * (1 + 1e-9)
    assert found.objective == pytest.approx(optimum, rel=1e-9)


@FEW
@given(cases())
def test_a_chain_that_cannot_be_honoured_changes_nothing(case_: Case) -> None:
    barred = frozenset({"UNMISS", "UNIFIL"})
    more = (
        *case_.pledges,
        pledge("X", "KEN"),
        pledge("Y", "GHA", excluded_missions=barred),
        pledge("Z", "FRA"),
    )
    chain = Chain("C", case_.requirements[0].key, ("X", "Y"))
    unit = Combined("U", ("Z", "gone"))
    spoiled = replace(case_, pledges=more, chains=(chain,), combined=(unit,))
    # X alone could serve, so could Z: neither may without the others.
    assert best(spoiled) == pytest.approx(by_enumeration(case_), rel=1e-9)


def test_single_tours_of_parts_are_never_added() -> None:
    assert complete(chain_case()).tours == ()
    assert complete(unit_case()).tours == ()
    assert complete(chain_case(chains=())).tours


def test_a_case_without_wholes_has_the_arrays_it_had() -> None:
    model = Model.of(chain_case(chains=()))
    assert model.requirements == model.case.requirements
    assert (model.wholes.parts, len(model.wholes.bound)) == ((), 0)


def test_a_gap_is_explained_by_the_whole_that_a_pledge_is_a_part_of() -> None:
    reasons = explain(chain_case(), Plan()).filter(month=month(0))
    assert reasons["pledge"].to_list() == ["A", "B"]
    assert reasons["reason"].to_list() == ["part of C", "part of C"]
    assert MONTHS == 5
