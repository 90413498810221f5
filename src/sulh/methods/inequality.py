"""How unequal a set of contributions is: Gini, Herfindahl, Theil, top-k shares, the Lorenz curve.

Every function takes the contributions of the units that contribute; zeros count as units if given.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isfinite, log

import polars as pl

from sulh.core.errors import BadRequest


def gini(values: Sequence[float]) -> float:
    """Return the Gini coefficient of ``values``: 0 if all are equal, (n - 1) / n if one holds all.

    With x sorted upwards, G = 2 Σ i x_i / (n Σ x_i) - (n + 1) / n, i from 1. This is the
    coefficient of the values as a whole population (half the relative mean difference over all
    n² pairs); the small-sample correction n / (n - 1) is not applied. Errors: `BadRequest` for no
    values, a negative or infinite value, or a sum of zero. Source: Sen, On Economic Inequality
    (1973), §2.7.

    >>> gini([1, 1, 1, 1])
    0.0
    >>> gini([0, 0, 0, 8])
    0.75
    """
    ordered = sorted(_checked(values))
    count, total = len(ordered), fsum(ordered)
    # Of each value's distance from even rank: cancels to exactly zero for equal values.
    weighted = fsum((2 * i - count - 1) * x for i, x in enumerate(ordered, start=1))
    return weighted / (count * total)


def herfindahl(values: Sequence[float]) -> float:
    """Return the Herfindahl-Hirschman index Σ s², s the shares; from 1/n (even) to 1 (one unit).

    >>> herfindahl([1, 1, 1, 1])
    0.25
    """
    checked = _checked(values)
    total = fsum(checked)
    return fsum((x / total) ** 2 for x in checked)


def effective_number(values: Sequence[float]) -> float:
    """Return 1 / HHI: the number of equal units that would be as concentrated.

    Source: Laakso and Taagepera, Comparative Political Studies 12 (1979), 3-27.

    >>> effective_number([5, 5])
    2.0
    """
    return 1 / herfindahl(values)


def theil(values: Sequence[float]) -> float:
    """Return Theil's T, (1/n) Σ (x/µ) ln(x/µ), in nats; from 0 (even) to ln n (one unit).

    A zero adds nothing, the limit of x ln x. Source: Theil, Economics and Information Theory,
    1967.

    >>> theil([3, 3, 3])
    0.0
    """
    checked = _checked(values)
    mean = fsum(checked) / len(checked)
    # Where all are equal the rounding of the logarithm may leave -1e-17.
    ratios = ((x / mean) for x in checked)
    return max(0.0, fsum(r * log(r) for r in ratios if r > 0) / len(checked))


def top_share(values: Sequence[float], k: int) -> float:
    """Return the share of the ``k`` largest values in the sum; 1 if there are no more than ``k``.

    >>> top_share([50, 30, 15, 5], 2)
    0.8
    """
    if k < 1:
        raise BadRequest(
            f"the share of the top {k}", "it takes at least one unit", "ask for 1 or more"
        )
    ordered = sorted(_checked(values), reverse=True)
    return fsum(ordered[:k]) / fsum(ordered)


def lorenz(values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the Lorenz curve: cumulated shares of units and of what they give, smallest first.

    Both lists have n + 1 points and run from 0 to 1.

    >>> lorenz([1, 3])
    ([0.0, 0.5, 1.0], [0.0, 0.25, 1.0])
    """
    ordered = sorted(_checked(values))
    count, total = len(ordered), fsum(ordered)
    given, running = [0.0], 0.0
    for value in ordered:
        running += value
        given.append(min(running / total, 1.0))
    given[-1] = 1.0
    return [i / count for i in range(count + 1)], given


def spread(cells: pl.Series, values: pl.Series, tops: Sequence[int]) -> pl.DataFrame:
    """Return `gini`, `herfindahl` and `top_share` of the values of each cell, cells in order.

    ``values`` are positive whole numbers, in order of cell and value: to sort all once is faster
    than to sort each cell. Columns: cell, count, sum, gini, herfindahl, and ``top_k`` for each of
    ``tops``. Sums are of whole numbers, so that nothing is rounded before the last division.

    >>> spread(pl.Series([7, 7]), pl.Series([1, 3]), [1]).rows()
    [(7, 2, 4, 0.25, 0.625, 0.75)]
    """
    places = pl.int_range(1, values.len() + 1, eager=True)
    value, place = pl.col("value"), pl.col("place")
    rows = pl.DataFrame({"cell": cells.set_sorted(), "value": values, "place": places})
    cell_sums = rows.group_by("cell", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("count"),
        value.sum().alias("sum"),
        (value * value).sum().alias("squares"),
        (value * place).sum().alias("placed"),
    )
    running = pl.lit(pl.concat([pl.Series([0], dtype=values.dtype), values.cum_sum()]))
    count, total = pl.col("count"), pl.col("sum")
    end = count.cum_sum()
    start = end - count
    weighted = pl.col("placed") - start * total
    top = {k: running.gather(end) - running.gather(pl.max_horizontal(end - k, start)) for k in tops}
    return cell_sums.select(
        *("cell", "count", "sum"),
        gini=(2 * weighted - (count + 1) * total) / (count * total),
        herfindahl=pl.col("squares") / (total * total),
        **{f"top_{k}": largest / total for k, largest in top.items()},
    )


def _checked(values: Sequence[float]) -> list[float]:
    """Return the values as floats, or raise `BadRequest` where no measure is defined."""
    checked = [float(value) for value in values]
    wrong = [value for value in checked if value < 0 or not isfinite(value)]
    if wrong:
        raise BadRequest(
            f"{len(wrong)} values such as {wrong[0]:g}",
            "a contribution is a finite number that is not negative",
            "leave out what is not known before you measure",
        )
    if not checked or fsum(checked) == 0:
        raise BadRequest(
            f"{len(checked)} values with the sum 0",
            "without contributions nobody's share is defined",
            "choose a month in which somebody contributes",
        )
    return checked
