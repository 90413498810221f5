"""The commands: what they write, what they print, and how they end."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest import approx

import sulh
from sulh.cli.app import run
from sulh.questions.forces.case import Case
from sulh.questions.forces.plan import read_plan, violations

Toy = Callable[..., Path]


def test_the_example_is_a_sound_case_with_its_sources(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert run(["forces", "new", str(folder)]) == 0
    case = Case.read(folder)
    assert {p.capability for p in case.pledges} >= {r.capability for r in case.requirements}
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "1428 USD/person/month" in text
    assert "R, unverified" in text
    assert "S/RES/" in text
    assert case.personnel_month_usd == 1428
    # Every size of a unit is a figure of the page of sources; those of infantry companies are not.
    sizes = {(p.capability, p.strength) for p in case.pledges if p.capability[-7:] != "company"}
    assert {size for name, size in sizes if name == "formed_police_unit"} == {140}
    assert all(re.search(rf"\b{size}\b", text) for _, size in sizes), sizes
    # Not over a case that is there.
    before = (folder / "pledges.csv").read_bytes()
    assert run(["forces", "new", str(folder)]) == 2
    assert (folder / "pledges.csv").read_bytes() == before


def test_a_plan_is_written_and_checked(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = toy(), tmp_path / "out"
    assert run(["forces", "plan", str(folder), "-o", str(out), "--seconds", "10"]) == 0
    assert json.loads((out / "summary.json").read_text())["gap"] == 0
    case = Case.read(folder)
    assert violations(case, read_plan(case, out / "plan.csv")) == ()
    assert run(["forces", "check", str(folder), "--plan", str(out / "plan.csv")]) == 0
    assert "objective 13,570,000" in capsys.readouterr().out


def test_a_plan_that_breaks_rules_is_told_apart(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "pledge,unit,requirement,first_month,last_month,offers\nP1,1,R1,2026-02,2026-08,\n"
    )
    assert run(["forces", "check", str(toy()), "--plan", str(path)]) == 1
    told = capsys.readouterr().err
    assert all(f"rule {number}:" in told for number in (2, 3, 4))
    assert run(["forces", "women", str(toy()), "--plan", str(path)]) == 2


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["plan", "-o", "OUT"],
        ["value"],
        ["loss"],
        ["risk"],
        ["trade"],
        ["women"],
        ["replan", "-o", "OUT", "--keep", "OUT/plan.csv", "--from", "2026-03"],
    ],
)
def test_bad_input_ends_with_two_and_writes_nothing(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    out = tmp_path / "out"
    words = [word.replace("OUT", str(out)) for word in command]
    folder = toy(missions_csv="mission,max_personnel_per_nation,women_target\nUNMISS,-1,2\n")
    assert run(["forces", words[0], str(folder), *words[1:]]) == 2
    assert not out.exists()
    told = capsys.readouterr().err
    assert "missions.csv, line 2: max_personnel_per_nation is '-1'" in told
    assert "missions.csv, line 2: women_target is '2'" in told


@pytest.mark.parametrize(
    "options",
    [
        ["--seconds", "0"],
        ["--gap", "2"],
        ["--workers", "0"],
        ["--seconds", "x"],
    ],
)
def test_options_out_of_range_end_with_two(toy: Toy, tmp_path: Path, options: list[str]) -> None:
    assert run(["forces", "plan", str(toy()), "-o", str(tmp_path / "out"), *options]) == 2
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_the_folder_is_left_alone(toy: Toy, tmp_path: Path) -> None:
    there = tmp_path / "file"
    there.write_text("mine")
    assert run(["forces", "plan", str(toy()), "-o", str(there)]) == 2
    assert there.read_text() == "mine"


def test_questions_print_a_table(toy: Toy, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(toy())
    for command, column in (
        (["value", "--anew", "0", "--workers", "1"], "worth_points"),
        (["loss", "--anew", "0", "--workers", "1"], "loss_points"),
        (["risk", "--replications", "4", "--each", "1", "--workers", "1"], "covered_low"),
        (["women"], "women_missing"),
    ):
        words = ["forces", command[0], folder, *command[1:], "--seconds", "5", "--format", "csv"]
        assert run(words) == 0
        header = capsys.readouterr().out.splitlines()[0]
        assert column in header.split(",")


def test_replanning_writes_what_changes(toy: Toy, tmp_path: Path) -> None:
    folder, out = toy(), tmp_path / "out"
    assert run(["forces", "plan", str(folder), "-o", str(out), "--seconds", "5"]) == 0
    shutil.copy(out / "plan.csv", tmp_path / "old.csv")
    words = ["forces", "replan", str(folder), "--keep", str(tmp_path / "old.csv")]
    words += ["--from", "2026-06", "-o", str(tmp_path / "new"), "--seconds", "2"]
    assert run(words) == 0
    with (tmp_path / "new" / "changes.csv").open() as file:
        assert list(csv.reader(file)) == [
            ["change", "pledge", "unit", "requirement", "first_month", "last_month"]
        ]
    assert run([*words[:-5], "1999-01", "-o", str(tmp_path / "never")]) == 2
    assert not (tmp_path / "never").exists()


def test_python_gives_the_same(toy: Toy, tmp_path: Path) -> None:
    case = sulh.forces.Case.read(toy())
    seen: list[Any] = []
    planned = case.plan(seconds=5, progress=seen.append)
    assert planned.summary()["objective"] == approx(13_570_000)
    assert seen
    planned.write(tmp_path)
    again = case.planned(tmp_path / "plan.csv")
    assert again.tours().equals(planned.tours())
    assert again.women().table["women_missing"].sum() == 7 * 3
    assert case.replan(planned.plan, "2026-06", 0.0, 2).changes().height == 0


def test_a_pledge_that_is_taken_out_of_its_file_is_a_withdrawal(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its tours are named as impossible; a plan of which nothing is left is of another case."""
    folder, out = toy(), tmp_path / "out"
    assert run(["forces", "plan", str(folder), "-o", str(out), "--seconds", "5"]) == 0
    plan = out / "plan.csv"
    header, *tours = plan.read_text().splitlines()
    old = tmp_path / "old.csv"
    old.write_text("\n".join([header, *tours, tours[0].replace("P1,", "GONE,", 1)]) + "\n")
    words = ["forces", "replan", str(folder), "--keep", str(old), "--from", "2026-06"]
    words += ["--seconds", "2", "-o"]
    assert run([*words, str(tmp_path / "new")]) == 0
    assert "no pledge GONE any more: 1 tour of the plan" in capsys.readouterr().err
    changes = (tmp_path / "new" / "changes.csv").read_text().splitlines()
    assert [row.split(",")[:2] for row in changes[1:]] == [["impossible", "GONE"]]
    old.write_text("\n".join([header, tours[0].replace("P1,", "GONE,", 1)]) + "\n")
    assert run([*words, str(tmp_path / "none")]) == 2
    assert "pledges.csv has no such pledge" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
