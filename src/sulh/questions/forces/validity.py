"""The rules that a plan keeps, one function each, numbered as the page on the problem has them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sulh.questions.forces.case import Case, Offer, Pledge, Requirement
from sulh.questions.forces.links import broken_chains, broken_units, counted
from sulh.questions.forces.tours import Plan, Tour, earliest_start, tour_end


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks; ``row`` is the place of the tour in the plan, from 1, or None."""

    rule: int
    row: int | None
    message: str

    def __str__(self) -> str:
        """Return the violation as one line."""
        place = "" if self.row is None else f"tour {self.row}, "
        return f"{place}rule {self.rule}: {self.message}"


def violations(case: Case, plan: Plan) -> tuple[Violation, ...]:
    """Return every rule that a plan breaks; empty if it is valid."""
    found: list[Violation] = []
    known: list[Tour] = []
    for row, tour in enumerate(plan.tours, start=1):
        pledge, requirement = (
            case.pledge_of.get(tour.pledge),
            case.requirement_of.get(tour.requirement),
        )
        if pledge is None or requirement is None:
            found.append(Violation(1, row, "the pledge or the requirement is not in the case"))
            continue
        known.append(tour)
        found += (
            Violation(rule, row, f"{tour.pledge} unit {tour.unit} for {tour.requirement}: {why}")
            for rule, why in _of_tour(case, tour, pledge, requirement)
        )
    for rule in (_units, _offers, _requirements, _nations, _nations_in_missions, _wholes):
        found += rule(case, known)
    return tuple(found)


def _of_tour(
    case: Case, tour: Tour, pledge: Pledge, requirement: Requirement
) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with one tour by itself: rules 1 to 4."""
    if not 1 <= tour.unit <= pledge.units:
        yield 1, f"there are units 1 to {pledge.units}"
    if pledge.capability != requirement.capability:
        yield 1, f"{pledge.capability} cannot serve as {requirement.capability}"
    if requirement.mission in pledge.excluded_missions:
        yield 1, f"{pledge.nation} excludes {requirement.mission}"
    if requirement.languages and not requirement.languages & pledge.languages:
        yield 1, f"none of its languages is {' or '.join(sorted(requirement.languages))}"
    earliest = earliest_start(pledge, requirement)
    if tour.first < earliest:
        yield 2, f"it begins in {case.month(tour.first)}, before {case.month(earliest)}"
    end = tour_end(pledge, requirement, tour.first)
    if tour.last != end or tour.last < tour.first:
        yield 3, f"it ends in {case.month(tour.last)}, not {case.month(end)}"
    yield from ((4, why) for why in _support(case, tour, pledge))


def _support(case: Case, tour: Tour, pledge: Pledge) -> Iterator[str]:
    used = [case.offer_of.get(key) for key in sorted(set(tour.offers))]
    kinds = sorted(offer.kind if offer else "?" for offer in used)
    if kinds != list(pledge.needs):
        yield f"it needs {'|'.join(pledge.needs) or 'nothing'} and has {'|'.join(kinds) or 'none'}"
    for offer in used:
        if offer is not None and (why := unfit(offer, pledge, tour.first)):
            yield f"offer {offer.key} {why}"


def unfit(offer: Offer, pledge: Pledge, first: int) -> str:
    """Return why an offer cannot support a tour of a pledge that begins in ``first``, or ""."""
    if offer.capability is not None and offer.capability != pledge.capability:
        return f"is for {offer.capability}"
    if offer.recipients and pledge.nation not in offer.recipients:
        return f"is not for {pledge.nation}"
    if offer.provider == pledge.nation:
        return "is the nation's own"
    if not offer.first <= first <= offer.last:
        return f"is open from {offer.first_month} to {offer.last_month}"
    return ""


def _units(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rule 5: tours of a unit neither overlap nor follow too soon, and number at most max_tours."""
    by_unit: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for tour in tours:
        by_unit[tour.pledge, tour.unit].append((tour.first, tour.last))
    for (key, unit), spans in by_unit.items():
        pledge = case.pledge_of[key]
        if pledge.max_tours is not None and len(spans) > pledge.max_tours:
            yield Violation(
                5, None, f"{key} unit {unit}: {len(spans)} tours, at most {pledge.max_tours}"
            )
        for (_, last), (first, _) in pairwise(sorted(spans)):
            if first - last - 1 < pledge.reset_months:
                why = f"a tour begins in {case.month(first)} after one that ends in "
                rest = f"{case.month(last)}; {pledge.reset_months} months at home are due"
                yield Violation(5, None, f"{key} unit {unit}: {why}{rest}")


def _offers(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rule 6: the tours that an offer supports number at most its uses."""
    used = Counter(key for tour in tours for key in set(tour.offers))
    for key, times in used.items():
        offer = case.offer_of.get(key)
        if offer is not None and times > offer.uses:
            yield Violation(6, None, f"offer {key} is used {times} times, at most {offer.uses}")


def _requirements(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rule 7: in no month are more units deployed than a requirement needs."""
    for (key, month), units in counted(case, Plan(tuple(tours))).deployed.items():
        needed = case.requirement_of[key].units
        if units > needed:
            why = f"{units} units in {case.month(month)}, {needed} are needed"
            yield Violation(7, None, f"{key}: {why}")


def _nations(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rule 8: in every month a nation keeps to max_personnel and to max_missions."""
    persons: dict[tuple[str, int], int] = defaultdict(int)
    served: dict[tuple[str, int], set[str]] = defaultdict(set)
    for tour in tours:
        pledge, mission = case.pledge_of[tour.pledge], case.requirement_of[tour.requirement].mission
        for month in tour.months:
            persons[pledge.nation, month] += pledge.strength
            served[pledge.nation, month].add(mission)
    for (nation, month), count in persons.items():
        most, missions = case.max_personnel(nation), case.max_missions(nation)
        if most is not None and count > most:
            yield Violation(8, None, f"{nation} in {case.month(month)}: {count} persons > {most}")
        if missions is not None and len(served[nation, month]) > missions:
            why = f"{len(served[nation, month])} missions > {missions}"
            yield Violation(8, None, f"{nation} in {case.month(month)}: {why}")


def _wholes(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rules 9 and 10: chains and combined units serve whole or not at all."""
    yield from (Violation(9, None, f"{key}: {why}") for key, why in broken_chains(case, tours))
    yield from (Violation(10, None, f"{key}: {why}") for key, why in broken_units(case, tours))


def _nations_in_missions(case: Case, tours: Sequence[Tour]) -> Iterator[Violation]:
    """Rule 8: in every month a nation keeps to max_personnel_per_nation of each mission."""
    persons: dict[tuple[str, str, int], int] = defaultdict(int)
    for tour in tours:
        pledge, mission = case.pledge_of[tour.pledge], case.requirement_of[tour.requirement].mission
        for month in tour.months:
            persons[pledge.nation, mission, month] += pledge.strength
    for (nation, mission, month), count in persons.items():
        most = case.mission_ceiling(mission)
        if most is not None and count > most:
            why = f"{count} persons of {nation} in {case.month(month)} > {most}"
            yield Violation(8, None, f"{mission}: {why}")
