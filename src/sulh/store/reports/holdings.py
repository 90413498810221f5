"""What is in a store: files, rows, months covered and licence of every source."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import UnknownName
from sulh.facts.catalogue import entry
from sulh.result import Result
from sulh.store.reading import Store

_UNITS = {"files": "files", "rows": "rows"}


def sources(store: Store) -> Result:
    """Return one row a source: its files, tidy rows, first and last month, year or day, licence."""
    held = (
        store.scan("files")
        .group_by(pl.col("origin").alias("source"))
        .agg(
            pl.len().cast(pl.Int64).alias("files"),
            pl.col("rows").sum(),
            pl.col("start").min().alias("first"),
            pl.col("end").max().alias("last"),
            pl.col("retrieved").max(),
        )
        .sort("source")
        .collect()
    )
    told = pl.DataFrame(
        [_terms(key) for key in held["source"]],
        schema=dict.fromkeys(("title", "producer", "licence", "redistribution"), pl.String),
        orient="row",
    )
    table = pl.concat([held, told], how="horizontal").select(
        *("source", "title", "producer", "files", "rows", "first", "last", "retrieved"),
        *("licence", "redistribution"),
    )
    return Result(
        name="sources",
        title=f"Sources in the store {store.version} ({_kind(store)})",
        table=table,
        units=_UNITS,
        origins=store.origins(None),
        missing=missing_in_kind(store),
    )


def _terms(key: str) -> tuple[str, str, str, str]:
    try:
        found = entry(key)
    except UnknownName:
        return key, "", "named in the user's own files", ""
    return found.title, found.producer, found.licence, found.redistribution


def _kind(store: Store) -> str:
    return "the starter store" if store.kind == "starter" else "built from imported files"


def missing_in_kind(store: Store) -> tuple[str, ...]:
    """Return what a store of this kind leaves out, one sentence each."""
    if store.kind != "starter":
        return ()
    return ("The starter store holds each December and the latest month only.",)
