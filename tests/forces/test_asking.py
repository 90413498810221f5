"""What is asked of a plan, on a case small enough to be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx

from sulh.cases.problems import BadCase
from sulh.questions.forces import asks, edits, gains
from sulh.questions.forces.adapt import better, carried_over
from sulh.questions.forces.case import Case
from sulh.questions.forces.chances import Chance, draw, read_chances, realised
from sulh.questions.forces.complete import complete
from sulh.questions.forces.engine.withdrawals import Withdrawals
from sulh.questions.forces.group import group
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, Tour, objective, score, violations
from sulh.questions.forces.planning import Limits, make_plan
from sulh.questions.forces.replan import Kept, replan
from sulh.questions.forces.risk import Trial, outcomes, quantile, risk, with_doubt
from sulh.questions.forces.trade import Point, front, undominated
from sulh.questions.forces.why import why
from sulh.questions.forces.women import target, women
from sulh.questions.forces.worth import Effort, loss, value

Toy = Callable[..., Path]
FIRST = Tour("P1", 1, "R1", 2, 7, ("O1",))
LAST = Tour("P1", 1, "R1", 11, 11, ("O1",))
# March to August costs 6 * 120,000 + 80,000; December 120,000 + 80,000. Seven months are covered,
# five are not; 15 women of 100 are asked for, 10 are there.
BEST = 2.5e6 * 5 + 800_000 + 200_000 + 2_000 * 5 * 7


@pytest.fixture
def planned(toy: Toy) -> Planned:
    return make_plan(Case.read(toy()), Limits(10))


def test_the_toy_is_planned_as_by_hand(planned: Planned) -> None:
    assert set(planned.plan.tours) == {FIRST, LAST}
    assert planned.summary()["objective"] == approx(BEST)
    assert planned.summary()["gap"] == 0


def test_one_more_unit_fills_what_is_open_by_hand(planned: Planned) -> None:
    table = value(planned, Effort(solved=3, seconds=5)).table
    best = table.row(0, named=True)
    # Free from January, it serves the whole year but for its reset, the old unit the rest: the
    # new one needs no offer. January to June new, July to December old, or the other way round:
    # all twelve months for 12 * 120,000, two moves of 50,000 and one offer.
    assert best["what"] == "infantry_company from 2026-01"
    then = 12 * 120_000 + 2 * 50_000 + 30_000 + 2_000 * 5 * 12
    assert best["worth_points"] == approx(BEST - then)
    assert best["at_least"] == approx(best["at_most"])
    by_month = table.filter(kind="unit").sort("what")["worth_points"].to_list()
    assert by_month == sorted(by_month, reverse=True)


def test_the_interval_holds_what_a_change_is_worth_whatever_the_plan(toy: Toy) -> None:
    """With the toy's one late tour as the plan, most of what any change seems to bring is slack."""
    case = Case.read(toy())
    poor = Planned(case, Plan((LAST,)), None, 0.0)
    truth = {
        ask.what: BEST - objective(ask.case, make_plan(ask.case, Limits(5)).plan)
        for ask in asks.values(case)
    }
    for effort in (Effort(solved=0), Effort(solved=2, seconds=2)):
        found = value(poor, effort)
        for row in found.table.iter_rows(named=True):
            assert row["at_least"] - 1 <= truth[row["what"]] <= row["at_most"] + 1, row
            assert row["at_least"] <= row["worth_points"] <= row["at_most"], row
    # Solved for as long as the changes are, the plan is the best one: no slack is left.
    assert "was bettered by" in " ".join(found.assumed)
    first = found.table.row(0, named=True)
    assert first["worth_points"] == approx(truth[first["what"]])
    assert "Nothing is proven of the plan" in value(poor, Effort(solved=0)).missing[0]


def test_the_title_of_the_reasons_agrees_in_number(toy: Toy) -> None:
    case = Case.read(toy())
    assert why(case, Plan(())).title == "Why gaps stay open: toy"
    assert why(case, Plan(()), "R1").title == "Why R1 stays open: toy"


def test_the_slack_of_a_plan_is_told_and_shown_in_the_interval(toy: Toy) -> None:
    case = Case.read(toy())
    known = Planned(case, Plan((FIRST, LAST)), BEST - 1_000_000, 0.0)
    found = loss(known, Effort(solved=0))
    assert "up to 1,000,000 points" in found.missing[0]
    row = found.table.row(0, named=True)
    # 30 million without any pledge; the plan may be a million above the best.
    assert row["loss_points"] == approx(3e7 - BEST)
    assert 0 < row["at_least"] <= 3e7 - BEST
    assert row["at_most"] == approx(3e7 - BEST + 1e6)


