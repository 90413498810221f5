"""A case of supply: places, what they need, what they hold, routes and fleets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sulh.cases.problems import Problems
from sulh.questions.supply.reading import Settings, read_parts
from sulh.questions.supply.records import Commodity, Fleet, Node, Route
from sulh.questions.supply.seasons import Seasons, read_seasons

__all__ = ["Case", "Commodity", "Fleet", "Node", "Route", "Settings"]


@dataclass(frozen=True)
class Case:
    """A case: its files read and checked; ``seasons`` is empty where needs never change."""

    settings: Settings
    nodes: Mapping[str, Node]
    commodities: Mapping[str, Commodity]
    fleets: Mapping[str, Fleet]
    routes: Mapping[str, Route]
    seasons: Seasons = field(default_factory=dict)

    @classmethod
    def read(cls, folder: str | Path) -> Case:
        """Return the case in a folder, or raise `BadCase` with every problem of its files."""
        problems = Problems()
        settings, parts = read_parts(Path(folder), problems)
        seasons = read_seasons(Path(folder), parts[1], problems)
        problems.refuse(str(folder))
        assert settings is not None
        return cls(settings, *parts, seasons)

    @property
    def persons(self) -> int:
        """Return the persons at all places."""
        return sum(node.persons for node in self.nodes.values())

    def kg_per_day(self, node: Node, commodity: Commodity) -> float:
        """Return what a place must be brought each day, in kg: water less what it makes."""
        made = node.water_made_here if commodity.key == "water" else 0.0
        return node.persons * commodity.kg_per_person_day * (1 - made)
