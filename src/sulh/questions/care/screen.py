"""Which uncertain inputs matter: a Morris or Sobol screen of a case (needs SALib)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Literal

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest
from sulh.questions.care.case import Case
from sulh.questions.care.engine.arrays import OPERATED, Array
from sulh.questions.care.outcome import Outcome, simulate
from sulh.questions.care.records import Spread
from sulh.result import Result

Change = Callable[[Case, float], Case]
Method = Literal["morris", "sobol"]


@dataclass(frozen=True)
class Effort:
    """How a screen is made: ``samples`` trajectories (Morris) or base samples (Sobol)."""

    method: Method = "morris"
    samples: int = 10
    replications: int = 5
    seed: int = 1


def _minutes(name: str) -> Change:
    def change(case: Case, factor: float) -> Case:
        old: Spread = getattr(case.settings.times, name)
        new: dict[str, Any] = {name: Spread(old.median * factor, old.tenth * factor)}
        times = replace(case.settings.times, **new)
        return replace(case, settings=replace(case.settings, times=times))

    return change


def _rate(cause: str) -> Change:
    def change(case: Case, factor: float) -> Case:
        causes = tuple(
            replace(c, per_1000_person_years=c.per_1000_person_years * factor)
            if c.key == cause
            else c
            for c in case.causes
        )
        return replace(case, causes=causes)

    return change


def _fleet(name: str, kinds: tuple[str, ...], most: float = float("inf")) -> Change:
    def change(case: Case, factor: float) -> Case:
        fleets = tuple(
            replace(f, **{name: min(getattr(f, name) * factor, most)}) if f.kind in kinds else f
            for f in case.fleets
        )
        return replace(case, fleets=fleets)

    return change


def _rule(name: str, most: float) -> Change:
    def change(case: Case, factor: float) -> Case:
        value = min(getattr(case.settings, name) * factor, most)
        return replace(case, settings=replace(case.settings, **{name: value}))

    return change


def changes(case: Case) -> Mapping[str, Change]:
    """Return the inputs that are screened, each with how a factor changes the case."""
    aircraft = ("helicopter", "aeroplane")
    return {
        **{f"rate of {cause}": _rate(cause) for cause in case.cause_names},
        "request": _minutes("request"),
        "permission": _minutes("permission"),
        "stabilising": _minutes("stabilise"),
        "operation": _minutes("operation"),
        "speed of helicopters": _fleet("speed_kmh", ("helicopter",)),
        "speed of ambulances": _fleet("speed_kmh", ("ambulance",)),
        "readiness of aircraft": _fleet("readiness_minutes", aircraft),
        "serviceability of aircraft": _fleet("available", aircraft, 1.0),
        "bad weather": _rule("bad_weather", 1.0),
        "road factor": _rule("road_factor", 10.0),
    }


def screen(case: Case, effort: Effort | None = None, pool: Executor | None = None) -> Result:
    """Return how much the share in surgery in time moves with each input, from half to double.

    Factors are even on a logarithmic scale. Morris: mean absolute and standard deviation of the
    effects; Sobol: first-order and total indices, with their 95 % half-widths. Common random
    numbers in all runs.
    """
    effort, salib = effort or Effort(), _salib()
    named = changes(case)
    problem = {"num_vars": len(named), "names": list(named), "bounds": [[-1.0, 1.0]] * len(named)}
    if effort.method == "morris":
        points = salib["morris"].sample(problem, effort.samples, seed=effort.seed)
    else:
        points = salib["sobol"].sample(
            problem, effort.samples, calc_second_order=False, seed=effort.seed
        )
    answers = np.array([_answer(case, named, point, effort, pool) for point in points])
    table = _analysed(salib, problem, points, answers, effort)
    return Result(
        name="care_sensitivity",
        title=f"What the share in surgery in time rests on: {case.settings.name}",
        table=table,
        assumed=(
            f"each input from half to double its value, by {effort.method}: {len(points)} cases of "
            f"{effort.replications} replications, seed {effort.seed}.",
            f"the share over all cases runs from {answers.min():.1%} to {answers.max():.1%}.",
        ),
    )


def _salib() -> dict[str, ModuleType]:
    try:
        from SALib.analyze import morris as morris_of
        from SALib.analyze import sobol as sobol_of
        from SALib.sample import morris, sobol
    except ImportError as error:
        raise BadRequest(
            "the package SALib is not installed",
            "it draws and analyses the screen",
            "install sulh with the extra `sensitivity`",
        ) from error
    return {"morris": morris, "sobol": sobol, "of morris": morris_of, "of sobol": sobol_of}


def _answer(
    case: Case, named: Mapping[str, Change], point: Array, effort: Effort, pool: Executor | None
) -> float:
    for change, value in zip(named.values(), point, strict=True):
        case = change(case, 2.0 ** float(value))
    return share_in_time(simulate(case, effort.replications, effort.seed, pool))


def share_in_time(outcome: Outcome) -> float:
    """Return the share of those operated on who are in surgery within the clock."""
    surgery = outcome.raw.facts[:, 4] > 0
    if not surgery.any():
        return 0.0
    in_time = outcome.minutes_to(OPERATED)[surgery] <= outcome.case.settings.clocks[2]
    return float(in_time.mean())


def _analysed(
    salib: dict[str, ModuleType],
    problem: dict[str, object],
    points: Array,
    answers: Array,
    effort: Effort,
) -> pl.DataFrame:
    if effort.method == "morris":
        found = salib["of morris"].analyze(problem, points, answers, seed=effort.seed)
        columns = {"mean_absolute_effect": "mu_star", "half_width": "mu_star_conf"}
        columns |= {"mean_effect": "mu", "standard_deviation": "sigma"}
    else:
        found = salib["of sobol"].analyze(
            problem, answers, calc_second_order=False, seed=effort.seed
        )
        columns = {"total": "ST", "total_half_width": "ST_conf", "first_order": "S1"}
        columns |= {"first_order_half_width": "S1_conf"}
    values = {name: np.asarray(found[key], dtype=float) for name, key in columns.items()}
    table = pl.DataFrame({"input": problem["names"], **values})
    return table.sort(table.columns[1], descending=True)
