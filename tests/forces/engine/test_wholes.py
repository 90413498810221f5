"""Smart pledges and combined units: by hand, against trying every plan, and what cannot change."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forces.engine.plain_program import plain_optimum
from tests.forces.engine.small_cases import (
    by_enumeration,
    case,
    cases,
    month,
    offer,
    pledge,
    requirement,
)

from sulh.questions.forces.adapt import better
from sulh.questions.forces.asks import losses, values
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine import solve as solving
from sulh.questions.forces.engine.ascent import Ascent
from sulh.questions.forces.engine.bounding import Bounding
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import Schedule
from sulh.questions.forces.engine.prices import Prices
from sulh.questions.forces.engine.search import counts
from sulh.questions.forces.engine.solve import solve
from sulh.questions.forces.engine.usage import empty_usage
from sulh.questions.forces.explain import explain
from sulh.questions.forces.plan import Plan, Tour, objective, plan_text, violations
from sulh.questions.forces.records import Chain, Combined, Nation
from sulh.questions.forces.tours import tour_end
from sulh.questions.forces.wholes import wholes as tabled

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
    """Every set of tours of the single unit of a pledge that follow each other."""
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
    found: list[tuple[Tour, ...]] = [()]
    for roster in found:
        found += [(*roster, t) for t in tours if not roster or roster[-1].last < t.first]
    return found


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
    # Kenya 0-1, Ghana 2-3, Kenya in month 4, where the requirement ends: no fourth turn is due.
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
            earliest=(ready := draw(st.integers(0, 1))),
            available_from=month(ready),
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
    two = replace(case_, pledges=case_.pledges[:2])
    tried = by_trying(two)
    assert best(two) == pytest.approx(tried, rel=1e-9)
    assert plain_optimum(two) == pytest.approx(tried, rel=1e-9)


@settings(FEW, max_examples=8)
@given(wholes())
def test_the_search_of_large_cases_keeps_wholes_and_its_bound_holds(case_: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "EXACT_TOURS", 0)
        found = solve(case_, seconds=2.0, workers=1)
    optimum = plain_optimum(case_)
    assert not violations(case_, found.plan)
    assert found.bound <= optimum * (1 + 1e-9)
    assert found.objective == pytest.approx(optimum, rel=1e-9)


@FEW
@given(cases())
def test_a_chain_that_cannot_be_honoured_changes_nothing(case_: Case) -> None:
    barred = frozenset({"UNMISS", "UNIFIL"})
    more = (
        *case_.pledges,
        pledge("X", "KEN", excluded_missions=barred),
        pledge("Y", "GHA"),
        pledge("Z", "FRA"),
    )
    chain = Chain("C", case_.requirements[0].key, ("X", "Y"))
    unit = Combined("U", ("Z", "gone"))
    spoiled = replace(case_, pledges=more, chains=(chain,), combined=(unit,))
    # Y alone could serve, so could Z: neither may without the others.
    assert best(spoiled) == pytest.approx(by_enumeration(case_), rel=1e-9)


def test_parts_are_added_whole_where_that_is_better_and_never_alone() -> None:
    made = complete(chain_case()).tours
    assert [(t.pledge, t.first, t.last) for t in made] == [("A", 0, 1), ("B", 2, 3)]
    made = complete(unit_case()).tours
    assert sorted((t.first, t.pledge) for t in made) == [(0, "A"), (0, "B"), (3, "A"), (3, "B")]
    # Four months at 120,000 and two moves of 50,000 are more than 0.1 * 1,000,000 a month.
    cheap = chain_case(requirements=(requirement("R", priority=0.1),))
    assert complete(cheap).tours == ()
    assert complete(replace(cheap, chains=(), combined=())).tours == ()


def test_a_case_without_wholes_has_the_arrays_it_had() -> None:
    model = Model.of(chain_case(chains=()))
    assert model.requirements == model.case.requirements
    assert (model.wholes.parts, len(model.wholes.bound)) == ((), 0)


def test_a_gap_is_explained_by_the_whole_that_a_pledge_is_a_part_of() -> None:
    reasons = explain(chain_case(), Plan()).filter(month=month(0))
    assert reasons["pledge"].to_list() == ["A", "B"]
    assert reasons["reason"].to_list() == ["part of C", "part of C"]
    said = "serves only as a part of C, against which stands from 2026-01: left out"
    assert reasons["detail"].to_list() == [said, said]


def test_what_stands_against_a_whole_is_said_part_by_part() -> None:
    case_ = chain_case()
    kenya, ghana = case_.pledges
    barred = replace(kenya, excluded_missions=frozenset({"UNMISS"}))
    late = replace(ghana, earliest=4, available_from=month(4))
    dear = replace(kenya, monthly_cost_usd=10**8)
    for changed, said in (
        ((barred, ghana), "from 2026-01: A caveat"),
        # Ghana is ready in May: Kenya would serve in March and April.
        ((kenya, late), "from 2026-03: left out"),
        ((dear, ghana), "from 2026-01: dearer than the gap"),
    ):
        table = tabled(replace(case_, pledges=changed), Plan())
        assert table["against"].to_list() == [said]
    none = unit_case(nations={"GHA": Nation("GHA", 39, None)})
    assert tabled(none, Plan())["against"].to_list() == ["for R from 2026-01: B nation's ceiling"]
    made = Plan((Tour("A", 1, "R", 0, 1), Tour("B", 1, "R", 2, 3)))
    row = tabled(case_, made).row(0, named=True)
    assert (row["first_month"], row["last_month"], row["against"]) == (month(0), month(3), None)


@FEW
@given(wholes(), st.booleans())
def test_the_optimum_and_the_bound_agree_with_the_plain_program(case_: Case, again: bool) -> None:
    """Two wholes at once, and the bound of prices, against a program of another form."""
    more = case_
    if again:
        pledges = (*case_.pledges, pledge("E", "GHA", strength=60), pledge("F", "FRA"))
        more = replace(case_, pledges=pledges)
        if case_.chains:
            more = replace(more, combined=(Combined("U", ("E", "F")),))
        else:
            more = replace(more, chains=(Chain("C", "R1", ("E", "F")),))
    optimum = plain_optimum(more)
    assert best(more) == pytest.approx(optimum, rel=1e-9, abs=1e-3)
    assert proven(more) <= optimum + 1e-6 * abs(optimum)


def proven(case_: Case) -> float:
    """The bound that prices and the best schedules of the nations prove, without any plan."""
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
        return bounding.bound


def test_the_bound_knows_that_wholes_are_whole() -> None:
    # Free to serve alone, Kenya and Ghana cover five months of R; in the chain, four at most.
    bound = proven(chain_case())
    assert best(chain_case(chains=())) < bound <= best(chain_case())
    assert bound == pytest.approx(best(chain_case()), rel=2e-2)


@FEW
@given(wholes(), st.integers(0, 2**32 - 1))
def test_no_prices_prove_more_than_the_optimum(case_: Case, seed: int) -> None:
    """Whatever tours pay their wholes, above or below nothing, the bound lies under the optimum."""
    model, random = Model.of(case_), np.random.default_rng(seed)
    zero = Prices.zero(model)
    some = Prices(*(20 * random.random(part.shape) for part in zero))
    parts = 60 * random.standard_normal(zero.parts.shape)
    women = np.minimum(some.women, case_.weights.women / model.scale)
    proof, _ = Ascent(model).prove(some._replace(parts=parts, women=women))
    bound = proof.bound * model.scale
    assert bound <= plain_optimum(case_) + 1e-6 * abs(bound)


@FEW
@given(wholes())
def test_the_greedy_plan_is_valid_and_counts_as_the_model_counts(case_: Case) -> None:
    plan = complete(case_)
    assert violations(case_, plan) == ()
    model = Model.of(case_)
    times = counts(model, plan)
    assert times.sum() == len(plan.tours)
    assert model.wholes.kept(times)
    bettered = better(case_, plan, 5)
    assert violations(case_, bettered) == ()
    assert objective(case_, bettered) <= objective(case_, plan) + 1e-6


@FEW
@given(cases(), st.integers(0, 1))
def test_a_chain_of_one_turn_is_a_pledge_of_one_tour(case_: Case, place: int) -> None:
    wanted = case_.requirements[place % len(case_.requirements)]
    alone = tuple(r for r in case_.requirements if r is wanted)
    one = replace(case_.pledges[0], units=1, max_tours=1)
    plain = replace(case_, requirements=alone, pledges=(one, *case_.pledges[1:]))
    chained = replace(plain, chains=(Chain("C", wanted.key, (one.key,)),))
    assert best(chained) == pytest.approx(best(plain), rel=1e-9)


@FEW
@given(cases())
def test_a_whole_of_new_pledges_never_worsens_and_without_it_the_old_optimum_is_back(
    case_: Case,
) -> None:
    key = case_.requirements[0].key
    pledges = (*case_.pledges, pledge("X", "KEN"), pledge("Y", "FRA"))
    chained = replace(case_, pledges=pledges, chains=(Chain("C", key, ("X", "Y")),))
    combined = replace(case_, pledges=pledges, combined=(Combined("U", ("X", "Y")),))
    before = best(case_)
    for joined in (chained, combined):
        assert best(joined) <= before + 1e-6
        # Freed of the file, the pledges may serve alone as well: no worse than in the whole.
        assert best(replace(chained, chains=())) <= best(chained) + 1e-6
        back = replace(joined, pledges=case_.pledges, chains=(), combined=())
        assert best(back) == before


@FEW
@given(wholes())
def test_renaming_wholes_and_parts_changes_nothing(case_: Case) -> None:
    named = {p.key: f"z{9 - i}" for i, p in enumerate(case_.pledges)}
    renamed = replace(
        case_,
        pledges=tuple(replace(p, key=named[p.key]) for p in case_.pledges[::-1]),
        requirements=case_.requirements[::-1],
        chains=tuple(
            Chain("other", c.requirement, tuple(named[key] for key in c.pledges))
            for c in case_.chains
        ),
        combined=tuple(Combined("A", tuple(named[k] for k in u.pledges)) for u in case_.combined),
    )
    assert best(renamed) == pytest.approx(best(case_), rel=1e-9)


def test_without_the_two_files_the_program_is_the_same_to_the_last_digit() -> None:
    case_ = chain_case(chains=())
    model = Model.of(case_)
    program = whole_program(model, np.arange(len(model.tours)), empty_usage(model))
    names = [block.name for block in program.blocks]
    assert not {"parts_made", "wholes_made", "chains"} & {*names}
    assert [part.name for part in program.variables] == ["tour", "supported", "women", "serves"]
    assert plan_text(case_, Plan()) == "pledge,unit,requirement,first_month,last_month,offers\n"
    assert plan_text(chain_case(), Plan()).rstrip().endswith(",offers,part_of")


@FEW
@given(wholes())
def test_a_part_freed_of_its_whole_serves_where_nothing_else_stands_against_it(
    case_: Case,
) -> None:
    """`part of` alone is a true reason: without the whole that tour is valid and better."""
    free = replace(case_, chains=(), combined=())
    rows = explain(case_, Plan()).filter(pl.col("reason").str.contains(r"^part of \w+$"))
    for row in rows.iter_rows(named=True):
        unit, wanted = case_.pledge_of[row["pledge"]], case_.requirement_of[row["requirement"]]
        first = case_.index(row["first_month"])
        offers = ("O",) if unit.needs else ()
        tour = Tour(unit.key, 1, wanted.key, first, tour_end(unit, wanted, first), offers)
        alone = Plan((tour,))
        assert {v.rule for v in violations(case_, alone)} <= {9, 10}
        assert violations(free, alone) == ()
        assert objective(free, alone) < objective(free, Plan())


@settings(FEW, max_examples=8)
@given(wholes())
def test_no_change_is_worth_more_than_the_tours_concerned_save_at_best(case_: Case) -> None:
    """A part that goes takes its whole with it, and one that comes brings it."""
    now = plain_optimum(case_)
    for ask in losses(case_):
        assert plain_optimum(ask.case) - now <= ask.most + 1.0, ask.what
    for ask in values(case_):
        assert now - plain_optimum(ask.case) <= ask.most + 1.0, ask.what
