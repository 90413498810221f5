"""The two worked models of docs/cooperation.md, with the signs that the field reports."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sulh.core.errors import SulhError
from sulh.facts.names import resolve_nation
from sulh.questions.cooperation.panel import panel
from sulh.store.reading import Store

sm = pytest.importorskip("statsmodels.api")


def test_whether_and_how_many(real_store: Store) -> None:
    """A hurdle: population goes with whether and with how many (all studies control for it)."""
    from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

    names = "persons,population,gdp_usd,armed_forces"
    rows = panel(real_store, "nation-year", names, "2010", "2012").table.drop_nulls()
    rows = rows.filter((pl.col("armed_forces") > 0) & (pl.col("population") > 0))
    x = sm.add_constant(
        np.column_stack([np.log(rows["population"]), np.log(rows["gdp_usd"] / rows["population"])])
    )
    persons = rows["persons"].round(0).to_numpy()
    whether = sm.Logit((persons > 0).astype(float), x).fit(disp=0)
    given = persons > 0
    many = TruncatedLFNegativeBinomialP(persons[given], x[given], truncation=0).fit(
        disp=0, maxiter=500
    )
    assert whether.params[1] > 0
    assert many.params[1] > 0
    # Richer nations send fewer of their own (Bove & Elia 2011: cheap manpower goes with troops).
    assert many.params[2] < 0


def test_gravity_of_arms_transfers(ties_store: Store, shared_data: Path, real_store: Store) -> None:
    """Size draws, distance parts (every gravity model); allies trade more (Kinne 2018)."""
    places = _places(shared_data / "countries" / "cow_capitals.csv")
    size = panel(real_store, "nation-year", "gdp_usd", "2010", "2010").table.drop_nulls()
    gdp = dict(size.select("nation", "gdp_usd").iter_rows())
    pairs = panel(ties_store, "dyad-year", "arms_transfer,alliance", "2010", "2010").table
    rows = [
        (value, np.log(gdp[a]), np.log(gdp[b]), np.log(_kilometres(places[a], places[b])), ally)
        for a, b, value, ally in pairs.select(
            "nation", "partner", "arms_transfer", "alliance"
        ).iter_rows()
        if a in gdp and b in gdp and a in places and b in places
    ]
    data = np.array(rows)
    model = sm.GLM(data[:, 0], sm.add_constant(data[:, 1:]), family=sm.families.Poisson())
    found = model.fit(cov_type="HC1").params
    assert len(rows) > 20_000
    assert found[1] > 0
    assert found[2] > 0
    assert found[3] < 0
    assert found[4] > 0


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
