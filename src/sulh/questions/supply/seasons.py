"""Needs that change with the season: read, checked and laid out by month of the year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sulh.cases.grid import read_rows
from sulh.cases.problems import Problems

FILE = "seasons.csv"
COLUMNS = ("month", "commodity", "factor")
MOST = 100.0
Seasons = Mapping[tuple[int, str], float]


def read_seasons(folder: Path, known: Mapping[str, object], problems: Problems) -> Seasons:
    """Return the factor of each month of the year and commodity that the file names.

    The file may be absent: then no need changes with the season.
    """
    path = folder / FILE
    found: dict[tuple[int, str], float] = {}
    if not path.exists():
        return found
    for row in read_rows(path, COLUMNS, problems):
        month, kind = row.number("month", 1, 12), row.text("commodity", 80)
        if known and kind not in known:
            row.bad("commodity", "commodities.csv has no such name", "add it there or mend it")
        if (month, kind) in found:
            row.bad("month", "the month stands here twice for the commodity", "keep one of them")
        found[(month, kind)] = row.decimal("factor", MOST, zero=True)
    return found


def factors(seasons: Seasons, kinds: Mapping[str, object]) -> NDArray[np.float64]:
    """Return the factor by month of the year, from 0, and commodity; 1 where none is named.

    >>> factors({(7, "fuel"): 1.2}, {"water": None, "fuel": None})[6].tolist()
    [1.0, 1.2]
    """
    return np.array([[seasons.get((m, kind), 1.0) for kind in kinds] for m in range(1, 13)])


def seasonal(climate: Mapping[str, float], south: bool) -> list[tuple[int, str, float]]:
    """Return the rows of fuel for a climate: its hot and its cold months, turned in the south.

    >>> seasonal({"fuel_hot": 1.0, "fuel_cold": 1.2}, south=True)
    [(6, 'fuel', 1.2), (7, 'fuel', 1.2), (8, 'fuel', 1.2)]
    """
    summer, winter = (6, 7, 8), (12, 1, 2)
    hot, cold = (winter, summer) if south else (summer, winter)
    rows = [(m, "fuel", climate["fuel_hot"]) for m in hot]
    rows += [(m, "fuel", climate["fuel_cold"]) for m in cold]
    return sorted(row for row in rows if row[2] != 1.0)
