"""The score and the rules of a plan, by hand and against the independent checker."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest import approx

from sulh.cases.problems import BadCase
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.plan import Plan, Tour, plan_text, read_plan, score, violations

Toy = Callable[..., Path]
Witness = Callable[[Path, Path], dict[str, Any]]
TOUR = Tour("P1", 1, "R1", 2, 7, ("O1",))


def test_the_score_of_the_toy_by_hand(toy: Toy) -> None:
    case = Case.read(toy())
    assert score(case, Plan()).objective == 1e6 * 2.5 * 12
    found = score(case, Plan((TOUR,)))
    assert found.unmet_priority_months == 2.5 * (12 - 6)
    assert found.cost_usd == 6 * 120_000 + 50_000 + 30_000
    # 15 % of 100 persons are 15 women, 10 are there: 5 are missing in each of 6 months.
    assert found.women_short_months == approx(5 * 6)
    assert found.objective == approx(15e6 + 800_000 + 2_000 * 30)


@pytest.mark.parametrize(
    ("rule", "tours"),
    [
        (1, [replace(TOUR, unit=2)]),
        (2, [replace(TOUR, first=1, last=6)]),
        (3, [replace(TOUR, last=6)]),
        (3, [replace(TOUR, last=8)]),
        (4, [replace(TOUR, offers=())]),
        (5, [TOUR, replace(TOUR, first=10, last=11)]),
        (5, [TOUR, TOUR]),
        (7, [TOUR, TOUR]),
    ],
)
def test_each_rule_by_hand(toy: Toy, rule: int, tours: list[Tour]) -> None:
    case = Case.read(toy())
    assert violations(case, Plan((TOUR,))) == ()
    assert rule in {v.rule for v in violations(case, Plan(tuple(tours)))}


def test_a_last_tour_may_be_cut_by_the_requirement(toy: Toy) -> None:
    case = Case.read(toy())
    assert violations(case, Plan((TOUR, replace(TOUR, first=11, last=11)))) == ()


def test_a_plan_survives_its_file(toy: Toy, tmp_path: Path) -> None:
    case = Case.read(toy())
    text = plan_text(case, Plan((TOUR,)))
    assert text == (
        "pledge,unit,requirement,first_month,last_month,offers\nP1,1,R1,2026-03,2026-08,O1\n"
    )
    (tmp_path / "plan.csv").write_text(text)
    assert read_plan(case, tmp_path / "plan.csv") == Plan((TOUR,))


def test_a_plan_of_another_case_is_refused_with_every_row(toy: Toy, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    header = "pledge,unit,requirement,first_month,last_month,offers\n"
    path.write_text(header + "P9,1,R1,2026-03,2026-08,O1\nP1,0,R9,2026-08,2026-03,O9\n")
    with pytest.raises(BadCase) as caught:
        read_plan(Case.read(toy()), path)
    assert [p.line for p in caught.value.problems] == [2, 3, 3, 3, 3]


@pytest.mark.parametrize("name", ["small", "medium"])
def test_the_greedy_plan_is_valid_and_scored_alike(
    shared_forces: Path, witness: Witness, tmp_path: Path, name: str
) -> None:
    folder = shared_forces / "cases" / name
    case = Case.read(folder)
    plan = complete(case)
    path = tmp_path / "plan.csv"
    path.write_text(plan_text(case, plan))
    verdict, own = witness(folder, path), score(case, plan)
    assert violations(case, plan) == ()
    assert verdict["valid"]
    assert verdict["tours"] == len(plan.tours) > 20
    assert own.objective == approx(verdict["objective"], rel=1e-12)
    assert own.unmet_priority_months == approx(verdict["unmet_priority_months"], rel=1e-9)
    assert own.cost_usd == verdict["cost_usd"]
    assert own.women_short_months == approx(verdict["women_short_months"], rel=1e-9)


def _spoiled(case: Case, plan: Plan, draw: random.Random) -> Plan:
    """Return the plan with one to three tours changed at random."""
    tours = list(plan.tours)
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(tours))
        tour = tours[place]
        shift = draw.choice((-6, -1, 1, 3))
        tours[place] = draw.choice(
            (
                replace(tour, unit=tour.unit + draw.choice((-1, 1))),
                replace(tour, requirement=draw.choice(case.requirements).key),
                replace(tour, pledge=draw.choice(case.pledges).key),
                replace(tour, first=tour.first + shift, last=tour.last + shift),
                replace(tour, last=tour.last + shift),
                replace(tour, offers=tour.offers[1:]),
                replace(tour, offers=(draw.choice(case.offers).key,)),
            )
        )
        if draw.random() < 0.3:
            tours.append(draw.choice(plan.tours))
    return Plan(tuple(tours))


def test_spoiled_plans_are_judged_as_the_checker_judges_them(
    shared_forces: Path, witness: Witness, tmp_path: Path
) -> None:
    folder = shared_forces / "cases" / "small"
    case = Case.read(folder)
    plan, draw, rules = complete(case), random.Random(1), set()
    for number in range(60):
        spoiled = _spoiled(case, plan, draw)
        path = tmp_path / f"{number}.csv"
        path.write_text(plan_text(case, spoiled))
        found = violations(case, spoiled)
        rules |= {v.rule for v in found}
        verdict = witness(folder, path)
        assert verdict["valid"] == (not found), f"{number}: {found} {verdict}"
        assert score(case, spoiled).objective == approx(verdict["objective"], rel=1e-12)
    assert rules >= {1, 2, 3, 4, 5, 7, 8}
