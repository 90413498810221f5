"""Chains of tours against another program, and the state of an annealed plan against the model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forces.engine.small_cases import (
    by_enumeration,
    case,
    cases,
    interval_optimum,
    offer,
    pledge,
    requirement,
)

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.chain import fill
from sulh.questions.forces.engine.making import Making
from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.roster import clear, insert
from sulh.questions.forces.engine.search import Anneal, Found, Search
from sulh.questions.forces.engine.units import ROUND, Annealing
from sulh.questions.forces.engine.usage import Usage

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def annealed(case_: Case, steps: int = ROUND, seed: int = 1) -> Annealing:
    model = Model.of(case_)
    annealing = Annealing(model, np.arange(len(model.tours)), steps, None, seed)
    annealing.advance(lambda: False, rounds=10**6)
    return annealing


def emptied(annealing: Annealing) -> float:
    """Take every unit's tours out; return the objective of the plan without tours."""
    a = annealing
    a.desk.counts[0] = 0
    for unit, of in enumerate(a.pledge):
        a.now += clear(a.ground, a.state, a.desk, unit, of)
    return a.now


def now(annealing: Annealing) -> Floats:
    """Return how often each tour of the model is made in the plan as it stands."""
    state = annealing.state
    used = state.roster[np.arange(annealing.most)[None, :] < state.made[:, None]]
    places = annealing.ground.tour[used]
    return np.bincount(places, minlength=len(annealing.model.tours)).astype(float)


@FEW
@given(st.lists(st.tuples(st.integers(2, 4), st.integers(60, 140)), min_size=1, max_size=3))
def test_one_chain_is_the_best_of_all_chains(kinds: list[tuple[int, int]]) -> None:
    """One unit is needed and each nation has plenty: the best weighted set of spans, exactly."""
    pledged = [
        pledge(f"P{i}", units=6, tour_months=length, strength=strength, max_tours=1)
        for i, (length, strength) in enumerate(kinds)
    ]
    annealing = annealed(case([requirement("R", priority=0.5)], pledged))
    model, tours = annealing.model, annealing.model.tours
    empty = emptied(annealing)
    assert empty == pytest.approx(model.empty)
    added = fill(annealing.ground, annealing.state, annealing.around, annealing.desk, 0)
    spans = [
        (int(first), int(last), -float(cost))
        for first, last, cost in zip(tours.first, tours.last, tours.cost, strict=True)
    ]
    assert -added == pytest.approx(interval_optimum(spans))
    # There is nothing left that a second chain could cover.
    annealing.desk.counts[0] = 0
    if (annealing.state.cover[0] == 1).all():
        assert fill(annealing.ground, annealing.state, annealing.around, annealing.desk, 0) == 0


def test_a_chain_looks_for_another_unit_when_its_own_is_taken() -> None:
    """A unit that rests two months cannot follow itself: the dearer one steps in between."""
    wanted = [requirement("R", priority=5.0)]
    cheap = pledge("P1", tour_months=2, reset_months=2, strength=50)
    dear = pledge("P2", tour_months=2, reset_months=2, strength=60)
    annealing = annealed(case(wanted, [cheap, dear]))
    emptied(annealing)
    fill(annealing.ground, annealing.state, annealing.around, annealing.desk, 0)
    assert (annealing.state.cover[0] == 1).all()
    assert (annealing.state.made > 0).all()
    assert annealing.model.empty + _worth(annealing) == pytest.approx(
        by_enumeration(case(wanted, [cheap, dear]))
    )


def _worth(annealing: Annealing) -> float:
    return float((annealing.model.tours.cost * now(annealing)).sum())


