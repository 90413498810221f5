"""The plain program of a small case, one binary a tour of a unit, written from the page alone.

Chains are stated turn by turn (who follows when), not as the wholes that the engine chooses from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import highspy
from highspy.highs import highs_linear_expression
from tests.forces.engine.small_cases import every_tour

from sulh.questions.forces.case import Case
from sulh.questions.forces.plan import Tour, tour_cost
from sulh.questions.forces.records import Chain
from sulh.questions.forces.tours import tour_end


class Plain:
    """The program under way: ``made`` is the binary of each tour."""

    def __init__(self, case: Case) -> None:
        self.case, self.highs = case, highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        alone = replace(case, chains=(), combined=())
        cost = case.weights.cost_usd
        self.made = {t: self.highs.addBinary(cost * tour_cost(case, t)) for t in every_tour(alone)}

    def total(self, tours: Iterable[Tour], weight: Any = lambda _: 1.0) -> Any:
        """Return the weighted sum of tours' binaries, an expression even where there are none."""
        return sum((weight(t) * self.made[t] for t in tours), highs_linear_expression())

    def groups(self, of: Any) -> dict[Any, list[Tour]]:
        """Return the tours by what ``of`` says of them month by month."""
        found: dict[Any, list[Tour]] = defaultdict(list)
        for tour in self.made:
            for month in tour.months:
                found[of(tour), month].append(tour)
        return found

    def mission(self, tour: Tour) -> str:
        return self.case.requirement_of[tour.requirement].mission

    def nation(self, tour: Tour) -> str:
        return self.case.pledge_of[tour.pledge].nation

    def strength(self, tour: Tour) -> int:
        return self.case.pledge_of[tour.pledge].strength

    def units_and_offers(self) -> None:
        """Rules 5 and 6."""
        by_unit: dict[tuple[str, int], list[Tour]] = defaultdict(list)
        for tour in self.made:
            by_unit[tour.pledge, tour.unit].append(tour)
        for (key, _), tours in by_unit.items():
            pledge = self.case.pledge_of[key]
            for a, b in combinations(tours, 2):
                if max(a.first, b.first) - min(a.last, b.last) - 1 < pledge.reset_months:
                    self.highs.addConstr(self.total([a, b]) <= 1)
            if pledge.max_tours is not None:
                self.highs.addConstr(self.total(tours) <= pledge.max_tours)
        for offer in self.case.offers:
            used = [tour for tour in self.made if offer.key in tour.offers]
            self.highs.addConstr(self.total(used) <= offer.uses)

    def coverage(self) -> None:
        """Rule 7, and what stays unmet: a slack for each requirement and month."""
        counted = self.groups(lambda t: None if t.pledge in self.case.uncounted else t.requirement)
        for r in self.case.requirements:
            for month in r.months:
                weight = self.case.weights.unmet * r.priority
                unmet = self.highs.addVariable(0, highspy.kHighsInf, weight)
                self.highs.addConstr(self.total(counted[r.key, month]) + unmet == r.units)

    def limits(self) -> None:
        """Rule 8, and the women short of the target."""
        case = self.case
        for (nation, _), tours in self.groups(self.nation).items():
            if (most := case.max_personnel(nation)) is not None:
                self.highs.addConstr(self.total(tours, self.strength) <= most)
            if (missions := case.max_missions(nation)) is not None:
                serves = {m: self.highs.addBinary() for m in sorted({*map(self.mission, tours)})}
                for tour in tours:
                    self.highs.addConstr(self.made[tour] <= serves[self.mission(tour)])
                self.highs.addConstr(sum(serves.values()) <= missions)
        for ((_, mission), _), tours in self.groups(
            lambda t: (self.nation(t), self.mission(t))
        ).items():
            if (ceiling := case.mission_ceiling(mission)) is not None:
                self.highs.addConstr(self.total(tours, self.strength) <= ceiling)
        for (mission, _), tours in self.groups(self.mission).items():
            if target := case.women_target(mission):
                short = self.highs.addVariable(0, highspy.kHighsInf, case.weights.women)
                women = {p.key: p.women for p in case.pledges}
                gap = self.total(tours, lambda t: target * self.strength(t) - women[t.pledge])  # noqa: B023
                self.highs.addConstr(gap <= short)

    def chain(self, chain: Chain) -> None:
        """Rule 9, turn by turn: a turn is taken when the one before ends, or not at all."""
        wanted, months = self.case.requirement_of[chain.requirement], range(self.case.months)
        turns = [{m: self.highs.addBinary() for m in months} for _ in chain.pledges]
        self.highs.addConstr(sum(turns[0].values()) <= 1)
        for one, (before, after) in zip(chain.pledges, pairwise(turns), strict=False):
            known = self.case.pledge_of.get(one)
            # A turn of a pledge that is gone is never taken, as it has no tour below.
            end = {m: tour_end(known, wanted, m) if known else -1 for m in months}
            for month in months:
                due = [before[m] for m in months if m <= end[m] == month - 1 < wanted.last]
                self.highs.addConstr(after[month] == sum(due, highs_linear_expression()))
        for key in dict.fromkeys(chain.pledges):
            for month in months:
                taken = [t[month] for k, t in zip(chain.pledges, turns, strict=True) if k == key]
                own = [t for t in self.made if t.pledge == key and t.first == month]
                here = [t for t in own if t.requirement == wanted.key]
                self.highs.addConstr(self.total(here) == sum(taken))
                self.highs.addConstr(self.total([t for t in own if t not in here]) == 0)

    def combined(self, lead: str, other: str) -> None:
        """Rule 10: both make the same tours."""
        spans = {(t.requirement, t.first, t.last) for t in self.made if t.pledge in (lead, other)}
        for span in sorted(spans):
            made = [
                self.total(
                    t
                    for t in self.made
                    if t.pledge == key and (t.requirement, t.first, t.last) == span
                )
                for key in (lead, other)
            ]
            self.highs.addConstr(made[0] == made[1])


def plain_optimum(case: Case) -> float:
    """The least objective of a case by the plain program."""
    plain = Plain(case)
    plain.units_and_offers()
    plain.coverage()
    plain.limits()
    for chain in case.chains:
        plain.chain(chain)
    for unit in case.combined:
        for other in unit.pledges[1:]:
            plain.combined(unit.lead, other)
    plain.highs.run()
    assert plain.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(plain.highs.getObjectiveValue())
