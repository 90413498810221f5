"""A store small enough to check by eye, with names that try to break out of a page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema

HOSTILE = "<script>alert('x')</script>&\"UN"

Row = tuple[object, ...]

# month, nation, operation, personnel_type, women, men, persons, origin
CONTRIBUTIONS: list[Row] = [
    ("1995-11", "BGD", None, "troops", None, None, 300, "ipi_nation"),
    ("1995-11", "PAK", None, "troops", None, None, 200, "ipi_nation"),
    ("1995-11", "IND", None, "troops", None, None, 500, "ipi_nation"),
    ("1995-12", "BGD", None, "troops", None, None, 400, "ipi_nation"),
    ("1995-12", "IND", None, "troops", None, None, 600, "ipi_nation"),
    ("2020-11", "BGD", "MINUSCA", "troops", 10, 90, 100, "un_monthly_pdf"),
    ("2020-11", "IND", "MINUSCA", "troops", 0, 300, 300, "un_monthly_pdf"),
    ("2020-12", "BGD", "MINUSCA", "troops", 20, 130, 150, "un_monthly_pdf"),
    ("2020-12", "BGD", "UNFICYP", "individual_police", 5, 5, 10, "un_monthly_pdf"),
    ("2020-12", "BGD", HOSTILE, "troops", 0, 1, 1, "un_monthly_pdf"),
    ("2020-12", "PAK", "MINUSCA", "staff_officers", 1, 8, 9, "un_monthly_pdf"),
    ("2020-12", "IND", "MINUSCA", "troops", 30, 130, 160, "un_monthly_pdf"),
]
# month, chosen, alternatives, persons, nations, reason
COVERAGE: list[Row] = [
    ("1995-11", "ipi_nation", None, 1000, 3, "the only source for the month"),
    ("1995-12", "ipi_nation", None, 1000, 2, "the only source for the month"),
    ("2020-11", "un_monthly_pdf", None, 400, 2, "the only source for the month"),
    ("2020-12", "un_monthly_pdf", None, 330, 3, "the only source for the month"),
]
# date, month, year, nation, operation, casualty_type, sex, cause, fatalities, origin
FATALITIES: list[Row] = [
    (dt.date(1995, 7, 11), "1995-07", 1995, "BGD", "UNPROFOR", "Military", "M", "Malicious Act", 2,
     "un_hub_fatalities"),
    (dt.date(2020, 3, 2), "2020-03", 2020, "BGD", "MINUSCA", "Police", "F", "Illness", 1,
     "un_hub_fatalities"),
    (dt.date(2020, 4, 2), "2020-04", 2020, "IND", "MINUSCA", "Military", "M", "<b>Fall</b>", 3,
     "un_hub_fatalities"),
]  # fmt: skip
# year, nation, measure, value, quality, origin
NATION_YEARS: list[Row] = [
    (2020, "BGD", "population", 160e6, None, "population"),
    (2020, "PAK", "population", 220e6, None, "population"),
    (2020, "IND", "population", 1380e6, None, "population"),
]
# year, operation, location, host, latitude, longitude, nation, unit, attributed, origin
SUPPORT: list[Row] = [
    (2020, "MINUSCA", "Bangui", "CAF", 4.4, 18.6, "BGD", "medical", True, "geopko"),
    (2020, "MINUSCA", "Bria", "CAF", 6.5, 22.0, "BGD", "medical", False, "geopko"),
]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema(table), orient="row")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store with three nations and four months."""
    root: Path = tmp_path_factory.mktemp("small")
    tables = {
        "contributions": CONTRIBUTIONS,
        "coverage": COVERAGE,
        "fatalities": FATALITIES,
        "nation_years": NATION_YEARS,
        "support_units": SUPPORT,
    }
    publish(root, Edition({name: frame(name, rows) for name, rows in tables.items()}))
    return Store.open(root)
