"""Location methods beside answers that are known: closed forms, enumeration, published optima."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from math import inf, isclose
from pathlib import Path

import numpy as np

from sulh.methods.location.answer import Clock, Located
from sulh.methods.location.cover import expected_cover
from sulh.methods.location.hypercube import hypercube
from sulh.methods.location.median import median
from sulh.methods.location.orlib import MedianProblem, read_problem
from sulh.methods.location.setcover import Cover, cover_all
from sulh.methods.queues import erlang_b


@dataclass(frozen=True, slots=True)
class Exact:
    """A known answer and what a method found; ``known`` is None where nobody has published it."""

    model: str
    measure: str
    known: float | None
    found: Located | float

    @property
    def value(self) -> float:
        """Return what the method found."""
        return self.found.objective if isinstance(self.found, Located) else self.found

    @property
    def difference(self) -> float | None:
        """Return how far it lies above what is known."""
        return None if self.known is None else self.value - self.known

    @property
    def z(self) -> float | None:
        """Return 0 where both agree to rounding, else infinity: there is no error of chance."""
        if self.known is None:
            return None
        return 0.0 if isclose(self.value, self.known, rel_tol=1e-9) else inf


def built_in() -> Iterator[Exact]:
    """Yield what needs no file."""
    lists = [[0, 1, 2], [1, 0, 2], [2, 1, 0]]
    lost = hypercube([0.5, 0.5, 0.5], lists, 1.0).all_busy
    yield Exact("Hypercube, 3 units", "lost, by Erlang B", erlang_b(3, 1.5), lost)
    line = np.abs(np.subtract.outer(range(6), range(6))) <= 1
    toy = expected_cover(line, [10, 20, 15, 5, 25, 25], 3, 0.3)
    # 1 covers 10 + 20 + 15, times 0.7; two at 4 cover 5 + 25 + 25, times 1 - 0.09.
    yield Exact("MEXCLP, 6 places, 3 units", "expected cover", 45 * 0.7 + 55 * 0.91, toy)
    random = np.random.default_rng(1)
    table = random.integers(1, 100, (14, 14)).astype(float)
    best = min(table[:, list(sites)].min(axis=1).sum() for sites in combinations(range(14), 4))
    yield Exact("p-median, 4 of 14", "cost, by enumeration", float(best), median(table, 4))
    covers = random.random((12, 14)) < 0.25
    covers[np.arange(12), random.integers(0, 14, 12)] = True
    costs = random.integers(1, 10, 14).astype(float)
    cheapest = min(
        float(costs[list(columns)].sum())
        for size in range(15)
        for columns in combinations(range(14), size)
        if covers[:, list(columns)].any(axis=1).all()
    )
    found = cover_all(Cover.of_table(costs, covers))
    yield Exact("Set covering, 12 by 14", "cost, by enumeration", cheapest, found)


def optima() -> dict[str, float]:
    """Return the published optima of problems of the OR-Library by name."""
    text = files("sulh.methods.location").joinpath("optima.csv").read_text(encoding="utf-8")
    return {row["problem"]: float(row["optimum"]) for row in csv.DictReader(text.splitlines())}


def of_files(folder: Path, seconds: float) -> Iterator[Exact]:
    """Yield the optimum of each file of a folder, beside the published one if its name has one."""
    published = optima()
    for path in sorted(folder.glob("*.txt")):
        problem = read_problem(path)
        if isinstance(problem, MedianProblem):
            found = median(problem.distances, problem.open, clock=Clock(seconds))
        else:
            found = cover_all(problem, Clock(seconds))
        measure = "optimum" if found.proven else f"best, bound {found.bound:g}"
        yield Exact(path.stem, measure, published.get(path.stem), found)
