"""Every option of the questions: it works, its printed query gives the same rows, or it says why.

The commands run on the small store of the package, and on the public data files where these are.
"""

from __future__ import annotations

import io
import json
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from polars.testing import assert_frame_equal

from sulh.cli.app import build, run
from sulh.cli.verbs import command_for
from sulh.questions import burden, contributions
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.layout import starter_store
from sulh.store.reading import Store

VERBS = {
    "contributions": ["OIC"],
    "rank": ["2020-12"],
    "nation": ["BGD"],
    "operation": ["MINUSCA"],
    "fatalities": ["OIC"],
    "burden": ["OIC"],
}
OPTIONS = {"from_", "to", "by", "scope", "membership", "format", "chart", "store"}
PERIOD = "--from 2015-12 --to 2020-12"

QUESTIONS = [
    f"contributions OIC {PERIOD}",
    f"contributions 'OIC & AU' {PERIOD} --by nation,year",
    f"contributions OIC {PERIOD} --by personnel_type,sex --membership today",
    f"contributions OIC {PERIOD} --by operation,year --scope peacekeeping",
    "contributions WORLD --by year --membership today",
    "rank",
    "rank 2020-12 --group OIC --membership today --scope peacekeeping",
    "rank 2020-12 --by women",
    "rank 2020-12 --by personnel_type,men --group 'OIC - ARAB_LEAGUE'",
    f"rank {PERIOD} --group AU",
    f"rank {PERIOD} --by women,personnel_type --scope peacekeeping",
    "rank --from 2018-01 --by persons",
    "nation BGD",
    "nation 'Türkiye' --scope all --membership today",
    f"nation BGD {PERIOD} --by month",
    f"nation BGD {PERIOD} --by year,personnel_type --scope political",
    f"nation BGD {PERIOD} --by sex",
    f"nation BGD {PERIOD} --by month,operation --membership today",
    "operation MINUSCA",
    f"operation MINUSCA {PERIOD} --by month --group OIC --membership today",
    "operation MINUSCA --by nation --scope peacekeeping",
    f"operation MINUSCA {PERIOD} --by personnel_type,month --group 'OIC & AU'",
    "operation ONUCI --group OIC",
    "operation UNAMA --scope political --membership today",
    "fatalities OIC",
    f"fatalities OIC {PERIOD} --by operation,cause --scope peacekeeping",
    "fatalities BGD --by nation,year --membership today",
    f"fatalities WORLD --by sex,casualty_type {PERIOD}",
    "burden OIC",
    f"burden OIC {PERIOD} --by month --membership today",
    "burden 'BGD, PAK' --by nation --to 2016-12 --scope peacekeeping",
    f"mix OIC {PERIOD} --by category,nation --scope peacekeeping",
    "mix WORLD --membership today",
    "units OIC --by year,unit --membership today",
    "units OIC --from 2015-01 --scope peacekeeping",
    f"concentration OIC {PERIOD} --by personnel_type",
    f"concentration WORLD {PERIOD} --by operation --scope peacekeeping",
    "lorenz 2020-12 --group OIC --membership today",
    "without OIC 2020-12 --scope peacekeeping --membership today",
    "strength MINUSCA --scope un",
    "known OIC --from 1995-01",
]

REFUSED = [
    ("contributions OIC --by sum", "stock"),
    ("contributions OIC --by country", "takes year, personnel_type, operation, nation, sex"),
    ("contributions OIC --by sex,sex", "names one twice"),
    ("rank 2020-12 --from 2020-01", "give the month, or --from and --to"),
    ("rank 2020-12 --by women,men", "one order"),
    ("rank --from 2020-01 --scope all", "unknown, not zero"),
    ("rank --from 2020-12 --to 2020-01", "earlier month first"),
    ("nation BGD --by year,month", "of one month, or of one year"),
    ("nation BGD --by nation", "takes operation, month, year, personnel_type, sex"),
    ("operation KFOR --scope un", "ask with the scope other or all"),
    ("operation MINUSCA --by year", "takes month, nation, personnel_type"),
    ("operation MINUSCA --group OICC", "neither a group nor a nation"),
    ("fatalities OIC --by country", "takes year, month, operation"),
    ("burden OIC --by month,nation", "one breakdown at a time"),
    ("burden OIC --by sum", "stock"),
    ("concentration --by year", "takes month, personnel_type, operation"),
]

