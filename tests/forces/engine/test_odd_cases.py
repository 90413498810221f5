"""Cases at the edge of what may be written, and long runs: the search counts on and ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forces.engine.small_cases import MONTHS, case, cases, month, offer, pledge, requirement

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.search import LEAST_SIZE, Anneal, Found, Freed, Search, do
from sulh.questions.forces.engine.solve import solve
from sulh.questions.forces.engine.units import ROUND, Annealing
from sulh.questions.forces.plan import Plan, objective, violations
from sulh.questions.forces.records import Mission, Nation

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@st.composite
def odd_cases(draw: st.DrawFn) -> Case:
    """Draw a case with what is rare: no tours allowed, resets for ever, many units, one month."""
    case_ = draw(cases())
    pledged = [
        replace(
            each,
            units=draw(st.sampled_from([1, 2, 50])),
            max_tours=draw(st.sampled_from([None, 0, 1, 1000])),
            reset_months=draw(st.sampled_from([0, 1, 600])),
            tour_months=draw(st.sampled_from([1, 2, 600])),
            women=draw(st.sampled_from([0, 10, 60])),
        )
        for each in case_.pledges
    ]
    wanted = [
        replace(each, units=draw(st.sampled_from([1, 2, 1000]))) for each in case_.requirements
    ]
    offers = draw(st.sampled_from([(), case_.offers, (replace(case_.offers[0], uses=0),)]))
    months = draw(st.sampled_from([1, MONTHS]))
    if months == 1:
        pledged = [replace(each, latest=0) for each in pledged]
        wanted = [replace(each, last=min(each.last, 0)) for each in wanted]
    changed = replace(
        case_, pledges=tuple(pledged), requirements=tuple(wanted), offers=offers, months=months
    )
    if draw(st.booleans()):
        return replace(changed, missions={key: Mission(key, 100, None) for key in case_.missions})
    return changed


@FEW
@given(odd_cases(), st.integers(1, 9))
def test_odd_cases_are_annealed_within_every_limit(case_: Case, seed: int) -> None:
    """What annealing comes to is a plan that is taken, and no better than the proven best."""
    model = Model.of(case_)
    annealing = Annealing(model, np.arange(len(model.tours)), 2 * ROUND, None, seed)
    times = annealing.advance(lambda: False)
    search = Search(model)
    assert search.offer(times) or not times.any()
    assert search.best.points <= annealing.best + 1e-3
    best = solve(case_, seconds=20, workers=1)
    assert not violations(case_, best.plan)
    assert best.gap <= 1e-9
    assert best.objective <= search.best.points * (1 + 1e-9)


@pytest.mark.parametrize("exact", [True, False])
def test_a_unit_that_may_make_no_tour_stays_at_home(
    exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty cell sets no limit, 0 does: the other pledge serves, and that is proven."""
    if not exact:
        monkeypatch.setattr("sulh.questions.forces.engine.solve.EXACT_TOURS", 0)
    pledged = [pledge("P", max_tours=0), pledge("Q", reset_months=0)]
    case_ = case([requirement("R")], pledged)
    found = solve(case_, seconds=20, gap=1e-6)
    assert not violations(case_, found.plan)
    assert {tour.pledge for tour in found.plan.tours} == {"Q"}
    # Five months; each is 2 million points saved for 120,000; three moves of 50,000.
    assert found.objective == pytest.approx(5 * 120_000 + 3 * 50_000)
    assert found.gap <= 1e-6


def test_the_part_that_is_chosen_anew_never_outgrows_the_case() -> None:
    """A part without tours is chosen at once, again and again: its size stays a number."""
    model = Model.of(case([requirement("R")], [pledge("P")]))
    search = Search(model)
    nothing = np.zeros(len(model.tours), dtype=bool)
    for _ in range(6_000):
        search.take(Found(Freed("gap", nothing, search.best.times, 1.0), None, True))
    assert search.size["gap"] == max(len(model.tours), LEAST_SIZE)


def test_a_part_without_tours_changes_nothing() -> None:
    model = Model.of(case([requirement("R")], [pledge("P")]))
    search = Search(model)
    nothing = np.zeros(len(model.tours), dtype=bool)
    found = do(model, Freed("gap", nothing, search.best.times, 1.0), lambda: False)
    assert not search.take(found)
    assert search.best.points == objective(model.case, Plan())


def _annealings(search: Search, most: int) -> int:
    """Let a search bring its plans to their ends; return how many it has begun of ``most``."""
    for number in range(most):
        job = search.job(1.0)
        if not isinstance(job, Anneal):
            return number
        while not job.making.done:
            found = do(search.model, job, lambda: False)
        search.take(found)
    return most


def test_plans_that_are_made_are_let_go() -> None:
    """A long run makes hundreds of plans: what each worked with does not stay in memory."""
    model = Model.of(case([requirement("R")], [pledge("P")], [offer("O")]))
    search = Search(model, seconds=1e6)
    search._greedy = False
    search.guide(np.zeros(len(model.tours)), np.zeros(1))
    assert _annealings(search, 3) == 3
    assert not search._makings


def test_where_no_plan_can_be_made_from_nothing_parts_are_chosen_anew() -> None:
    """All tours belong to units that there are none of: plans are not begun in vain till half."""
    model = Model.of(case([requirement("R")], [pledge("P", units=0)], [offer("O")]))
    search = Search(model, seconds=1e6)
    search._greedy = False
    search.guide(np.zeros(len(model.tours)), np.zeros(1))
    assert _annealings(search, 5) == 1


def test_a_horizon_of_one_month_by_hand() -> None:
    """The horizon is one month: a tour of a month serves it, for its cost and its move."""
    wanted = [requirement("R", last=0, last_month=month(0))]
    case_ = case(
        wanted,
        [pledge("P", latest=0)],
        months=1,
        nations={"KEN": Nation("KEN", 100, 1)},
    )
    assert solve(case_, seconds=20).objective == pytest.approx(120_000 + 50_000)
