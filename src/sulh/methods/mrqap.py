"""Regression of one network on several, tested by permutation (MRQAP)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sulh.core.errors import NotAnswerable
from sulh.methods.networks import Matrix

_NONE = 1e-12


@dataclass(frozen=True, slots=True)
class Coefficient:
    """The coefficient of one network in a regression on several, and how often chance gives more.

    ``t`` is the statistic of least squares; ``p`` is two-sided: the share of permutations, the
    data's own among them, whose t is at least as far from zero.
    """

    pairs: int
    coefficient: float
    t: float
    p: float
    permutations: int


def mrqap(
    network: Matrix, others: Sequence[Matrix], permutations: int = 2000, seed: int = 0
) -> tuple[Coefficient, ...]:
    """Return the coefficients of symmetric networks of the same nodes, in the order given.

    Least squares over pairs with a constant. Double semi-partialling (Dekker, Krackhardt &
    Snijders 2007): what a network has beyond the others, its residual on them, is renamed at random
    and put back among them; so the others keep their links to the network explained. Raises
    `NotAnswerable` where one network follows from the others, or is the same for all pairs.
    """
    rows, columns = np.triu_indices(len(network), 1)
    cells = [other[rows, columns] for other in others]
    free = len(rows) - len(others) - 1
    if free < 1:
        raise NotAnswerable(
            f"{len(rows)} pairs and {len(others)} networks",
            "a regression needs more pairs than networks",
            "name fewer networks, or take a larger group",
        )
    found = []
    for place, own in enumerate(cells):
        rest = [one for number, one in enumerate(cells) if number != place]
        basis, _ = np.linalg.qr(np.column_stack([np.ones(len(rows)), *rest]))
        left = _beyond(network[rows, columns], basis)
        beyond = _beyond(own, basis)
        if beyond @ beyond <= _NONE * float(own @ own):
            raise NotAnswerable(
                f"network {place + 1} of {len(others)} follows from the others",
                "its part cannot be told from theirs",
                "leave one of them out",
            )
        slope, t = _slope(beyond, left, free)
        matrix = np.zeros_like(network)
        matrix[rows, columns] = matrix[columns, rows] = beyond
        random = np.random.default_rng(seed)
        as_far = 1
        for _ in range(permutations):
            order = random.permutation(len(network))
            moved = _beyond(matrix[np.ix_(order, order)][rows, columns], basis)
            as_far += abs(_slope(moved, left, free)[1]) >= abs(t) - 1e-9
        p = as_far / (permutations + 1)
        found.append(Coefficient(len(rows), slope, t, p, permutations))
    return tuple(found)


def _beyond(values: Matrix, basis: Matrix) -> Matrix:
    """Return the part of values that no column of an orthonormal basis accounts for."""
    return np.asarray(values - basis @ (basis.T @ values), dtype=np.float64)


def _slope(one: Matrix, other: Matrix, free: int) -> tuple[float, float]:
    """Return the slope of ``other`` on ``one``, both residuals on the rest, and its t."""
    size = float(one @ one)
    if size <= 0:
        return 0.0, 0.0
    slope = float(one @ other) / size
    noise = float(other @ other) - slope**2 * size
    if noise <= 0:
        return slope, math.copysign(math.inf, slope) if slope else 0.0
    return slope, slope / math.sqrt(noise / free / size)