STARTER_GAPS = [
    "rank 2020-11",
    "lorenz 2020-11",
    "without OIC 2020-11",
    "burden OIC --from 2020-10 --to 2020-11",
    "mix OIC --from 2020-10 --to 2020-11",
    "concentration OIC --from 2020-10 --to 2020-11",
]


@pytest.fixture(params=["starter", "real"])
def any_store(request: pytest.FixtureRequest) -> Path:
    if request.param == "starter":
        return starter_store()
    found: Store = request.getfixturevalue("real_store")
    return found.path


def _asked(words: list[str], store: Path) -> Result:
    """Return the result of a command, asked as the command line asks it."""
    caught: list[Result] = []
    command = command_for(words[0], sink=caught.append)
    assert command is not None, f"{words[0]} is no command"
    app = typer.Typer(add_completion=False)
    app.command()(command)
    app([*words[1:], "--store", str(store)], standalone_mode=False)
    return caught[0]


def test_each_question_takes_every_option() -> None:
    group: Any = typer.main.get_command(build())
    for verb in VERBS:
        parameters = {each.name: each for each in group.commands[verb].params}
        assert set(parameters) >= OPTIONS, verb
        assert all(parameters[name].help for name in OPTIONS)


@pytest.mark.parametrize("line", QUESTIONS)
def test_the_printed_query_gives_the_same_rows(line: str, any_store: Path) -> None:
    first = _asked(shlex.split(line), any_store)
    assert first.table.height, "an empty table would agree with any other"
    words = shlex.split(first.query)
    assert words[0] == "sulh"
    again = _asked(words[1:], any_store)
    assert_frame_equal(again.table, first.table)
    assert again.query == first.query


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_what_makes_no_sense_is_refused_with_its_mend(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*shlex.split(line), "--store", str(starter_store())]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "What to do" in told.err


@pytest.mark.parametrize("line", STARTER_GAPS)
def test_a_month_of_which_only_the_total_is_known_is_refused(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*shlex.split(line), "--store", str(starter_store())]) == 2
    assert "unknown, not zero" in capsys.readouterr().err


