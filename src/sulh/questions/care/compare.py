"""Two cases side by side, on common random numbers: paired differences with intervals."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest
from sulh.methods.simulation.intervals import Ratio, ratio_difference, ratio_interval
from sulh.questions.care.case import Case
from sulh.questions.care.engine import run
from sulh.questions.care.engine.arrays import OPERATED, Array
from sulh.questions.care.outcome import Outcome, simulate
from sulh.questions.care.statistics import CLOCKS
from sulh.result import Result

AIM = (
    "A patient is taken where the need is met soonest: for priorities 1 and 2 and whoever is "
    "operated on, a theatre or a bed of level 2. Who is fetched straight to it, where before a "
    "vehicle called at a level 1 on the way, is in surgery sooner and in "
    "enhanced care later: read the clocks together."
)
"""Why one clock may worsen when another betters: rule 3 of docs/care.md."""


def compare(
    one: Case,
    other: Case,
    replications: int = 100,
    seed: int = 1,
    pool: Executor | None = None,
) -> Result:
    """Return what ``other`` changes against ``one``: each measure of both, and the difference.

    A site and a cause of the same names draw the same patients in both.
    """
    first = simulate(one, replications, seed, pool)
    second = simulate(other, replications, seed, pool)
    if first.replications != second.replications:
        raise BadRequest(
            f"{second.replications} of {first.replications} replications of the second case",
            "differences are of pairs",
            "run it again without stopping it, or with fewer replications",
        )
    before, after = _measures(first), _measures(second)
    rows = []
    for name, unit in before:
        a, b = before[name, unit], after[name, unit]
        change = ratio_difference(b, a)
        rows.append(
            {
                "measure": name,
                "unit": unit,
                "first": ratio_interval(*a).value,
                "second": ratio_interval(*b).value,
                "difference": change.value,
                "low": change.low,
                "high": change.high,
            }
        )
    table = pl.DataFrame(rows, infer_schema_length=None).fill_nan(None)
    return Result(
        name="care_compare",
        title=f"{other.settings.name} against {one.settings.name}",
        table=table,
        assumed=(
            f"{first.replications} replications from seed {seed}; both cases draw the same "
            "patients, weather and serviceability wherever sites, causes and fleets have the same "
            "names.",
            "low and high: the 95 % interval of the paired difference.",
            "Patients are those of priority 1 to 3; outpatients are in no measure.",
            AIM,
        ),
    )


def _measures(outcome: Outcome) -> dict[tuple[str, str], Ratio]:
    """Return sums above and below by replication of each measure, with its unit."""
    facts: Array = outcome.raw.facts
    found: dict[tuple[str, str], Ratio] = {}
    priority = facts[:, run.FACTS.index("priority")]
    surgery = facts[:, run.FACTS.index("surgery")] > 0
    size = outcome.replications
    for (clock, column), limit in zip(CLOCKS, outcome.case.settings.clocks, strict=True):
        minutes = outcome.minutes_to(column)
        for number in (0, 1, 2, 3):
            who = surgery if clock == "surgery" else np.ones(len(facts), dtype=np.bool_)
            who = who & (priority == number) if number else who
            above = np.bincount(outcome.row[who & (minutes <= limit)], minlength=size)
            below = np.bincount(outcome.row[who], minlength=size)
            group = f"priority {number}" if number else "all"
            found[f"{clock} within {limit:g} min, {group}", "share"] = above, below
    minutes = outcome.minutes_to(OPERATED)
    came = ~np.isnan(minutes)
    found["time to surgery", "minutes, mean"] = (
        np.bincount(outcome.row[came], minutes[came], size),
        np.bincount(outcome.row[came], minlength=size),
    )
    years = np.full(size, outcome.case.settings.days / 365.25)
    missed = np.bincount(
        outcome.row[surgery & ~(minutes <= outcome.case.settings.clocks[2])], minlength=size
    )
    found["operated on too late or never", "patients a year"] = missed, years
    over = outcome.raw.facilities[:, :, 2].sum(axis=1)
    found["arrivals without a bed", "a year"] = over, years
    return found
