"""Cases of supply: made from a lay-down, read, and every problem told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.laydown import laydown
from sulh.questions.supply.case import Case
from sulh.questions.supply.defaults import defaults, rests_on
from sulh.questions.supply.new import entry_of, write_case
from sulh.store.reading import Store

from .conftest import FILES, Write


def test_every_problem_is_told_at_once(write: Write) -> None:
    folder = write(
        ("places.csv", "0,2,1000,0", "0,200,-5,7"),
        ("commodities.csv", "2,10,5,10", "2,10,5,4"),
        ("fleets.csv", "road,5,16", "rail,5,0"),
        ("routes.csv", "270,1,10,yes,,,", "x,1,0,maybe,,13,"),
        ("case.toml", "days = 100", "days = 0"),
    )
    with pytest.raises(BadCase) as told:
        Case.read(folder)
    text = str(told.value)
    for place in (
        "places.csv, line 3: longitude is '200'",
        "places.csv, line 3: persons is '-5'",
        "places.csv, line 3: water_made_here is '7'",
        "commodities.csv, line 2: fill_days is '4'",
        "fleets.csv, line 2: mode is 'rail'",
        "fleets.csv, line 2: payload_t is '0'",
        "routes.csv, line 2: km is 'x'",
        "routes.csv, line 2: convoy_vehicles is '0'",
        "routes.csv, line 2: escort is 'maybe'",
        "routes.csv, line 2: closed_months is '13'",
        "case.toml, line 4: days is '0'",
    ):
        assert place in text, place
    assert told.value.total == 11


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("routes.csv", "road,Port,Camp", "road,Port,Elsewhere"), "no such name"),
        (("routes.csv", "road,Port,Camp", "road,Camp,Camp"), "from one place to another"),
        (("routes.csv", "road,Port,Camp", "road,Camp,Port"), "no route leads to Camp"),
        (("places.csv", "Port,source", "Port,site"), "no place has the role source"),
        (("routes.csv", ",270,", ",24000,"), "more than 80 days"),
        (("places.csv", "Camp,site", "Port,site"), "has the same"),
    ],
)
def test_files_that_do_not_fit_together(
    write: Write, change: tuple[str, str, str], told: str
) -> None:
    with pytest.raises(BadCase, match=told):
        Case.read(write(change))


@pytest.mark.parametrize("name", list(FILES))
def test_a_missing_or_damaged_file_is_one_report(write: Write, name: str) -> None:
    folder = write()
    (folder / name).write_bytes(b"\xff\x00,")
    with pytest.raises(BadCase, match=name):
        Case.read(folder)
    (folder / name).unlink()
    with pytest.raises(BadCase, match=name):
        Case.read(folder)


def test_every_default_rests_on_a_source_or_says_that_it_is_assumed() -> None:
    entries = [
        entry
        for held in defaults().values()
        for entry in (held if isinstance(held, list) else [held])
    ]
    assert len(entries) > 10
    for entry in entries:
        assert rests_on(entry), entry
        assert "topic" not in entry or "grade" in rests_on(entry), entry


def test_an_entry_is_a_name_and_a_point() -> None:
    assert entry_of("Port, old,1.5,-2").name == "Port, old"
    for bad in ("Dakar", "Dakar,1", "Dakar,91,0", ",1,2"):
        with pytest.raises(BadRequest):
            entry_of(bad)


def test_the_small_store_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(NotAnswerable, match="Geo-PKO"):
        write_case(Store.open(None), tmp_path / "case", "MINUSMA", "2020-06")
    assert not (tmp_path / "case").exists()


@pytest.mark.shared
def test_minusma_in_june_2020(real_store: Store, tmp_path: Path) -> None:
    stands = laydown(real_store, "MINUSMA", "2020-06")
    # The map has 12 places; the head-count of 2020-05 is 13,893 (UN monthly report).
    assert (stands.month, stands.sites.height, stands.reported) == ("2020-06", 12, 13_893)
    assert stands.persons == 13_893
    assert stands.sites["troops"].sum() == 17_940
    later = laydown(real_store, "MINUSMA", "2020-08")
    assert later.month == "2020-06"
    with pytest.raises(NotAnswerable, match="the first deployment map"):
        laydown(real_store, "MINUSMA", "2013-01")
    store = str(real_store.path)
    case = str(tmp_path / "case")
    words = ["supply", "new", case, "--operation", "MINUSMA", "--month", "2020-06"]
    assert run([*words, "--store", store]) == 0
    assert run([*words, "--store", store]) == 2  # never over a case
    assert run(["supply", "check", case]) == 0
    out = tmp_path / "out"
    assert run(["supply", "simulate", case, "-o", str(out), "--replications", "20"]) == 0
    told = json.loads((out / "summary.json").read_text())
    assert told["persons"] == 13_893
    # By hand: 13,893 persons times 4.2 + 1.97 + 8 + 0.73 kg over 365 days are 75,558 t.
    assert told["tonnes_needed"] == pytest.approx(13_893 * 14.9 * 365 / 1000, rel=0.005)
    assert told["amount_short"][0] < 0.01
    assert "Supply: MINUSMA 2020-06" in (out / "report.html").read_text()
    sized = tmp_path / "sized"
    assert run(["supply", "size", case, "-o", str(sized), "--replications", "20"]) == 0
    assert Case.read(sized).settings.escorts >= 1


def test_commands_report_bad_input_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    assert run(["supply", "check", str(tmp_path / "none")]) == 2
    assert "case.toml: the file is missing" in capsys.readouterr().err
    assert run(["supply", "simulate", str(write()), "-o", str(tmp_path / "o")]) == 0
    assert "200 t needed, 0.00% not met" in capsys.readouterr().out
