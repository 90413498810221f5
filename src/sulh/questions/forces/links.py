"""Tours that are made together or not at all: smart pledges (chains) and combined units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from sulh.questions.forces.case import Case, Chain, Combined
from sulh.questions.forces.tours import Plan, Tour, earliest_start, matches, tour_end

Place = tuple[str, str, int]
"""A tour of a single unit: pledge, requirement and first month."""
Span = tuple[str, int, int]
"""What a part makes of a tour: requirement, first and last month."""


def counted(case: Case, plan: Plan) -> Plan:
    """Return the tours that count to coverage: of a combined unit those of its lead only."""
    if not case.combined:
        return plan
    return Plan(tuple(tour for tour in plan.tours if tour.pledge not in case.uncounted))


def whole_only(case: Case, plan: Plan) -> Plan:
    """Return the plan without the tours of chains and combined units that are not whole.

    A chain that is broken loses all its tours, a combined unit those that not every part makes.
    """
    if not case.bound_to:
        return plan
    broken = {key for key, _ in broken_chains(case, plan.tours)}
    made = {unit.key: set.intersection(*_made(unit, plan.tours)) for unit in case.combined}

    def kept(tour: Tour) -> bool:
        whole = case.bound_to.get(tour.pledge, "")
        return whole not in broken and (whole not in made or _span(tour) in made[whole])

    return Plan(tuple(tour for tour in plan.tours if kept(tour)))


def broken_chains(case: Case, tours: Sequence[Tour]) -> Iterator[tuple[str, str]]:
    """Yield each chain that is neither honoured whole nor left out, and why (rule 9)."""
    for chain in case.chains:
        own = sorted((t for t in tours if t.pledge in chain.pledges), key=lambda t: t.first)
        if own and (why := _broken_chain(case, chain, own)):
            yield chain.key, why


def _broken_chain(case: Case, chain: Chain, own: Sequence[Tour]) -> str:
    before: Tour | None = None
    for due, tour in zip_longest(chain.pledges, own):
        if tour is None:
            ends = case.requirement_of[chain.requirement].last
            if before is not None and before.last == ends:
                return ""
            return f"{due} does not take its turn"
        if tour.pledge != due or tour.requirement != chain.requirement:
            wanted = f"{due} for {chain.requirement}" if due else "no tour more"
            return f"{tour.pledge} serves {tour.requirement} where {wanted} is due"
        if before is not None and tour.first != before.last + 1:
            due_month, begins = case.month(before.last + 1), case.month(tour.first)
            return f"{tour.pledge} begins in {begins}, not in {due_month}"
        before = tour
    return ""


def broken_units(case: Case, tours: Sequence[Tour]) -> Iterator[tuple[str, str]]:
    """Yield each combined unit whose parts do not serve together, and why (rule 10)."""
    for unit in case.combined:
        lead, *others = _made(unit, tours)
        for key, made in zip(unit.pledges[1:], others, strict=True):
            if made != lead:
                requirement, first, _ = min(made ^ lead)
                alone, absent = (key, unit.lead) if (made - lead) else (unit.lead, key)
                where = f"for {requirement} from {case.month(first)}"
                yield unit.key, f"{alone} serves {where}, {absent} does not serve with it"
                break


def _made(unit: Combined, tours: Sequence[Tour]) -> list[set[Span]]:
    """Return the tours that each part of a combined unit makes."""
    return [{_span(tour) for tour in tours if tour.pledge == key} for key in unit.pledges]


def _span(tour: Tour) -> Span:
    return tour.requirement, tour.first, tour.last


def wholes_of_chain(case: Case, chain: Chain) -> Iterator[tuple[Place, ...]]:
    """Yield what honouring a chain can be, by the month it begins in (rules 1 to 3, 5 and 9)."""
    requirement = case.requirement_of.get(chain.requirement)
    for first in requirement.months if requirement else ():
        if first >= 0 and (found := _from(case, chain, first)):
            yield found


def _from(case: Case, chain: Chain, first: int) -> tuple[Place, ...] | None:
    """Return the tours of a chain that begins in a month, or None if it cannot be honoured."""
    requirement = case.requirement_of[chain.requirement]
    found: list[Place] = []
    made: dict[str, list[int]] = {}
    for key in chain.pledges:
        if first > requirement.last:
            break
        pledge = case.pledge_of.get(key)
        if pledge is None or not matches(pledge, requirement):
            return None
        last = tour_end(pledge, requirement, first)
        ends = made.setdefault(key, [])
        if first < earliest_start(pledge, requirement) or last < first:
            return None
        if ends and first - ends[-1] - 1 < pledge.reset_months:
            return None
        ends.append(last)
        if pledge.max_tours is not None and len(ends) > pledge.max_tours:
            return None
        found.append((key, requirement.key, first))
        first = last + 1
    return tuple(found)


def wholes_of_unit(case: Case, unit: Combined) -> Iterator[tuple[Place, ...]]:
    """Yield the tours that a combined unit can make, one of each part (rules 1 to 3 and 10)."""
    parts = [case.pledge_of[key] for key in unit.pledges if key in case.pledge_of]
    if len(parts) < len(unit.pledges):
        return
    for requirement in case.requirements:
        if not all(matches(part, requirement) for part in parts):
            continue
        begin = max(0, *(earliest_start(part, requirement) for part in parts))
        for first in range(begin, requirement.last + 1):
            ends = {tour_end(part, requirement, first) for part in parts}
            if len(ends) == 1 and min(ends) >= first:
                yield tuple((part.key, requirement.key, first) for part in parts)
