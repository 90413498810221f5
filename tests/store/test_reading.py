"""A store's versions: opened, verified, kept apart."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import StoreDamaged, StoreMissing, UnknownName
from sulh.store.layout import Layout
from sulh.store.origins import origins_of
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.schema import schema, tables


def contributions(persons: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "month": ["2020-12", "2020-11"],
            "nation": ["BGD", "NAM"],
            "operation": ["MINUSCA", None],
            "personnel_type": ["troops", "police"],
            "persons": [persons, 2],
            "origin": ["un_monthly_pdf", "un_monthly_pdf"],
        }
    )


def test_what_is_published_is_read(tmp_path: Path) -> None:
    publish(tmp_path, Edition({"contributions": contributions(7)}))
    store = Store.open(tmp_path)
    assert store.months == ("2020-11", "2020-12")
    assert store.table("contributions")["persons"].to_list() == [2, 7]
    assert store.table("contributions").schema == pl.Schema(schema("contributions"))
    store.verify()


def test_absent_tables_are_empty_with_their_schema(tmp_path: Path) -> None:
    publish(tmp_path, Edition({"contributions": contributions(7)}))
    store = Store.open(tmp_path)
    for name in tables():
        assert store.scan(name).collect_schema() == pl.Schema(schema(name))
    assert store.has("contributions")
    assert not store.has("fatalities")
    with pytest.raises(UnknownName, match="no table 'persons'"):
        store.scan("persons")


@pytest.mark.parametrize("where", ["start", "labels", "end"])
def test_damaged_copies_of_tables_are_told(tmp_path: Path, where: str) -> None:
    publish(tmp_path, Edition({"contributions": contributions(7)}))
    store = Store.open(tmp_path)
    file = store.folder / "contributions.coded.parquet"
    data = bytearray(file.read_bytes())
    at = {"start": 0, "labels": data.index(b'{"month":'), "end": len(data) - 8}[where]
    data[at : at + 8] = b"\0" * 8
    file.write_bytes(bytes(data))
    with pytest.raises(StoreDamaged, match=r"contributions\.coded\.parquet cannot be read"):
        store.coded("contributions")


def test_same_rows_in_any_order_give_the_same_version(tmp_path: Path) -> None:
    rows = contributions(7)
    first = publish(tmp_path / "a", Edition({"contributions": rows}))
    second = publish(tmp_path / "b", Edition({"contributions": rows.reverse()}))
    third = publish(tmp_path / "c", Edition({"contributions": contributions(8)}))
    assert first == second != third


def test_an_open_store_keeps_its_version(tmp_path: Path) -> None:
    publish(tmp_path, Edition({"contributions": contributions(7)}))
    old = Store.open(tmp_path)
    publish(tmp_path, Edition({"contributions": contributions(8)}))
    assert old.table("contributions")["persons"].sum() == 2 + 7
    assert Store.open(tmp_path).table("contributions")["persons"].sum() == 2 + 8


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="sulh import"):
        Store.open(tmp_path)


def test_a_cut_table_is_found_when_opening(tmp_path: Path) -> None:
    version = publish(tmp_path, Edition({"contributions": contributions(7)}))
    file = Layout(tmp_path).version(version) / "contributions.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(StoreDamaged, match="contributions"):
        Store.open(tmp_path)


def test_a_flipped_bit_is_found_by_verify(tmp_path: Path) -> None:
    version = publish(tmp_path, Edition({"contributions": contributions(7)}))
    file = Layout(tmp_path).version(version) / "contributions.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreDamaged, match="contributions"):
        Store.open(tmp_path).verify()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "tables": 3}'])
def test_a_damaged_manifest_is_an_error_that_says_so(tmp_path: Path, text: str) -> None:
    version = publish(tmp_path, Edition({"contributions": contributions(7)}))
    (Layout(tmp_path).version(version) / "manifest.json").write_text(text)
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)


def test_the_environment_names_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, Edition({"contributions": contributions(7)}))
    monkeypatch.setenv("SULH_STORE", str(tmp_path))
    assert Store.open().path == tmp_path
    monkeypatch.setenv("SULH_STORE", str(tmp_path / "none"))
    with pytest.raises(StoreMissing):
        Store.open()


def test_what_users_files_say_of_their_source_has_no_control_characters() -> None:
    told = {"title": "a\x01b", "producer": "p\x1b[2J", "citation": "c", "licence": "l", "url": ""}
    (found,) = origins_of({}, lambda: pl.LazyFrame([told]), ["user"])
    assert (found.title, found.producer) == ("a\ufffdb", "p\ufffd[2J")
