"""What becomes of chains and combined units in a plan, and what stands against those left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from sulh.questions.forces.case import Case, Chain, Combined, Requirement
from sulh.questions.forces.options import Obstacle, Options, Pairing
from sulh.questions.forces.plan import Plan, tour_cost
from sulh.questions.forces.reasons import NAMES
from sulh.questions.forces.standing import Standing
from sulh.questions.forces.tours import Tour

SCHEMA = {
    "whole": pl.String,
    "kind": pl.String,
    "parts": pl.String,
    "requirement": pl.String,
    "first_month": pl.String,
    "last_month": pl.String,
    "against": pl.String,
}
_DEARER, _BUSY = int(Obstacle.DEARER), int(Obstacle.BUSY)
_NO_ROOM, _WINDOW = int(Obstacle.NO_ROOM), int(Obstacle.WINDOW)


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a whole that would begin in a month: (pledge, reasons) of its parts.

    ``things`` counts the reasons; ``dearer`` says that the whole would cost more than it covers.
    """

    things: int
    first: int
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    dearer: bool

    def said(self, case: Case) -> str:
        """Return it in words, with the month the whole would begin in."""
        said = [f"{key} {', '.join(reasons)}" for key, reasons in self.parts]
        said += ["dearer than the gap"] if self.dearer else []
        return f"from {case.month(self.first)}: {'; '.join(said) or 'left out'}"


def wholes(case: Case, plan: Plan) -> pl.DataFrame:
    """Return each chain and each tour of a combined unit; one that does not serve has no months.

    ``against`` is then what stands against it where the fewest things do; see `Against`.
    """
    rows: list[tuple[str | None, ...]] = []
    standing = Standing(case, plan.tours)
    for chain in case.chains:
        own = [tour for tour in plan.tours if tour.pledge in chain.pledges]
        span = (min(t.first for t in own), max(t.last for t in own)) if own else None
        told = None if own else _told(standing, chain, case.requirement_of.get(chain.requirement))
        place = (chain.key, "chain", " then ".join(_named(case, chain.pledges)), chain.requirement)
        rows.append((*place, *_months(case, span), told))
    for unit in case.combined:
        parts = " with ".join(_named(case, unit.pledges))
        served = sorted(
            (t.first, t.last, t.requirement) for t in plan.tours if t.pledge == unit.lead
        )
        for first, last, requirement in served:
            place = (unit.key, "combined unit", parts, requirement)
            rows.append((*place, *_months(case, (first, last)), None))
        if not served:
            nearest = _nearest_of_all(standing, unit)
            rows.append((unit.key, "combined unit", parts, None, None, None, nearest))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _named(case: Case, keys: Sequence[str]) -> list[str]:
    return [
        f"{key} ({case.pledge_of[key].nation})" if key in case.pledge_of else key for key in keys
    ]


def _months(case: Case, span: tuple[int, int] | None) -> tuple[str | None, str | None]:
    return (case.month(span[0]), case.month(span[1])) if span else (None, None)


def _told(standing: Standing, whole: Chain | Combined, wanted: Requirement | None) -> str | None:
    found = against(standing, whole, wanted) if wanted else None
    return found.said(standing.case) if found else None


def _nearest_of_all(standing: Standing, unit: Combined) -> str | None:
    lead = standing.case.pledge_of.get(unit.lead)
    tried = [
        (found.things, r.key, found)
        for r in standing.case.requirements
        if lead is not None and r.capability == lead.capability
        if (found := against(standing, unit, r)) is not None
    ]
    if lead is not None and not tried:
        return f"no requirement asks for {lead.capability}"
    if not tried:
        return None
    _, key, found = min(tried, key=lambda one: one[:2])
    return f"for {key} {found.said(standing.case)}"


