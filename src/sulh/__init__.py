"""sulh: an open workbench for peace operations and defence diplomacy.

The questions are functions here, under the names of the command line's verbs:
``sulh.contributions("OIC", from_="2000-01")``. They ask the default store; ``sulh.open(folder)``
gives a workbench on another, with the same methods. ``sulh.import_``, ``sulh.fetch``,
``sulh.brief`` and ``sulh.cite`` do what the commands of these names do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sulh import care, forces, registry, relief, supply
    from sulh.api import Workbench, open  # noqa: A004
    from sulh.api.registry import agenda_of as agenda

    _DEFAULT = Workbench()
    brief = _DEFAULT.brief
    burden = _DEFAULT.burden
    check = _DEFAULT.check
    cite = _DEFAULT.cite
    concentration = _DEFAULT.concentration
    contributions = _DEFAULT.contributions
    cooperation = _DEFAULT.cooperation
    diplomacy = _DEFAULT.diplomacy
    events = _DEFAULT.events
    fatalities = _DEFAULT.fatalities
    fetch = _DEFAULT.fetch
    gaps = _DEFAULT.gaps
    groups = _DEFAULT.groups
    import_ = _DEFAULT.import_
    known = _DEFAULT.known
    lorenz = _DEFAULT.lorenz
    mix = _DEFAULT.mix
    nation = _DEFAULT.nation
    network = _DEFAULT.network
    operation = _DEFAULT.operation
    operations = _DEFAULT.operations
    panel = _DEFAULT.panel
    planning = _DEFAULT.planning
    rank = _DEFAULT.rank
    sources = _DEFAULT.sources
    strength = _DEFAULT.strength
    sustain = _DEFAULT.sustain
    table = _DEFAULT.table
    tables = _DEFAULT.tables
    ties = _DEFAULT.ties
    training = _DEFAULT.training
    units = _DEFAULT.units
    without = _DEFAULT.without

__all__ = [
    "Workbench",
    "agenda",
    "brief",
    "burden",
    "care",
    "check",
    "cite",
    "concentration",
    "contributions",
    "cooperation",
    "diplomacy",
    "events",
    "fatalities",
    "fetch",
    "forces",
    "gaps",
    "groups",
    "import_",
    "known",
    "lorenz",
    "mix",
    "nation",
    "network",
    "open",
    "operation",
    "operations",
    "panel",
    "planning",
    "rank",
    "registry",
    "relief",
    "sources",
    "strength",
    "supply",
    "sustain",
    "table",
    "tables",
    "ties",
    "training",
    "units",
    "without",
]

_MODULES = ("care", "forces", "registry", "relief", "supply")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sulh' has no attribute {name!r}")
    if name in _MODULES:
        from importlib import import_module

        return import_module(f"sulh.{name}")
    if name == "agenda":
        from sulh.api.registry import agenda_of

        return agenda_of
    from sulh import api

    if name in ("open", "Workbench"):
        return getattr(api, name)
    return getattr(api.Workbench(), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
