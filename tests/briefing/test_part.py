"""Months of whose reports only a part is at hand: the document gives no sum of them plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from sulh.briefing import compose
from sulh.briefing.model import Drawing, Figure, KeyFigures, Number, Paragraph, Table, plain
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.starter import starter

from .conftest import frame

Row = tuple[object, ...]


def _troops(month: str, nation: str, persons: int) -> Row:
    origin = "ipi_nation" if month == "2020-12" else "un_monthly_pdf"
    return (month, nation, "MINUSCA", "troops", None, None, persons, origin)


@pytest.fixture(params=["full", "starter"])
def partly(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store of whole Decembers, the last one known for Senegal (5) and Mali (7) only."""
    months = [
        ("2018-12", "un_monthly_pdf"),
        ("2019-12", "un_monthly_pdf"),
        ("2020-12", "ipi_nation"),
    ]
    tables = {
        "contributions": [
            *(_troops(m, n, p) for m, _ in months[:2] for n, p in (("SEN", 3), ("FRA", 6))),
            _troops("2020-12", "SEN", 5),
            _troops("2020-12", "MLI", 7),
        ],
        "coverage": [(m, origin, None, 9, 2, "why") for m, origin in months],
        "flags": [
            ("f", "n.csv", "ipi_nation", "not_whole", "doubt", "2020-12", None, None, "told")
        ],
    }
    publish(tmp_path / "full", Edition({name: frame(name, rows) for name, rows in tables.items()}))
    store = Store.open(tmp_path / "full")
    if request.param == "starter":
        publish(tmp_path / "starter", starter(store))
        store = Store.open(tmp_path / "starter")
    return store


def _overview(store: Store, subject: str, lang: str = "en") -> str:
    document = compose(store, subject, lang=lang)
    (section,) = [each for each in document.sections if each.key == "overview"]
    return " ".join(plain(b.line) for b in section.blocks if isinstance(b, Paragraph))


def test_a_sum_of_those_listed_is_said_to_be_one(partly: Store) -> None:
    """Senegal 5 and Mali 7 are 12; whether other members gave somebody is not known."""
    said = _overview(partly, "OIC")
    assert said.startswith(
        "Of the reports for the end of December 2020 only a part is at hand. It lists 12 uniformed "
        "personnel"
    )
    assert "the sum of the nations listed there: who is not listed is unknown, not zero." in said
    assert "is that of December 2020: 12, listed in the part of the reports" in said
    assert "served in United Nations operations" not in said


def test_what_is_not_listed_of_a_nation_is_not_none(partly: Store) -> None:
    """Senegal is listed with 5, France is not; neither has a rank among nations unknown."""
    assert "what it does not list is unknown, not zero" in _overview(partly, "SEN")
    assert "ranked" not in _overview(partly, "SEN")
    absent = _overview(partly, "FRA")
    assert "no uniformed personnel of France: the figure is unknown, not zero." in absent


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "une partie seulement des rapports est disponible"), ("ar", "سوى جزء من التقارير")],
)
def test_the_other_languages_say_so_too(partly: Store, lang: str, words: str) -> None:
    for subject in ("OIC", "SEN", "FRA", "FRA, SEN"):
        assert words in _overview(partly, subject, lang).split(".")[0]


def test_key_figures_charts_and_tables_say_so_too(partly: Store) -> None:
    document = compose(partly, "OIC")
    blocks = [block for section in document.sections for block in section.blocks]
    (keys,) = [block for block in blocks if isinstance(block, KeyFigures)]
    labels = [item.label for item in keys.items]
    assert labels[0] == "Uniformed personnel listed in a part of the reports"
    assert "Nations listed in that part" in labels
    note = "Of 1 month shown only a part of the reports is at hand"
    (chart,) = [b for b in blocks if isinstance(b, Drawing) and b.name == "persons"]
    assert plain(chart.note).startswith(note)
    (years,) = [b for b in blocks if isinstance(b, Table) and note in plain(b.note)][-1:]
    assert [_value(row[1]) for row in years.rows] == [3, 3, 12]


def _value(cell: object) -> object:
    assert isinstance(cell, tuple)
    (number,) = [part for part in cell if isinstance(part, Number)]
    assert isinstance(number.figure, Figure)
    return number.figure.value


def test_of_whole_months_nothing_is_said_of_parts(partly: Store, small: Store) -> None:
    assert "part" not in _overview(small, "BGD")
    assert "part" not in _overview(small, "BGD, PAK")
