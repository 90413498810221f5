"""Each family of constraints on a toy case, against rows written out (golden/*.txt)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np
import pytest
from tests.forces.engine.small_cases import case, offer, pledge, requirement

from sulh.questions.forces.engine import families
from sulh.questions.forces.engine.families import Draft
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.usage import empty_usage
from sulh.questions.forces.records import Chain, Combined, Mission, Nation

# Two requirements, each in three months (0 to 2); Kenya's two units of 100 for two months with one
# at home after, at most one tour each, and one more unit that needs airlift. Kenya deploys at most
# 250 persons, in one mission at a time; UNIFIL takes 150 of a nation and wants 15 % women.
TOY = case(
    [requirement("A", last=2), requirement("B", mission="UNIFIL", units=2, last=2)],
    [
        pledge("P", units=2, max_tours=1, latest=2),
        pledge("Q", tour_months=3, strength=60, needs=("airlift",), latest=2, earliest=1),
    ],
    [offer("O", uses=3)],
    nations={"KEN": Nation("KEN", 250, 1)},
    missions={"UNIFIL": Mission("UNIFIL", 150, 0.15)},
)
FREE = case(
    TOY.requirements,  # type: ignore[arg-type]
    TOY.pledges,  # type: ignore[arg-type]
    nations={"KEN": Nation("KEN", 250, None)},
    missions=TOY.missions,
)


def names(model: Model) -> dict[str, Callable[[int], str]]:
    horizon, missions = model.horizon, model.mission_names
    pledges = [p.key for p in model.pledges]
    wanted = [r.key for r in model.case.requirements]
    # Beside each requirement one for tours that do not count.
    wanted += [f"{key}*" for key in wanted]
    tours = model.tours

    def at(rows: list[str]) -> Callable[[int], str]:
        return lambda key: f"{rows[key // horizon]},{key % horizon}"

    def nation_mission(key: int) -> str:
        pair, month = divmod(key, horizon)
        return (
            f"{model.nation_names[pair // len(missions)]},{missions[pair % len(missions)]},{month}"
        )

    def pledge_mission(key: int) -> str:
        pair, month = divmod(key, horizon)
        return f"{pledges[pair // len(missions)]},{missions[pair % len(missions)]},{month}"

    def tour(key: int) -> str:
        return f"{pledges[tours.pledge[key]]},{wanted[tours.requirement[key]]},{tours.first[key]}"

    return {
        "tour": tour,
        "coverage": at(wanted),
        "rotation": at(pledges),
        "tours": lambda key: pledges[key],
        "support": lambda key: str(model.support.classes[key]),
        "uses": lambda key: model.case.offers[key].key,
        "supported": str,
        "women": at(list(missions)),
        "personnel": at(list(model.nation_names)),
        "missions": at(list(model.nation_names)),
        "share": nation_mission,
        "deploys": nation_mission,
        "serves": nation_mission,
        "wholes": lambda key: "+".join(tour(part) for part in model.wholes.parts[key]),
        "parts_made": tour,
        "wholes_made": tour,
        "chains": lambda key: model.case.chains[key].key,
        "pledge_serves": pledge_mission,
    }


@pytest.mark.parametrize(
    "family",
    [*families.BETWEEN_NATIONS, *families.WITHIN_NATION],
    ids=lambda family: str(family.__name__),
)
def test_a_family_is_its_golden_rows(family: Callable[[Draft], None]) -> None:
    model = Model.of(FREE if family is families.nation_share else TOY)
    draft = Draft(model, np.arange(len(model.tours)), empty_usage(model))
    assert draft.tour.start == 0
    family(draft)
    golden = Path(__file__).parent / "golden" / f"{family.__name__}.txt"
    assert draft.program.text(names(model)) == golden.read_text(encoding="utf-8")


# Months 0 to 4: Kenya two months, then Ghana two; and a company of Ghana and of France for three.
WHOLES = case(
    [requirement("A", first=1, last=3)],
    [
        pledge("P"),
        pledge("Q", "GHA"),
        pledge("S", "GHA", tour_months=3),
        pledge("T", "FRA", tour_months=3),
    ],
    chains=(Chain("C", "A", ("P", "Q")),),
    combined=(Combined("U", ("S", "T")),),
)


@pytest.mark.parametrize("family", [families.wholes, families.coverage])
def test_wholes_are_their_golden_rows(family: Callable[[Draft], None]) -> None:
    model = Model.of(WHOLES)
    draft = Draft(model, np.arange(len(model.tours)), empty_usage(model))
    assert draft.tour.start == 0
    family(draft)
    name = {"wholes": "wholes", "coverage": "coverage_of_wholes"}[family.__name__]
    golden = Path(__file__).parent / "golden" / f"{name}.txt"
    assert draft.program.text(names(model)) == golden.read_text(encoding="utf-8")


def test_highs_solves_what_version_1_14_presolves_wrongly() -> None:
    """Least of -273 a - 117 b + 8 w, 9 a + 15 b <= w, a and b 0 or 1: a alone, -273 + 72."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    a, b = highs.addBinary(-273.0), highs.addBinary(-117.0)
    w = highs.addVariable(0.0, highspy.kHighsInf, 8.0)
    highs.addConstr(a + b <= 2)
    highs.addConstr(9 * a + 15 * b - w <= 0)
    highs.run()
    assert highs.getObjectiveValue() == pytest.approx(-201)
