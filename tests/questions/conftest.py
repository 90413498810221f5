"""Small stores whose figures can be added by eye."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema

Row = tuple[object, ...]
MakeStore = Callable[..., Store]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema(table), orient="row")


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    def make(kind: str = "full", **tables: list[Row]) -> Store:
        frames = {name: frame(name, rows) for name, rows in tables.items()}
        publish(tmp_path / "store", Edition(frames, kind=kind))
        return Store.open(tmp_path / "store")

    return make


# month, nation, operation, personnel_type, women, men, persons, origin
CONTRIBUTIONS: list[Row] = [
    ("2000-01", "BGD", None, "troops", None, None, 300, "ipi"),
    ("2000-01", "FRA", None, "police", None, None, 100, "ipi"),
    ("2000-03", "BGD", None, "troops", None, None, 500, "ipi"),
    ("2000-03", "FRA", None, "troops", None, None, 500, "ipi"),
    ("2020-11", "BGD", "MINUSCA", "troops", 10, 90, 100, "un"),
    ("2020-11", "FRA", "MINUSCA", "troops", 0, 100, 100, "un"),
    ("2020-12", "BGD", "MINUSCA", "troops", 20, 130, 150, "un"),
    ("2020-12", "BGD", "UNFICYP", "individual_police", 5, 5, 10, "un"),
    ("2020-12", "FRA", "MINUSCA", "troops", 30, 130, 160, "un"),
    ("2020-12", "SEN", "UNAMA", "experts_on_mission", None, None, 80, "un"),
    ("2020-12", "BGD", "MINUSCA", "civilian", 1, 1, 2, "own"),
    ("2020-12", "TUR", "KFOR", "troops", None, None, 300, "own"),
]


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    return make_store(contributions=CONTRIBUTIONS)
