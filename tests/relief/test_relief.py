"""Relief: needs by hand, teams by enumeration, the match, and bad input."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.core.errors import AmbiguousName, BadRequest, UnknownName
from sulh.methods.geodesy import great_circle_km
from sulh.questions.places import place_named
from sulh.questions.relief.match import match, uncovered
from sulh.questions.relief.needs import CLASSES, Disaster, daily, lines, teams_needed
from sulh.questions.relief.outputs import size
from sulh.questions.relief.standards import kinds, table
from sulh.questions.relief.teams import EXAMPLE, example_rows, journey, read_teams, write_template

_HEADER = "team,nation,kind,registered,ready_days,stay_days,latitude,longitude,tonnes,note\n"


def test_a_camp_of_80_000_by_hand() -> None:
    told = {line.what: line.amount for line in lines(Disaster(80_000, 30))}
    assert told["water"] == 80_000 * 15
    assert told["water in all"] == 80_000 * 15 * 30 / 1000
    assert told["latrines"] == 80_000 / 20
    assert told["taps"] == 80_000 / 250
    assert told["covered shelter"] == 80_000 * 3.5
    assert told["site"] == 80_000 * 45 / 10_000
    assert told["family tents"] == 80_000 / 5
    assert told["outpatients"] == pytest.approx(80_000 * 3 / 365)
    food = next(line for line in lines(Disaster(80_000, 30)) if line.what == "food")
    assert food.tonnes == pytest.approx(80_000 * 30 * 0.55 / 1000)


def test_injured_add_operations_and_beds() -> None:
    calm, hit = daily(Disaster(10_000, 30)), daily(Disaster(10_000, 30, 1_000))
    assert hit["operations"] - calm["operations"] == pytest.approx(1_000 * 0.25 / 10)
    assert hit["beds"] - calm["beds"] == pytest.approx(1_000 * 0.15)
    assert hit["litres"] == calm["litres"]


@pytest.mark.parametrize("people", [100, 7_300, 20_000])
def test_the_teams_are_the_least_to_lift(people: int) -> None:
    needs, known = daily(Disaster(people, 30)), [kinds()[key] for key in CLASSES]
    best = min(
        sum(count * kind.tonnes for count, kind in zip(counts, known, strict=True))
        for counts in product(range(5), repeat=len(known))
        if all(
            sum(n * kind.gives[s] for n, kind in zip(counts, known, strict=True)) >= need - 1e-9
            for s, need in needs.items()
        )
    )
    found = teams_needed(needs)
    assert sum(kinds()[key].tonnes * count for key, count in found.items()) == best


def _file(folder: Path, *rows: str) -> Path:
    path = folder / "teams.csv"
    path.write_text(_HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_team_by_road_and_a_team_by_air(tmp_path: Path) -> None:
    goma = place_named("Goma, COD")
    near, far = read_teams(
        _file(
            tmp_path,
            "near,RWA,emt_1_fixed,registered,1,10,-1.97,30.14,,",
            "far,TUR,emt_2,registered,2,28,40.13,32.99,60,",
        )
    )
    km = float(great_circle_km(-1.97, 30.14, goma.latitude, goma.longitude)) * 1.4
    by_road, by_air = journey(near, goma), journey(far, goma)
    # Under 400 km of road: one day at 40 km/h and 10 hours, and two to set up.
    assert km < 400
    assert (by_road.mode, by_road.days, by_road.flights) == ("road", 3, 0)
    assert by_road.km == pytest.approx(km)
    # 60 t are two flights of 40 t; 4,660 km are two legs of 4,000: 5.6 + 12 hours, two days of 16.
    assert (by_air.mode, by_air.flights, by_air.days) == ("air", 2, 4)
    assert by_air.hours() == pytest.approx(2 * 2 * (by_air.km / 830 + 12))
    found = match(Disaster(10_000, 30), goma, (near, far))
    # Near: ready on day 1, then 3 days to come and set up: at work from day 5 at the soonest.
    # Far: ready on day 2, then 4 days. It stays to the end; the near one's 10 days may be any.
    starts = {one.team.key: one.first for one in found.sent}
    assert starts["near"] >= 5
    assert starts["far"] == 7
    short = uncovered(Disaster(10_000, 30), found.sent)
    assert short["operations"].to_list()[0] == 1.0
    assert short["operations"].to_list()[-1] == 0.0
    assert short["litres"].to_list() == [1.0] * 30
    assert found.objective == pytest.approx(found.bound, abs=0.02)


def test_without_aircraft_only_the_near_come(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "near,RWA,emt_1_fixed,registered,1,10,-1.97,30.14,,",
        "far,TUR,emt_2,registered,2,28,40.13,32.99,,",
    )
    found = match(Disaster(10_000, 30), place_named("Goma, CD"), read_teams(path), aircraft=0)
    assert [one.team.key for one in found.sent] == ["near"]
    assert [team.key for team in found.left] == ["far"]


def test_no_team_is_no_error(tmp_path: Path) -> None:
    found = match(Disaster(10, 3), place_named("Goma, CD"), read_teams(_file(tmp_path)))
    assert found.sent == ()
    assert found.uncovered["litres"].to_list() == [1.0] * 3


def test_every_problem_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    path = _file(tmp_path, "a,XXX,emt_9,perhaps,-1,0,95,0,-2,", "a,RWA,emt_2,pledged,1,5,0,0,,")
    with pytest.raises(BadCase) as told:
        read_teams(path)
    assert told.value.total == 8


def test_the_template_presents_no_registration_as_fact(tmp_path: Path) -> None:
    rows = example_rows()
    assert len(rows) > 5
    assert {row["registered"] for row in rows} == {EXAMPLE}
    assert all("not a registration" in row["note"] for row in rows)
    assert len(read_teams(write_template(tmp_path / "teams")[0])) == len(rows)
    with pytest.raises(BadRequest):
        write_template(tmp_path / "teams")


def test_every_standard_rests_on_a_source_or_says_that_it_is_assumed() -> None:
    for name, _, source in table():
        assert "grade" in source or "assumption" in source, name


def test_places_by_town_by_point_and_by_neither() -> None:
    assert place_named("Cox's Bazar").airfield == "VGCB"
    assert place_named(" 21.19, 92.14").airfield == "VGCB"
    with pytest.raises(UnknownName):
        place_named("Nowhere at all")
    with pytest.raises(AmbiguousName, match="GB, US"):
        place_named("Birmingham")
    with pytest.raises(BadRequest, match="not on the Earth"):
        place_named("91,0")


def test_the_camp_and_the_group_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teams, out = str(tmp_path / "teams" / "teams.csv"), tmp_path / "out"
    assert run(["relief", "teams", str(tmp_path / "teams")]) == 0
    words = ["relief", "size", "--people", "80000", "--place", "21.19,92.14", "--days", "30"]
    assert run([*words, "--teams", teams, "--group", "OIC", "-o", str(out)]) == 0
    assert "no nation has registered them" in capsys.readouterr().out
    told = json.loads((out / "summary.json").read_text())
    assert told["match"]["outside_the_group"] == ["example 13"]
    assert {one["nation"] for one in told["match"]["sent"]} <= {
        *("BGD", "TUR", "IDN", "PAK", "EGY", "MYS", "JOR", "SAU", "MAR"),
    }
    page = (out / "report.html").read_text()
    assert "The teams below are example rows" in page
    assert run([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["teams_needed"]["water_unit"] == 6


def test_more_injured_than_people_are_refused() -> None:
    goma = place_named("Goma, COD")
    with pytest.raises(BadRequest, match="999,999 injured of 5,000 people"):
        size(Disaster(5_000, 30, 999_999), goma)
    assert size(Disaster(5_000, 30, 5_000), goma).summary()["injured"] == 5_000


def test_a_place_at_sea_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["relief", "size", "--people", "5000", "--place"]
    assert run([*words, "0,-30", "-o", str(tmp_path / "out")]) == 0
    note = "0,-30 lies more than 300 km from any airfield known: is it at sea?"
    assert f"note: {note}" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["notes"] == [note]
    assert note in (tmp_path / "out" / "report.html").read_text()
    assert run([*words, "Goma, COD"]) == 0
    assert "note:" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--people", "0", "--place", "Goma"],
        ["--people", "10", "--place", "Goma", "--group", "OIC"],
        ["--people", "10", "--place", "Nowhere at all"],
        ["--people", "5000", "--injured", "5001", "--place", "Goma"],
        ["--people", "10", "--place", "Goma", "--teams", "/nowhere/teams.csv"],
    ],
)
def test_bad_requests_end_with_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["relief", "size", *words]) == 2
    assert capsys.readouterr().err.strip()
