"""The same answers, counted a second time with plain Python, on random and on real tables."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import NotAnswerable
from sulh.facts.groups import members
from sulh.facts.operations import operations
from sulh.methods.inequality import gini
from sulh.questions.burden import burden, concentration, without
from sulh.questions.contributions import fatalities, mix, nation, rank, series
from sulh.questions.view import View
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema

Rows = list[dict[str, Any]]

nations = st.sampled_from(["BGD", "PAK", "FRA", "IDN", "KEN", "CIV"])
kinds = st.sampled_from(["troops", "individual_police", "civilian"])
places = st.sampled_from([None, "UNIFIL", "MINUSCA", "UNAMA", "KFOR"])
months = st.sampled_from(["1999-12", "2000-01", "2001-12", "2002-01"])
sexes = st.one_of(st.none(), st.tuples(st.integers(0, 50), st.integers(0, 50)))


@st.composite
def contributions(draw: st.DrawFn) -> Rows:
    keys = draw(
        st.lists(st.tuples(months, nations, places, kinds), min_size=1, max_size=25, unique=True)
    )
    rows = []
    for month, who, where, kind in keys:
        split = draw(sexes)
        women, men = split if split else (None, None)
        persons = sum(split) if split else draw(st.integers(0, 100))
        rows.append(
            {
                "month": month,
                "nation": who,
                "operation": where,
                "personnel_type": kind,
                "women": women,
                "men": men,
                "persons": persons,
                "origin": "un",
            }
        )
    return rows


def is_un(row: dict[str, Any]) -> bool:
    where = row["operation"]
    outside = where is not None and where in operations() and operations()[where].scope == "other"
    return row["personnel_type"] != "civilian" and not outside


def plain_series(rows: Rows, group: str | None) -> dict[str, tuple[int, int, int]]:
    """Return persons, world and number of nations by month, counted row by row."""
    found: dict[str, tuple[int, int, int]] = {}
    by_month: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if is_un(row):
            by_month[row["month"]].append(row)
    for month, inside in by_month.items():
        named = members(group, on=month) if group else {row["nation"] for row in inside}
        own = [row for row in inside if row["nation"] in named]
        giving = {row["nation"] for row in own if row["persons"] > 0}
        persons = sum(row["persons"] for row in own)
        found[month] = (persons, sum(row["persons"] for row in inside), len(giving))
    return found


@given(contributions())
def test_series_on_random_tables(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> None:
    store = written(tmp_path_factory.mktemp("store"), rows)
    expected = plain_series(rows, "OIC")
    if not any(is_un(row) for row in rows):
        with pytest.raises(NotAnswerable):
            series(store, "OIC")
        return
    table = series(store, "OIC").table.filter(pl.col("world").is_not_null())
    found = {r["month"]: (r["persons"], r["world"], r["nations"]) for r in table.rows(named=True)}
    assert found == expected
    for row in table.rows(named=True):
        if row["world"]:
            assert row["share"] == pytest.approx(row["persons"] / row["world"])
        else:
            assert row["share"] is None


@given(contributions(), st.sampled_from(["personnel_type", "operation", "nation", "sex"]))
def test_parts_add_up_to_the_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, by: str
) -> None:
    if not any(is_un(row) for row in rows):
        return
    store = written(tmp_path_factory.mktemp("store"), rows)
    whole = series(store, "OIC").table.drop_nulls("persons")
    parts = series(store, "OIC", View(by=by)).table.group_by("month").agg(pl.col("persons").sum())
    sums = dict(parts.iter_rows())
    for month, persons in whole.select("month", "persons").iter_rows():
        assert sums.get(month, 0) == persons


def written(folder: Path, rows: Rows) -> Store:
    table = pl.DataFrame(rows, schema=schema("contributions"))
    publish(folder, Edition({"contributions": table}))
    return Store.open(folder)


@pytest.fixture(scope="module")
def rows(real_store: Store) -> Rows:
    return real_store.table("contributions").rows(named=True)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("group", [None, "OIC", "OIC - ARAB_LEAGUE", "AU & OIC"])
def test_series_on_the_real_table(real_store: Store, rows: Rows, group: str | None) -> None:
    expected = plain_series(rows, group)
    table = series(real_store, group or "WORLD").table
    found = {
        r["month"]: (r["persons"], r["world"], r["nations"])
        for r in table.rows(named=True)
        if r["month"] in expected
    }
    # The African Union is that of 2002 and the OAU before: no month here is without members.
    assert found == expected


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("month", ["1993-06", "2013-12", "2020-12", "2025-07"])
def test_rank_and_concentration_on_the_real_table(
    real_store: Store, rows: Rows, month: str
) -> None:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["month"] == month and is_un(row):
            sums[row["nation"]] += row["persons"]
    giving = {who: persons for who, persons in sums.items() if persons > 0}
    table = rank(real_store, month).table
    assert dict(table.select("nation", "persons").iter_rows()) == giving
    for row in table.rows(named=True):
        assert row["rank"] == 1 + sum(p > row["persons"] for p in giving.values())
        assert row["share"] == pytest.approx(row["persons"] / sum(giving.values()))
    measured = concentration(real_store, "WORLD", View(from_=month, to=month)).table
    assert measured["gini"].item() == pytest.approx(gini(list(giving.values())))
    top = sorted(giving.values(), reverse=True)[:5]
    assert measured["top_5"].item() == pytest.approx(sum(top) / sum(giving.values()))


@pytest.mark.shared
@pytest.mark.slow
def test_without_on_the_real_table(real_store: Store, rows: Rows) -> None:
    month = "2025-07"
    inside = [row for row in rows if row["month"] == month and is_un(row)]
    left = [row for row in inside if row["nation"] != "BGD"]
    oic = members("OIC", on=month)
    share = sum(r["persons"] for r in left if r["nation"] in oic) / sum(r["persons"] for r in left)
    table = without(real_store, "OIC", month).table
    found = table.filter(pl.col("nation") == "BGD")["if_withdrawn"].item()
    assert found == pytest.approx(share)


@pytest.mark.shared
@pytest.mark.slow
def test_nation_on_the_real_table(real_store: Store, rows: Rows) -> None:
    monthly: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row["nation"] == "PAK" and row["operation"] and row["persons"] > 0 and is_un(row):
            monthly[row["operation"]][row["month"]] += row["persons"]
    table = nation(real_store, "PAK").table.filter(pl.col("evidence") == "head-counts")
    found = {r["operation"]: r for r in table.rows(named=True)}
    assert set(found) == set(monthly)
    for where, counts in monthly.items():
        assert found[where]["first_month"] == min(counts)
        assert found[where]["last_month"] == max(counts)
        assert found[where]["months"] == len(counts)
        assert found[where]["peak"] == max(counts.values())


@pytest.mark.shared
@pytest.mark.slow
def test_mix_on_the_real_table(real_store: Store, rows: Rows) -> None:
    month, oic = "2024-12", members("OIC", on="2024-12")
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row["month"] == month and row["nation"] in oic and is_un(row):
            sums[row["personnel_type"]][0] += row["women"]
            sums[row["personnel_type"]][1] += row["men"]
    table = mix(real_store, "OIC", View(from_=month, to=month)).table
    found = {r["personnel_type"]: [r["women"], r["men"]] for r in table.rows(named=True)}
    assert found == dict(sums)


@pytest.mark.shared
@pytest.mark.slow
def test_deaths_on_the_real_table(real_store: Store) -> None:
    counted: dict[int, int] = defaultdict(int)
    for row in real_store.table("fatalities").rows(named=True):
        when = row["month"] or f"{row['year']}-12"
        if row["nation"] in members("OIC", on=when):
            where = row["operation"]
            if where is None or operations()[where].scope != "other":
                counted[row["year"]] += row["fatalities"]
    table = fatalities(real_store, "OIC").table.filter(pl.col("fatalities") > 0)
    assert dict(table.select("year", "fatalities").iter_rows()) == dict(counted)


@pytest.mark.shared
@pytest.mark.slow
def test_burden_on_the_real_table(real_store: Store, rows: Rows) -> None:
    month = real_store.months[-1]
    persons = sum(
        r["persons"] for r in rows if r["month"] == month and r["nation"] == "BGD" and is_un(r)
    )
    people = [
        (r["year"], r["origin"] != "cow_nmc", r["value"])
        for r in real_store.table("nation_years").rows(named=True)
        if (r["nation"], r["measure"]) == ("BGD", "population")
        and r["value"] is not None
        and r["quality"] != "improbable"
        and r["year"] <= int(month[:4])
    ]
    year, _, value = max(people)
    row = burden(real_store, "OIC").table.filter(pl.col("nation") == "BGD").row(0, named=True)
    assert row["population_year"] == year
    assert row["persons_per_million"] == pytest.approx(persons / value * 1e6)
