"""What obstacles are called, and what each means for a pledge, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sulh.questions.forces.case import Pledge, Requirement
from sulh.questions.forces.options import Obstacle, Pairing
from sulh.questions.forces.standing import Standing
from sulh.questions.forces.tours import Tour

_BUSY, _DEARER, _WINDOW = (int(o) for o in (Obstacle.BUSY, Obstacle.DEARER, Obstacle.WINDOW))

NAMES: Mapping[int, str] = {
    int(Obstacle.CAVEAT): "caveat",
    int(Obstacle.LANGUAGE): "language",
    int(Obstacle.READINESS): "readiness",
    int(Obstacle.WINDOW): "window",
    int(Obstacle.RESET): "reset",
    int(Obstacle.TOURS): "max tours",
    int(Obstacle.NO_ROOM): "no room",
    int(Obstacle.PARTNER): "no partner",
    int(Obstacle.CEILING): "nation's ceiling",
    int(Obstacle.SHARE): "mission share",
    int(Obstacle.DEARER): "dearer than the gap",
}
MEANINGS: Mapping[str, str] = {
    "caveat": "the nation does not serve in that mission",
    "language": "the unit has none of the languages asked for",
    "readiness": "the unit is not ready in time",
    "window": "the month lies outside the months of the pledge",
    "reset": "the unit is at home between two tours",
    "max tours": "the unit has made all the tours it may",
    "no room": "a whole tour would put more units there than are needed in other months",
    "no partner": "no open offer is left for a kind of support it needs",
    "nation's ceiling": "the nation is at its limit of personnel or of missions",
    "mission share": "the mission takes no more personnel of that nation",
    "dearer than the gap": "the tour would cost more points than the gap it closes",
    "busy": "the unit serves then, there or elsewhere, in a tour that this one would overlap",
    "no pledge": "no nation pledges the capability",
    "part of another": "the unit serves only as a part of a chain or of a combined unit",
    "left out": "nothing stands against it: the plan can still be bettered",
    "before the start": "the month lies before the case starts",
}

PHRASES: Mapping[str, str] = {
    "caveat": "excluded by a caveat",
    "language": "no language in common",
    "readiness": "not ready in time",
    "window": "outside its window",
    "reset": "at home between tours",
    "max tours": "all its tours made",
    "no room": "a whole tour would overfill other months",
    "no partner": "no partner for its support",
    "nation's ceiling": "at the nation's ceiling",
    "mission share": "at the mission's limit for one nation",
    "dearer than the gap": "dearer than the gap",
    "busy": "busy elsewhere",
    "busy there": "serving there in other months",
    "part of another": "a part of a chain or of a combined unit",
    "left out": "left out by the plan",
    "before the start": "before the case starts",
}


class Bound(Protocol):
    """A pledge that is bound in a gap; see `sulh.questions.forces.explain.Binding`."""

    @property
    def requirement(self) -> str: ...  # noqa: D102
    @property
    def pledge(self) -> str: ...  # noqa: D102
    @property
    def obstacles(self) -> int: ...  # noqa: D102
    @property
    def unit(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> int | None: ...  # noqa: D102


def reason_of(standing: Standing, bound: Bound) -> str:
    """Return the reasons, separated by ``|``; a unit elsewhere is ``busy at`` its requirement."""
    if bound.start is None:
        return "before the start"
    whole = standing.case.bound_to.get(bound.pledge)
    parts = [f"part of {whole}"] if whole else []
    parts += [name for obstacle, name in NAMES.items() if obstacle & bound.obstacles]
    if _BUSY & bound.obstacles:
        parts += [
            f"busy at {key}" for key in sorted({t.requirement for t in elsewhere(standing, bound)})
        ]
    return "|".join(parts) or "left out"


def elsewhere(standing: Standing, bound: Bound) -> list[Tour]:
    """Return the tours of the unit that overlap the one it could make."""
    pledge, requirement = _sides(standing, bound)
    first, last = _span(standing, bound, pledge, requirement)
    tours = standing.unit_tours(bound.pledge, bound.unit)
    return [tour for tour in tours if tour.first <= last and tour.last >= first]


def _sides(standing: Standing, bound: Bound) -> tuple[Pledge, Requirement]:
    case = standing.case
    return case.pledge_of[bound.pledge], case.requirement_of[bound.requirement]


def _span(
    standing: Standing, bound: Bound, pledge: Pledge, requirement: Requirement
) -> tuple[int, int]:
    assert bound.start is not None
    lifted = _WINDOW & bound.obstacles
    latest = standing.case.months - 1 if lifted else pledge.latest
    return bound.start, min(bound.start + pledge.tour_months - 1, requirement.last, latest)


def detail_of(standing: Standing, bound: Bound) -> str:
    """Return what stands behind the reasons, with the figures of the case."""
    if bound.start is None:
        return ""
    pledge, requirement = _sides(standing, bound)
    said = _details(standing, pledge, requirement)
    parts = [said[obstacle] for obstacle in NAMES if obstacle & bound.obstacles & ~_DEARER]
    for tour in elsewhere(standing, bound) if _BUSY & bound.obstacles else ():
        months = (standing.case.month(tour.first), standing.case.month(tour.last))
        parts.append(f"unit {tour.unit} serves {tour.requirement} from {months[0]} to {months[1]}")
    if _DEARER & bound.obstacles:
        lifted = bool(_WINDOW & bound.obstacles)
        options = Pairing(standing, pledge, requirement).options(bound.unit, window=not lifted)
        parts.append(f"the tour adds {options.points[bound.start]:,.0f} points to the objective")
    return "; ".join(parts)


def _details(standing: Standing, pledge: Pledge, requirement: Requirement) -> dict[int, str]:
    case, nation, mission = standing.case, pledge.nation, requirement.mission
    until = f" to {pledge.available_to}" if pledge.available_to else ""
    ready = case.month(case.lead_months[pledge.readiness])
    spoken = ", ".join(sorted(pledge.languages)) or "left out"
    persons, missions = case.max_personnel(nation), case.max_missions(nation)
    limits = [
        *([f"{persons:,} persons"] if persons is not None else []),
        *([f"{missions} missions"] if missions is not None else []),
    ]
    return {
        int(Obstacle.CAVEAT): f"{nation} excludes {mission}",
        int(Obstacle.LANGUAGE): f"{' or '.join(sorted(requirement.languages))} asked, has {spoken}",
        int(Obstacle.READINESS): f"level {pledge.readiness} can deploy from {ready}",
        int(Obstacle.WINDOW): f"pledged from {pledge.available_from}{until}",
        int(Obstacle.RESET): f"{pledge.reset_months} months at home are due between tours",
        int(Obstacle.TOURS): f"at most {pledge.max_tours} tours a unit",
        int(Obstacle.NO_ROOM): f"tours last {pledge.tour_months} months, other months are covered",
        int(Obstacle.PARTNER): f"needs {', '.join(pledge.needs)}; no offer is open and free for it",
        int(Obstacle.CEILING): f"{nation} deploys at most {' in '.join(limits)}",
        int(Obstacle.SHARE): f"{mission} takes {case.mission_ceiling(mission)} persons of a nation",
    }
