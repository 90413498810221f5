"""The page on medical support: its commands run, and what it says of MINUSMA in 2020 holds."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sulh.cli.app import run
from sulh.questions.care.case import Case
from sulh.questions.care.compare import AIM, compare
from sulh.questions.care.example import write_example
from sulh.questions.care.outcome import simulate
from sulh.questions.care.site import Effort, site
from sulh.questions.care.statistics import clocks, delays
from sulh.store.reading import Store


@pytest.fixture(scope="module")
def mali(real_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("care") / "mali"
    write_example(folder, real_store, "MINUSMA", "2020-06")
    return Case.read(folder)


@pytest.mark.shared
def test_the_case_is_the_real_lay_down_with_its_sources(real_store: Store, tmp_path: Path) -> None:
    write_example(tmp_path / "mali", real_store, "MINUSMA", "2020-06")
    case = Case.read(tmp_path / "mali")
    names = {site.key for site in case.sites}
    assert {"Gao", "Kidal", "Ménaka", "Tessalit", "Bamako"} <= names
    assert len(names) == 12
    # 5.7 visits per 1,000 people a day are 2,082 a year.
    illness = next(cause for cause in case.causes if cause.key == "illness")
    assert round(5.7 * 365.25) == illness.per_1000_person_years
    text = (tmp_path / "mali" / "README.md").read_text(encoding="utf-8")
    assert text.count("| B |") > 15
    for name in ("sites.csv", "facilities.csv", "evacuation.csv", "rates.csv"):
        table = pl.read_csv(tmp_path / "mali" / name, infer_schema=False)
        assert table["source"].null_count() == 0


@pytest.mark.shared
@pytest.mark.slow
def test_minusma_2020(mali: Case) -> None:
    outcome = simulate(mali, 60)
    table = clocks(outcome).filter(pl.col("priority") == "all")
    whole = table.filter(pl.col("site") == "all")["share"].to_list()
    assert whole == pytest.approx([0.91, 0.81, 0.51], abs=0.02)
    surgery = dict(table.filter(pl.col("clock") == "surgery").select("site", "share").iter_rows())
    for far in ("Ansongo", "Mopti/Sevare", "Douentza", "Ménaka", "Tessalit", "Goundam"):
        assert surgery[far] < 0.05, far
    for near in ("Gao", "Kidal", "Tombouctou Timbuktu"):
        assert surgery[near] > 0.7, near
    lost = dict(delays(outcome).select("delay", "in_time_without").iter_rows())
    assert max(lost, key=lambda name: lost[name]) == "way to the patient"
    assert lost["way to the patient"] == pytest.approx(41, abs=4)
    assert lost["permission"] == pytest.approx(3, abs=1)
    assert lost["no unit free"] < 1


@pytest.mark.shared
@pytest.mark.slow
def test_a_third_helicopter(mali: Case) -> None:
    other = next(fleet for fleet in mali.fleets if fleet.kind == "helicopter")
    third = replace(other, key="third", base="Tombouctou Timbuktu level 2")
    table = compare(mali, replace(mali, fleets=(*mali.fleets, third)), 60).table
    rows = {row["measure"]: row for row in table.iter_rows(named=True)}
    share = rows["surgery within 120 min, all"]
    assert 0 < share["low"] < share["high"] < 0.01
    time = rows["time to surgery"]
    assert -25 < time["difference"] < -8
    assert time["high"] < 0


@pytest.mark.shared
@pytest.mark.slow
def test_helicopters_that_fly_in_the_dark(mali: Case) -> None:
    flown = tuple(
        replace(fleet, night=True) if fleet.kind == "helicopter" else fleet for fleet in mali.fleets
    )
    found = compare(mali, replace(mali, fleets=flown), 20)
    rows = {row["measure"]: row for row in found.table.iter_rows(named=True)}
    enhanced = rows["enhanced care within 60 min, all"]
    assert (enhanced["first"], enhanced["second"]) == pytest.approx((0.82, 0.78), abs=0.01)
    assert rows["time to surgery"]["difference"] == pytest.approx(-60, abs=8)
    assert AIM in found.assumed


@pytest.mark.shared
@pytest.mark.slow
def test_what_is_promised_and_what_is_simulated(mali: Case) -> None:
    found = site(mali, 3, 3, Effort(replications=20))
    shares = dict(found.result.table.select("answer", "share").iter_rows())
    assert len(found.hospitals) == len(found.bases) == 3
    plain = shares["promised by covering, every helicopter free"]
    assert shares["promised by expected covering (MEXCLP)"] <= plain + 1e-9
    assert shares["simulated as sited"] < plain


@pytest.mark.shared
@pytest.mark.slow
def test_the_page_runs_from_top_to_bottom(
    root: Path, real_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SULH_STORE", str(real_store.path))
    text = (root / "docs" / "care.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 10
    for command in commands:
        if command.startswith("sulh "):
            assert run(shlex.split(command)[1:]) == 0, command
        else:
            subprocess.run(command, shell=True, check=True)
    page = (tmp_path / "mali-2020" / "report.html").read_text(encoding="utf-8")
    assert "What binds" in page
    assert "<script" not in page
