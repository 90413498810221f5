"""The lanes of a plan: missions with what serves and what is missing, nations with their units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sulh.questions.forces.case import Case, Requirement
from sulh.questions.forces.links import counted
from sulh.questions.forces.plan import Plan, Tour
from sulh.questions.forces.report.drawing import Bar, Lane
from sulh.questions.forces.words import named


def missions(case: Case, plan: Plan) -> list[Lane]:
    """Return a lane for each unit that a mission needs: who serves when, and the open months."""
    serving: dict[str, list[Tour]] = defaultdict(list)
    for tour in counted(case, plan).tours:
        serving[tour.requirement].append(tour)
    found: list[Lane] = []
    for mission in sorted({r.mission for r in case.requirements}):
        found.append(Lane(mission, heading=True))
        for requirement in case.requirements:
            if requirement.mission == mission:
                found += _of_requirement(case, requirement, serving[requirement.key])
    return found


def _of_requirement(case: Case, requirement: Requirement, tours: Iterable[Tour]) -> list[Lane]:
    lanes: list[list[Tour]] = [[] for _ in range(requirement.units)]
    for tour in sorted(tours, key=lambda t: (t.first, t.last, t.pledge, t.unit)):
        free = [lane for lane in lanes if not lane or lane[-1].last < tour.first]
        # The lane that has been empty the shortest, so that the others stay open for long tours.
        (max(free, key=lambda lane: lane[-1].last if lane else -1) if free else lanes[0]).append(
            tour
        )
    label = f"{requirement.key} {named(requirement.capability)}"
    return [
        Lane(label, (*_open_months(case, requirement, lane), *(_serving(case, t) for t in lane)))
        for lane in lanes
    ]


def _open_months(case: Case, requirement: Requirement, tours: Sequence[Tour]) -> list[Bar]:
    taken = {month for tour in tours for month in tour.months}
    found: list[Bar] = []
    for month in requirement.months:
        if month in taken or month < 0:
            continue
        if found and found[-1].last == month - 1:
            found[-1] = Bar(found[-1].first, month, "open", "")
        else:
            found.append(Bar(month, month, "open", ""))
    return [
        Bar(
            bar.first,
            bar.last,
            "open",
            f"{requirement.key} open from {case.month(bar.first)} to {case.month(bar.last)}",
        )
        for bar in found
    ]


def _serving(case: Case, tour: Tour) -> Bar:
    pledge = case.pledge_of[tour.pledge]
    span = f"{case.month(tour.first)} to {case.month(tour.last)}"
    title = (
        f"{pledge.nation}, {tour.pledge} unit {tour.unit}: {pledge.strength} persons, {span}"
        + (f", with {', '.join(tour.offers)}" if tour.offers else "")
    )
    whole = case.bound_to.get(pledge.key)
    title += f", part of {whole}" if whole else ""
    return Bar(tour.first, tour.last, "served", title, _nations_of(case, tour))


def _nations_of(case: Case, tour: Tour) -> str:
    """Return the nation of a tour, or all that make the combined unit that it leads."""
    found = next((unit.pledges for unit in case.combined if unit.lead == tour.pledge), None)
    return "+".join(case.pledge_of[key].nation for key in found or (tour.pledge,))


def nations(case: Case, plan: Plan) -> list[Lane]:
    """Return a lane for each unit that serves, by nation, with the mission of each tour."""
    by_unit: dict[tuple[str, str, int], list[Tour]] = defaultdict(list)
    for tour in plan.tours:
        by_unit[case.pledge_of[tour.pledge].nation, tour.pledge, tour.unit].append(tour)
    found: list[Lane] = []
    for (nation, key, unit), tours in sorted(by_unit.items()):
        if not found or nation not in [lane.label for lane in found if lane.heading][-1:]:
            found.append(Lane(nation, heading=True))
        pledge = case.pledge_of[key]
        label = f"{key}/{unit} {named(pledge.capability)}"
        bars = []
        for tour in sorted(tours):
            mission = case.requirement_of[tour.requirement].mission
            span = f"{case.month(tour.first)} to {case.month(tour.last)}"
            title = f"{label} in {mission} for {tour.requirement}, {span}"
            bars.append(Bar(tour.first, tour.last, "served", title, mission))
        found.append(Lane(label, tuple(bars)))
    return found
