"""Plan anew in mid-term: what runs goes on, and the rest changes as little as is worth it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from sulh.questions.forces.adapt import Wish, better, carried_over
from sulh.questions.forces.case import Case
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, Tour
from sulh.questions.forces.planning import Limits, make_plan


@dataclass(frozen=True)
class Kept:
    """The old plan, the index of the month from which it may change, and the price of a change.

    ``weight`` is in objective points for each tour of the old plan that is not in the new one.
    """

    plan: Plan
    month: int
    weight: float


@dataclass(frozen=True)
class Replanned:
    """The new plan beside the old one."""

    planned: Planned
    kept: Kept
    impossible: tuple[Tour, ...]

    def changes(self) -> pl.DataFrame:
        """Return every tour that differs: ``dropped``, ``new``, or ``impossible`` now."""
        case, old, new = self.planned.case, set(self.kept.plan.tours), set(self.planned.plan.tours)
        rows = []
        for tour in sorted(old ^ new):
            change = "new" if tour in new else "dropped"
            change = "impossible" if tour in self.impossible and tour not in new else change
            months = (case.month(tour.first), case.month(tour.last))
            rows.append((change, tour.pledge, tour.unit, tour.requirement, *months))
        names = ("change", "pledge", "unit", "requirement", "first_month", "last_month")
        types = (pl.String, pl.String, pl.Int64, pl.String, pl.String, pl.String)
        return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def replan(case: Case, kept: Kept, seconds: float, rounds: int = 60, seed: int = 1) -> Replanned:
    """Return a plan for a case that has changed, from the plan that was made before.

    Tours that began before the month stay, unless the changed case does not allow them any more;
    those are named. The rest of a chain that has begun stays with it. Every later tour of the old
    plan that is kept saves the weight. Several plans are bettered by the same rounds and the best
    is taken: the old one, what of an entirely new plan fits beside the running tours, and what
    runs alone.
    """
    chained = {key for chain in case.chains for key in chain.pledges}
    running = _running(case, kept, chained)
    coming = [tour for tour in kept.plan.tours if tour not in running]
    held = frozenset(carried_over(case, sorted(running)).tours)
    wish = Wish(held, dict.fromkeys(coming, kept.weight), kept.month)
    anew = make_plan(case, Limits(seconds, 0.01, 1))
    going_on = {case.bound_to[tour.pledge] for tour in held if tour.pledge in chained}
    fresh = [
        tour
        for tour in anew.plan.tours
        if tour.first >= kept.month and case.bound_to.get(tour.pledge) not in going_on
    ]
    starts = [
        carried_over(case, [*held, *coming], sorted(held)),
        carried_over(case, [*held, *fresh], sorted(held)),
    ]
    plans = [better(case, start, rounds, wish, seed) for start in starts]
    best = min(plans, key=lambda plan: wish.points(case, plan))
    still = carried_over(case, [*held, *coming], sorted(held)).tours
    impossible = tuple(tour for tour in kept.plan.tours if tour not in set(still))
    # The bound of the case without any promise to the old plan holds for this plan too.
    return Replanned(Planned(case, best, anew.bound, anew.seconds), kept, impossible)


def _running(case: Case, kept: Kept, chained: Collection[str]) -> set[Tour]:
    """Return the tours that go on: those that began before the month, with the rest of a chain."""
    begun = {tour for tour in kept.plan.tours if tour.first < kept.month}
    honoured = {case.bound_to[tour.pledge] for tour in begun if tour.pledge in chained}
    rest = {tour for tour in kept.plan.tours if case.bound_to.get(tour.pledge) in honoured}
    return begun | rest
