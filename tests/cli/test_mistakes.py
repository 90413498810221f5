"""What people get wrong at the command line, and that no traceback or raw message meets them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sulh
from sulh.cli import app
from sulh.cli.app import run
from sulh.cli.mistakes import refuse_mistakes
from sulh.core.errors import BadMonth, BadRequest


@pytest.fixture(autouse=True)
def _starter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("rank OIC 2020-12", "sulh rank 2020-12 --group OIC"),
        ("rank OIC", "sulh rank --group OIC"),
        ("nation OIC", "sulh contributions OIC"),
        ("contributions BGD 2020", "sulh contributions BGD --from 2020-01 --to 2020-12"),
        ("contributions MINUSCA", "sulh operation MINUSCA"),
        ("operation BGD", "sulh nation BGD"),
        ("nation Sierra Leone", "sulh nation 'Sierra Leone'"),
        ("contributions OIC AU --scope all", "sulh contributions 'OIC, AU' --scope all"),
        ("without 2020-12 OIC", "sulh without OIC 2020-12"),
        ("groups OIC 1995", "sulh groups OIC --month 1995-12"),
        ("burden 2020-12", "sulh burden WORLD --from 2020-12 --to 2020-12"),
        ("rank 2020", "sulh rank 2020-12"),
        ("rank December 2020", "sulh rank 2020-12"),
        ("rank 'Dec 2020'", "sulh rank 2020-12"),
        ("rank 12/2020", "sulh rank 2020-12"),
        ("rank 2020-12-31", "sulh rank 2020-12"),
        ("lorenz OIC 2020", "sulh lorenz 2020-12 --group OIC"),
        ("contributions BGD December 2020", "sulh contributions BGD --from 2020-12 --to 2020-12"),
        ("nation MAR 2020", "sulh nation MAR --from 2020-01 --to 2020-12"),
        ("burden", "sulh burden OIC"),
    ],
)
def test_a_natural_mistake_is_answered_with_the_command_that_works(
    asked: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shlex.split(asked)) == 2
    assert meant in capsys.readouterr().err
    assert run(shlex.split(meant)[1:]) == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("rank --format exel", "--format is 'exel': it takes table, csv, json, parquet, xlsx"),
        ("rank --scope=moon", "--scope is 'moon': it takes un, peacekeeping, political"),
        ("gaps --kind missing", "--kind is 'missing': it takes missing_month"),
        ("ties BGD", "no SECOND is given"),
        ("brief 'OIC - AU'", "-o oic-au.html"),
        ("fetch nothing", "'nothing' cannot be fetched"),
        ("rank -o a.docx", "a table for a file named a.docx"),
        ("rank --format csv -o a.xlsx", "csv for a file named a.xlsx"),
        ("import", "neither a file to import nor one to drop"),
        ("rank 2020-11", "no report for 2020-11: the starter store holds only each December"),
        ("planning wages", "'wages' is no topic"),
        ("rank --grp OIC", "write --group if that is meant"),
        ("check --years 3", "its options are --chart, --format, --output, --store"),
    ],
)
def test_a_slip_is_told_with_what_is_taken(
    asked: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shlex.split(asked)) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_option_without_a_value_takes_no_word_from_the_next() -> None:
    refuse_mistakes(shlex.split("network OIC --together --tie co_deployment"))
    refuse_mistakes(shlex.split("network --tie co_deployment --no-together OIC"))


def test_help_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for words in (["help", "rank"], ["rank", "--help"], ["help"], ["--help"]):
        assert run(words) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != ""
    assert said[2] == said[3] != ""


@pytest.mark.parametrize("more", [[], ["--json"], ["--quiet"]])
def test_a_folder_without_files_is_said(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / ".hidden.csv").write_text("month,nation\n", encoding="utf-8")
    assert run(["import", str(folder), "--store", str(tmp_path / "store"), *more]) == 2
    printed, told = capsys.readouterr()
    assert printed == ""
    assert f"no file in {folder}" in told


def test_the_first_import_says_that_questions_ask_it_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["template", str(tmp_path / "mine")]) == 0
    own = str(tmp_path / "mine" / "kfor_february_2017.csv")
    told = []
    for words in (
        ["import", own],
        ["import", own],
        ["import", own, "--store", str(tmp_path / "s")],
    ):
        assert run(words) == 0
        told.append("questions ask this store from now on" in capsys.readouterr().out)
    assert told == [True, False, False]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx"])
def test_a_file_is_written_in_the_format_of_its_name(ending: str, tmp_path: Path) -> None:
    named, asked = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    assert run(["rank", "2020-12", "-o", str(named)]) == 0
    assert run(["rank", "2020-12", "--format", ending, "--output", str(asked)]) == 0
    assert named.read_bytes() == asked.read_bytes()
    assert not named.read_bytes().startswith(b"Contributors")


@pytest.mark.parametrize(
    "words",
    [
        ["rank", ""],
        ["rank", " "],
        ["rank", "2020-12", "--store", ""],
        ["rank", "2020-12", "--store="],
        ["template", ""],
        ["contributions", "OIC", "--by", ""],
    ],
)
def test_an_empty_argument_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "is empty" in capsys.readouterr().err


def test_python_refuses_empty_text_too() -> None:
    with pytest.raises(BadMonth):
        sulh.rank("")
    with pytest.raises(BadMonth):
        sulh.gaps(from_="")
    with pytest.raises(BadRequest, match="has no name"):
        sulh.open("")
    with pytest.raises(BadRequest, match="names no breakdown"):
        sulh.contributions("OIC", by=" ")


@pytest.mark.parametrize("command", ["rank", "rank --format parquet", "cite", "--help"])
def test_a_full_disk_is_said_in_one_line(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sulh", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=os.environ | {"SULH_STORE": ""},
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[0].startswith("sulh: the output: No space left")
    assert done.stderr.count(b"\n") == 1


def test_a_chart_and_a_template_that_cannot_be_written_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rank", "2020-12", "--chart", str(tmp_path / "absent" / "x.svg")]) == 2
    assert "cannot write" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert run(["template", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_store_where_no_file_can_be_made_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("x\n")
    assert run(["import", str(tmp_path / "a.csv"), "--store", "/proc"]) == 2
    assert "cannot write to /proc" in capsys.readouterr().err


def test_messages_have_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["template", str(tmp_path / "a\x1b[2Jb")]) == 0
    assert run(["template", str(tmp_path / "a\x1b[2Jb")]) == 2
    assert run(["table", "\x1b[31m"]) == 2
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err


def test_a_fault_of_the_program_is_told_without_its_inside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> None:
        raise ValueError("schema mismatch: expected Int64")

    monkeypatch.setattr(app, "refuse_mistakes", broken)
    assert run(["rank"]) == 2
    told = capsys.readouterr().err
    assert "a fault in sulh (ValueError)" in told
    assert "Int64" not in told
    monkeypatch.setenv("SULH_TRACE", "1")
    with pytest.raises(ValueError, match="Int64"):
        run(["rank"])
