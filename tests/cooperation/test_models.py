"""The two worked models of docs/cooperation.md, with the signs that the field reports."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sulh.core.errors import SulhError
from sulh.facts.names import resolve_nation
from sulh.methods.networks import eigenvector
from sulh.questions.cooperation.edges import edges
from sulh.questions.cooperation.network import matrix_of
from sulh.questions.cooperation.panel import panel
from sulh.store.reading import Store

sm = pytest.importorskip("statsmodels.api")


def test_whether_and_how_many(real_store: Store) -> None:
    """A hurdle: population goes with whether and with how many (all studies control for it)."""
    from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

    names = "persons,population,gdp_usd"
    rows = panel(real_store, "nation-year", names, "2010", "2019").table.drop_nulls()
    x = sm.add_constant(
        np.column_stack([np.log(rows["population"]), np.log(rows["gdp_usd"] / rows["population"])])
    )
    persons = rows["persons"].round(0).to_numpy()
    clusters = np.column_stack([rows["nation"].rank("dense"), rows["year"]])
    sends = persons > 0
    whether = sm.Logit(sends.astype(float), x).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": clusters}
    )
    model = TruncatedLFNegativeBinomialP(persons[sends], x[sends], truncation=0)
    many = model.fit(disp=0, maxiter=500, cov_type="cluster", cov_kwds={"groups": clusters[sends]})
    assert len(rows) > 1_500
    assert whether.params[1] / whether.bse[1] > 2
    assert many.params[1] / many.bse[1] > 2
    # Richer nations send fewer of their own (Bove & Elia 2011: cheap manpower goes with troops).
    assert many.params[2] / many.bse[2] < -2
    # A nation's years are not news of each other: taken as such, errors come out far too small.
    alone = model.fit(disp=0, maxiter=500)
    assert (many.bse[:3] > 2 * alone.bse[:3]).all()


def test_central_nations_give_larger_shares(real_store: Store, ties_store: Store) -> None:
    """Nations central in likeness of votes give more of an operation's troops (Ward & Dorussen).

    Theirs are the operations of 1990 to 2011; here those of 2010 to 2019 with a hundred troops or
    more, shares of contributors, population and year held fixed, errors by nation.
    """
    first, last = 2010, 2019
    central = _central(ties_store, range(first, last + 1))
    table = _shares(real_store, first, last).join(central, on=["year", "nation"])
    people = panel(real_store, "nation-year", "population", str(first), str(last)).table
    rows = table.join(people, on=["year", "nation"]).drop_nulls()
    assert rows.height > 2_000
    columns = [rows["central"], np.log(rows["population"].to_numpy())]
    years = [(rows["year"] == year).cast(pl.Float64) for year in range(first, last + 1)]
    found = sm.OLS(rows["share"].to_numpy(), np.column_stack([*columns, *years])).fit(
        cov_type="cluster", cov_kwds={"groups": rows["nation"].rank("dense").to_numpy()}
    )
    assert found.tvalues[0] > 1.645


def _central(store: Store, years: range) -> pl.DataFrame:
    """Return the eigenvector centrality (Bonacich 1972) of each nation's votes by year."""
    parts = []
    for year in years:
        likeness, names = matrix_of(edges(store, "votes", (year, year)))
        own = eigenvector(likeness)
        parts.append(pl.DataFrame({"year": [year] * len(names), "nation": names, "central": own}))
    return pl.concat(parts)


def _shares(store: Store, first: int, last: int) -> pl.DataFrame:
    """Return each contributor's share of an operation's troops by year."""
    troops = store.table("contributions").filter(
        (pl.col("personnel_type") == "troops") & pl.col("operation").is_not_null()
    )
    of_year = troops.with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    sums = (
        of_year.filter(pl.col("year").is_between(first, last))
        .group_by("year", "operation", "nation")
        .agg(pl.col("persons").sum(), pl.col("month").n_unique().alias("months"))
    )
    whole = pl.col("persons").sum().over("year", "operation")
    large = whole / pl.col("months").max().over("year", "operation") >= 100
    return sums.filter(large & (pl.col("persons") > 0)).select(
        "year", "operation", "nation", (pl.col("persons") / whole).alias("share")
    )


def test_gravity_of_arms_transfers(ties_store: Store, shared_data: Path, real_store: Store) -> None:
    """Size draws, distance parts (every gravity model); allies trade more (Kinne 2018)."""
    places = _places(shared_data / "countries" / "cow_capitals.csv")
    size = panel(real_store, "nation-year", "gdp_usd", "2010", "2010").table.drop_nulls()
    gdp = dict(size.select("nation", "gdp_usd").iter_rows())
    pairs = panel(ties_store, "dyad-year", "arms_transfer,alliance", "2010", "2010").table
    pairs = pairs.filter(
        pl.all_horizontal(pl.col("nation", "partner").is_in([n for n in gdp if n in places]))
    )
    rows = [
        (value, np.log(gdp[a]), np.log(gdp[b]), np.log(_kilometres(places[a], places[b])), ally)
        for a, b, value, ally in pairs.select(
            "nation", "partner", "arms_transfer", "alliance"
        ).iter_rows()
    ]
    data = np.array(rows)
    sides = pairs.select(pl.col("nation", "partner").rank("dense")).to_numpy()
    model = sm.GLM(data[:, 0], sm.add_constant(data[:, 1:]), family=sm.families.Poisson())
    found = model.fit(cov_type="cluster", cov_kwds={"groups": sides})
    assert len(rows) > 20_000
    # Pairs that share a nation are not news of each other: errors are clustered by both sides.
    # So taken, the signs of distance and alliance in one year stand, their sizes do not.
    assert (found.tvalues[1:3] > 2).all()
    assert found.params[3] < 0
    assert found.params[4] > 0


def _places(path: Path) -> dict[str, tuple[float, float]]:
    found = {}
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        for row in csv.DictReader(stream):
            try:
                nation = resolve_nation(None, row["ccode"], on="2010", system="cow").nation
                found[nation] = float(row["lat"]), float(row["lng"])
            except (SulhError, ValueError):
                continue
    return found


def _kilometres(one: tuple[float, float], two: tuple[float, float]) -> float:
    (a, b), (c, d) = np.radians(one), np.radians(two)
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return max(float(2 * 6371 * np.arcsin(np.sqrt(h))), 10.0)
