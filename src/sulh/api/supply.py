"""Supply in Python: make a case from a lay-down, simulate it, size it.

>>> from sulh import supply
>>> supply.Effort(replications=10, seed=7).workers
1
"""

from __future__ import annotations

from sulh.questions.supply.case import Case, Commodity, Fleet, Node, Route
from sulh.questions.supply.new import Entry, Options
from sulh.questions.supply.new import write_case as new
from sulh.questions.supply.outputs import write_simulated, write_sized
from sulh.questions.supply.simulate import Effort, Simulated, simulate
from sulh.questions.supply.size import Sized, Wish, size
from sulh.questions.supply.statistics import shortages, summary, traffic
from sulh.questions.supply.warnings import warnings

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
    "warnings",
    "write_simulated",
    "write_sized",
]