def part_of(standing: Standing, key: str, requirement: Requirement) -> str:
    """Return what a pledge is a part of, and what stands against that; empty for one of none."""
    case = standing.case
    name = case.bound_to.get(key)
    known: tuple[Chain | Combined, ...] = (*case.chains, *case.combined)
    whole = next((one for one in known if one.key == name), None)
    if whole is None:
        return ""
    said = f"serves only as a part of {name}"
    if isinstance(whole, Chain) and whole.requirement != requirement.key:
        return f"{said}, which covers {whole.requirement}"
    own = [t for part in whole.pledges for t in standing.unit_tours(part, 1)]
    served = [t for t in own if t.requirement == requirement.key]
    if served:
        months = case.month(min(t.first for t in served)), case.month(max(t.last for t in served))
        return f"{said}, which serves from {months[0]} to {months[1]}"
    found = against(standing, whole, requirement)
    return (
        f"{said}, against which stands {found.said(case)}" if found else f"{said}, which lacks one"
    )


def against(
    standing: Standing, whole: Chain | Combined, requirement: Requirement
) -> Against | None:
    """Return the least that stands against a whole at a requirement; None if a part is gone.

    Each month to begin in is tried; the parts are looked at in turn, each beside those before it.
    """
    if any(key not in standing.case.pledge_of for key in whole.pledges):
        return None
    months = [month for month in requirement.months if month >= 0]
    tried = [_from(standing, whole, requirement, month) for month in months]
    return min(tried, key=lambda one: (one.things, one.first), default=None)


def _from(
    standing: Standing, whole: Chain | Combined, requirement: Requirement, first: int
) -> Against:
    parts: list[tuple[str, tuple[str, ...]]] = []
    added: list[Tour] = []
    points, things = 0.0, 0
    for key, start in _starts(whole, requirement, first, added):
        pairing = Pairing(standing, standing.case.pledge_of[key], requirement)
        options = pairing.options(1)
        tour, obstacles, worth = _part(pairing, options, start)
        points += worth
        things += obstacles.bit_count()
        if obstacles:
            parts.append((key, _reasons(standing, tour, obstacles)))
        standing.add(tour)
        added.append(tour)
    for tour in reversed(added):
        standing.remove(tour)
    dearer = points >= 0
    return Against(things + dearer, first, tuple(parts), dearer)


def _starts(
    whole: Chain | Combined, requirement: Requirement, first: int, added: list[Tour]
) -> Iterator[tuple[str, int]]:
    """Yield the parts and when each begins: in turn in a chain, together in a unit."""
    for key in whole.pledges:
        if isinstance(whole, Chain) and added:
            first = added[-1].last + 1
        if first <= requirement.last:
            yield key, first


def _part(pairing: Pairing, options: Options, start: int) -> tuple[Tour, int, float]:
    """Return the tour of a part whatever stands against it, that, and the points it adds."""
    case, pledge, requirement = pairing.case, pairing.pledge, pairing.requirement
    counts = pledge.key not in case.uncounted
    obstacles = int(options.obstacles[start]) & ~_DEARER & ~(0 if counts else _NO_ROOM)
    last = int(options.last[start])
    if last < start:
        last = min(start + pledge.tour_months - 1, requirement.last)
        tour = Tour(pledge.key, 1, requirement.key, start, last)
        points = case.weights.cost_usd * tour_cost(case, tour)
        return tour, obstacles | _WINDOW, points - (_unmet(pairing, tour) if counts else 0.0)
    helped = not obstacles & int(Obstacle.PARTNER)
    offers = pairing.tour(1, start).offers if helped else ()
    tour = Tour(pledge.key, 1, requirement.key, start, last, offers)
    points = float(options.points[start])
    return tour, obstacles, points + (0.0 if counts else _unmet(pairing, tour))


def _unmet(pairing: Pairing, tour: Tour) -> float:
    return pairing.case.weights.unmet * pairing.requirement.priority * len(tour.months)


def _reasons(standing: Standing, tour: Tour, obstacles: int) -> tuple[str, ...]:
    found = [name for obstacle, name in NAMES.items() if obstacle & obstacles]
    if obstacles & _BUSY:
        near = standing.unit_tours(tour.pledge, 1)
        over = {t.requirement for t in near if t.first <= tour.last and t.last >= tour.first}
        found += [f"busy at {key}" for key in sorted(over)]
    return tuple(found)
