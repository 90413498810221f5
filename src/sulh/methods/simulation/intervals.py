"""Confidence intervals from independent replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = Sequence[float] | npt.NDArray[np.float64] | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the half-width of its interval; NaN where too few replications speak."""

    value: float
    half_width: float
    error: float
    count: int

    @property
    def low(self) -> float:
        """Return the lower end."""
        return self.value - self.half_width

    @property
    def high(self) -> float:
        """Return the upper end."""
        return self.value + self.half_width


def mean_interval(values: Values, level: float = 0.95) -> Interval:
    """Return the mean of independent values with Student's interval.

    >>> found = mean_interval([1.0, 2.0, 3.0])
    >>> found.value, round(found.half_width, 3)
    (2.0, 2.484)
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(numbers.mean())
    if numbers.size == 1:
        return Interval(mean, math.nan, math.nan, 1)
    error = float(numbers.std(ddof=1)) / math.sqrt(numbers.size)
    return Interval(mean, error * _student(numbers.size - 1, level), error, numbers.size)


def ratio_interval(above: Values, below: Values, level: float = 0.95) -> Interval:
    """Return sum(above) / sum(below) over replications, with an interval by the delta method.

    The replication is what is independent, not the patient in it: r = Σa / Σb, and the error of r
    is that of the mean of a - r b, divided by the mean of b.

    >>> found = ratio_interval([1, 2, 3], [2, 4, 6])
    >>> found.value, found.half_width
    (0.5, 0.0)
    """
    a, b = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if b.size == 0 or not b.sum():
        return Interval(math.nan, math.nan, math.nan, 0)
    ratio = float(a.sum() / b.sum())
    if b.size == 1:
        return Interval(ratio, math.nan, math.nan, 1)
    rest = mean_interval(a - ratio * b, level)
    scale = abs(float(b.mean()))
    return Interval(ratio, rest.half_width / scale, rest.error / scale, b.size)


Ratio = tuple[Values, Values]


def ratio_difference(one: Ratio, other: Ratio, level: float = 0.95) -> Interval:
    """Return the difference of two ratios over the same replications, paired.

    Replications with the same random numbers go up and down together, so the interval of the
    difference is narrower than those of its parts.

    >>> found = ratio_difference(([2, 4], [4, 4]), ([1, 3], [4, 4]))
    >>> found.value, found.half_width
    (0.25, 0.0)
    """
    parts, value = [], 0.0
    for above, below, sign in ((*one, 1.0), (*other, -1.0)):
        a, b = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
        if a.size == 0 or not b.sum():
            return Interval(math.nan, math.nan, math.nan, 0)
        ratio = float(a.sum() / b.sum())
        value += sign * ratio
        parts.append(sign * (a - ratio * b) / float(b.mean()))
    rest = mean_interval(parts[0] + parts[1], level)
    return Interval(value, rest.half_width, rest.error, rest.count)


def chance_interval(happened: int, count: int) -> tuple[float, float, float]:
    """Return a share of trials and its 95 % interval after Wilson, which holds at 0 and 1 too.

    >>> [round(x, 3) for x in chance_interval(0, 100)]
    [0.0, 0.0, 0.037]
    """
    share, z = happened / count, 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    spread = share * (1 - share) / count + (z / (2 * count)) ** 2
    half = z * math.sqrt(spread) / (1 + z * z / count)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _student(freedom: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))
