"""What looks like a slip is told with file, line, value and mend; the case is planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.questions.forces.case import Case
from sulh.questions.forces.example import write_example

from .conftest import TOY

Changed = Callable[[str, str, str], Path]
NEED = "R1,UNMISS,infantry_company,1,2026-01,2026-12,2.5,en"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "requirements.csv",
            "infantry_company",
            "infantry_compnay",
            [
                "requirements.csv, line 2: capability is 'infantry_compnay': no pledge has it, so "
                "the need stays open. What to do: write infantry_company, if that is meant.",
                "pledges.csv, line 2: capability is 'infantry_company': no requirement asks for "
                "it, so the unit stays at home. What to do: write infantry_compnay, if that is "
                "meant.",
            ],
        ),
        (
            "requirements.csv",
            "infantry_company",
            "isr_unit",
            [
                "requirements.csv, line 2: capability is 'isr_unit': no pledge has it, so the need "
                "stays open. What to do: correct the name, or leave it."
            ],
        ),
        (
            "partners.csv",
            "airlift,,",
            "airlift,infantry_batallion,",
            [
                "partners.csv, line 2: capability is 'infantry_batallion': no pledge has it, so "
                "the offer supports nobody. What to do: correct the name, or leave it."
            ],
        ),
        (
            "requirements.csv",
            "2.5,en",
            "2.5,en|EN|english",
            [
                "requirements.csv, line 2: languages has 'EN': it is no ISO 639 code of a "
                "language. What to do: write en, if that is meant.",
                "requirements.csv, line 2: languages has 'english': it is no ISO 639 code of a "
                "language. What to do: write the code, for example en, fr or ar.",
            ],
        ),
        (
            "requirements.csv",
            "2.5,en",
            "2.5,fr",
            [
                "requirements.csv, line 2: languages has 'fr': no pledge has it, so it lets nobody "
                "serve. What to do: correct the code, or leave it."
            ],
        ),
        (
            "requirements.csv",
            "2026-01,2026-12",
            "2025-11,2026-12",
            [
                "requirements.csv, line 2: first_month is 2025-11 and last_month is 2026-12: the "
                "case starts in 2026-01; 2 months before it count as not covered. What to do: "
                "begin it in 2026-01, or the case in 2025-11."
            ],
        ),
        (
            "requirements.csv",
            "2026-01,2026-12",
            "2025-11,2025-11",
            [
                "requirements.csv, line 2: first_month is 2025-11 and last_month is 2025-11: the "
                "case starts in 2026-01; 1 month before it count as not covered. What to do: leave "
                "it out, or correct the months."
            ],
        ),
        (
            "requirements.csv",
            "2026-01,2026-12",
            "2027-01,2027-12",
            [
                "requirements.csv, line 2: first_month is 2027-01 and last_month is 2027-12: the "
                "case ends in 2026-12, so nothing is asked for. What to do: correct the months, or "
                "lengthen the case."
            ],
        ),
        (
            "pledges.csv",
            ",2026-01,,6,",
            ",2027-01,,6,",
            [
                "pledges.csv, line 2: available_from is 2027-01: with readiness rdl no month is "
                "left; the case runs from 2026-01 to 2026-12. What to do: correct the months or "
                "the readiness."
            ],
        ),
        (
            "partners.csv",
            "2026-01,2026-12",
            "2027-01,2027-12",
            [
                "partners.csv, line 2: first_month is 2027-01 and last_month is 2027-12: the case "
                "runs from 2026-01 to 2026-12. What to do: correct the months."
            ],
        ),
    ],
)
def test_each_slip_is_told_with_its_place_and_mend(
    toy_changed: Changed, file: str, old: str, new: str, told: list[str]
) -> None:
    assert [str(doubt) for doubt in Case.read(toy_changed(file, old, new)).doubts] == told


def test_a_priority_out_of_line_is_told(toy: Callable[..., Path]) -> None:
    head = "requirement,mission,capability,units,first_month,last_month,priority,languages\n"
    needs = [NEED.replace("R1", f"R{k}").replace("2.5", p) for k, p in enumerate("345", start=2)]
    rows = "\n".join([*needs, NEED.replace("2.5", "5000")]) + "\n"
    (doubt,) = Case.read(toy(requirements_csv=head + rows)).doubts
    # The middle one of 3, 4, 5 and 5,000 is 4.5.
    assert (doubt.line, doubt.found) == (5, "priority is 5000")
    assert "1,111 times above the middle one of the case, 4.5" in doubt.why


def test_cases_without_a_slip_are_clean(shared_forces: Path, tmp_path: Path) -> None:
    write_example(tmp_path / "new")
    folders = [shared_forces / "cases" / name for name in ("small", "medium", "large", "xlarge")]
    for folder in (*folders, tmp_path / "new"):
        assert Case.read(folder).doubts == ()


def test_check_and_plan_tell_the_same(
    toy_changed: Changed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(toy_changed("requirements.csv", "infantry_company", "infantry_compnay"))
    assert run(["forces", "check", folder]) == 0
    checked = capsys.readouterr()
    assert "sound, with 2 warnings." in checked.out
    assert checked.err.count("Warning: ") == 2
    words = ["forces", "plan", folder, "-o", str(tmp_path / "out"), "--seconds", "1"]
    assert run(words) == 0
    assert capsys.readouterr().err == checked.err


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("women = 2_000", "women = 2_000\ncost = 1", 17, "'cost' of [weights] is not known"),
        ("[case]", "[weihgts]\nunmet = 1\n\n[case]", 1, "[weihgts] is not known"),
        ("[case]", "nmae = 1\n[case]", 1, "'nmae' is not known"),
        ("months = 12", "months = 12\nmonth = 3", 5, "'month' of [case] is not known"),
        ("months = 12", "months = 0", 4, "months is '0'"),
        ("women = 2_000", "women = -1", 16, "women is '-1'"),
        ("women = 2_000", "", 13, "women is missing"),
        ("months = 12", "months = ", 4, "Invalid value"),
    ],
)
def test_case_toml_is_refused_with_the_line(
    toy_changed: Changed, old: str, new: str, line: int, told: str
) -> None:
    with pytest.raises(BadCase) as caught:
        Case.read(toy_changed("case.toml", old, new))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("case.toml", line)
    assert told in problem.found


@pytest.mark.parametrize(
    ("file", "said"),
    [("requirements.csv", "any plan is the best"), ("pledges.csv", "every need stays open")],
)
def test_a_case_that_asks_or_pledges_nothing_is_warned_of(
    toy: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    said: str,
) -> None:
    header = TOY[file].splitlines()[0] + "\n"
    folder = toy(**{file.replace(".", "_"): header})
    out = str(tmp_path / "out")
    for command in (["check", str(folder)], ["plan", str(folder), "-o", out, "--seconds", "2"]):
        assert run(["forces", *command]) == 0
        told = capsys.readouterr().err
        assert f"{file}: no " in told
        assert said in told
