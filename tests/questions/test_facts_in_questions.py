"""Nations, operations, the mix, deaths, units and ceilings on small stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from sulh.core.errors import BadRequest, NotAnswerable, UnknownName
from sulh.questions.contributions import (
    fatalities,
    known,
    mix,
    nation,
    operation,
    strength_gaps,
    support_units,
)
from sulh.questions.view import View
from sulh.store.reading import Store

MakeStore = Callable[..., Store]
DAY = dt.date(2020, 12, 5)


def test_a_nation_by_operation(store: Store) -> None:
    table = nation(store, "Bangladesh", View(from_="2020-01")).table
    rows = table.filter(pl.col("evidence") == "head-counts").rows(named=True)
    assert [(r["operation"], r["first_month"], r["last_month"], r["months"]) for r in rows] == [
        ("MINUSCA", "2020-11", "2020-12", 2),
        ("UNFICYP", "2020-12", "2020-12", 1),
    ]
    assert (rows[0]["peak"], rows[0]["peak_month"], rows[0]["women_last"]) == (150, "2020-12", 20)


def test_where_head_counts_give_no_operation_places_are_the_evidence(
    make_store: MakeStore,
) -> None:
    store = make_store(
        contributions=[
            ("1995-03", "MYS", None, "troops", None, None, 1500, "ipi"),
            ("2020-12", "MYS", "UNIFIL", "troops", 1, 9, 10, "un"),
        ],
        deployment_contributors=[
            ("1995-03", "UNPROFOR", "Konjic", "MYS", 650, "geopko"),
            ("1995-03", "UNPROFOR", "Jablanica", "MYS", 600, "geopko"),
            ("1995-04", "UNPROFOR", "Konjic", "MYS", None, "geopko"),
            ("2020-12", "UNIFIL", "Tibnin", "MYS", 5, "geopko"),
        ],
    )
    result = nation(store, "MYS")
    rows = {(r["operation"], r["evidence"]): r for r in result.table.rows(named=True)}
    place = rows["UNPROFOR", "places"]
    assert (place["first_month"], place["last_month"], place["peak"]) == (
        "1995-03",
        "1995-04",
        1250,
    )
    assert ("UNIFIL", "places") not in rows
    assert any("1995-03" in note for note in result.missing)
    assert {origin.key for origin in result.origins} == {"facts", "geopko", "un"}, "what is shown"


def test_facts_tell_of_operations_of_other_bodies(store: Store) -> None:
    table = nation(store, "TUR", View(scope="other")).table
    rows = {r["operation"]: r for r in table.rows(named=True)}
    assert rows["KFOR"]["evidence"] == "head-counts"
    assert (rows["IFOR"]["evidence"], rows["IFOR"]["peak"]) == ("facts", 1522)


def test_a_nation_that_does_not_exist_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownName):
        nation(store, "Atlantis")


def test_a_nation_without_contributions_is_an_error(store: Store) -> None:
    with pytest.raises(NotAnswerable, match="Liechtenstein"):
        nation(store, "LIE")


def test_known_contributions_say_what_is_verified(store: Store) -> None:
    table = known(store, "TUR").table
    (row,) = table.filter(pl.col("operation") == "IFOR").rows(named=True)
    assert (row["value"], row["start"], row["body"]) == (1522, "1996-02", "NATO")
    assert row["verified"] is True


def test_known_contributions_in_a_period(store: Store) -> None:
    assert (
        known(store, "TUR", View(from_="1996-01", to="1996-06"))
        .table.filter(pl.col("operation") == "IFOR")
        .height
    )
    assert (
        not known(store, "TUR", View(to="1995-12"))
        .table.filter(pl.col("operation") == "IFOR")
        .height
    )


def test_a_profile_marks_what_was_only_recalled(store: Store) -> None:
    table = operation(store, "MINUSCA").table
    rows = {r["property"]: r for r in table.rows(named=True)}
    assert rows["hosts"]["value"] == "CAF"
    assert "MISCA" in rows["predecessor"]["value"]
    assert rows["last head-count"]["value"] == "310 persons of 2 nations in 2020-12"
    tasks = table.filter(pl.col("property") == "mandate task")
    assert tasks["verified"].to_list().count(False) > 0


def test_an_operation_by_alias_over_time_and_by_nation(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[
            ("2010-05", "BGD", "UNOCI", "troops", 1, 9, 10, "ipi"),
            ("2010-05", "PAK", "UNOCI", "troops", 0, 30, 30, "ipi"),
        ],
        operation_totals=[
            ("2005-05", "UNOCI", "uniformed", 6000, 40, "ipi"),
            ("2010-05", "UNOCI", "uniformed", 41, 2, "ipi"),
        ],
        strength=[
            ("2005-05", "UNOCI", "uniformed", 7000, 6000, None, "personnel_shortfall"),
            ("2010-05", "UNOCI", "uniformed", 0, 40, None, "personnel_shortfall"),
            ("2010-05", "UNOCI", "troops", 50, 40, None, "personnel_shortfall"),
        ],
    )
    over_time = operation(store, "ONUCI", View(to="2010-05", by="month")).table
    assert over_time.select("month", "persons", "nations").rows() == [
        ("2005-05", 6000, 40),
        ("2010-05", 40, 2),
    ]
    # A total of 0 above authorised parts is a fault of the source: unknown, then the facts.
    assert over_time["authorised"][0] == 7000
    assert over_time["authorised"][1] != 0
    by_nation = operation(store, "UNOCI", View(by="nation")).table
    assert by_nation.select("nation", "persons", "share").rows() == [
        ("PAK", 30, 0.75),
        ("BGD", 10, 0.25),
    ]


def test_contributors_to_an_operation_in_every_month(store: Store) -> None:
    table = operation(store, "MINUSCA", View(by="month,nation")).table
    assert table.select("month", "nation", "persons", "share").rows() == [
        ("2020-11", "BGD", 100, 0.5),
        ("2020-11", "FRA", 100, 0.5),
        ("2020-12", "FRA", 160, 160 / 310),
        ("2020-12", "BGD", 150, 150 / 310),
    ]


def test_a_groups_part_of_an_operation(store: Store) -> None:
    """Of MINUSCA Bangladesh gave 100 of 200, then 150 of 310; only it is of the OIC."""
    result = operation(store, "MINUSCA", View(by="month", from_="2020-11", to="2020-12"), "OIC")
    columns = ("month", "persons", "nations", "whole", "share")
    assert result.table.select(columns).rows() == [
        ("2020-11", 100, 1, 200, 0.5),
        ("2020-12", 150, 1, 310, 150 / 310),
    ]
    assert any("Membership of OIC" in text for text in result.assumed)
    profile = operation(store, "MINUSCA", View(), "OIC").table
    rows = dict(profile.select("property", "value").iter_rows())
    assert rows["last head-count of OIC"] == "150 persons of 1 nations in 2020-12"
    kinds = operation(store, "MINUSCA", View(by="personnel_type"), "OIC").table
    assert kinds.select("personnel_type", "persons", "share").rows() == [("troops", 150, 150 / 310)]


def test_a_group_that_gave_nobody_is_zero_where_there_are_reports(store: Store) -> None:
    result = operation(store, "MINUSCA", View(by="month"), "ASEAN")
    assert set(result.table.drop_nulls("whole")["persons"]) == {0}
    assert any("No nation of ASEAN" in text for text in result.missing)


def test_membership_decides_who_is_of_a_groups_part(make_store: MakeStore) -> None:
    """Burkina Faso left ECOWAS in January 2025."""
    row = ("MINUSCA", "troops", 0, 10, 10, "un")
    store = make_store(contributions=[("2024-12", "BFA", *row), ("2025-02", "BFA", *row)])
    for membership, persons in (("dated", [10, 0]), ("today", [0, 0])):
        view = View("2024-12", "2025-02", "month", membership=membership)
        table = operation(store, "MINUSCA", view, "ECOWAS").table.drop_nulls("whole")
        assert table["persons"].to_list() == persons


def test_an_operation_outside_the_scope_is_refused_with_its_own(store: Store) -> None:
    with pytest.raises(BadRequest, match="KFOR is of the scope other"):
        operation(store, "KFOR", View(scope="un"))
    assert operation(store, "KFOR", View(scope="other")).table.height
    assert operation(store, "KFOR").table.height, "without a view any scope will do"


def test_the_mix_keeps_civilians_apart_and_gives_targets(store: Store) -> None:
    table = mix(store, "BGD").table
    assert table.select("personnel_type", "women", "men", "persons", "target_women").rows() == [
        ("civilian", 1, 1, 2, None),
        ("individual_police", 5, 5, 10, 0.30),
        ("troops", 20, 130, 150, 0.15),
    ]
    by_category = mix(store, "BGD", View(by="category")).table
    assert by_category["category"].to_list() == ["civilian", "military", "police"]
    assert by_category["share"].sum() == pytest.approx(1)
    assert by_category["share_women"].to_list()[1] == pytest.approx(20 / 150)


def test_the_mix_says_where_women_are_unknown(store: Store) -> None:
    result = mix(store, "SEN")
    assert result.table["women"].to_list() == [None]
    assert any("not zero" in note for note in result.missing)


DEATHS = [
    (DAY, "2020-12", 2020, "BGD", "MINUSMA", "Military", "M", "Malicious Act", 1, "hub"),
    (DAY, "2020-12", 2020, "BGD", "MINUSMA", "Military", "F", "Illness", 1, "hub"),
    (DAY, "2020-12", 2020, "FRA", "UNIFIL", "Military", "M", "Accident", 1, "hub"),
    (None, None, 2021, "BGD", "UNAMA", "Police", None, None, 2, "hub"),
    (DAY, "2020-12", 2020, None, None, "Other", "M", "Illness", 1, "hub"),
]


def test_deaths_may_be_added(make_store: MakeStore) -> None:
    table = fatalities(make_store(fatalities=DEATHS), "OIC").table
    assert table.rows() == [(2020, 2, 4, 0.5), (2021, 2, 2, 1.0)]


def test_deaths_by_nation_compare_with_all(make_store: MakeStore) -> None:
    table = fatalities(make_store(fatalities=DEATHS), "WORLD", View(by="nation")).table
    assert table.select("nation", "fatalities", "world").rows() == [
        ("BGD", 4, 6),
        ("FRA", 1, 6),
        (None, 1, 6),
    ]


def test_a_scope_of_deaths_says_what_it_leaves_out(make_store: MakeStore) -> None:
    result = fatalities(make_store(fatalities=DEATHS), "WORLD", View(scope="peacekeeping"))
    assert result.table["fatalities"].sum() == 3
    assert any("1 deaths whose operation" in note for note in result.missing)


def test_yearly_rows_are_counted_whole_and_said(make_store: MakeStore) -> None:
    result = fatalities(make_store(fatalities=DEATHS), "WORLD", View(from_="2021-03"))
    assert result.table.rows() == [(2021, 2, 2, 1.0)]
    assert any("year only" in note for note in result.missing)


def test_deaths_before_a_group_was_founded_are_not_compared(make_store: MakeStore) -> None:
    early = (
        dt.date(1961, 1, 1),
        "1961-01",
        1961,
        "PAK",
        "ONUC",
        "Military",
        "M",
        "Illness",
        1,
        "h",
    )
    result = fatalities(make_store(fatalities=[early, *DEATHS]), "OIC")
    assert result.table["year"].to_list() == [2020, 2021]
    assert any("1961-01" in note for note in result.missing)


def test_no_deaths_is_not_an_answer(make_store: MakeStore) -> None:
    with pytest.raises(NotAnswerable, match="need not mean"):
        fatalities(make_store(fatalities=DEATHS), "WORLD", View(to="2019-12"))


UNITS = [
    (2006, "UNIFIL", "Naqoura", "LBN", 33.1, 35.1, "IDN", "medical", False, "geopko"),
    (2007, "UNIFIL", "Naqoura", "LBN", 33.1, 35.1, "IDN", "medical", True, "geopko"),
    (2007, "UNIFIL", "Tibnin", "LBN", 33.2, 35.4, "FRA", "medical", True, "geopko"),
]


def test_units_by_nation_and_place(make_store: MakeStore) -> None:
    store = make_store(support_units=UNITS)
    (row,) = support_units(store, "OIC").table.rows(named=True)
    assert (row["nation"], row["location"], row["first_year"], row["last_year"]) == (
        "IDN",
        "Naqoura",
        2006,
        2007,
    )
    assert (row["years"], row["attributed_years"]) == (2, 1)
    counted = support_units(store, "WORLD", View(from_="2007-01", by="unit")).table
    assert counted.rows() == [("medical", 2, 2, 2)]


def test_no_units_is_not_an_answer(make_store: MakeStore) -> None:
    with pytest.raises(NotAnswerable):
        support_units(make_store(support_units=UNITS), "OIC", View(from_="2010-01"))


def test_ceilings_of_the_data_and_of_the_facts(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[
            ("2025-07", "BGD", "MINUSCA", "troops", 0, 14000, 14000, "un"),
            ("2025-07", "RWA", "MINUSCA", "formed_police", 0, 3000, 3000, "un"),
        ],
        strength=[("2005-05", "UNOCI", "uniformed", 7000, 6000, None, "personnel_shortfall")],
    )
    old = strength_gaps(store, View(to="2005-12")).table.row(0, named=True)
    assert (old["gap"], old["source"]) == (1000, "personnel_shortfall")
    new = {r["personnel_type"]: r for r in strength_gaps(store).table.rows(named=True)}
    # S/RES/2759 (2024): 14,400 military and 3,020 police.
    assert new["military"]["gap"] == 400
    assert new["police"]["gap"] == 20
    assert new["uniformed"]["authorised"] == 17_420
    one = strength_gaps(store, View(), "ONUCI").table
    assert one["operation"].to_list() == ["UNOCI"]


def test_strength_that_nobody_knows_is_an_error(store: Store) -> None:
    with pytest.raises(NotAnswerable):
        strength_gaps(store, View(to="2000-03"))


def test_a_sum_of_deaths_is_no_breakdown(make_store: MakeStore) -> None:
    with pytest.raises(BadRequest):
        fatalities(make_store(fatalities=DEATHS), "WORLD", View(by="total"))


def test_a_ceiling_of_three_operations_gives_one_of_them_no_gap(
    make_store: Callable[..., Store],
) -> None:
    rows = [
        ("1995-03", "UNPROFOR", "uniformed", 46_629, 38_848, False, "personnel_shortfall"),
        ("1995-04", "UNPROFOR", "uniformed", 46_629, 23_599, False, "personnel_shortfall"),
        ("1995-04", "UNPREDEP", "uniformed", 1_144, 1_102, False, "personnel_shortfall"),
    ]
    found = strength_gaps(make_store(strength=rows), View(), "UNPROFOR")
    assert found.table["gap"].to_list() == [46_629 - 38_848, None]
    assert any("UNPROFOR, UNCRO, UNPREDEP together" in text for text in found.missing)
    other = strength_gaps(make_store(strength=rows), View(), "UNPREDEP")
    assert other.table["gap"].to_list() == [42]
    assert other.missing == ()
    assert found.chart is not None
    assert found.chart.rows is not None
    assert found.chart.rows["strength"].to_list() == ["authorised"] * 2 + ["deployed"] * 2


def test_nations_are_ranked_by_the_places_of_one_kind_of_unit(make_store: MakeStore) -> None:
    more = (2007, "UNIFIL", "Tyre", "LBN", 33.2, 35.2, "FRA", "engineering", True, "geopko")
    store = make_store(support_units=[*UNITS, more])
    found = support_units(store, "WORLD", View(from_="2007-01", by="nation"), "medical").table
    assert found.columns == ["rank", "nation", "name", "places", "attributed_places"]
    assert found.rows() == [(1, "FRA", "France", 1, 1), (1, "IDN", "Indonesia", 1, 1)]
    every = support_units(store, "WORLD", View(by="nation")).table
    assert every.select("rank", "nation", "places").rows() == [(1, "FRA", 2), (2, "IDN", 1)]
    with pytest.raises(BadRequest, match="kinds of units are medical"):
        support_units(store, "WORLD", View(), "infantry")
