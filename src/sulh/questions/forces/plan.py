"""Plans: what a plan scores, whether it keeps the rules, and how it is read and written."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from sulh.cases.grid import MAX_NUMBER, Absence, Row, read_rows
from sulh.cases.problems import Problems
from sulh.questions.forces.case import Case
from sulh.questions.forces.links import counted
from sulh.questions.forces.tours import Plan, Tour, earliest_start, matches, tour_end
from sulh.questions.forces.validity import Violation, violations

__all__ = [
    "Plan",
    "Score",
    "Tour",
    "Violation",
    "earliest_start",
    "gone",
    "matches",
    "objective",
    "plan_text",
    "read_old_plan",
    "read_plan",
    "score",
    "tour_cost",
    "tour_end",
    "violations",
]

COLUMNS = ("pledge", "unit", "requirement", "first_month", "last_month", "offers")
_ABSENCE = Absence(
    "there is no plan to read", "name the plan.csv of a folder that `sulh forces plan` wrote"
)


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan scores; the objective is the three parts times the weights of the case."""

    objective: float
    unmet_priority_months: float
    cost_usd: float
    women_short_months: float


def score(case: Case, plan: Plan) -> Score:
    """Return the objective of a plan and its parts.

    objective = weights.unmet * sum of priority * (needed - deployed)
              + weights.cost_usd * sum of what the tours cost
              + weights.women * sum of max(0, women_target * persons - women) by mission and month
    """
    unmet, cost, short = _unmet(case, plan), _cost(case, plan), _women_short(case, plan)
    weights = case.weights
    total = weights.unmet * unmet + weights.cost_usd * cost + weights.women * short
    return Score(total, unmet, cost, short)


def objective(case: Case, plan: Plan) -> float:
    """Return the objective of a plan, which is minimised."""
    return score(case, plan).objective


def tour_cost(case: Case, tour: Tour) -> float:
    """Return what a tour costs in US dollars: its months, the move there and back, its offers."""
    pledge = case.pledge_of[tour.pledge]
    offers = sum(case.offer_of[key].cost_usd for key in tour.offers)
    return len(tour.months) * case.month_usd(pledge) + pledge.move_cost_usd + offers


def _unmet(case: Case, plan: Plan) -> float:
    deployed = counted(case, plan).deployed
    return float(
        sum(
            requirement.priority * (requirement.units - deployed.get((requirement.key, month), 0))
            for requirement in case.requirements
            for month in requirement.months
        )
    )


def _cost(case: Case, plan: Plan) -> float:
    return sum(tour_cost(case, tour) for tour in plan.tours)


def _women_short(case: Case, plan: Plan) -> float:
    persons: dict[tuple[str, int], int] = defaultdict(int)
    women: dict[tuple[str, int], int] = defaultdict(int)
    for tour in plan.tours:
        pledge, mission = case.pledge_of[tour.pledge], case.requirement_of[tour.requirement].mission
        for month in tour.months:
            persons[mission, month] += pledge.strength
            women[mission, month] += pledge.women
    return sum(
        max(0.0, case.women_target(mission) * count - women[mission, month])
        for (mission, month), count in persons.items()
    )


def plan_text(case: Case, plan: Plan) -> str:
    """Return a plan as CSV, one row a tour, in the order of pledge, unit and month.

    Where the case has chains or combined units, ``part_of`` names the one a tour belongs to.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "part_of"] if case.bound_to else COLUMNS)
    for tour in sorted(plan.tours, key=lambda t: (t.pledge, t.unit, t.first, t.requirement)):
        months = (case.month(tour.first), case.month(tour.last))
        offers = "|".join(sorted(tour.offers))
        part_of = [case.bound_to.get(tour.pledge, "")] if case.bound_to else []
        writer.writerow([tour.pledge, tour.unit, tour.requirement, *months, offers, *part_of])
    return out.getvalue()


def read_plan(case: Case, path: str | Path) -> Plan:
    """Return the plan in a CSV file, or raise `BadCase` with every problem of it.

    The plan may break rules (see `violations`), but it speaks of pledges, requirements and offers
    that the case has.
    """
    problems = Problems()
    rows = read_rows(Path(path), COLUMNS, problems, _ABSENCE)
    tours = tuple(_tour(row, case) for row in rows)
    problems.refuse(str(path))
    return Plan(tours)


def read_old_plan(case: Case, path: str | Path) -> Plan:
    """Return the plan in a CSV file that was made before the case changed.

    It may speak of pledges, requirements and offers that have gone since. If not one of its tours
    is of a pledge and a requirement that the case has, it is of another case: raises `BadCase`.
    """
    problems = Problems()
    rows = read_rows(Path(path), COLUMNS, problems, _ABSENCE)
    tours = tuple(_stated(row, case) for row in rows)
    problems.refuse(str(path))
    if any(t.pledge in case.pledge_of and t.requirement in case.requirement_of for t in tours):
        return Plan(tours)
    return read_plan(case, path)


def gone(case: Case, plan: Plan) -> list[str]:
    """Return in sentences what a plan speaks of and the case has not any more."""
    found: Counter[str] = Counter()
    for tour in plan.tours:
        found.update([f"pledge {tour.pledge}"] if tour.pledge not in case.pledge_of else [])
        if tour.requirement not in case.requirement_of:
            found[f"requirement {tour.requirement}"] += 1
        found.update(f"offer {key}" for key in tour.offers if key not in case.offer_of)
    return [
        f"The case has no {what} any more: {count:,} tour{'s' * (count > 1)} of the plan."
        for what, count in sorted(found.items())
    ]


def _stated(row: Row, case: Case) -> Tour:
    first, last = row.months("first_month", "last_month")
    return Tour(
        pledge=row.key("pledge"),
        unit=row.number("unit", 1, MAX_NUMBER),
        requirement=row.key("requirement"),
        first=case.index(first) if first else 0,
        last=case.index(last) if last else 0,
        offers=row.keys("offers"),
    )


def _tour(row: Row, case: Case) -> Tour:
    tour = _stated(row, case)
    if tour.pledge and tour.pledge not in case.pledge_of:
        row.bad("pledge", "pledges.csv has no such pledge", "use the case the plan was made for")
    if tour.requirement and tour.requirement not in case.requirement_of:
        row.bad("requirement", "requirements.csv has none such", "use the plan's own case")
    if any(key not in case.offer_of for key in tour.offers):
        row.bad("offers", "partners.csv has no such offer", "use the case the plan was made for")
    return tour
