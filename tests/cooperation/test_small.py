"""Ties, networks and panels of a store whose figures can be added by eye."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation import network
from sulh.questions.cooperation.edges import edges
from sulh.questions.cooperation.panel import panel
from sulh.questions.cooperation.partners import partners
from sulh.questions.cooperation.training import training
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema

# month, operation, location, nation, troops, origin
_PLACES = [
    ("2012-01", "MONUSCO", "Goma", "IND", 900, "geopko"),
    ("2012-01", "MONUSCO", "Goma", "URY", 500, "geopko"),
    ("2012-06", "MONUSCO", "Goma", "ZAF", None, "geopko"),
    ("2012-06", "MONUSCO", "Bunia", "BGD", 700, "geopko"),
    ("2012-06", "MONUSCO", "Bunia", "IND", 20, "geopko"),
    ("2012-06", "MONUSCO", "Bunia", "URY", 20, "geopko"),
    ("2012-06", "UNMIL", "Goma", "BGD", 10, "geopko"),  # another operation: another place
    ("2012-06", "MONUSCO", "Bunia", None, 30, "geopko"),  # the source does not know who
    ("2013-01", "MONUSCO", "Goma", "BGD", 10, "geopko"),
    ("2013-01", "MONUSCO", "Goma", "IND", 10, "geopko"),
]
# month, nation, operation, personnel_type, women, men, persons, origin
_SERVICE = [
    ("2012-01", "BGD", "MONUSCO", "troops", None, None, 100, "ipi"),
    ("2012-02", "BGD", "MONUSCO", "troops", None, None, 300, "ipi"),
    ("2012-01", "IND", "MONUSCO", "troops", None, None, 400, "ipi"),
    ("2012-02", "URY", "UNMIL", "troops", None, None, 0, "ipi"),
]
# year, nation, partner, kind, value, origin
_TIES = [
    (2012, "IND", "BGD", "arms_transfer", 5.0, "sipri_arms"),
    (2012, "USA", "IND", "arms_transfer", 7.0, "sipri_arms"),
    (2012, "USA", "BGD", "arms_transfer", 1.0, "sipri_arms"),
]
# year, nation, measure, value, quality, origin
_FIGURES = [
    (2012, "BGD", "population", 150.0, None, "population"),
    (2012, "IND", "population", 1250.0, None, "population"),
]
_VOTES = [
    (2012, "USA", 1, "yes", "un_votes"),
    (2012, "IND", 1, "no", "un_votes"),
    (2012, "USA", 2, "yes", "un_votes"),
    (2012, "IND", 2, "yes", "un_votes"),
    (2012, "IND", 3, "abstain", "un_votes"),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("small") / "store"
    tables: dict[str, list[tuple[object, ...]]] = {
        "deployment_contributors": [*_PLACES],
        "contributions": [*_SERVICE],
        "ties": [*_TIES],
        "nation_years": [*_FIGURES],
        "votes": [*_VOTES],
    }
    frames = {
        name: pl.DataFrame(rows, schema=schema(name), orient="row") for name, rows in tables.items()
    }
    publish(folder, Edition(frames))
    return Store.open(folder)


def _pairs(store: Store, tie: str) -> dict[tuple[int, str, str], float]:
    rows = edges(store, tie).select("year", "nation", "partner", "value").iter_rows()
    return {(year, a, b): value for year, a, b, value in rows if a < b}


def test_places_shared_in_a_year_are_counted_by_hand(small: Store) -> None:
    """Within 2012: Goma IND URY ZAF, Bunia BGD IND URY; in different months is the same year."""
    assert _pairs(small, "same_place") == {
        (2012, "IND", "URY"): 2.0,
        (2012, "IND", "ZAF"): 1.0,
        (2012, "URY", "ZAF"): 1.0,
        (2012, "BGD", "IND"): 1.0,
        (2012, "BGD", "URY"): 1.0,
        (2013, "BGD", "IND"): 1.0,
    }
    found = network.network(small, "same_place", "2012").table
    assert dict(found.select("nation", "ties").iter_rows()) == {
        "IND": 3,
        "URY": 3,
        "ZAF": 2,
        "BGD": 2,
    }


def test_a_report_of_nobody_is_no_service_together(small: Store) -> None:
    assert _pairs(small, "co_deployment") == {(2012, "BGD", "IND"): 1.0}


def test_variables_of_nations_are_the_visible_sums(small: Store) -> None:
    names = (
        "persons,population,sent:arms_transfer,received:arms_transfer,partners:arms_transfer,"
        "votes:USA,member:OIC"
    )
    table = panel(small, "nation-year", names, "2012", "2013").table
    of = {(r["nation"], r["year"]): r for r in table.iter_rows(named=True)}
    bgd, ind, usa = of["BGD", 2012], of["IND", 2012], of["USA", 2012]
    assert bgd["persons"] == (100 + 300) / 2
    assert (bgd["received:arms_transfer"], ind["sent:arms_transfer"]) == (6.0, 5.0)
    assert [r["partners:arms_transfer"] for r in (bgd, ind, usa)] == [2, 2, 2]
    assert of["FRA", 2012]["partners:arms_transfer"] == 0
    assert of["FRA", 2013]["partners:arms_transfer"] is None  # no source of 2013
    # Two roll calls in common, yes and no once, yes and yes once: 1 - 2 * (2 + 0) / (2 * 2) = 0.
    assert ind["votes:USA"] == 0
    assert bgd["votes:USA"] is None
    assert [r["member:OIC"] for r in (bgd, ind)] == [1, 0]


def test_pairs_carry_the_variables_of_either_side(small: Store) -> None:
    names = "arms_transfer,nation:population,partner:population,partner:member:OIC"
    table = panel(small, "dyad-year", names, "2012", "2012").table
    row = table.filter((pl.col("nation") == "IND") & (pl.col("partner") == "BGD"))
    assert row.select(*names.split(",")).row(0) == (5.0, 1250.0, 150.0, 1)
    with pytest.raises(BadRequest, match="no way"):
        panel(small, "dyad-year", "nation:twice:population", "2012", "2012")


def test_several_networks_at_once(small: Store) -> None:
    """Nations BGD IND URY ZAF: of six pairs one has arms, IND and BGD, and shares a place once.

    Shared places by pair: 1 1 0 2 1 1, so that the others have 5 / 5 on average and the pair with
    arms of 5 has 1: no difference, and a coefficient of 0.
    """
    found = network.together(small, "same_place", "arms_transfer", "2012").table.row(0, named=True)
    assert (found["nations"], found["pairs"], found["other"]) == (4, 6, "arms_transfer")
    assert found["coefficient"] == pytest.approx(0)
    # Service together is of the same pair: its part cannot be told from that of arms.
    with pytest.raises(NotAnswerable, match="follows from the others"):
        network.together(small, "same_place", "arms_transfer,co_deployment", "2012")


def test_what_is_asked_and_not_there_is_said_with_the_years_there_are(small: Store) -> None:
    with pytest.raises(NotAnswerable) as told:
        partners(small, "BGD", "2013", "2013")
    assert "arms_transfer: 2012 to 2012" in str(told.value)
    assert "--ties same_place" in str(told.value)  # the store has places of 2012 and 2013
    assert "--ties co_deployment" not in str(told.value)  # and months of 2012 alone
    with pytest.raises(NotAnswerable, match="the store has this tie for 2012 to 2012"):
        network.network(small, "arms_transfer", "2030")
    with pytest.raises(NotAnswerable, match="the store has this tie for 2012 to 2012"):
        network.change(small, "arms_transfer", "2020", None)
    with pytest.raises(NotAnswerable, match="the store holds no training report"):
        training(small, "BGD")


def test_a_printed_zero_of_training_is_unknown(tmp_path: Path) -> None:
    said: list[tuple[int | None, float | None]] = [(0, 0.0), (None, None), (0, 50.0), (4, 0.0)]
    rows = [
        {"year": year, "nation": "PAK", "topic": "other", "students": students, "cost_usd": cost}
        | {"origin": "fmtrpt"}
        for year, part in ((2003, said[:2]), (2004, said))
        for students, cost in part
    ]
    frame = pl.DataFrame(rows, schema=schema("training"))
    publish(tmp_path / "store", Edition({"training": frame}))
    table = training(Store.open(tmp_path / "store"), "PAK", by="year").table
    assert table.rows() == [(2003, 2, None, 2, None, 2), (2004, 4, 4, 3, 50.0, 3)]
