"""Reading a case: every problem at once, and cases that lack what one would expect."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.core.errors import BadRequest
from sulh.questions.care.case import Case
from sulh.questions.care.engine.run import MOST_KEPT, MOST_REPLICATIONS
from sulh.questions.care.outcome import simulate
from sulh.questions.care.outputs import FILES, write
from sulh.questions.care.warnings import warnings

Toy = Callable[..., Path]


def test_every_problem_is_told_at_once(toy: Toy) -> None:
    folder = toy(
        sites=("camp,0,0,1000", "camp,95,0,-1"),
        facilities=("hospital,1.8,0,2,9", "hospital,1.8,0,7,0"),
        evacuation=("heli,helicopter,hospital", "heli,balloon,nowhere"),
        rates=(",100,1,0,1,0,0", ",-5,0.5,0,0.8,0.8,0"),
        case=("sunset = 18", "sunset = 5"),
    )
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    text = str(caught.value)
    for part in (
        "sites.csv, line 2: latitude is '95'",
        "sites.csv, line 2: people is '-1'",
        "facilities.csv, line 2: level is '7'",
        "facilities.csv, line 2: doctors is '0'",
        "evacuation.csv, line 2: kind is 'balloon'",
        "evacuation.csv, line 2: base is 'nowhere'",
        "rates.csv, line 2: per_1000_person_years is '-5'",
        "rates.csv, line 2: casualties_per_event is '0.5'",
        "rates.csv, line 2: priority_1 is '0.8'",
        "sunset comes before sunrise",
    ):
        assert part in text, part


def test_nothing_is_said_of_references_into_a_file_that_cannot_be_read(toy: Toy) -> None:
    folder = toy(rates=("attack,,", "attack,camp,"), evacuation=("hospital,1,", "camp,1,"))
    text = (folder / "sites.csv").read_text(encoding="utf-8")
    (folder / "sites.csv").write_text(text, encoding="utf-16")
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    assert [problem.file for problem in caught.value.problems] == ["sites.csv"]
    assert "byte 0 is not UTF-8" in str(caught.value)


def test_a_bad_cell_does_not_hide_a_reference_that_leads_nowhere(toy: Toy) -> None:
    folder = toy(
        sites=("camp,0,0,1000", "camp,95,0,1000"),
        rates=("attack,,", "attack,Gao,"),
        evacuation=("hospital,1,", "camp,1,"),
    )
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    found = [(problem.file, problem.found) for problem in caught.value.problems]
    # The helicopter is at the camp whose latitude is bad: that reference is sound.
    assert found == [("sites.csv", "latitude is '95'"), ("rates.csv", "site is 'Gao'")]


def test_a_case_without_sites_is_told_beside_other_problems(toy: Toy) -> None:
    folder = toy(sites=("camp,0,0,1000,0\n", ""), case=("sunset = 18", "sunset = 5"))
    with pytest.raises(BadCase, match="no site") as caught:
        Case.read(folder)
    assert caught.value.total == 2


def test_missing_files_and_garbage_are_told(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_bytes(b"\xff\x00[[[")
    (tmp_path / "sites.csv").write_text('site,latitude\n"unclosed', encoding="utf-8")
    with pytest.raises(BadCase):
        Case.read(tmp_path)
    assert run(["care", "check", str(tmp_path)]) == 2


def odd(case: Case) -> dict[str, Case]:
    """Return cases that lack something or hold something absurd, and are sound all the same."""
    far = replace(case.sites[0], latitude=-40.0, longitude=-120.0)
    nobody = replace(case.sites[0], people=0)
    grounded = replace(case.fleets[0], available=0.0)
    return {
        "no hospital": replace(case, facilities=(), fleets=()),
        "no helicopter": replace(case, fleets=()),
        "site at sea": replace(case, sites=(far,)),
        "zero people": replace(case, sites=(nobody,)),
        "no cause": replace(case, causes=()),
        "never serviceable": replace(case, fleets=(grounded,)),
        "no theatre": replace(case, facilities=(replace(case.facilities[0], theatres=0),)),
        "always bad weather": replace(case, settings=replace(case.settings, bad_weather=1.0)),
        "one day": replace(case, settings=replace(case.settings, days=1)),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("no hospital", "no helicopter", "site at sea", "zero people", "no cause"),
        *("never serviceable", "no theatre", "always bad weather", "one day"),
    ],
)
def test_an_odd_case_has_an_answer(toy: Toy, tmp_path: Path, name: str) -> None:
    case = odd(Case.read(toy()))[name]
    list(warnings(case))
    outcome = simulate(case, 3)
    if name != "one day":
        assert (~(outcome.minutes_to(5) > 0)).all(), "somebody was operated on"
    assert {path.name for path in write(outcome, tmp_path / "out")} == set(FILES)


def test_warnings_name_what_is_absent(toy: Toy) -> None:
    cases = odd(Case.read(toy()))
    assert any("at sea" in w for w in warnings(cases["site at sea"]))
    assert any("nobody will be operated on" in w for w in warnings(cases["no theatre"]))
    assert any("nobody lives" in w for w in warnings(cases["zero people"]))
    assert any("no helicopter" in w for w in warnings(cases["no helicopter"]))
    assert any("strikes anybody" in w for w in warnings(cases["no cause"]))
    walking = replace(cases["one day"].causes[0], priority_1=0.0)
    outpatients = replace(cases["one day"], causes=(walking,))
    assert any("nobody will be evacuated" in w for w in warnings(outpatients))


def test_where_nobody_is_hurt_nothing_binds(toy: Toy, tmp_path: Path) -> None:
    for name in ("zero people", "no cause"):
        write(simulate(odd(Case.read(toy()))[name], 2), tmp_path / name)
        told = json.loads((tmp_path / name / "summary.json").read_text(encoding="utf-8"))
        assert told["binding"] == {"delay": None, "patients_a_year": 0.0}
        assert "alarm”" not in (tmp_path / name / "report.html").read_text(encoding="utf-8")
    # With one helicopter an hour away and 10 + 30 minutes before it starts, the way binds.
    write(simulate(Case.read(toy()), 2), tmp_path / "some")
    told = json.loads((tmp_path / "some" / "summary.json").read_text(encoding="utf-8"))
    assert told["binding"]["delay"] is not None


def test_an_absurd_rate_ends_with_an_error(toy: Toy) -> None:
    case = Case.read(toy(rates=(",100,1,", ",1000000000,1,")))
    with pytest.raises(BadRequest, match="patients are expected"):
        simulate(case, 1)


def test_more_than_memory_holds_is_refused_before_it_starts(toy: Toy) -> None:
    case = Case.read(toy(rates=(",100,1,", ",100000,1,")))
    most = int(MOST_KEPT / case.expected_evacuated)
    assert 1 < most < MOST_REPLICATIONS
    with pytest.raises(BadRequest, match=f"ask for at most {most:,} replications"):
        simulate(case, most + 1)


def test_a_queue_without_end_ends_with_an_error(toy: Toy) -> None:
    case = Case.read(
        toy(rates=(",100,1,", ",300000,1,"), case=("steps = 100000000", "steps = 1000000"))
    )
    with pytest.raises(BadRequest, match="did not end within 1,000,000 steps"):
        simulate(case, 1)


def test_a_great_disaster_has_an_answer(toy: Toy) -> None:
    """A million per 1,000 person-years are 2,700 a day: more than can be moved."""
    case = Case.read(toy(case=("days = 100", "days = 2")))
    cause = replace(case.causes[0], per_1000_person_years=1e6, casualties_per_event=50)
    outcome = simulate(replace(case, causes=(cause,)), 1)
    assert outcome.raw.patient.size > 3_000
    assert outcome.raw.units[0, 0, 1] < 500
