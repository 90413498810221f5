"""The command line: fixed columns for scripts, exit statuses, errors that can be read."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer

from sulh.api.workbench import Workbench
from sulh.cli import contents
from sulh.cli.app import arranged, build, run
from sulh.cli.contents import VERBS
from sulh.store.layout import starter_store

HEADER = "month,nation,operation,personnel_type,women,men,persons,origin"


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(autouse=True)
def _starter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def test_the_table_of_contributions_has_the_fixed_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["table", "contributions", "--from", "2020-12", "--to", "2020-12"]
    assert run([*command, "--format", "csv"]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[0] == HEADER
    rows = _rows(text)
    assert {row["month"] for row in rows} == {"2020-12"}
    # 81,832: the grand total that the UN's report for December 2020 prints.
    assert sum(int(row["persons"]) for row in rows) == 81_832


def test_rank_has_the_fixed_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rank", "2020-12", "--format", "csv"]) == 0
    rows = _rows(capsys.readouterr().out)
    assert list(rows[0]) == ["rank", "nation", "name", "women", "men", "persons", "share"]
    assert [(r["rank"], r["nation"], r["persons"]) for r in rows[:2]] == [
        ("1", "BGD", "6798"),
        ("2", "RWA", "6383"),
    ]
    assert float(rows[0]["share"]) == pytest.approx(6798 / 81_832)


def test_contributions_of_a_group_have_the_fixed_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["contributions", "OIC", "--format", "csv"]) == 0
    rows = _rows(capsys.readouterr().out)
    assert list(rows[0]) == ["month", "persons", "world", "share", "nations"]
    assert len({row["month"] for row in rows}) == len(rows)


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_the_store_may_be_named_anywhere(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = str(tmp_path / "absent")
    words = ["rank", "2020-12"]
    if place == "before":
        words = ["--store", absent, *words]
    elif place == "after":
        words = [*words, "--store", absent]
    else:
        monkeypatch.setenv("SULH_STORE", absent)
    assert run(words) == 2
    said = capsys.readouterr().err
    assert absent in said
    assert "What to do" in said


def test_moving_the_store_option_keeps_the_rest() -> None:
    assert arranged(["--store=x", "table", "files", "--from", "2020-01"]) == [
        "table",
        "files",
        "--from",
        "2020-01",
        "--store=x",
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rank", "2020-13"], "2020-13"),
        (["rank", "1950-01"], "1950-01"),
        (["contributions", "OICC"], "OICC"),
        (["nation", "Guinea Bissao"], "Guinea Bissao"),
        (["operation", "MINUSCAA"], "MINUSCA"),
        (["table", "contribution"], "contributions"),
        (["contributions", "OIC", "--from", "2020-01", "--to", "2019-01"], "2019-01"),
        (["table", "files", "--from", "2020-01"], "no month"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_mend(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert expected in said.err
    assert "What to do" in said.err
    assert "Traceback" not in said.err


def test_import_tells_one_object_a_file_and_the_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.bin"
    run(["template", str(tmp_path / "mine")])
    for empty in (tmp_path / "mine").glob("template.*"):
        empty.unlink()
    capsys.readouterr()
    bad.write_bytes(b"\x00\x01\x02")
    store = str(tmp_path / "store")
    both = ["import", "--json", "--store", store, str(tmp_path / "mine"), str(bad)]
    assert run(both) == 1, "something was refused"
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(
        list(one) == ["path", "source", "months", "rows", "refused", "flags"] for one in told
    )
    refused = [one for one in told if one["refused"]]
    assert [Path(one["path"]).name for one in refused] == ["bad.bin"]
    assert run(["import", "--json", "--store", store, str(bad)]) == 2, "nothing was done"
    capsys.readouterr()
    assert run(["import", "--store", store, str(good)]) == 2, "the file does not exist"
    assert "good.csv" in "".join(capsys.readouterr())


def test_every_verb_is_a_method_and_a_function() -> None:
    import sulh

    for names in VERBS.values():
        for name in names:
            assert callable(getattr(Workbench, name))
            assert callable(getattr(sulh, name)), f"sulh.{name} is hidden by a module"
            assert name in sulh.__all__


@pytest.mark.parametrize("name", ["care", "forces", "relief", "supply"])
def test_a_module_offers_all_that_its_api_does(name: str) -> None:
    module, api = import_module(f"sulh.{name}"), import_module(f"sulh.api.{name}")
    assert module.__all__ == api.__all__
    assert all(getattr(module, each) is getattr(api, each) for each in api.__all__)


def test_functions_stay_callable_after_their_modules_are_imported() -> None:
    code = (
        "import sulh.cli.app, sulh.questions.contributions, sulh.questions.burden;"
        "import sulh.store.quality;"
        "import sulh;"
        "hidden = [n for n in sulh.__all__ if not callable(getattr(sulh, n))];"
        "assert hidden == list(sulh._MODULES), hidden"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_loads_no_data_frame_engine() -> None:
    code = (
        "import sys; from sulh.cli.app import run; run(['--help']);"
        "heavy = {'typer', 'rich', 'polars', 'pydantic', 'httpx', 'babel'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("name", ["[bold] (x).csv", "it's.csv", 'a "b" c.csv', "a|b&c.csv"])
def test_a_list_of_any_name_is_quoted_in_the_query(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    import sulh

    (tmp_path / name).write_text("BGD\nPAK\n")
    quoted = str(tmp_path / name).replace('"', '""')
    asked = sulh.contributions(f'@"{quoted}" - PAK', from_="2020-01")
    assert run([*shlex.split(asked.query)[1:]]) == 0
    assert f"query: {asked.query}" in capsys.readouterr().out.splitlines()


def test_query_recomputes_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    import shlex

    import sulh

    asked = sulh.contributions("OIC - ARAB_LEAGUE", from_="2010-01", to="2020-12", scope="all")
    assert asked.query.startswith("sulh contributions 'OIC - ARAB_LEAGUE'")
    assert run([*shlex.split(asked.query)[1:], "--format", "json"]) == 0
    again = pl.DataFrame(json.loads(capsys.readouterr().out))
    assert again["persons"].to_list() == asked.table["persons"].to_list()


def test_bytes_are_not_sent_to_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run(["rank", "2020-12", "--format", "parquet"]) == 2
    assert "--output" in capsys.readouterr().err


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("by", ["nation", "personnel_type", "month", "nation,month"])
def test_an_operation_without_head_counts_gives_no_warning(
    by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["operation", "IFOR", "--by", by]) == 0
    assert "No head-counts by nation for IFOR" in capsys.readouterr().out


def test_the_page_of_help_lists_every_command_with_its_own_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    group: Any = typer.main.get_command(build())
    told = {
        (command.rich_help_panel, name, _first_line(command.help))
        for name, command in group.commands.items()
    }
    assert told == {
        (panel, name, text)
        for panel, commands in contents.listed().items()
        for name, text in commands.items()
    }
    assert run(["--help"]) == 0
    page = capsys.readouterr().out
    assert all(f"\n  {name} " in page for name in group.commands)
    assert run([]) == 2, "nothing was done"
    assert capsys.readouterr().out == page


def _first_line(text: str) -> str:
    return text.partition("\n\n")[0].replace("\n", " ")


@pytest.mark.parametrize("line", ["rank 2020-12", "check", "table files", "groups OIC"])
def test_the_query_names_the_store_that_was_named(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my store"
    folder.symlink_to(starter_store(), target_is_directory=True)
    assert run([*line.split(), "--store", str(folder)]) == 0
    asked = f"query: sulh {line} --store '{folder}'"
    assert asked in capsys.readouterr().out.splitlines()
    assert run(line.split()) == 0
    assert f"query: sulh {line}" in capsys.readouterr().out.splitlines()


def test_the_report_of_an_import_names_the_store_that_was_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["template", str(tmp_path)])
    columns = (tmp_path / "template.csv").read_text().splitlines()[0]
    last = "KFOR,troops,,,1,Me,My notes,not stated,,NATO"
    twice = [(name, 1990 + year) for year in range(15) for name in ("Turkey", "Türkiye")]
    rows = [f"{year}-12,{name},{last.replace('1', str(place), 1)}"
            for place, (name, year) in enumerate(twice)]  # fmt: skip
    table = tmp_path / "mine.csv"
    table.write_text("\n".join([columns, *rows, f"2020-12,Italy,{last}\n"]))
    store = str(tmp_path / "my store")
    run(["import", str(table), "--store", store])
    told = "".join(capsys.readouterr())
    assert f"`sulh table flags --store '{store}'` lists them all" in told
    assert "read     user: 1 file, 31 rows, 30 of them kept apart" in told
