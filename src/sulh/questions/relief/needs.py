"""What so many people need over so many days, and the least teams that give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from sulh.methods.programs import Program, solve
from sulh.questions.relief.standards import SERVICES, kinds, standards, value

CLASSES = ("emt_1_fixed", "emt_2", "emt_3", "water_unit")
"""Kinds that a need is stated in; others serve as far as they are registered."""


@dataclass(frozen=True, slots=True)
class Disaster:
    """People in need at a place; ``injured``, who are among them, come in the first days."""

    people: int
    days: int
    injured: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is needed: how much of what unit, over which time."""

    what: str
    amount: float
    unit: str
    tonnes: float


def daily(disaster: Disaster) -> dict[str, float]:
    """Return what the services must give on a day: visits, major operations, beds, litres.

    >>> daily(Disaster(50_000, 30))["litres"]
    750000.0
    """
    operated = disaster.injured * value("injured_operated") / value("injured_days")
    bedded = disaster.injured * value("injured_bedded")
    return {
        "outpatients": disaster.people * value("visits") / 365,
        "operations": disaster.people / 10_000 * value("operations") + operated,
        "beds": disaster.people / 10_000 * value("beds") + bedded,
        "litres": disaster.people * value("water"),
    }


def lines(disaster: Disaster) -> list[Line]:
    """Return everything that is needed, with the weight of what is brought."""
    people, days = disaster.people, disaster.days
    tents, needs = ceil(people / value("household")), daily(disaster)
    food = people * days * value("food_kg") / 1000
    months = ceil(days / 30)
    water = needs["litres"]
    return [
        Line("water", water, "litres a day", 0.0),
        Line("water to survive", people * value("water_survival"), "litres a day", 0.0),
        Line("water in all", water * days / 1000, "m3", 0.0),
        Line("taps", ceil(people / value("taps")), "taps", 0.0),
        Line("food", people * value("food") / 1e6, "million kcal a day", food),
        Line("covered shelter", people * value("shelter"), "m2", 0.0),
        Line("family tents", tents, "tents", tents * value("tent_kg") / 1000),
        Line("site", people * value("site") / 10_000, "hectares", 0.0),
        Line("latrines", ceil(people / value("latrines")), "latrines", 0.0),
        Line("blankets", people * value("blankets"), "pieces", people * value("items_kg") / 1000),
        Line("hygiene kits", people * value("hygiene_kits") * months, "kits", 0.0),
        Line("outpatients", needs["outpatients"], "visits a day", 0.0),
        Line("major operations", needs["operations"], "a day", 0.0),
        Line("inpatient beds", needs["beds"], "beds", 0.0),
    ]


def teams_needed(needs: Mapping[str, float]) -> dict[str, int]:
    """Return the teams that meet the needs with the least to lift, by kind.

        minimise  sum_k t_k n_k   subject to  sum_k g_ks n_k >= need_s for every service s

    Proven optimal by HiGHS. By hand, 300,000 litres are two units of 225,000:

    >>> teams_needed({"outpatients": 0, "operations": 0, "beds": 0, "litres": 300_000})
    {'water_unit': 2}
    """
    known = [kinds()[key] for key in CLASSES]
    program = Program()
    counts = program.add_variables(
        *("teams", np.arange(len(known)), [kind.tonnes for kind in known], (0.0, 1e6)), whole=True
    )
    rows = program.add_rows(
        "service", np.arange(len(SERVICES)), [-needs[service] for service in SERVICES]
    )
    for place, kind in zip(counts.places, known, strict=True):
        gives = [-kind.gives[service] for service in SERVICES]
        program.enter(rows.rows, np.full(len(SERVICES), place), gives)
    answer = solve(program, mip_rel_gap=0.0)
    assert answer.values is not None
    found = {kind.key: round(float(n)) for kind, n in zip(known, answer.values, strict=True)}
    return {key: count for key, count in found.items() if count}


def sorties(tonnes: float) -> int:
    """Return how many flights of the reference aircraft carry so much.

    >>> sorties(81)
    3
    """
    return ceil(tonnes / float(standards()["lift"]["payload_t"]))
