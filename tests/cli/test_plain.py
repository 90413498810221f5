"""Words read without typer: the same values as typer gives, or left to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.cli import plain, verbs
from sulh.cli.answering import parameters_of
from sulh.cli.app import build
from sulh.cli.contents import VERBS

ALL = [verb for names in VERBS.values() for verb in names]


def _by_typer(words: list[str]) -> dict[str, Any] | None:
    """Return what typer makes of the words of a verb; None if it refuses them."""
    caught: list[Mapping[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verbs, "answer", lambda verb, options, sink: caught.append(dict(options)))
        try:
            build(words[0])(words, standalone_mode=True)
        except SystemExit as stop:
            if stop.code:
                return None
    return dict(caught[0])


PLAIN = [
    "rank",
    "rank 2020-12 --format csv",
    "rank 2020-12 --group=OIC --scope peacekeeping --store here",
    "contributions --from 2015-12 --to=2020-12 OIC --by nation,year",
    "contributions OIC --output out.csv --chart chart.svg",
    "nation BGD --membership today",
    "operation MINUSCA",
    "units OIC --unit medical",
    "gaps --kind remark --by month",
    "network OIC --tie alliance --export net.graphml",
    "sources --store a/b",
]


@pytest.mark.parametrize("line", PLAIN)
def test_plain_words_mean_what_typer_makes_of_them(line: str) -> None:
    read = plain.read(line.split())
    assert read is not None
    assert read == _by_typer(line.split())


@pytest.mark.parametrize("place", ["/somewhere", ""])
def test_the_store_of_the_environment_is_read_alike(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SULH_STORE", place)
    words = ["rank", "2020-12"]
    assert plain.read(words) == _by_typer(words)
    assert (plain.read(words) or {})["store"] == (Path(place) if place else None)


LEFT = [
    "rank --help",
    "rank -o out.csv",
    "rank 2020-12 2021-12",
    "rank --scope moon",
    "rank --format",
    "rank --grp OIC",
    "rank --to -5",
    "rank --to 2020-12 --to 2019-12",
    "rank -- 2020-12",
    "nation",
    "network OIC --tie alliance --together",
    "events a.csv",
    "import a.csv",
    "forces plan case",
    "nonsense",
]


@pytest.mark.parametrize("line", LEFT)
def test_everything_else_is_left_to_typer(line: str) -> None:
    assert plain.read(line.split()) is None


WORDS = st.sampled_from(
    ["OIC", "2020-12", "--", "-", "-o", "--help", "today", "un", "csv", "=", "--store=x", "x y"]
)


@st.composite
def _lines(draw: st.DrawFn) -> list[str]:
    verb = draw(st.sampled_from(ALL))
    flags = [p.flag for p in parameters_of(verb) if p.option]
    options = st.sampled_from([*flags, "--format", "--output", "--chart"])
    return [verb, *draw(st.lists(st.one_of(WORDS, options), max_size=6))]


@given(words=_lines())
def test_what_is_read_plainly_is_never_something_else_to_typer(words: list[str]) -> None:
    read = plain.read(words)
    if read is not None:
        assert read == _by_typer(words)


def test_a_plain_question_loads_no_library_that_it_does_not_use() -> None:
    code = (
        "import sys; from sulh.cli.app import run; assert run(['rank', '2020-12']) == 0;"
        "heavy = {'typer', 'rich', 'pydantic', 'httpx', 'babel', 'altair', 'scipy', 'numba',"
        "'numpy', 'jinja2', 'networkx'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_question_that_is_stopped_ends_as_the_shell_expects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sulh.cli import app

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "answer", stopped)
    assert app.run(["rank"]) == 130