def test_no_more_is_proven_lost_than_one_of_two_alike_adds(toy: Toy) -> None:
    case = Case.read(toy())
    twin = replace(case.pledges[0], key="P2", nation="UGA")
    both = make_plan(replace(case, pledges=(*case.pledges, twin)), Limits(5))
    assert both.summary()["gap"] == 0
    found = loss(both, Effort(solved=0)).table.filter(kind="nation", what="UGA")
    # Without the one, the other makes the toy's best plan.
    added = BEST - both.summary()["objective"]
    assert 0 < found["at_least"].item() <= added
    assert found["loss_points"].item() >= added * (1 - 1e-9)


def test_where_no_bound_proves_a_loss_the_answer_says_so(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Withdrawals({"KEN": 0.0, "FRA": 0.0}, {"O1": 0.0})
    monkeypatch.setattr(Withdrawals, "of", lambda _: nothing)
    found = loss(planned, Effort(solved=0))
    assert found.table["at_least"].to_list() == [0, 0, 0]
    said = "`at_least` is 0 in 3 of 3 rows: nothing more is proven"
    assert said in found.assumed[-1]


def test_what_is_solved_anew_is_ranked_apart_from_what_is_adapted(planned: Planned) -> None:
    table = value(planned, Effort(solved=2, seconds=2)).table
    assert table["how"].to_list() == ["solved anew"] * 2 + ["adapted"] * (table.height - 2)
    assert table["rank"].to_list() == [1, 2] + [None] * (table.height - 2)
    alone = value(planned, Effort(solved=0)).table
    assert alone["rank"].to_list() == list(range(1, alone.height + 1))


def test_no_unit_saves_more_than_its_best_tours(toy: Toy) -> None:
    """The toy's best tours are March to August and December, in any plan, offers aside."""
    case = Case.read(toy())
    own = 7 * (2.5e6 - 120_000) - 2 * 50_000
    assert gains.of_unit(case, case.pledges[0]) == approx(own)
    assert gains.of_unit(case, case.pledges[0], range(2, 11)) == approx(6 * 2_380_000 - 50_000)
    assert gains.of_unit(case, case.pledges[0], missions={"UNIFIL"}) == 0
    assert gains.of_support(case, case.offers[0], 2) == approx(2 * (6 * 2_380_000 - 50_000))


def test_earlier_readiness_is_worth_its_months_by_hand(planned: Planned) -> None:
    table = value(planned, Effort(solved=0)).table.filter(kind="readiness")
    worth = dict(table.select("what", "worth_points").iter_rows())
    # Two months earlier: January to June, home to September, October to December: nine months
    # instead of seven.
    gain = 2 * 2.5e6 - 2 * 120_000 - 2 * 2_000 * 5
    assert worth["P1 of KEN ready 2 months earlier"] == approx(gain)
    assert worth["P1 of KEN ready 1 month earlier"] == approx(gain / 2)


def test_withdrawal_costs_the_whole_plan_by_hand(planned: Planned) -> None:
    table = loss(planned, Effort(solved=1, seconds=5)).table
    nothing = 2.5e6 * 12
    worst = dict(table.select("what", "loss_points").iter_rows())
    assert worst == {name: approx(nothing - BEST) for name in ("KEN", "FRA", "O1 of FRA")}


def test_answers_are_the_same_with_workers(planned: Planned) -> None:
    effort = Effort(solved=0, rounds=2)
    with ThreadPoolExecutor(3) as pool:
        assert value(planned, effort, pool).table.equals(value(planned, effort).table)


def test_no_change_that_loosens_makes_a_plan_worse(shared_forces: Path) -> None:
    case = Case.read(shared_forces / "cases" / "small")
    table = value(Planned(case, complete(case), None, 0), Effort(solved=0)).table
    assert (table["worth_points"] >= 0).all()
    assert set(table["kind"]) == {"unit", "offer", "caveat", "readiness"}


def test_what_a_failed_and_a_late_pledge_come_to_by_hand(toy: Toy) -> None:
    case = Case.read(toy())
    plan = Plan((FIRST, LAST))
    failed = realised(case, plan, {"P1": -1}, recourse=True)
    assert (failed.covered, failed.unmet_priority_months) == (0, 30)
    # Three months late: ready in June, so June to August are left of the first tour.
    late = realised(case, plan, {"P1": 3}, recourse=False)
    assert late.by_month == (0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1)
    assert late.covered == approx(4 / 12)


def test_draws_have_the_chances_stated_and_depend_on_nothing_else() -> None:
    chances = {f"P{number}": Chance(0.1, 0.2, 3) for number in range(10)}
    drawn = [draw(chances, 1, number) for number in range(2000)]
    assert drawn == [draw(dict(reversed(chances.items())), 1, n) for n in range(2000)]
    failed = sum(delay == -1 for one in drawn for delay in one.values()) / 20_000
    late = sum(delay == 3 for one in drawn for delay in one.values()) / 20_000
    # Four standard errors of a share of 20,000 draws: 4 * sqrt(p * (1 - p) / 20,000).
    assert failed == approx(0.1, abs=4 * (0.1 * 0.9 / 20_000) ** 0.5)
    assert late == approx(0.2, abs=4 * (0.2 * 0.8 / 20_000) ** 0.5)


def test_mean_coverage_is_the_closed_form_for_one_pledge(toy: Toy) -> None:
    case = Case.read(toy())
    chances = {"P1": Chance(0.3, 0.0, 0)}
    found = outcomes(case, Plan((FIRST, LAST)), chances, Trial(2000, recourse=False))
    mean = sum(o.covered for o in found) / len(found)
    # Seven of twelve months with chance 0.7, none otherwise; four standard errors.
    assert mean == approx(0.7 * 7 / 12, abs=4 * 7 / 12 * (0.3 * 0.7 / 2000) ** 0.5)


def test_risk_of_the_toy_without_doubt_is_the_plan(planned: Planned) -> None:
    found = risk(planned, {"P1": Chance(0, 0, 0)}, Trial(5, seconds=2))
    table = found.table
    assert table["plan"].to_list() == ["plain", "hedged"]
    assert "No candidate did better" in found.missing[0]
    assert table["objective"].to_list() == approx([BEST, BEST])
    assert table["covered_low"].to_list() == table["covered_high"].to_list() == approx([7 / 12] * 2)


def test_doubt_makes_a_pledge_dearer_by_what_it_is_expected_to_fail(toy: Toy) -> None:
    case = Case.read(toy())
    # A tenth fails, a fifth loses three months of six: 0.2 of a month's 2.5 million points.
    changed = with_doubt(case, {"P1": Chance(0.1, 0.2, 3)}, 1.0)
    assert changed.pledges[0].monthly_cost_usd == 20_000 + 500_000


def test_chances_are_read_with_every_problem(toy: Toy, tmp_path: Path) -> None:
    case, path = Case.read(toy()), tmp_path / "chances.csv"
    path.write_text("pledge,none,late,late_months\nP1,0.5,0,0\n")
    assert read_chances(case, path, Chance(0, 0, 0)) == {"P1": Chance(0.5, 0.0, 0)}
    path.write_text("pledge,none,late,late_months\nP1,0.7,0.7,0\nP2,-1,x,1.5\n")
    with pytest.raises(BadCase) as caught:
        read_chances(case, path, Chance(0, 0, 0))
    assert [p.line for p in caught.value.problems] == [2, 3, 3, 3, 3]


def test_quantiles_by_hand() -> None:
    assert quantile([10.0], 0.05) == 10
    assert quantile([0.0, 10.0], 0.05) == approx(0.5)


def test_the_front_holds_no_point_that_another_betters() -> None:
    def point(cost: float, unmet: float, share: float) -> Point:
        return Point(1, 1, Plan(), cost, unmet, share)

    a, b, c = point(1, 9, 0.1), point(2, 5, 0.1), point(2, 6, 0.1)
    assert undominated([c, b, a, b]) == [a, b]
    assert undominated([a, point(1, 9, 0.2)]) == [point(1, 9, 0.2)]


def test_the_front_of_the_toy_runs_from_nothing_to_everything(planned: Planned) -> None:
    table = front(planned, 3, ((1.0, 1000.0), (1.0,))).table
    assert table["cost_usd"].to_list() == [0, 1_000_000]
    assert table["covered"].to_list() == approx([0, 7 / 12])
    chart = front(planned, 1, ((1.0,), (1.0,))).chart
    assert chart is not None and chart.rows is not None
    # Ten women of a hundred persons, in the one plan that is found.
    assert chart.rows["women"].to_list() == ["women × 1: 10 %"]


def test_women_needed_by_hand(planned: Planned) -> None:
    # 2026 lies five sevenths of the way from 8 % in 2021 to 15 % in 2028: 13 %.
    assert target("troops", 2026) == approx(0.13)
    table = women(planned.case, planned.plan).table
    assert table["women_needed"].to_list() == [13] * 7
    assert table["women_missing"].to_list() == [3] * 7
    assert target("formed_police", 2027) is None


def test_what_a_group_fills_and_what_binds_it_by_hand(planned: Planned) -> None:
    row = group(planned, "AU").table.row(0, named=True)
    assert (row["needed"], row["by_group"], row["by_others"], row["open"]) == (12, 7, 0, 5)
    # In the autumn the one unit is between its own two tours.
    assert (row["pledges"], row["nearest"], row["binding"]) == (1, "P1 of KEN", "busy at R1")
    found = group(planned, "OIC")
    row = found.table.row(0, named=True)
    assert (row["by_group"], row["by_others"], row["pledges"], row["nearest"]) == (0, 7, 0, None)
    assert row["binding"] == "no pledge"
    assert found.missing == ("The case holds no pledge of OIC.",)
    assert found.units["by_others"] == "unit-months"


def test_a_group_whose_pledges_nobody_asks_for_is_told_so(planned: Planned) -> None:
    case = planned.case
    other = replace(case.pledges[0], key="P2", nation="BGD", capability="isr_unit")
    found = group(replace(planned, case=replace(case, pledges=(*case.pledges, other))), "OIC")
    assert found.missing == ("Pledged by OIC, and asked for by no requirement: isr_unit.",)


def test_a_plan_is_carried_over_as_far_as_a_changed_case_allows(toy: Toy) -> None:
    case = Case.read(toy())
    plan = Plan((FIRST, LAST))
    assert set(carried_over(case, plan.tours).tours) == {FIRST, LAST}
    assert carried_over(edits.without_nation(case, "KEN"), plan.tours) == Plan()
    assert carried_over(edits.without_offer(case, "O1"), plan.tours) == Plan()
    fewer = replace(case, offers=(replace(case.offers[0], uses=1),))
    assert carried_over(fewer, plan.tours, [LAST]).tours == (LAST,)
    assert carried_over(case, [replace(FIRST, last=6)]) == Plan()


def test_replanning_keeps_what_runs_and_names_what_cannot(toy: Toy) -> None:
    case = Case.read(toy())
    old = Plan((FIRST, LAST))
    done = replan(case, Kept(old, 5, 0.0), 3, rounds=5)
    assert set(done.planned.plan.tours) == {FIRST, LAST}
    assert done.changes().height == 0
    gone = edits.without_offer(case, "O1")
    changes = replan(gone, Kept(old, 5, 0.0), 3, rounds=5).changes()
    assert changes["change"].to_list() == ["impossible", "impossible"]


def test_a_change_is_made_if_it_saves_more_than_its_weight(toy: Toy) -> None:
    # Two units alike but for the month's cost: 20,000 and 900,000. The dear one serves from July,
    # so that the cheap one in its place saves 6 * 880,000 = 5,280,000 points.
    pledge = "infantry_company,1,100,10,rdl,2026-01,,6,3,1,en,,airlift"
    header = "pledge,nation,capability,units,strength,women,readiness,available_from,available_to,"
    header += "tour_months,reset_months,max_tours,languages,excluded_missions,needs,"
    header += "monthly_cost_usd,move_cost_usd\n"
    rows = f"P1,KEN,{pledge},20000,50000\nP2,KEN,{pledge},900000,50000\n"
    old = Plan((replace(FIRST, pledge="P2", first=6, last=11),))
    requirement = "R1,UNMISS,infantry_company,1,2026-07,2026-12,2.5,en\n"
    head = "requirement,mission,capability,units,first_month,last_month,priority,languages\n"
    case = Case.read(toy(pledges_csv=header + rows, requirements_csv=head + requirement))
    for weight, change in ((5_000_000.0, ["new", "dropped"]), (5_500_000.0, [])):
        done = replan(case, Kept(old, 3, weight), 2, rounds=20)
        assert done.changes()["change"].to_list() == change
    assert replan(case, Kept(old, 7, 0.0), 2, rounds=20).changes().height == 0


def test_what_runs_goes_on_in_a_replanned_case(shared_forces: Path) -> None:
    case = Case.read(shared_forces / "cases" / "small")
    old = complete(case)
    plan = replan(case, Kept(old, 12, 0.0), 2, rounds=10).planned.plan
    assert violations(case, plan) == ()
    assert {t for t in old.tours if t.first < 12} == {t for t in plan.tours if t.first < 12}
    assert objective(case, plan) <= objective(case, old)


def test_rounds_never_make_a_plan_worse_and_depend_on_the_seed_alone(shared_forces: Path) -> None:
    case = Case.read(shared_forces / "cases" / "small")
    plan = complete(case)
    found = better(case, plan, 15, seed=3)
    assert violations(case, found) == ()
    assert score(case, found).objective <= score(case, plan).objective
    assert set(found.tours) == set(better(case, plan, 15, seed=3).tours)
