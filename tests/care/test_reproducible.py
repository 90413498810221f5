"""The same seed gives the same events, whatever the workers; variants share their patients."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from sulh.questions.care.case import Case
from sulh.questions.care.compare import compare
from sulh.questions.care.outcome import simulate

Toy = Callable[..., Path]


def busy(case: Case) -> Case:
    """Return the toy with more patients, bad weather and a fleet that fails."""
    return replace(
        case,
        settings=replace(case.settings, bad_weather=0.2),
        fleets=(replace(case.fleets[0], available=0.7, number=2),),
        causes=(replace(case.causes[0], per_1000_person_years=900, casualties_per_event=3),),
    )


@pytest.mark.slow
def test_processes_change_nothing(toy: Toy) -> None:
    case = busy(Case.read(toy()))
    alone = simulate(case, 25, 5)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        together = simulate(case, 25, 5, pool)
    assert alone.events().equals(together.events())
    assert np.array_equal(alone.raw.hourly, together.raw.hourly)


@pytest.mark.slow
def test_a_cluster_changes_nothing(toy: Toy) -> None:
    distributed = pytest.importorskip("distributed")
    case = busy(Case.read(toy()))
    with distributed.Client(processes=False, n_workers=1, dashboard_address=None) as client:
        pool = client.get_executor()
        assert simulate(case, 15, 5, pool).events().equals(simulate(case, 15, 5).events())


def test_a_replication_does_not_depend_on_how_many_there_are(toy: Toy) -> None:
    case = busy(Case.read(toy()))
    few, many = simulate(case, 3, 9).events(), simulate(case, 12, 9).events()
    assert many.filter(many["replication"] < 3).equals(few)
    assert not simulate(case, 3, 10).events().equals(few)


def test_variants_share_their_patients(toy: Toy) -> None:
    case = busy(Case.read(toy()))
    quick = replace(case, fleets=(replace(case.fleets[0], readiness_minutes=1.0, number=3),))
    one, other = simulate(case, 5), simulate(quick, 5)
    assert np.array_equal(one.raw.facts[:, :5], other.raw.facts[:, :5])
    assert np.array_equal(one.raw.times[:, 0], other.raw.times[:, 0])
    # So the interval of the difference is narrower than that of either case by itself.
    table = compare(case, quick, 40).table
    row = table.filter(table["measure"] == "time to surgery").row(0, named=True)
    assert row["high"] < 0
    assert row["difference"] == pytest.approx(row["second"] - row["first"])


def test_a_case_against_itself_differs_by_nothing(toy: Toy) -> None:
    case = busy(Case.read(toy()))
    assert set(compare(case, case, 10).table["difference"].drop_nulls()) == {0.0}
