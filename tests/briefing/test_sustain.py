"""What medical units could sustain: products of a count and a published figure, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sulh.briefing.compose import compose
from sulh.briefing.model import Cite, Number, Paragraph, Section, plain
from sulh.facts.planning import figures
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store

from .conftest import CONTRIBUTIONS, COVERAGE, frame


def _place(year: int, name: str, own: bool) -> tuple[object, ...]:
    return (year, "MINUSCA", name, "CAF", 4.4, 18.6, "BGD", "medical", own, "geopko")


# The last year: Bangladesh alone at three places with a medical unit, beside others at a fourth.
OWN = [_place(2020, name, own=True) for name in ("Bangui", "Bouar", "Bria")]
SHARED = [_place(2020, "Kaga", own=False), _place(2019, "Birao", own=True)]


def _section(folder: Path, units: list[tuple[object, ...]], language: str = "en") -> Section:
    tables = {"contributions": CONTRIBUTIONS, "coverage": COVERAGE, "support_units": units}
    publish(folder, Edition({name: frame(name, rows) for name, rows in tables.items()}))
    document = compose(Store.open(folder), "BGD", language)
    return next(section for section in document.sections if section.key == "support")


def _paragraph(section: Section) -> Paragraph:
    found = [block for block in section.blocks if isinstance(block, Paragraph)]
    return found[1]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_range_is_count_times_published_figure(tmp_path: Path, language: str) -> None:
    paragraph = _paragraph(_section(tmp_path, [*OWN, *SHARED], language))
    numbers = [part for part in paragraph.line if isinstance(part, Number)]
    # Four places, three of them its own. Three clinics of 20 patients a day; three hospitals of
    # 3 to 4 operations a day and 10 to 20 beds; 1,600 persons served, three times that.
    assert sorted(number.figure.value for number in numbers) == sorted(
        [4, 3, 3 * 20, 3 * 3, 3 * 4, 3 * 10, 3 * 20, 1_600, 3 * 1_600]
    )
    assert all("sulh sustain BGD" in n.figure.query for n in numbers)
    assert sum(isinstance(part, Cite) for part in paragraph.line) == 2


def test_where_no_unit_is_certainly_its_own_nothing_is_reckoned(tmp_path: Path) -> None:
    paragraph = _paragraph(_section(tmp_path, SHARED))
    said = plain(paragraph.line)
    assert "is therefore not known" in said
    numbers = [part.figure.value for part in paragraph.line if isinstance(part, Number)]
    assert 1_600 not in numbers
    assert "no published figure says how many persons a unit sustains" in said


def test_the_published_figures_are_those_of_the_page() -> None:
    held = {one.item: one.value for one in figures("medical_level")}
    assert held["level 1 outpatients"] == "20"
    assert (held["level 2 surgery"], held["level 2 beds"]) == ("3 to 4", "10 to 20")
    assert held["level 2 catchment, Bentiu"] == "over 1,600"