def _written(verb: str, format_: str, path: Path) -> Path:
    words = [verb, *VERBS[verb], "--store", str(starter_store())]
    assert run([*words, "--format", format_, "--output", str(path)]) == 0
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_every_format_holds_the_same_rows(verb: str, tmp_path: Path) -> None:
    import openpyxl

    table = _asked([verb, *VERBS[verb]], starter_store()).table
    assert_frame_equal(pl.read_parquet(_written(verb, "parquet", tmp_path / "a.parquet")), table)
    text = _written(verb, "csv", tmp_path / "a.csv").read_text(encoding="utf-8")
    csv = pl.read_csv(io.StringIO(text), infer_schema=False)
    assert (csv.columns, csv.height) == (table.columns, table.height)
    rows = json.loads(_written(verb, "json", tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [list(row.values()) for row in rows] == [list(row) for row in table.rows()]
    book = openpyxl.load_workbook(_written(verb, "xlsx", tmp_path / "a.xlsx"))
    cells = list(book["data"].iter_rows(values_only=True))
    assert list(cells[0]) == table.columns
    assert len(cells) == table.height + 1
    for at, (name, kind) in enumerate(table.schema.items()):
        if kind.is_numeric():
            assert [row[at] for row in cells[1:]] == pytest.approx(table[name].to_list())
    shown = _written(verb, "table", tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "source:" in shown
    assert "assumed:" in shown


SVG = "{http://www.w3.org/2000/svg}"


def _marks(drawn: ET.Element) -> int:
    """Return the number of lines or bars drawn, axes and legends aside."""
    groups = [g for g in drawn.iter(f"{SVG}g") if "role-mark" in g.get("class", "").split()]
    return sum(bool(path.get("d")) for group in groups for path in group.iter(f"{SVG}path"))


CHARTS = {
    # the question, and how many lines or bars it has at least
    "contributions OIC": 1,
    "rank 2020-12": 30,
    "nation BGD": 10,
    "operation MINUSCA": 1,
    "fatalities OIC": 1,
    "burden OIC": 30,
    "rank 2020-12 --by personnel_type": 31,
    f"rank {PERIOD} --by women": 30,
    f"contributions OIC {PERIOD} --by personnel_type,sex": 2,
    "nation BGD --by year": 1,
    "operation MINUSCA --by nation": 30,
    "operation MINUSCA --by nation,month --group OIC": 2,
    "fatalities WORLD --by nation,cause": 31,
    "burden OIC --by month": 1,
    "units OIC": 31,
    "units OIC --by year,unit": 4,
    "mix OIC --by nation,category": 31,
    "concentration --by personnel_type": 2,
}


@pytest.mark.parametrize(("line", "least"), CHARTS.items())
def test_every_chart_is_drawn_as_svg_and_png(line: str, least: int, tmp_path: Path) -> None:
    words = [*shlex.split(line), "--store", str(starter_store()), "--output", str(tmp_path / "t")]
    svg, png = tmp_path / "chart.svg", tmp_path / "chart.png"
    assert run([*words, "--chart", str(svg)]) == 0
    assert run([*words, "--chart", str(png)]) == 0
    assert png.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    drawn = ET.parse(svg).getroot()
    assert drawn.tag == f"{SVG}svg"
    assert _marks(drawn) >= least


BOUNDS = ("2015-12", "2018-12")
TODAY = View(*BOUNDS, membership="today")
FUNCTIONS: dict[str, Callable[[Store], Result]] = {
    "series": lambda s: contributions.series(s, "OIC & AU", replace(TODAY, by="nation,year")),
    "rank of a month": lambda s: contributions.rank(s, "2020-12", View(by="women"), "OIC"),
    "rank of a period": lambda s: contributions.rank(s, None, TODAY, "OIC"),
    "nation": lambda s: contributions.nation(s, "Türkiye", replace(TODAY, scope="all")),
    "nation over time": lambda s: contributions.nation(s, "BGD", replace(TODAY, by="year,sex")),
    "operation": lambda s: contributions.operation(s, "ONUCI"),
    "operation in its scope": lambda s: contributions.operation(s, "MINUSCA", TODAY, "OIC"),
    "mix": lambda s: contributions.mix(s, "OIC", replace(TODAY, by="category")),
    "fatalities": lambda s: contributions.fatalities(s, "OIC", TODAY),
    "units": lambda s: contributions.support_units(s, "OIC", replace(TODAY, by="unit")),
    "sustain": lambda s: contributions.sustain(s, "OIC", TODAY),
    "strength": lambda s: contributions.strength_gaps(s, View(), "MINUSCA"),
    "known": lambda s: contributions.known(s, "OIC", View("1994-01", scope="all")),
    "burden": lambda s: burden.burden(s, "OIC", TODAY),
    "burden over time": lambda s: burden.burden(s, "OIC", replace(TODAY, by="month")),
    "concentration": lambda s: burden.concentration(s, "OIC", replace(TODAY, scope="all")),
    "lorenz": lambda s: burden.lorenz(s, "OIC", "2020-12", View(membership="today")),
    "without": lambda s: burden.without(s, "OIC", "2020-12", View(membership="today")),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_query_of_a_function_gives_its_rows(name: str, any_store: Path) -> None:
    """Documents and notebooks print the queries of the functions, which know no command line."""
    result = FUNCTIONS[name](Store.open(any_store))
    words = shlex.split(result.query)
    assert words[0] == "sulh"
    assert_frame_equal(_asked(words[1:], any_store).table, result.table)
