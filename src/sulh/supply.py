"""Supply: ``sulh.supply.simulate(sulh.supply.Case.read(folder))``."""

from __future__ import annotations

from sulh.api.supply import (
    Case,
    Commodity,
    Effort,
    Entry,
    Fleet,
    Node,
    Options,
    Route,
    Simulated,
    Sized,
    Wish,
    new,
    shortages,
    simulate,
    size,
    summary,
    traffic,
    write_simulated,
    write_sized,
)

__all__ = [
    "Case",
    "Commodity",
    "Effort",
    "Entry",
    "Fleet",
    "Node",
    "Options",
    "Route",
    "Simulated",
    "Sized",
    "Wish",
    "new",
    "shortages",
    "simulate",
    "size",
    "summary",
    "traffic",
    "write_simulated",
    "write_sized",
]
