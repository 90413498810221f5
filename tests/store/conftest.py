"""Builds from tidy rows written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from sulh.store.building import build
from sulh.store.keeping import Remark, TidyFile, keep_tidy
from sulh.store.ledger import BuildInput
from sulh.store.manifest import FileEntry

Tables = Mapping[str, pl.DataFrame]
Given = Callable[..., BuildInput]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Return a function that makes a file of tidy tables: ``given(source, tables, *remarks)``."""

    def make(source: str, tables: Tables, *remarks: Remark, name: str = "a.csv") -> BuildInput:
        text = "".join(f"{key}{table.write_csv()}" for key, table in tables.items())
        sha256 = hashlib.sha256(f"{source}{name}{text}".encode()).hexdigest()
        months = {m for t in tables.values() if "month" in t.columns for m in t["month"]}
        tidy = TidyFile(
            sha256=sha256,
            name=name,
            source=source,
            reader="r",
            bytes=1,
            tables={key: table.height for key, table in tables.items()},
            months=tuple(sorted(months)),
            remarks=remarks,
            folder=tmp_path,
        )
        kept = keep_tidy(tmp_path, tidy, tables)
        return BuildInput(FileEntry(sha256, name, source, "r"), kept)

    return make


def built(*inputs: BuildInput) -> Tables:
    """Return the tables of a build."""
    return build(inputs)[0].tables
