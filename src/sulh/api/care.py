"""Medical support in Python: read a case, simulate it, compare, site.

>>> from sulh.api.care import queue
>>> wait, blocked = queue(3, 2.0, customers=10_000)
>>> round(wait.theory, 6), round(blocked.theory, 6)
(0.444444, 0.210526)
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import polars as pl

from sulh.cases.problems import BadCase, Problem
from sulh.methods.location import callouts
from sulh.methods.simulation import theory
from sulh.methods.simulation.theory import Measured, multi_server
from sulh.questions.care import case as cases
from sulh.questions.care import outcome as outcomes
from sulh.questions.care import statistics
from sulh.questions.care.outputs import write
from sulh.questions.care.screen import Effort as Screen
from sulh.questions.care.screen import screen
from sulh.questions.care.site import Effort as Siting
from sulh.questions.care.site import Sited, site
from sulh.questions.care.warnings import warnings
from sulh.result import Result

__all__ = [
    "BadCase",
    "Case",
    "Measured",
    "Outcome",
    "Problem",
    "Screen",
    "Sited",
    "Siting",
    "built_in",
    "example",
    "queue",
]


class Outcome(outcomes.Outcome):
    """What happened in the replications of a case, and what it comes to."""

    def clocks(self) -> pl.DataFrame:
        """Return the share within each clock by site and priority."""
        return statistics.clocks(self)

    def times(self) -> pl.DataFrame:
        """Return the minutes to care, and what they are made of."""
        return statistics.times(self)

    def delays(self) -> pl.DataFrame:
        """Return what keeps patients from surgery in time."""
        return statistics.delays(self)

    def facilities(self) -> pl.DataFrame:
        """Return occupancy, overflow and outpatients by facility."""
        return statistics.facilities(self)

    def units(self) -> pl.DataFrame:
        """Return what each vehicle and aircraft did."""
        return statistics.units(self)

    def write(self, folder: str | Path) -> list[Path]:
        """Write the files of a simulation to a folder, made if absent."""
        return write(self, folder)


class Case(cases.Case):
    """A case of medical support; see docs/care.md for its five files."""

    def simulate(
        self,
        replications: int = 100,
        seed: int = 1,
        pool: Executor | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Return what happens in so many replications; the same whatever the pool."""
        found = outcomes.simulate(self, replications, seed, pool, progress)
        return Outcome(found.case, found.seed, found.asked, found.raw)

    def compare(
        self,
        other: cases.Case,
        replications: int = 100,
        seed: int = 1,
        pool: Executor | None = None,
    ) -> Result:
        """Return what ``other`` changes: paired differences on common random numbers."""
        from sulh.questions.care.compare import compare

        return compare(self, other, replications, seed, pool)

    def site(
        self,
        hospitals: int,
        helicopters: int,
        how: Siting | None = None,
        pool: Executor | None = None,
    ) -> Sited:
        """Return where hospitals and helicopters cover most, promised and simulated."""
        return site(self, hospitals, helicopters, how, pool)

    def sensitivity(self, how: Screen | None = None, pool: Executor | None = None) -> Result:
        """Return which uncertain inputs the answer rests on (needs SALib)."""
        return screen(self, how, pool)

    def warnings(self) -> list[str]:
        """Return what a planner should know before believing an answer."""
        return list(warnings(self))


def example(
    folder: str | Path, operation: str, month: str, store: str | Path | None = None
) -> list[Path]:
    """Write a case from the real lay-down of an operation to a folder; return the paths."""
    from sulh.questions.care.example import write_example
    from sulh.store.reading import Store

    return write_example(folder, Store.open(store), operation, month)


def built_in(customers: int = 1_000_000, seed: int = 1) -> list[Measured]:
    """Return queues, a network and units that answer calls, by theory and by simulation."""
    return [*theory.built_in(customers, seed), *callouts.built_in(customers, seed)]


def queue(
    servers: int, load: float, *, customers: int = 1_000_000, seed: int = 1
) -> tuple[Measured, Measured]:
    """Return the wait of M/M/c and the loss of M/M/c/c, by theory and by simulation."""
    return multi_server(servers, load, customers, seed)
