"""A plan that was written before: its bound holds for its own case only, and it is not lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx

import sulh
from sulh.cli.app import run
from sulh.questions.forces.case import Case
from sulh.questions.forces.earlier import read_earlier
from sulh.questions.forces.engine.solve import Progress
from sulh.questions.forces.identity import digest
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, Tour, read_plan
from sulh.questions.forces.planning import Limits, make_plan

Toy = Callable[..., Path]
FIRST = Tour("P1", 1, "R1", 2, 7, ("O1",))
LAST = Tour("P1", 1, "R1", 11, 11, ("O1",))
BEST = 13_570_000


@pytest.fixture
def written(toy: Toy, tmp_path: Path) -> tuple[Path, Path]:
    """Return the folders of the toy case and of its best plan."""
    folder, out = toy(), tmp_path / "out"
    assert run(["forces", "plan", str(folder), "-o", str(out), "--seconds", "5"]) == 0
    return folder, out


def test_the_bound_is_read_for_the_same_case_only(written: tuple[Path, Path]) -> None:
    folder, out = written
    case = Case.read(folder)
    again = read_earlier(case, out / "plan.csv")
    assert (again.summary()["gap"], again.notes) == (0, ())
    assert read_earlier(replace(case, name="other"), out / "plan.csv").bound == approx(BEST)
    more = replace(case, pledges=(*case.pledges, replace(case.pledges[0], key="P2")))
    other = read_earlier(more, out / "plan.csv")
    assert other.bound is None
    assert "this one has changed" in other.notes[0]


def test_a_case_that_only_reads_otherwise_is_the_same(toy: Toy) -> None:
    case = Case.read(toy())
    text = (toy() / "case.toml").read_text().replace("2_000", "2000.0 # points")
    assert digest(Case.read(toy(case_toml=text))) == digest(case)
    assert digest(Case.read(toy(case_toml=text.replace("2000", "2001")))) != digest(case)


def test_a_plan_that_was_cut_is_told_wherever_it_is_read(
    written: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = written
    path = out / "plan.csv"
    new = out.parent / "new"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    for words in (
        ["check", str(folder), "--plan", str(path)],
        ["value", str(folder), "--plan", str(path), "--anew", "0", "--format", "csv"],
        ["women", str(folder), "--plan", str(path)],
        ["replan", str(folder), "--keep", str(path), "--from", "2026-06", "-o", str(new)],
    ):
        capsys.readouterr()
        assert run(["forces", *words]) == 0, words
        told = capsys.readouterr().err
        assert "has 1 tours, and summary.json beside it says 2: it was cut" in told, words


def test_a_plan_that_was_changed_is_told(written: tuple[Path, Path]) -> None:
    folder, out = written
    path = out / "plan.csv"
    assert path.read_text().count("2026-12,2026-12") == 1
    path.write_text(path.read_text().replace("P1,1,R1,2026-12,2026-12", "P1,1,R1,2026-11,2026-12"))
    (note,) = read_earlier(Case.read(folder), path).notes
    assert "it was changed after it was written" in note


@pytest.mark.parametrize("content", ["", "[]", "{", '{"bound": "x", "tours": true}', "null"])
def test_a_summary_that_says_nothing_proves_nothing(
    written: tuple[Path, Path], content: str
) -> None:
    folder, out = written
    (out / "summary.json").write_text(content)
    assert read_earlier(Case.read(folder), out / "plan.csv").bound is None


def test_a_better_plan_is_never_written_over(
    written: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = written
    (out / "summary.json").unlink()
    before = (out / "plan.csv").read_bytes()
    words = ["forces", "plan", str(folder), "-o", str(out), "--seconds", "1"]
    assert run(words) == 0
    assert "none better was found" in capsys.readouterr().err
    assert (out / "plan.csv").read_bytes() == before
    # A worse one is where the next starts from.
    Planned(Case.read(folder), Plan((LAST,)), None, 0).write(out)
    assert run(words) == 0
    assert "and bettered it by" in capsys.readouterr().err
    assert json.loads((out / "summary.json").read_text())["objective"] == approx(BEST)


def test_a_plan_of_another_case_stays_unless_forced(
    written: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = written
    text = (folder / "partners.csv").read_text()
    (folder / "partners.csv").write_text(text.replace("O1,FRA", "O2,FRA"))
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    words = ["forces", "plan", str(folder), "-o", str(out), "--seconds", "1"]
    assert run(words) == 2
    told = capsys.readouterr().err
    assert "not valid for this case" in told
    assert "--force" in told
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert run([*words, "--force"]) == 0
    assert {tour.offers for tour in read_plan(Case.read(folder), out / "plan.csv").tours} == {
        ("O2",)
    }


def test_replanning_does_not_write_over_the_plan_that_runs(
    written: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = written
    words = ["forces", "replan", str(folder), "--keep", str(out / "plan.csv"), "-o", str(out)]
    assert run([*words, "--from", "2026-06"]) == 2
    assert "the plan that runs would be lost" in capsys.readouterr().err


def test_a_run_starts_from_a_plan_and_its_bound(toy: Toy) -> None:
    case = Case.read(toy())
    seen: list[Progress] = []
    start = Planned(case, Plan((FIRST, LAST)), float(BEST), 0)
    found = make_plan(case, Limits(5), seen.append, start=start)
    # It is proven already: nothing is run.
    assert (found.plan, found.bound, seen) == (start.plan, BEST, [])
    weaker = Planned(case, Plan((LAST,)), 1.0, 0)
    found = make_plan(case, Limits(5), seen.append, start=weaker)
    assert found.summary()["objective"] == approx(BEST)
    assert all(state.bound >= 1 and state.objective < BEST + 1e7 for state in seen)


def test_python_starts_from_a_plan_and_tells_of_one_that_was_cut(
    written: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, out = written
    case = sulh.forces.Case.read(folder)
    there = case.planned(out / "plan.csv")
    assert case.plan(seconds=1, start=there).tours().equals(there.tours())
    shutil.copy(out / "summary.json", tmp_path)
    (tmp_path / "plan.csv").write_text(
        "pledge,unit,requirement,first_month,last_month,offers\n", encoding="utf-8"
    )
    assert "it was cut" in case.planned(tmp_path / "plan.csv").notes[0]
