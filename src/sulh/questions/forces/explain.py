"""Why a gap stays open: for each month of it, every pledge of the capability and what binds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sulh.questions.forces.case import Case, Pledge, Requirement
from sulh.questions.forces.complete import by_capability, distinct_units
from sulh.questions.forces.options import Options, Pairing
from sulh.questions.forces.plan import Plan
from sulh.questions.forces.reasons import detail_of, reason_of
from sulh.questions.forces.standing import Counts, Standing
from sulh.questions.forces.wholes import part_of

SCHEMA = {
    "requirement": pl.String,
    "month": pl.String,
    "missing": pl.Int64,
    "pledge": pl.String,
    "nation": pl.String,
    "reason": pl.String,
    "unit": pl.Int64,
    "first_month": pl.String,
    "detail": pl.String,
}
_NONE = np.iinfo(np.int64).max
_BITS, _MASK, _UNIT = 12, 20, 10


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds one pledge in one month of a gap.

    ``obstacles``, bits of `sulh.questions.forces.options.Obstacle`, is the smallest set that stands
    against any tour of the pledge that would serve in that month: take them away and ``unit``
    serves from ``start``; take away all but one and no unit serves from any month. ``start`` is
    None where no tour could be, whatever is taken away.
    """

    requirement: str
    month: int
    missing: int
    pledge: str
    obstacles: int
    unit: int
    start: int | None


def explain(case: Case, plan: Plan) -> pl.DataFrame:
    """Return why each gap of a plan stays open, one row a requirement, month and pledge.

    ``reason`` lists what must be taken away, separated by ``|``; ``unit`` and ``first_month`` name
    the tour that could then be made. A capability that nobody pledges has one row without a pledge.
    """
    standing = Standing(case, plan.tours)
    columns: dict[str, list[object]] = {name: [] for name in SCHEMA}
    for row in _rows(standing):
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return pl.DataFrame(columns, schema=SCHEMA)


def _rows(standing: Standing) -> Iterator[tuple[object, ...]]:
    case = standing.case
    pledges = by_capability(case)
    for requirement, gap in gaps(standing):
        candidates = pledges.get(requirement.capability, ())
        if not candidates:
            why = f"nobody pledges {requirement.capability}"
            for month, missing in gap.items():
                place = (requirement.key, case.month(month), missing)
                yield (*place, None, None, "no pledge", None, None, why)
        for pledge in candidates:
            whole = part_of(standing, pledge.key, requirement)
            texts: dict[tuple[int, int, int | None], tuple[str, str]] = {}
            for found in bindings(standing, pledge, requirement, gap):
                key = (found.obstacles, found.unit, found.start)
                if key not in texts:
                    detail = "; ".join(filter(None, (whole, detail_of(standing, found))))
                    texts[key] = (reason_of(standing, found), detail)
                start = None if found.start is None else case.month(found.start)
                yield (
                    requirement.key,
                    case.month(found.month),
                    found.missing,
                    pledge.key,
                    pledge.nation,
                    texts[key][0],
                    found.unit,
                    start,
                    texts[key][1],
                )


def gaps(standing: Standing) -> Iterator[tuple[Requirement, Mapping[int, int]]]:
    """Yield each requirement that is not covered with the units missing in each such month."""
    for requirement in standing.case.requirements:
        deployed = standing.deployed[requirement.key]
        missing = {
            month: requirement.units - (int(deployed[month]) if month >= 0 else 0)
            for month in requirement.months
        }
        found = {month: units for month, units in missing.items() if units > 0}
        if found:
            yield requirement, found


def bindings(
    standing: Standing, pledge: Pledge, requirement: Requirement, gap: Mapping[int, int]
) -> list[Binding]:
    """Return what binds a pledge in each month of the gap of a requirement."""
    pairing = Pairing(standing, pledge, requirement)
    units = distinct_units(standing, pledge)
    months = np.array(list(gap), dtype=np.int64)
    best = np.full(len(months), _NONE)
    for window in (True, False):
        # Lifting the window is an obstacle itself: it can only better a month that has several.
        if window or (best >> (_MASK + _BITS) > 1).any():
            tried = [pairing.options(unit, window=window) for unit in units]
            best = np.minimum(best, _least(tried, months))
    found = []
    for month, key in zip(months.tolist(), best.tolist(), strict=True):
        obstacles, unit, start = 0, 0, None
        if key != _NONE:
            obstacles = (key >> _MASK) & 0xFFF
            unit = (key >> _UNIT) & ((1 << _UNIT) - 1)
            start = key & ((1 << _UNIT) - 1)
        place = (requirement.key, month, gap[month], pledge.key)
        found.append(Binding(*place, obstacles, unit, start))
    return found


def _least(tried: Sequence[Options], months: Counts) -> Counts:
    """Return, for each month, the key of the tour with the fewest obstacles that serves in it.

    A key holds, from high to low, the number of things to take away, the obstacles, the unit and
    the start.
    """
    last = tried[0].last
    starts = np.arange(len(last), dtype=np.int64)
    keys = np.full(len(last), _NONE)
    for options in tried:
        key = (
            (((options.things << _BITS) | options.obstacles) << _MASK)
            | (options.unit << _UNIT)
            | starts
        )
        keys = np.minimum(keys, key)
    serves = (starts[:, None] <= months) & (last[:, None] >= months)
    return np.asarray(np.where(serves, keys[:, None], _NONE).min(axis=0))
