"""Other cases: a case with a pledge, an offer, a caveat or a nation changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median_low

from sulh.core.months import shift_month
from sulh.questions.forces.case import Case, Pledge

HYPOTHETICAL = "NEW"


def with_pledges(case: Case, change: Callable[[Pledge], Pledge | None]) -> Case:
    """Return the case with every pledge changed, or left out where the change is None."""
    changed = (change(pledge) for pledge in case.pledges)
    return replace(case, pledges=tuple(pledge for pledge in changed if pledge is not None))


def without_nation(case: Case, nation: str) -> Case:
    """Return the case without the pledges of a nation and without what it offers to others."""
    found = with_pledges(case, lambda pledge: None if pledge.nation == nation else pledge)
    offers = tuple(offer for offer in case.offers if offer.provider != nation)
    return replace(found, offers=offers)


def without_offer(case: Case, key: str) -> Case:
    """Return the case without an offer."""
    return replace(case, offers=tuple(offer for offer in case.offers if offer.key != key))


def without_caveat(case: Case, nation: str, mission: str) -> Case:
    """Return the case in which a nation serves in a mission that its pledges exclude."""

    def lifted(pledge: Pledge) -> Pledge:
        if pledge.nation != nation:
            return pledge
        return replace(pledge, excluded_missions=pledge.excluded_missions - {mission})

    return with_pledges(case, lifted)


def earlier(case: Case, key: str, months: int) -> Case:
    """Return the case in which a pledge is ready some months earlier, not before the case starts.

    Its lead and, where that binds, its first available month come earlier.
    """
    chosen = case.pledge_of[key]
    lead = max(case.lead_months[chosen.readiness] - months, 0)
    level = f"{chosen.readiness} less {months}"
    begin = max(case.index(chosen.available_from) - months, 0)
    sooner = replace(
        chosen,
        readiness=level,
        available_from=case.month(min(begin, case.index(chosen.available_from))),
        earliest=max(begin, lead, 0),
    )
    found = with_pledges(case, lambda pledge: sooner if pledge.key == key else pledge)
    return replace(found, lead_months={**case.lead_months, level: lead})


def later(case: Case, months: dict[str, int]) -> Case:
    """Return the case in which pledges begin later by the months given, by their identifiers."""

    def delayed(pledge: Pledge) -> Pledge:
        by = months.get(pledge.key, 0)
        if not by:
            return pledge
        begin = pledge.earliest + by
        return replace(pledge, available_from=case.month(begin), earliest=begin)

    return with_pledges(case, delayed)


def one_more(case: Case, capability: str, first: int) -> Case:
    """Return the case with one more unit of a capability, free to serve from a month on.

    It is like the middle one of the units pledged (strength, women, cost, tour), speaks every
    language asked for and has no caveat, needs no partner and belongs to no nation of the case.
    """
    like = [pledge for pledge in case.pledges if pledge.capability == capability]
    whole = like or list(case.pledges)
    unit = Pledge(
        key=HYPOTHETICAL,
        nation=HYPOTHETICAL,
        capability=capability,
        units=1,
        strength=median_low(p.strength for p in whole),
        women=median_low(p.women for p in whole),
        readiness=HYPOTHETICAL,
        available_from=shift_month(case.start, first),
        available_to=None,
        tour_months=median_low(p.tour_months for p in whole),
        reset_months=median_low(p.reset_months for p in whole),
        max_tours=None,
        languages=frozenset().union(*(r.languages for r in case.requirements)),
        excluded_missions=frozenset(),
        needs=(),
        monthly_cost_usd=median_low(p.monthly_cost_usd for p in whole),
        move_cost_usd=median_low(p.move_cost_usd for p in whole),
        earliest=first,
        latest=case.months - 1,
    )
    leads = {**case.lead_months, HYPOTHETICAL: 0}
    return replace(case, pledges=(*case.pledges, unit), lead_months=leads)
