"""The files of the International Peace Institute's Providing for Peacekeeping data."""

from __future__ import annotations

from sulh.sources.ipi.attributes import CountriesJson, MissionsJson
from sulh.sources.ipi.gender import Gender
from sulh.sources.ipi.month import Month
from sulh.sources.ipi.nation import Nation
from sulh.sources.ipi.operation import Operation
from sulh.sources.ipi.world import World

SOURCES = (
    Gender(),
    Nation(),
    Operation(),
    World(),
    Month(),
    CountriesJson(),
    MissionsJson(),
)

__all__ = ["SOURCES"]
