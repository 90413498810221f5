"""Bring the tidy rows of all files together, one table at a time."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.store.ledger import BuildInput


def gather(inputs: Sequence[BuildInput], table: str) -> pl.DataFrame | None:
    """Return a tidy table of all files, or None if no file has it.

    Adds ``origin`` (the source's key), ``sha256``, ``file`` (its first 12 digits) and
    ``file_name``. Files come in the order of their hashes, whatever order they were imported in.
    """
    frames = [
        item.tidy.table(table).with_columns(
            pl.lit(item.entry.source).alias("origin"),
            pl.lit(item.entry.sha256).alias("sha256"),
            pl.lit(item.tidy.file).alias("file"),
            pl.lit(item.entry.name).alias("file_name"),
        )
        for item in sorted(inputs, key=lambda item: item.entry.sha256)
        if table in item.tidy.tables
    ]
    return pl.concat(frames) if frames else None
