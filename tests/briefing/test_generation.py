"""What could be generated next: only with a case, true to its plan, and asked again by command."""

from __future__ import annotations

import math
import shlex
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from sulh.briefing import CaseAsked, compose, write
from sulh.briefing.model import Bullets, Document, Paragraph, Section, Table, plain
from sulh.cli.app import build
from sulh.core.errors import SulhError
from sulh.questions.forces.case import Case
from sulh.questions.forces.example import write_example
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import objective, read_plan
from sulh.store.reading import Store


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseAsked:
    """Return the example case with a plan of two tours, written by hand.

    R15 needs two infantry companies in 24 months, 48 unit-months: SVK's and KEN's company serve a
    year each from April 2027, when units of level 3 are ready. R02 needs a hospital in 24 months:
    MAR's, ready in March 2027, serves six.
    """
    folder = tmp_path_factory.mktemp("forces") / "my case"
    write_example(folder)
    plan = folder.parent / "plan.csv"
    plan.write_text(
        "pledge,unit,requirement,first_month,last_month,offers\n"
        "P23,1,R15,2027-04,2028-03,\n"
        "P12,1,R15,2027-04,2028-03,\n"
        "P15,1,R02,2027-03,2027-08,\n",
        encoding="utf-8",
    )
    return CaseAsked(folder, plan)


def section_of(document: Document) -> Section:
    return next(section for section in document.sections if section.key == "generation")


def said(section: Section) -> str:
    blocks = [plain(b.line) for b in section.blocks if isinstance(b, Paragraph)]
    items = [plain(i) for b in section.blocks if isinstance(b, Bullets) for i in b.items]
    return "\n".join([*blocks, *items])


def test_no_section_without_a_case(small: Store) -> None:
    assert "generation" not in {section.key for section in compose(small, "OIC").sections}


def test_what_a_group_fills(small: Store, case: CaseAsked) -> None:
    """Of 473 unit-months asked, Morocco's hospital fills 6, the two companies 24: 443 are open."""
    section = section_of(compose(small, "OIC", case=case))
    text = said(section)
    assert "asks for 473 unit-months" in text
    assert "pledges of OIC members fill 6 of them (1.3 per cent)" in text
    assert "other nations 24; 443 stay open" in text
    assert "not proven to be the best" in text
    assert "the case holds no pledge of OIC members: infantry company." in text
    table = next(block for block in section.blocks if isinstance(block, Table))
    rows = {(plain(row[0]), plain(row[1])): [plain(cell) for cell in row[2:]] for row in table.rows}
    assert rows["UNFICYP", "infantry company"] == ["48", "0", "24", "24", "0"]
    assert rows["UNMISS", "level 2 hospital"] == ["24", "6", "0", "18", "2"]


def test_a_plan_that_is_proven_is_told_so(small: Store, case: CaseAsked, tmp_path: Path) -> None:
    read = Case.read(case.folder)
    plan = read_plan(read, case.plan or "")
    Planned(read, plan, objective(read, plan), 0.0).write(tmp_path)
    asked = CaseAsked(case.folder, tmp_path / "plan.csv")
    assert "is proven to be the best" in said(section_of(compose(small, "OIC", case=asked)))


def test_a_subject_without_pledges_is_told_so(small: Store, case: CaseAsked) -> None:
    text = said(section_of(compose(small, "MLT", case=case)))
    assert "It holds no pledge of Malta." in text
    assert "members are counted" not in text


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_every_obstacle_has_words(small: Store, case: CaseAsked, lang: str) -> None:
    document = compose(small, "OIC", lang, case=case)
    bullets = next(b for b in section_of(document).blocks if isinstance(b, Bullets))
    assert len(bullets.items) == 12
    assert not any("_" in plain(item) for item in bullets.items)


def test_the_command_gives_the_figures_again(small: Store, case: CaseAsked, tmp_path: Path) -> None:
    document = compose(small, "OIC", case=case)
    own = [f for f in document.figures() if f.query.startswith("sulh forces ")]
    assert len({figure.query for figure in own}) == 1
    assert all(figure.citations == ("case",) for figure in own)
    words = [*shlex.split(own[0].query)[1:], "--format", "csv", "-o", str(tmp_path / "rows.csv")]
    done = CliRunner().invoke(build("forces"), words)
    assert done.exit_code == 0, done.output
    rows = pl.read_csv(tmp_path / "rows.csv")
    numbers = [rows[name] for name in ("needed", "by_group", "by_others", "open", "pledges")]
    known = {float(cell) for column in numbers for cell in column}
    known |= {float(column.sum()) for column in numbers}
    known.add(rows["by_group"].sum() / rows["needed"].sum())
    for figure in own:
        assert any(math.isclose(float(figure.value or 0), each) for each in known), figure


def test_the_case_is_a_source(small: Store, case: CaseAsked) -> None:
    origin = next(o for o in compose(small, "OIC", case=case).origins if o.key == "case")
    assert "“example”" in origin.title
    assert "my case" in origin.citation
    assert len(origin.sha256) == 64


def test_names_of_a_case_are_escaped(small: Store, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    write_example(folder)
    settings = (folder / "case.toml").read_text(encoding="utf-8")
    hostile = settings.replace('name = "example"', "name = \"<script>alert('x')</script>\"")
    (folder / "case.toml").write_text(hostile, encoding="utf-8")
    path = write(small, "OIC", tmp_path / "a.html", case=CaseAsked(folder))
    page = path.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page


def test_a_bad_case_writes_nothing(small: Store, tmp_path: Path) -> None:
    with pytest.raises(SulhError):
        write(small, "OIC", tmp_path / "a.html", case=CaseAsked(tmp_path / "nowhere"))
    assert not (tmp_path / "a.html").exists()


def test_a_plan_needs_a_case(tmp_path: Path) -> None:
    words = ["brief", "OIC", "-o", str(tmp_path / "a.html"), "--plan", "plan.csv"]
    done = CliRunner().invoke(build("brief"), words)
    assert isinstance(done.exception, SulhError)
    assert "add --case" in str(done.exception)
