"""The dearest posts of a nation in a month, against trying every way to man them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forces.engine.small_cases import case, pledge, requirement

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine import posts as posts_
from sulh.questions.forces.engine.ground import Ground
from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.posts import Bench, Posts, man
from sulh.questions.forces.records import Mission, Nation

MISSIONS = ("UNMISS", "UNIFIL", "MONUSCO")


@st.composite
def crowded(draw: st.DrawFn) -> Case:
    """Units of one nation, all of which could serve in three missions, and tight ceilings."""
    size = st.sampled_from([60, 100, 140, 300])
    pledged = [
        pledge(f"P{i}", strength=draw(size), women=0, units=draw(st.integers(1, 2)))
        for i in range(draw(st.integers(1, 4)))
    ]
    limit = st.none() | st.sampled_from([100, 200, 340, 500])
    missions = {name: Mission(name, draw(limit), None) for name in MISSIONS}
    nation = Nation("KEN", draw(limit), draw(st.none() | st.integers(1, 2)))
    wanted = [requirement(name, mission=name, units=9) for name in MISSIONS]
    return case(wanted, pledged, missions=missions, nations={"KEN": nation})


def manned_by(
    case_: Case, model: Model, posts: Posts, prices: Floats
) -> tuple[Floats, Floats, list[float]]:
    """Return the units by post and month, what they are worth in all, and that by enumeration."""
    manned, worth = np.zeros(prices.shape), np.zeros(len(model.nation_names))
    man(Ground.of(model), posts, prices, Bench.of(model, posts), manned, worth)
    return manned, worth, [tried(case_, model, posts, prices[:, k]) for k in range(model.horizon)]


def tried(case_: Case, model: Model, posts: Posts, price: Floats) -> float:
    """Return the most that posts of one nation are worth, by trying where every unit could be."""
    units = np.repeat(np.arange(len(model.pledges)), model.units.astype(int))
    nation, best = model.pledges[0].nation, 0.0
    most, missions = case_.max_personnel(nation), case_.max_missions(nation)
    for ways in product(range(-1, len(model.mission_names)), repeat=len(units)):
        there = [(p, m) for p, m in zip(units, ways, strict=True) if m >= 0]
        persons = np.zeros(len(model.mission_names))
        for p, m in there:
            persons[m] += model.strength[p]
        if most is not None and persons.sum() > most:
            continue
        if missions is not None and (persons > 0).sum() > missions:
            continue
        if (persons > model.share[0]).any() or any(posts.of[p, m] < 0 for p, m in there):
            continue
        best = max(best, sum(price[posts.of[p, m]] for p, m in there))
    return best


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crowded(), st.integers(0, 2**32 - 1))
def test_posts_are_manned_as_well_as_by_trying_every_way(case_: Case, seed: int) -> None:
    model = Model.of(case_)
    posts = Posts.of_model(model)
    random = np.random.default_rng(seed)
    # Prices in proportion to persons are the hardest: many ways are worth about the same.
    pledge_ = np.repeat(np.arange(len(model.pledges)), np.diff(posts.edges))
    alike = model.strength[pledge_][:, None] * random.choice([0.5, 1.0], (len(posts), 1))
    prices = np.where(random.random((len(posts), model.horizon)) < 0.5, alike, alike / 2)
    prices *= random.choice([0.0, 1.0, 1.03], prices.shape)
    manned, worth, exact = manned_by(case_, model, posts, prices)
    assert worth.sum() >= sum(exact) - 1e-9
    if len(posts):
        # What may be missed is a share of what all units could be worth.
        all_ = float((prices * model.units[pledge_][:, None]).sum())
        assert worth.sum() <= sum(exact) + posts_.NEAR * all_ + 1e-9
        assert (prices * manned).sum() >= sum(exact) - posts_.NEAR * all_ - 1e-9
        persons = (model.strength[pledge_][:, None] * manned).sum(axis=0)
        assert (persons <= np.nan_to_num(model.max_personnel[0], posinf=1e9)).all()


def test_two_of_three_posts_by_hand() -> None:
    # 500 persons at most, two missions: 300 and 140 in the two dearest, 3 + 2; the third mission
    # would be worth 2.5 to the smallest unit, but is a third.
    pledged = [pledge(f"P{i}", strength=n, women=0) for i, n in enumerate((300, 140, 60))]
    wanted = [requirement(name, mission=name, units=9) for name in MISSIONS]
    case_ = case(wanted, pledged, nations={"KEN": Nation("KEN", 500, 2)})
    model = Model.of(case_)
    posts = Posts.of_model(model)
    worth = {(0, "UNMISS"): 3.0, (1, "UNIFIL"): 2.0, (2, "MONUSCO"): 2.5, (2, "UNIFIL"): 1.0}
    prices = np.zeros((len(posts), model.horizon))
    for (p, name), price in worth.items():
        prices[posts.of[p, model.mission_names.index(name)], 0] = price
    manned, total, _ = manned_by(case_, model, posts, prices)
    assert total[0] == pytest.approx(3.0 + 2.0 + 1.0)
    made = {
        (p, m) for p, m in zip(*np.nonzero(posts.of >= 0), strict=True) if manned[posts.of[p, m], 0]
    }
    named = {(int(p), model.mission_names[m]) for p, m in made}
    assert named == {(0, "UNMISS"), (1, "UNIFIL"), (2, "UNIFIL")}


def test_nations_whose_ceilings_cannot_bind_have_no_posts() -> None:
    case_ = case([requirement("R")], [pledge("P")], nations={"KEN": Nation("KEN", 100, 1)})
    assert len(Posts.of_model(Model.of(case_))) == 0


def test_posts_are_of_one_type_to_kernels_however_many() -> None:
    # Or the kernels kept for a case that has posts would be compiled again for one without.
    for most, number in ((200, 0), (100, 2)):
        pledged = [pledge("P"), pledge("Q")]
        case_ = case([requirement("R")], pledged, nations={"KEN": Nation("KEN", most, None)})
        posts = Posts.of_model(Model.of(case_))
        assert len(posts) == number
        assert all(part.flags.c_contiguous for part in posts)


def test_a_search_that_is_cut_short_still_tells_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    # The compiled function keeps its own limit; the uncompiled one is asked.
    pledged = [pledge(f"P{i}", strength=60 + i, women=0, units=2) for i in range(4)]
    wanted = [requirement(name, mission=name, units=9) for name in MISSIONS]
    case_ = case(wanted, pledged, nations={"KEN": Nation("KEN", 200, None)})
    model = Model.of(case_)
    posts = Posts.of_model(model)
    prices = model.strength[np.repeat(np.arange(4), np.diff(posts.edges))][:, None].repeat(
        5, axis=1
    )
    exact = tried(case_, model, posts, prices[:, 0])
    monkeypatch.setattr(posts_, "MOST_TRIALS", 1)
    for name in (
        "_rank",
        "_line_up",
        "_by_persons",
        "_by_missions",
        "_at_most",
        "_move",
        "_choose",
    ):
        monkeypatch.setattr(posts_, name, getattr(posts_, name).py_func)
    monkeypatch.setattr(posts_, "_next", posts_._next.py_func)
    dearest = posts_._dearest.py_func
    _, most = dearest(Ground.of(model), posts, prices[:, 0], Bench.of(model, posts), 0)
    assert exact <= most <= 200.0
