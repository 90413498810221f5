"""The commands: what they print and write, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import sulh
from sulh.cli.app import run
from sulh.questions.care.outputs import FILES

Toy = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


def test_a_simulation_is_written(toy: Toy, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    folder = str(toy())
    assert run(["care", "check", folder]) == 0
    assert "sound. 1,000 people" in capsys.readouterr().out
    assert run(["care", "simulate", folder, "-o", str(out), "--replications", "4"]) == 0
    assert {path.name for path in out.iterdir()} == set(FILES)
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert told["replications"] == 4
    assert told["clocks"]["first aid"]["share"] == 1.0
    events = pl.read_parquet(out / "events.parquet")
    assert events["hour"].is_between(0, 107 * 24).all()
    # Every patient is hurt once and asks once.
    counts = dict(events["event"].cast(pl.String).value_counts().iter_rows())
    assert counts["injured"] == counts["requested"] == counts["first aid"]
    assert counts["operation begins"] <= counts["injured"]


def test_evacuated_and_outpatients_are_told_apart(
    toy: Toy, tmp_path: Path, capsys: Captured
) -> None:
    """1,000 people at 1,000 per 1,000 and year over 100 days are 273.8 patients, a quarter of them
    of priority 1.
    """
    folder, out = str(toy(rates=(",100,1,0,1,0,0,", ",1000,1,0,0.25,0,0,"))), tmp_path / "out"
    assert run(["care", "check", folder]) == 0
    told = capsys.readouterr().out
    assert "expected in 100 days: 68 patients of priority 1 to 3, 205 outpatients" in told
    assert run(["care", "simulate", folder, "-o", str(out), "--replications", "4"]) == 0
    printed = capsys.readouterr().out
    patients = pl.read_parquet(out / "patients.parquet").height
    assert f"{patients:,} patients of priority 1 to 3 ({patients / 4:,.0f} a replic" in printed
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    years = 100 / 365.25
    assert summary["patients_a_year"] == pytest.approx(patients / 4 / years)
    # Four runs of 205 outpatients: a standard deviation is 29, five of them are allowed.
    walked = summary["outpatients_a_year"] * years * 4
    assert abs(walked - 4 * 205.3) < 5 * 29
    assert f"{walked:,.0f} outpatients ({walked / 4:,.0f})" in printed


def test_a_name_of_markup_does_no_harm_in_the_report(toy: Toy, tmp_path: Path) -> None:
    folder = str(toy(case=('name = "toy"', 'name = "<script>alert(1)</script>"')))
    out = tmp_path / "out"
    assert run(["care", "simulate", folder, "-o", str(out), "--replications", "2"]) == 0
    assert "<script" not in (out / "report.html").read_text(encoding="utf-8")


def test_a_queue_as_json(capsys: Captured) -> None:
    asked = ["care", "validate", "queue", "--servers", "3", "--load", "2", "--json"]
    assert run([*asked, "--customers", "50000", "--seed", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["wait_theory"] == pytest.approx(0.444444, abs=1e-6)
    assert found["blocked_theory"] == pytest.approx(0.210526, abs=1e-6)
    # Three half-widths are 6.8 standard errors at 9 degrees of freedom: P = 8e-5.
    assert abs(found["wait_simulated"] - found["wait_theory"]) < 3 * found["half_width"]
    assert (
        abs(found["blocked_simulated"] - found["blocked_theory"]) < 3 * found["blocked_half_width"]
    )


def test_an_overloaded_queue_has_no_wait(capsys: Captured) -> None:
    asked = ["care", "validate", "queue", "--servers", "2", "--load", "5", "--json"]
    assert run([*asked, "--customers", "1000"]) == 0
    assert json.loads(capsys.readouterr().out)["wait_theory"] is None
    assert run(["care", "validate", "queue", "--servers", "0", "--load", "5"]) == 2


def test_without_maps_new_says_what_to_do(tmp_path: Path, capsys: Captured) -> None:
    asked = ["care", "new", str(tmp_path / "x"), "--operation", "MINUSMA", "--month", "2020-06"]
    starter = Path(sulh.__file__).parent / "starter"
    assert run([*asked, "--store", str(starter)]) == 2
    assert "deployment maps" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_python_has_the_same(toy: Toy) -> None:
    case = sulh.care.Case.read(toy())
    outcome = case.simulate(3)
    assert outcome.clocks().height == 3 * 2 * 4
    assert case.compare(case, 3).table.height > 10
    # The toy's camp at 0 degrees north and east lies in the Gulf of Guinea.
    assert ["at sea" in text or "level 1" in text for text in case.warnings()] == [True, True]
