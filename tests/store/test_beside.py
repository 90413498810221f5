"""What a version keeps beside its tables, so that questions need not read them whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import StoreDamaged
from sulh.store.beside import FILE, Beside
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema

TABLES = {
    "contributions": [
        ("2020-01", "BGD", "MINUSCA", "troops", 1, 9, 10, "un"),
        ("2020-01", "FRA", None, "troops", None, None, 5, "un"),
        ("2020-02", "BGD", "UNAMA", "police", 0, 2, 2, "un"),
    ],
    "coverage": [("2020-01", "un", None, 15, 2, "why"), ("2020-02", "un", None, 2, 1, "why")],
    "flags": [
        ("f", "a.csv", "un", "copied_month", "doubt", "2020-02", None, None, "told"),
        ("f", "a.csv", "un", "harmless", "note", "2020-02", None, None, "told"),
    ],
    "world_totals": [("2020-01", "uniformed", None, None, 16, 2, "un")],
    "files": [("f", "0" * 64, "a.csv", "un", 1, 3, "2020-01", "2020-02", "2021-05-01")],
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    frames = {
        name: pl.DataFrame(rows, schema=schema(name), orient="row") for name, rows in TABLES.items()
    }
    publish(tmp_path, Edition(frames))
    return Store.open(tmp_path)


def test_what_is_kept_is_what_the_tables_say(store: Store) -> None:
    assert store.beside == Beside(
        chosen=[("2020-01", "un", 15), ("2020-02", "un", 2)],
        told=[("2020-02", "un", "copied_month", "f", "a.csv", None, None, "told")],
        printed=[("2020-01", "un", 16, 2)],
        fetched={"un": "2021-05-01"},
        world=[
            ("2020-01", "peacekeeping", "un", 10),
            ("2020-01", None, "un", 5),
            ("2020-02", "political", "un", 2),
        ],
    )


def test_a_version_that_was_built_without_them_tells_the_same(store: Store) -> None:
    tables = {name: held for name, held in store.manifest.tables.items() if "." not in name}
    assert len(tables) < len(store.manifest.tables)
    before = Store(store.path, replace(store.manifest, tables=tables, beside=""))
    assert before.beside == store.beside
    assert before.coded("contributions").equals(store.coded("contributions"))


def test_damage_to_what_is_kept_is_found(store: Store) -> None:
    store.verify()
    file = store.folder / FILE
    body = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(body | {"printed": []}), encoding="utf-8")
    with pytest.raises(StoreDamaged, match=FILE):
        store.verify()
    file.write_text("{", encoding="utf-8")
    with pytest.raises(StoreDamaged, match=FILE):
        _ = Store.open(store.path).beside
