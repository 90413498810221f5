"""The UN Peace and Security Data Hub: contributions, fatalities, operations, and its catalogue."""

from __future__ import annotations

from sulh.sources.un_hub.catalogue import Catalogue
from sulh.sources.un_hub.contributions import Contributions
from sulh.sources.un_hub.fatalities import Fatalities
from sulh.sources.un_hub.older import OlderContributions
from sulh.sources.un_hub.operations import Operations
from sulh.sources.un_hub.un_list import UnList

SOURCES = (
    Contributions(),
    OlderContributions(),
    Fatalities(),
    Operations(),
    UnList(),
    Catalogue(),
)

__all__ = ["SOURCES"]
