"""A case of force generation: what missions need and what nations pledge, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sulh.cases.folder import known_folder
from sulh.cases.problems import Problem, Problems
from sulh.core.months import month_at, month_index
from sulh.questions.forces.reading import read_parts
from sulh.questions.forces.records import (
    Chain,
    Combined,
    Mission,
    Nation,
    Offer,
    Pledge,
    Requirement,
    Weights,
)

__all__ = [
    "Case",
    "Chain",
    "Combined",
    "Mission",
    "Nation",
    "Offer",
    "Pledge",
    "Requirement",
    "Weights",
]


@dataclass(frozen=True)
class Case:
    """A case: six files read and checked, and two that may be absent.

    ``months`` is the length of the horizon; indices run from 0 (``start``) to ``months - 1``.
    ``doubts`` are warnings: what the files may say and what looks like a slip.
    """

    name: str
    start: str
    months: int
    personnel_month_usd: float
    lead_months: Mapping[str, int]
    weights: Weights
    requirements: tuple[Requirement, ...]
    pledges: tuple[Pledge, ...]
    offers: tuple[Offer, ...]
    nations: Mapping[str, Nation]
    missions: Mapping[str, Mission]
    chains: tuple[Chain, ...] = ()
    combined: tuple[Combined, ...] = ()
    doubts: tuple[Problem, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, folder: str | Path) -> Case:
        """Return the case in a folder, or raise `BadCase` with every problem of its files.

        Raises `RefusedFile` where there is no such folder.
        """
        problems = Problems()
        settings, parts = read_parts(known_folder(folder), problems)
        problems.refuse(str(folder))
        assert settings is not None
        return cls(**vars(settings), **parts)

    @cached_property
    def requirement_of(self) -> Mapping[str, Requirement]:
        """The requirements by their identifiers."""
        return {requirement.key: requirement for requirement in self.requirements}

    @cached_property
    def pledge_of(self) -> Mapping[str, Pledge]:
        """The pledges by their identifiers."""
        return {pledge.key: pledge for pledge in self.pledges}

    @cached_property
    def offer_of(self) -> Mapping[str, Offer]:
        """The offers by their identifiers."""
        return {offer.key: offer for offer in self.offers}

    @cached_property
    def bound_to(self) -> Mapping[str, str]:
        """The chain or combined unit of each pledge that serves only as a part of it."""
        chains = {key: chain.key for chain in self.chains for key in chain.pledges}
        return chains | {key: unit.key for unit in self.combined for key in unit.pledges}

    @cached_property
    def uncounted(self) -> frozenset[str]:
        """The pledges whose tours do not count to coverage: combined, and not the lead."""
        return frozenset(key for unit in self.combined for key in unit.pledges[1:])

    def month(self, index: int) -> str:
        """Return the month of an index."""
        return month_at(month_index(self.start) + index)

    def index(self, month: str) -> int:
        """Return the index of a month; below 0 before the case starts."""
        return month_index(month) - month_index(self.start)

    def max_personnel(self, nation: str) -> int | None:
        """Return how many persons a nation deploys at most in any month; None: no limit."""
        found = self.nations.get(nation)
        return found.max_personnel if found else None

    def max_missions(self, nation: str) -> int | None:
        """Return how many missions a nation serves at most in any month; None: no limit."""
        found = self.nations.get(nation)
        return found.max_missions if found else None

    def mission_ceiling(self, mission: str) -> int | None:
        """Return how many persons of one nation a mission takes at most; None: no limit."""
        found = self.missions.get(mission)
        return found.max_personnel_per_nation if found else None

    def women_target(self, mission: str) -> float:
        """Return the target for women's share of a mission; 0 where it has none."""
        found = self.missions.get(mission)
        return (found.women_target if found else None) or 0.0

    def month_usd(self, pledge: Pledge) -> float:
        """Return what one unit of a pledge costs a month: persons, equipment, sustainment."""
        return pledge.strength * self.personnel_month_usd + pledge.monthly_cost_usd
