"""The reasons for a gap are true: taken away, the pledge serves; with one of them left, not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from sulh.cli.app import run
from sulh.questions.forces.case import Case, Nation, Pledge, Weights
from sulh.questions.forces.complete import by_capability, complete
from sulh.questions.forces.explain import Binding, bindings, explain, gaps
from sulh.questions.forces.options import Obstacle
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, Tour, objective, tour_end, violations
from sulh.questions.forces.reasons import MEANINGS, elsewhere
from sulh.questions.forces.standing import Standing

Toy = Callable[..., Path]


def _pledge(case: Case, key: str, **changes: object) -> Case:
    pledges = [replace(p, **changes) if p.key == key else p for p in case.pledges]  # type: ignore[arg-type]
    return replace(case, pledges=tuple(pledges))


def _timed(case: Case, pledge: Pledge) -> Pledge:
    """Return the pledge with its indices made anew from its months and readiness."""
    last = case.months - 1
    until = case.index(pledge.available_to) if pledge.available_to else last
    lead = case.lead_months[pledge.readiness]
    earliest = max(case.index(pledge.available_from), lead, 0)
    return replace(pledge, earliest=earliest, latest=min(until, last))


def without(case: Case, plan: Plan, binding: Binding, obstacle: Obstacle) -> tuple[Case, Plan]:
    """Return the case and the plan with one reason taken away, by editing them plainly."""
    pledge = case.pledge_of[binding.pledge]
    requirement = case.requirement_of[binding.requirement]
    mission = requirement.mission
    if obstacle is Obstacle.CAVEAT:
        left = pledge.excluded_missions - {mission}
        return _pledge(case, pledge.key, excluded_missions=left), plan
    if obstacle is Obstacle.LANGUAGE:
        return _pledge(case, pledge.key, languages=pledge.languages | requirement.languages), plan
    if obstacle is Obstacle.READINESS:
        case = replace(case, lead_months={**case.lead_months, pledge.readiness: 0})
        return replace(case, pledges=tuple(_timed(case, p) for p in case.pledges)), plan
    if obstacle is Obstacle.WINDOW:
        # Tours that the window cut short stay as they were made: the old pledge keeps them.
        return _pledge(case, pledge.key, available_from=case.start, available_to=None), plan
    if obstacle is Obstacle.RESET:
        return _pledge(case, pledge.key, reset_months=0), plan
    if obstacle is Obstacle.TOURS:
        return _pledge(case, pledge.key, max_tours=None), plan
    if obstacle is Obstacle.NO_ROOM:
        wider = replace(requirement, units=requirement.units + 1)
        changed = [wider if r is requirement else r for r in case.requirements]
        return replace(case, requirements=tuple(changed)), plan
    if obstacle is Obstacle.PARTNER:
        return _pledge(case, pledge.key, needs=()), plan
    if obstacle is Obstacle.CEILING:
        return replace(
            case, nations={**case.nations, pledge.nation: Nation(pledge.nation, None, None)}
        ), plan
    if obstacle is Obstacle.SHARE:
        free = replace(case.missions[mission], max_personnel_per_nation=None)
        return replace(case, missions={**case.missions, mission: free}), plan
    if obstacle is Obstacle.DEARER:
        return replace(case, weights=Weights(case.weights.unmet, 0, 0)), plan
    assert obstacle is Obstacle.BUSY
    gone = elsewhere(Standing(case, plan.tours), binding)
    assert gone
    return case, Plan(tuple(tour for tour in plan.tours if tour not in gone))


def serving(case: Case, plan: Plan, binding: Binding) -> Iterable[Tour]:
    """Yield every valid tour of the pledge that serves in the month and betters the objective."""
    case = replace(case, pledges=tuple(_timed(case, p) for p in case.pledges))
    pledge = case.pledge_of[binding.pledge]
    requirement = case.requirement_of[binding.requirement]
    # Tours of a pledge that was edited may not fit it any more (support, length): only what the
    # new tour adds is held against it.
    before = len(violations(case, plan))
    for unit in range(1, pledge.units + 1):
        for first in range(max(0, binding.month - pledge.tour_months + 1), binding.month + 1):
            last = tour_end(pledge, requirement, first)
            if last < binding.month:
                continue
            for offers in _supports(case, pledge, first):
                tour = Tour(pledge.key, unit, requirement.key, first, last, offers)
                grown = Plan((*plan.tours, tour))
                if len(violations(case, grown)) == before and objective(case, grown) < objective(
                    case, plan
                ):
                    yield tour


def _supports(case: Case, pledge: Pledge, first: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for kind in pledge.needs:
        open_ = [o.key for o in case.offers if o.kind == kind and o.first <= first <= o.last]
        found = [(*chosen, key) for chosen in found for key in open_]
    return found


def _holds(case: Case, plan: Plan, binding: Binding) -> None:
    parts = [o for o in Obstacle if o & binding.obstacles]
    freed_case, freed_plan = case, plan
    for obstacle in sorted(parts, key=lambda o: o is not Obstacle.BUSY):
        freed_case, freed_plan = without(freed_case, freed_plan, binding, obstacle)
    able = list(serving(freed_case, freed_plan, binding))
    assert any((t.unit, t.first) == (binding.unit, binding.start) for t in able), binding
    for left in parts:
        some_case, some_plan = case, plan
        for obstacle in sorted(set(parts) - {left}, key=lambda o: o is not Obstacle.BUSY):
            some_case, some_plan = without(some_case, some_plan, binding, obstacle)
        assert not list(serving(some_case, some_plan, binding)), (binding, left)


def test_reasons_are_asked_for_one_requirement_and_month(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = toy()
    planned = Planned(Case.read(folder), Plan((Tour("P1", 1, "R1", 2, 7, ("O1",)),)), None, 0)
    planned.write(tmp_path)
    assert planned.explain("R1", "2026-09")["reason"].to_list() == ["reset"]
    assert planned.explain(month="2026-03").height == 0
    words = ["forces", "explain", str(folder), "--plan", str(tmp_path / "plan.csv")]
    assert run([*words, "--format", "csv"]) == 0
    assert capsys.readouterr().out == (tmp_path / "explain.csv").read_text()
    assert run([*words, "--requirement", "R1", "--month", "2026-09", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "R1,2026-09,1,P1,KEN,reset,1,2026-09,3 months at home are due between tours"
    ]
    assert run([*words, "--requirement", "R1", "--month", "2026-03"]) == 0
    assert "Nothing is missing of R1 in 2026-03" in capsys.readouterr().out
    for wrong, told in (
        (["--requirement", "R2"], "name R1, if that is meant"),
        (["--month", "2027-01"], "the case runs from 2026-01 to 2026-12"),
        (["--month", "soon"], "soon"),
    ):
        assert run([*words, *wrong]) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["small", "medium"])
def test_reasons_are_true_and_none_is_superfluous(shared_forces: Path, name: str) -> None:
    case = Case.read(shared_forces / "cases" / name)
    plan = complete(case)
    standing = Standing(case, plan.tours)
    pledges = by_capability(case)
    found = [
        binding
        for requirement, gap in gaps(standing)
        for pledge in pledges.get(requirement.capability, ())
        for binding in bindings(standing, pledge, requirement, gap)
    ]
    kinds: dict[int, list[Binding]] = {}
    for binding in found:
        kinds.setdefault(binding.obstacles, []).append(binding)
    draw = random.Random(7)
    assert len(kinds) > 20
    for obstacles in sorted(kinds):
        for binding in draw.sample(kinds[obstacles], min(2, len(kinds[obstacles]))):
            _holds(case, plan, binding)


def test_the_reasons_of_the_toy_by_hand(toy: Toy) -> None:
    case = Case.read(toy())
    plan = Plan((Tour("P1", 1, "R1", 2, 7, ("O1",)),))
    table = explain(case, plan)
    # Ready from March; home from September to November. In December a tour of one month costs
    # 120,000 + 50,000 + 30,000 and saves 2,500,000: nothing but the plan stands against it.
    assert [month[5:] for month in table["month"]] == ["01", "02", "09", "10", "11", "12"]
    assert table["reason"].to_list() == [
        "readiness|busy at R1",
        "readiness|busy at R1",
        "reset",
        "reset",
        "reset",
        "left out",
    ]
    assert complete(case, plan).tours[-1] == Tour("P1", 1, "R1", 11, 11, ("O1",))


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("pledges.csv", ",en,,airlift", ",en,UNMISS,airlift", "caveat"),
        ("pledges.csv", ",en,,airlift", ",fr,,airlift", "language"),
        ("pledges.csv", "2026-01,,6", "2026-09,,6", "window"),
        ("partners.csv", ",2,2026", ",0,2026", "no partner"),
        ("nations.csv", "KEN,500", "KEN,99", "nation's ceiling"),
        ("nations.csv", "KEN,500,2", "KEN,500,0", "nation's ceiling"),
        ("missions.csv", "UNMISS,,", "UNMISS,99,", "mission share"),
        ("pledges.csv", ",6,3,,", ",6,3,0,", "max tours"),
        ("requirements.csv", ",2.5,", ",0.01,", "dearer than the gap"),
        ("requirements.csv", "infantry_company", "isr_unit", "no pledge"),
    ],
)
def test_each_reason_by_hand(
    toy_changed: Callable[[str, str, str], Path], file: str, old: str, new: str, reason: str
) -> None:
    case = Case.read(toy_changed(file, old, new))
    found = explain(case, Plan()).filter(month="2026-05")
    assert found["reason"].to_list() == [reason]
    assert found["detail"][0]
    assert reason in MEANINGS
