"""The kernel against a program in SimPy that follows the same rules: the same times, patient by
patient, and the same number of events."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sulh.questions.care.case import Case
from sulh.questions.care.engine import arrays
from sulh.questions.care.engine.chain import run_chain
from sulh.questions.care.engine.layout import layout
from sulh.questions.care.engine.replication import world_of
from sulh.questions.care.engine.run import desk_of
from sulh.questions.care.example import write_example
from sulh.questions.care.records import Facility, Spread
from sulh.store.reading import Store

Toy = Callable[..., Path]
COLUMNS = {
    "requested": arrays.REQUESTED,
    "enhanced": arrays.ENHANCED,
    "hospital": arrays.HOSPITAL,
    "began": arrays.OPERATED,
    "ended": arrays.OUT_OF_THEATRE,
    "onward": arrays.ONWARD,
    "left": arrays.LEFT,
}


def crowded(case: Case) -> Case:
    """Return the toy with everything that can go wrong in it, and too little of all.

    Times spread, so that no two things happen at once: the programs may then differ.
    """
    spread = {name: Spread(20, 45) for name in ("first_aid_camp", "request", "permission")}
    spread |= {name: Spread(30, 90) for name in ("first_aid_field", "stabilise", "operation")}
    times = replace(case.settings.times, **spread)
    hospital = replace(
        case.facilities[0],
        **{"doctors": 1, "theatres": 1, "operations_per_day": 2, "beds": 3, "holding_days": 0.4},
    )
    camp = Facility("camp 1", 0.0, 0.0, 1, 1, 0, 0, 2, 2, False)
    rear = Facility("rear", 3.0, 1.0, 3, 2, 1, 5, 9, 1, True)
    home = Facility("home", 9.0, 2.0, 4, 1, 0, 0, 0, 0, True)
    near = replace(hospital, key="near", longitude=0.5, airfield=True, operations_per_day=1)
    heli = replace(case.fleets[0], number=2, night=False, available=0.8, seats=2)
    car = replace(
        heli, key="car", kind="ambulance", base="camp", permission=False, range_km=700, medic=False
    )
    plane = replace(heli, key="plane", kind="aeroplane", base="rear", number=1, range_km=4000)
    attack = replace(
        case.causes[0],
        **{"per_1000_person_years": 1500, "casualties_per_event": 3, "in_field": 0.5},
        **{"priority_1": 0.2, "priority_2": 0.3, "priority_3": 0.2, "surgery_2": 0.5},
    )
    sick = replace(attack, key="sick", per_1000_person_years=9000, in_field=0, priority_1=0)
    return replace(
        case,
        settings=replace(case.settings, bad_weather=0.2, times=times),
        sites=(replace(case.sites[0], radius_km=60),),
        facilities=(hospital, near, camp, rear, home),
        fleets=(heli, car, plane),
        causes=(attack, replace(sick, casualties_per_event=1.0, priority_2=0.01)),
    )


def agree(case: Case, number: int, root: Path) -> int:
    """Hold the two programs against each other; return the number of patients operated on."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    from benchmarks.care.simpy_chain import Chain

    desk = desk_of(layout(case), case)
    world = world_of(desk, desk.draw(1, number), 1, number)
    chain = Chain(world_of(desk, desk.draw(1, number), 1, number))
    chain.run()
    assert run_chain(world)
    for name, column in COLUMNS.items():
        other = np.array([getattr(patient, name) for patient in chain.patients])
        np.testing.assert_allclose(world.times[:, column], other, atol=1e-7, err_msg=name)
    assert int(world.now["events"][0]) == chain.events
    assert world.facilities["seen"].tolist() == [f.seen for f in chain.facilities]
    assert world.facilities["waited_hours"] == pytest.approx([f.waited for f in chain.facilities])
    assert world.facilities["overflow"].tolist() == [f.overflow for f in chain.facilities]
    assert world.units["km"] == pytest.approx([unit.km for unit in chain.units])
    return int((~np.isnan(world.times[:, arrays.OPERATED])).sum())


@pytest.mark.parametrize("number", [0, 1, 2])
def test_both_programs_agree_where_all_is_short(toy: Toy, root: Path, number: int) -> None:
    pytest.importorskip("simpy")
    assert agree(crowded(Case.read(toy())), number, root) > 50


@pytest.mark.shared
@pytest.mark.slow
def test_both_programs_agree_on_minusma(real_store: Store, tmp_path: Path, root: Path) -> None:
    pytest.importorskip("simpy")
    write_example(tmp_path / "mali", real_store, "MINUSMA", "2020-06")
    assert agree(Case.read(tmp_path / "mali"), 0, root) > 300
