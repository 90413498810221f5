"""A fall that comes back within a year is said, and gives the nation no share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.questions.burden import burden
from sulh.questions.contributions import nation, rank, series
from sulh.questions.view import View
from sulh.store.reading import Store

FIGURES = {"2000-01": 1500, "2000-02": 6, "2000-03": 10, "2000-04": 1490, "2000-05": 1480}
SENTENCE = "Türkiye falls from 1,500 to 6 from 2000-02 to 2000-03 and returns to 1,490"


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    rows: list[tuple[object, ...]] = []
    for month, persons in FIGURES.items():
        rows.append((month, "TUR", None, "troops", None, None, persons, "ipi"))
        rows.append((month, "FRA", None, "troops", None, None, 1000, "ipi"))
    return make_store(contributions=rows)


def test_the_nation_has_no_share_where_it_has_fallen(store: Store) -> None:
    found = series(store, "TUR")
    assert found.table["persons"].to_list() == list(FIGURES.values()), "figures stay as printed"
    assert found.table["share"].to_list() == [0.6, None, None, 1490 / 2490, 1480 / 2480]
    assert any(SENTENCE in text for text in found.missing)
    assert nation(store, "TUR", View(by="month")).table["share"].null_count() == 2


def test_a_group_with_the_nation_keeps_its_figure_and_says_so(store: Store) -> None:
    found = series(store, "NATO", View("2000-02", "2000-02"))
    assert found.table["share"].to_list() == [1.0]
    assert any(SENTENCE in text for text in found.missing)
    by_nation = series(store, "NATO", View("2000-02", "2000-02", by="nation")).table
    assert dict(by_nation.select("nation", "share").iter_rows()) == {
        "FRA": 1000 / 1006,
        "TUR": None,
    }


@pytest.mark.parametrize("ask", [rank, lambda store, month: burden(store, "WORLD", View(to=month))])
def test_months_outside_the_fall_are_not_in_doubt(store: Store, ask: Callable[..., object]) -> None:
    said = {m: any(SENTENCE in t for t in ask(store, m).missing) for m in FIGURES}  # type: ignore[attr-defined]
    assert said == {m: m in ("2000-02", "2000-03") for m in FIGURES}


def test_a_rank_gives_the_fallen_nation_no_share(store: Store) -> None:
    table = rank(store, "2000-03").table
    assert dict(table.select("nation", "share").iter_rows()) == {"FRA": 1000 / 1010, "TUR": None}


def test_a_nation_that_is_no_member_is_not_spoken_of(store: Store) -> None:
    assert not any("falls" in text for text in series(store, "EU").missing)