@FEW
@given(cases(), st.integers(1, 9))
def test_the_state_is_that_of_the_tours_whatever_was_taken_back(case_: Case, seed: int) -> None:
    annealing = annealed(case_, 2 * ROUND, seed)
    model, state = annealing.model, annealing.state
    times = now(annealing)
    chosen = np.flatnonzero(times)
    usage = Usage.of(model, chosen, times[chosen])
    assert usage.keeps(model)
    assert np.allclose(state.cover, usage.cover)
    assert np.allclose(state.persons, usage.persons)
    assert np.allclose(state.share, usage.share)
    assert np.allclose(state.short, usage.women)
    assert (state.served == (state.tours > 0).sum(axis=1)).all()
    assert (state.room == (usage.cover < model.needed[:, None]).sum(axis=1)).all()
    assert state.used.sum() == usage.support.sum()


@FEW
@given(cases(), st.integers(1, 9))
def test_a_unit_is_free_for_just_the_tours_that_it_could_make(case_: Case, seed: int) -> None:
    annealing = annealed(case_, ROUND, seed)
    g, state = annealing.ground, annealing.state
    for unit, of in enumerate(annealing.pledge):
        rest, most = g.reset[of], g.most_tours[of]
        made = state.roster[unit, : state.made[unit]]
        for first in range(annealing.model.horizon):
            for last in range(first, annealing.model.horizon):
                fits = len(made) < most and all(
                    first > g.last[t] + rest or last + rest < g.first[t] for t in made
                )
                assert fits == (state.free[unit, first] > last - first)


@FEW
@given(cases())
def test_one_unit_alone_finds_the_best_roster(case_: Case) -> None:
    """With one pledge of one unit there is nothing beside it: its roster is the optimum."""
    alone = case(
        case_.requirements,
        [pledge("P", tour_months=2, reset_months=1, max_tours=2)],
        nations=dict(case_.nations),
        missions=dict(case_.missions),
    )
    annealing = annealed(alone)
    if not annealing.units:
        return
    empty = emptied(annealing)
    added = insert(annealing.ground, annealing.state, annealing.around, annealing.desk, 0, 0)
    assert empty + added == pytest.approx(by_enumeration(alone))


def test_a_plan_that_must_cool_faster_still_ends_at_true_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For the first rounds a use of an offer costs more, also if less time is left than thought."""
    monkeypatch.setattr("sulh.questions.forces.engine.making.AT_A_TIME", 0.0)
    wanted = [requirement("R", units=2, priority=5.0)]
    pledged = [pledge("P", units=90, needs=("airlift",), reset_months=0)]
    model = Model.of(case(wanted, pledged, [offer("O", uses=9)]))
    making = Making(model, seconds=1e9, spared=np.array([40_000.0]))
    for _ in range(4):
        making.advance(lambda: False)
    assert not making.done
    making.seconds = 0.0
    times = making.advance(lambda: False)
    assert making.done
    search = Search(model)
    assert search.offer(times)
    assert making.best == pytest.approx(search.best.points)


def test_nothing_to_make_is_done_at_once() -> None:
    model = Model.of(case([requirement("R")], [pledge("P", earliest=9)]))
    making = Making(model, seconds=5.0)
    making.advance(lambda: False)
    assert making.done


def test_compiling_takes_no_share_of_the_time_for_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels compiled for 40 of 100 seconds leave a quarter of 60 to begin plans in, not none."""
    clock = [0.0]
    monkeypatch.setattr("sulh.questions.forces.engine.search.time.monotonic", lambda: clock[0])
    for compiled, still in ((False, True), (True, False)):
        monkeypatch.setattr(
            "sulh.questions.forces.engine.search.kept", lambda _, there=compiled: there
        )
        clock[0] = 0.0
        search = Search(Model.of(case([requirement("R")], [pledge("P")])), seconds=100.0)
        jobs = [search.job(1.0) for _ in range(2)]
        first = next(job for job in jobs if isinstance(job, Anneal))
        clock[0] = 40.0
        search.take(Found(first, None, proven=False))
        assert search.making == still
        clock[0] = 54.0
        assert search.making == still
        clock[0] = 56.0
        assert not search.making
