"""Each figure has a source and a command that gives it again; every sentence is true."""

from __future__ import annotations

import math
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sulh.api import Workbench
from sulh.briefing import compose
from sulh.briefing.model import (
    Bullets,
    Document,
    Drawing,
    Figure,
    Line,
    Number,
    Paragraph,
    Table,
    plain,
)
from sulh.cli.contents import VERBS
from sulh.core.errors import BadRequest, NotAnswerable, UnknownName
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.layout import starter_store
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store

from .conftest import CONTRIBUTIONS, COVERAGE, frame

SUBJECTS = ("OIC", "BGD", "MLT", "GCC", "BGD, PAK", "OIC - ARAB_LEAGUE", "YUG")


@pytest.fixture(params=["en", "fr", "ar"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def starter() -> Store:
    """Return the store that the package ships."""
    if not (starter_store() / "CURRENT").is_file():
        pytest.skip("the starter store is built by a command and is not there yet")
    return Store.open(starter_store())


@pytest.fixture(scope="session")
def oic(small: Store) -> Document:
    return compose(small, "OIC")


def texts(document: Document) -> str:
    return "\n".join(
        plain(block.line)
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    )


def asked(store: Store, command: str) -> Result:
    """Ask a command's question through the workbench, which the command line is made from."""
    words = shlex.split(command)
    assert words[0] == "sulh"
    arguments: list[str] = []
    options: dict[str, str] = {}
    rest = iter(words[2:])
    for word in rest:
        if word.startswith("--"):
            name = word.removeprefix("--")
            options["from_" if name == "from" else name] = next(rest)
        else:
            arguments.append(word)
    verb = getattr(Workbench(store.path), words[1])
    folder = options.pop("store", None)
    assert folder is None or Path(folder) == store.path
    result: Result = verb(*arguments, **options)
    return result


def derivable(result: Result, figure: Figure) -> bool:
    """Return whether a figure is a cell of the result, a count, a sum or a ratio of sums."""
    value = figure.value
    table = result.table
    if isinstance(value, str):
        return any(value in table[name].cast(pl.String).to_list() for name in table.columns)
    numeric = [table[name] for name in table.columns if table[name].dtype.is_numeric()]
    sums = [float(column.sum()) for column in numeric]
    found: list[Any] = [table.height, *sums]
    found += [a / b for a in sums for b in sums if b]
    found += [cell for column in numeric for cell in column.drop_nulls()]
    found += [table[name].n_unique() for name in table.columns]
    found += [table[name].drop_nulls().n_unique() for name in table.columns]
    found += [table.filter(pl.col(name).is_not_null()).height for name in table.columns]
    there = table.filter(pl.col("persons") > 0) if "persons" in table.columns else table
    for name in table.columns:
        found += there.group_by(name).len()["len"].to_list()
    if result.name == "strength_gaps":
        known = table.filter(pl.col("authorised").is_not_null(), pl.col("deployed").is_not_null())
        kinds = {"uniformed": 0, "military": 1}
        first = known.filter(pl.col("personnel_type").is_in(list(kinds))).sort(
            pl.col("personnel_type").replace_strict(kinds)
        )
        each = first.unique("operation", keep="first").filter(
            pl.col("verified").fill_null(value=True)
        )
        below = each.filter(pl.col("gap") > 0)
        found += [each.height, below.height, below["gap"].sum(), below["authorised"].sum()]
    # An operation that a complete list does not hold has none: zero.
    found.append(0)
    found += told(result)
    return any(math.isclose(float(value or 0), float(each), abs_tol=1e-9) for each in found)


def told(result: Result) -> list[int]:
    """Return the figures in the words of a result: absent months, remarks, months of a source."""
    table = result.table
    if result.name == "contributions":
        said = re.findall(r"No report for ([\d,]+) months?:", " ".join(result.missing))
    elif result.name == "flags":
        said = re.findall(r"\b\d[\d,]*\b", " ".join(table["message"].to_list()))
    elif result.name == "coverage":
        counts = table.group_by("chosen").len().rows()
        families = {key.partition("_")[0] for key, _ in counts}
        return [sum(n for key, n in counts if key.startswith(name)) for name in families]
    else:
        said = []
    return [int(each.replace(",", "")) for each in said]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_figure_has_a_source_and_a_command(small: Store, subject: str) -> None:
    document = compose(small, subject)
    figures = list(document.figures())
    assert figures
    for figure in figures:
        assert figure.query.startswith("sulh "), figure
        if not figure.query.startswith("sulh check"):
            assert figure.citations, figure
        assert set(figure.citations) <= set(document.numbers)


def test_every_table_and_drawing_has_a_source(oic: Document) -> None:
    blocks = [b for s in oic.sections for b in s.blocks if isinstance(b, Table | Drawing)]
    assert blocks
    for block in blocks:
        assert block.support.query in oic.query_numbers
        assert set(block.support.citations) <= set(oic.numbers)


def recomputed(store: Store, subject: str) -> int:
    """Return how many figures the commands give that the document prints beside them.

    Strengths are added over the operations in which the subject serves, which the document lists.
    """
    document = compose(store, subject)
    last = store.months[-1]
    now = f"sulh contributions {subject} --from {last} --to {last} --by operation"
    serves = asked(store, now).table.filter(pl.col("persons") > 0)["operation"]
    answers: dict[str, Result] = {}
    figures = list(document.figures())
    for figure in figures:
        if figure.query not in answers:
            result = asked(store, figure.query)
            if result.name == "strength_gaps":
                own = result.table.filter(pl.col("operation").is_in(serves.implode()))
                result = replace(result, table=own)
            answers[figure.query] = result
        target = figure.query.split()[1] == "mix" and figure.unit == "share"
        assert target or derivable(answers[figure.query], figure), figure
    return len(figures)


@pytest.mark.parametrize("subject", ["OIC", "BGD"])
def test_the_command_gives_the_figure_again(small: Store, subject: str) -> None:
    assert recomputed(small, subject) > 30


@pytest.mark.parametrize("subject", ["TUR", "OIC"])
def test_the_starter_store_gives_its_figures_again(starter: Store, subject: str) -> None:
    assert recomputed(starter, subject) > 100


@pytest.mark.parametrize("subject", ["TUR", "GCC"])
def test_a_store_of_all_months_gives_its_figures_again(real_store: Store, subject: str) -> None:
    assert recomputed(real_store, subject) > 100


def test_every_command_runs(small: Store) -> None:
    for subject in ("OIC", "BGD"):
        for query in compose(small, subject).queries:
            verb = query.command.split()[1]
            assert any(verb in names for names in VERBS.values()), query.command


def test_the_overview_says_what_the_rows_add_up_to(small: Store) -> None:
    """In December 2020: Bangladesh 150 + 10 + 1, Pakistan 9, of 330 in all; women 20 + 5 + 1."""
    said = texts(compose(small, "OIC"))
    assert "2 of the members of the Organisation of Islamic Cooperation (OIC) provided 170" in said
    assert "51.5 per cent of the 330" in said
    assert "26 were women (15.3 per cent)" in said
    assert "The highest figure in the months at hand is that of November 1995: 500" in said


def test_a_nation_that_never_contributed(small: Store, lang: str) -> None:
    document = compose(small, "MLT", lang)
    keys = [section.key for section in document.sections]
    assert keys[0] == "overview"
    assert "composition" not in keys
    assert "appendix" not in keys
    if lang == "en":
        assert "None of the reports at hand lists uniformed personnel of Malta" in texts(document)
        assert "holds none among personnel of Malta" in texts(document)


def test_a_nation_that_no_longer_contributes(small: Store) -> None:
    said = texts(compose(small, "PAK", view=View(to="1995-12")))
    assert (
        "The report for the end of December 1995 lists no uniformed personnel of Pakistan" in said
    )
    assert "The last report at hand that lists any is that of November 1995: 200 persons" in said


def test_a_single_month(small: Store) -> None:
    view = View(from_="2020-12", to="2020-12")
    assert "the only month in the data at hand" in texts(compose(small, "BGD", view=view))


def test_losses_are_counted(small: Store) -> None:
    said = texts(compose(small, "BGD"))
    assert "3 personnel of Bangladesh lost their lives" in said
    assert "50.0 per cent of the 6" in said


def test_sections_of_later_work_are_not_there(oic: Document) -> None:
    keys = {section.key for section in oic.sections}
    assert not keys & {"training", "cooperation", "forces", "generation"}
    assert all(section.blocks for section in oic.sections)


def test_unverified_tasks_are_marked(oic: Document) -> None:
    tasks = next(section for section in oic.sections if section.key == "tasks")
    table = next(block for block in tasks.blocks if isinstance(block, Table))
    cells = {plain(cell) for row in table.rows for cell in row}
    assert cells >= {"●", "○"}
    assert "awaits verification" in plain(table.note)


def test_an_unknown_subject_is_an_error(small: Store) -> None:
    with pytest.raises(UnknownName):
        compose(small, "Atlantis")


def test_a_period_without_months_is_an_error(small: Store) -> None:
    with pytest.raises(NotAnswerable):
        compose(small, "OIC", view=View(from_="2021-01"))


@pytest.mark.parametrize("scope", ["other", "all"])
def test_only_operations_of_the_un(small: Store, scope: str) -> None:
    with pytest.raises(BadRequest, match="United Nations operations"):
        compose(small, "OIC", view=View(scope=scope))


@pytest.mark.parametrize("subject", ["OIC", "BGD", "MLT", "GCC", "EGY, JOR"])
def test_the_starter_store_says_that_it_holds_decembers(starter: Store, subject: str) -> None:
    document = compose(starter, subject)
    said = texts(document)
    assert "at the end of each December from" in said
    assert "each month from" not in said


def test_a_fall_seen_in_all_months_is_told_where_few_are_at_hand(tmp_path: Path) -> None:
    """The lowest of all months, 6, stands in the sentence, and in the table that is its source."""
    swings = [
        (nation, first, last, 1_504, 6, 1_488, "ipi_nation")
        for nation, first, last in (
            ("BGD", "1995-10", "1995-12"),
            ("BGD", "1996-03", "1996-05"),
            ("IND", "1995-10", "1995-12"),
        )
    ]
    tables = {"contributions": CONTRIBUTIONS, "coverage": COVERAGE, "swings": swings}
    edition = {name: frame(name, rows) for name, rows in tables.items()}
    publish(tmp_path, Edition(edition, kind="starter"))
    store = Store.open(tmp_path)
    items = items_of(compose(store, "OIC"), "gaps")
    falls = [item for item in items if "falling" in plain(item)]
    assert len(falls) == 1
    assert "of Bangladesh falling from 1,504 to 6 (October 1995 to December 1995)" in plain(
        falls[0]
    )
    numbers = [part.figure for part in falls[0] if isinstance(part, Number)]
    assert [figure.value for figure in numbers] == [1_504, 6, 1_488]
    for figure in numbers:
        assert "sulh table swings" in figure.query
        assert figure.citations == ("ipi",)
        assert derivable(asked(store, figure.query), figure)


def test_the_fall_of_turkiye_is_the_same_from_both_stores(
    starter: Store, real_store: Store
) -> None:
    """1,504 in June 1994, 6 in March 1995, 1,488 in April: as the file on Turkey has it."""
    for store in (starter, real_store):
        (fall,) = [i for i in items_of(compose(store, "TUR"), "gaps") if "falling" in plain(i)]
        assert "from 1,504 to 6 (July 1994 to March 1995) and returning to 1,488" in plain(fall)
        cited = {key for part in fall if isinstance(part, Number) for key in part.figure.citations}
        assert cited == {"ipi"}


def items_of(document: Document, key: str) -> list[Line]:
    """Return the items of the lists of a section."""
    (section,) = [section for section in document.sections if section.key == key]
    return [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]


def test_the_commands_name_the_store_that_was_named(
    small: Store, starter: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for query in compose(small, "BGD").queries:
        facts = query.command.startswith(("sulh operations", "sulh known"))
        assert facts or query.command.endswith(f" --store {small.path}")
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert all("--store" not in query.command for query in compose(Store.open(), "BGD").queries)


def test_no_sentence_depends_on_the_day(small: Store, tmp_path: Path) -> None:
    from sulh.briefing import write

    first = write(small, "BGD", tmp_path / "a.html").read_bytes()
    assert write(small, "BGD", tmp_path / "b.html").read_bytes() == first


def test_a_table_that_is_cut_says_so(tmp_path: Path) -> None:
    """Twelve operations with a medical unit, of which the table shows ten."""
    places = ["MINUSCA", "UNFICYP", "UNIFIL", "MONUSCO", "UNMISS", "UNISFA", "MINURSO", "UNDOF",
              "UNAMID", "UNMIL", "UNOCI", "MINUSMA"]  # fmt: skip
    units = [
        (2020, name, "A place", "CAF", 4.4, 18.6, "BGD", "medical", True, "geopko")
        for name in places
    ]
    tables = {"contributions": CONTRIBUTIONS, "coverage": COVERAGE, "support_units": units}
    publish(tmp_path, Edition({name: frame(name, rows) for name, rows in tables.items()}))
    document = compose(Store.open(tmp_path), "BGD")
    (section,) = [section for section in document.sections if section.key == "support"]
    cut = [b for b in section.blocks if isinstance(b, Table) and len(b.rows) == 10]
    assert [plain(block.note) for block in cut] == [
        "The first 10 rows of 12; the command lists them all."
    ]


def test_what_the_store_does_not_hold_is_not_loaded() -> None:
    code = (
        "import sys; from sulh.briefing import compose;"
        "from sulh.store.layout import starter_store;"
        "from sulh.store.reading import Store; compose(Store.open(starter_store()), 'BGD');"
        "heavy = {'numpy', 'scipy', 'networkx'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
