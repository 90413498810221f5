"""The files of the International Peace Institute's Providing for Peacekeeping data."""

from __future__ import annotations

from sulh.intake.ipi.attributes import CountriesJson, MissionsJson
from sulh.intake.ipi.gender import Gender
from sulh.intake.ipi.month import Month
from sulh.intake.ipi.nation import Nation
from sulh.intake.ipi.operation import Operation
from sulh.intake.ipi.world import World

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
