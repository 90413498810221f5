"""How alike two series of answers on an ordered scale are: share, Cohen's kappa, S.

Answers are whole numbers from 0 to ``levels - 1``: a vote is 0 yes, 1 abstain, 2 no.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """Likeness over ``cases`` in which both answered; without a case all are nan.

    ``share`` of equal answers; ``kappa``, chance agreement removed (Cohen 1960), nan where both
    always give one answer; ``s``, 1 minus twice the mean distance (Signorino & Ritter 1999).
    """

    cases: int
    share: float
    kappa: float
    s: float


def agreement(table: NDArray[np.int64]) -> Agreement:
    """Return the likeness from a square table of counts: first answer by second answer.

    >>> found = agreement(np.array([[20, 5, 0], [10, 15, 0], [0, 0, 0]]))
    >>> found.cases, found.share, round(found.kappa, 2), round(found.s, 2)
    (50, 0.7, 0.4, 0.7)
    """
    levels = len(table)
    cases = int(table.sum())
    if cases == 0:
        return Agreement(0, math.nan, math.nan, math.nan)
    share = float(np.trace(table)) / cases
    chance = float((table.sum(axis=0) * table.sum(axis=1)).sum()) / cases**2
    kappa = math.nan if chance == 1 else (share - chance) / (1 - chance)
    answers = np.arange(levels)
    distance = np.abs(answers[:, None] - answers[None, :])
    s = 1 - 2 * float((table * distance).sum()) / (cases * (levels - 1))
    return Agreement(cases, share, kappa, s)


def pairwise(answers: NDArray[np.int8], levels: int) -> tuple[NDArray[np.int64], ...]:
    """Return tables of counts for every pair of rows: ``tables[a, b, i, j]`` as (n, n) matrices.

    ``answers`` has a row a nation and a column a case, -1 where there is no answer. The result is
    ``levels * levels`` matrices in the order (i, j): how often the first says i and the second j.
    """
    marks = [(answers == level).astype(np.float32) for level in range(levels)]
    return tuple(np.rint(first @ second.T).astype(np.int64) for first in marks for second in marks)


def all_pairs(answers: NDArray[np.int8], levels: int) -> tuple[NDArray[np.float64], ...]:
    """Return (n, n) matrices of cases, share, kappa and S for every pair of rows."""
    counts = pairwise(answers, levels)
    grid = {(i, j): counts[i * levels + j] for i in range(levels) for j in range(levels)}
    cases = np.sum(counts, axis=0).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = sum(grid[i, i] for i in range(levels)) / cases
        chance = sum(
            sum(grid[i, j] for j in range(levels)) * sum(grid[j, i] for j in range(levels))
            for i in range(levels)
        ) / (cases**2)
        kappa = np.where(chance == 1, np.nan, (share - chance) / (1 - chance))
        apart = sum(abs(i - j) * grid[i, j] for i, j in grid)
        s = 1 - 2 * apart / (cases * (levels - 1))
    return cases, share, kappa, s
