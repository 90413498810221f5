"""The front of cost against coverage against women's share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import polars as pl

from sulh.questions.forces.case import Case, Weights
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, score
from sulh.questions.forces.planning import Limits, make_plan
from sulh.questions.forces.tables import persons_by_month
from sulh.result import Chart, Result

COST = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
WOMEN = (0.0, 1.0, 10.0)


@dataclass(frozen=True, slots=True)
class Point:
    """A plan of the front and the multiples of the case's weights it was made with."""

    cost_weight: float
    women_weight: float
    plan: Plan
    cost_usd: float
    unmet_priority_months: float
    women_share: float


def front(
    planned: Planned,
    seconds: float,
    weights: tuple[Sequence[float], Sequence[float]] = (COST, WOMEN),
    pool: Executor | None = None,
    report: Callable[[int, int, str], None] | None = None,
) -> Result:
    """Return the plans that no other plan found betters in cost, coverage and women's share.

    The plan that is there is the first point; the case is planned anew, ``seconds`` each, with its
    weights of cost and of women times each of ``weights``. Every point is valid; between two
    points there may be others.
    """
    case = planned.case
    tasks = [(case, c, w, seconds) for c in weights[0] for w in weights[1]]
    points = [_measured(case, planned.plan, (1.0, 1.0))]
    for done, point in enumerate((pool.map if pool else map)(_point, tasks), start=1):
        points.append(point)
        if report:
            report(done, len(tasks), f"cost x {point.cost_weight:g}")
    table = _table(case, undominated(points))
    return Result(
        name="forces_trade",
        title=f"Cost against coverage against women's share: {case.name}",
        table=table,
        units={"cost_usd": "USD", "covered": "share of priority-months", "women_share": "share"},
        assumed=(
            f"Weights of cost times {', '.join(f'{x:g}' for x in weights[0])} and of women times "
            f"{', '.join(f'{x:g}' for x in weights[1])}, {seconds:g} s for each pair.",
        ),
        chart=Chart("line", "cost_million_usd", "covered", "women", rows=_drawn(table)),
    )


def _point(task: tuple[Case, float, float, float]) -> Point:
    case, cost, women, seconds = task
    old = case.weights
    changed = replace(case, weights=Weights(old.unmet, old.cost_usd * cost, old.women * women))
    return _measured(case, make_plan(changed, Limits(seconds, 0.0, 1)).plan, (cost, women))


def _measured(case: Case, plan: Plan, weights: tuple[float, float]) -> Point:
    found, people = score(case, plan), persons_by_month(case, plan)
    persons = int(people["persons"].sum())
    share = int(people["women"].sum()) / persons if persons else 0.0
    return Point(*weights, plan, found.cost_usd, found.unmet_priority_months, share)


def _drawn(table: pl.DataFrame) -> pl.DataFrame:
    """Return the points by the multiple of the weight of women, with the share that came of it."""
    shares = table.group_by("women_weight").agg(
        (pl.col("women_share") * 100).min().round().alias("low"),
        (pl.col("women_share") * 100).max().round().alias("high"),
    )
    said = [
        f"women × {weight}: {low:g} %" if low == high else f"women × {weight}: {low:g}–{high:g} %"
        for weight, low, high in shares.iter_rows()
    ]
    named = shares.select("women_weight").with_columns(pl.Series("women", said, pl.String))
    joined = table.join(named, on="women_weight", how="left", maintain_order="left")
    return joined.select("cost_million_usd", "covered", "women")


def undominated(points: Sequence[Point]) -> list[Point]:
    """Return the points that no other betters in one respect without being worse in another."""

    def key(point: Point) -> tuple[float, float, float]:
        return point.cost_usd, point.unmet_priority_months, -point.women_share

    def beaten(point: Point) -> bool:
        mine = key(point)
        return any(
            all(a <= b for a, b in zip(key(other), mine, strict=True)) and key(other) != mine
            for other in points
        )

    kept = {key(point): point for point in reversed(points) if not beaten(point)}
    return [kept[found] for found in sorted(kept)]


def _table(case: Case, points: Sequence[Point]) -> pl.DataFrame:
    whole = score(case, Plan()).unmet_priority_months
    schema = {
        "cost_usd": pl.Float64,
        "cost_million_usd": pl.Float64,
        "covered": pl.Float64,
        "unmet_priority_months": pl.Float64,
        "women_share": pl.Float64,
        "tours": pl.Int64,
        "cost_weight": pl.Float64,
        "women_weight": pl.String,
    }
    rows = [
        (
            p.cost_usd,
            round(p.cost_usd / 1e6, 3),
            1 - p.unmet_priority_months / whole if whole else 1.0,
            p.unmet_priority_months,
            p.women_share,
            len(p.plan.tours),
            p.cost_weight,
            f"{p.women_weight:g}",
        )
        for p in points
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
