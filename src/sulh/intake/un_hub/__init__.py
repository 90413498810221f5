"""The UN Peace and Security Data Hub: contributions, fatalities, operations, and its catalogue."""

from __future__ import annotations

from sulh.intake.un_hub.catalogue import Catalogue
from sulh.intake.un_hub.contributions import Contributions
from sulh.intake.un_hub.fatalities import Fatalities
from sulh.intake.un_hub.older import OlderContributions
from sulh.intake.un_hub.operations import Operations
from sulh.intake.un_hub.un_list import UnList

SOURCES = (
    Contributions(),
    OlderContributions(),
    Fatalities(),
    Operations(),
    UnList(),
    Catalogue(),
)

__all__ = ["SOURCES"]
