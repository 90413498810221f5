"""Make the table of fatalities: one row a casualty, the newest file's word on each."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger
from sulh.store.naming import Naming, with_nations, with_operations

Read = Callable[[str], pl.DataFrame | None]


def make(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Return ``fatalities``.

    Files of one publisher overlap: an older list and a newer one. A casualty counts once, with what
    the file says that reaches furthest in time. A casualty that only an older file has is kept and
    remarked on.
    """
    raw = read("fatalities")
    if raw is None:
        return {}
    dated = raw.with_columns(pl.col("date").dt.strftime("%Y-%m-%d").alias("on"))
    once = _newest(dated, ledger)
    naming = Naming("on", keep=True)
    named = with_nations(once, ledger, "fatalities", naming)
    named = with_operations(named, ledger, "fatalities", Naming("on", "operation", keep=True))
    rows = named.select(
        "date",
        pl.col("on").str.slice(0, 7).alias("month"),
        pl.col("date").dt.year().cast(pl.Int64).alias("year"),
        "nation",
        "operation",
        pl.col("personnel_type").alias("casualty_type"),
        "sex",
        "cause",
        pl.lit(1, dtype=pl.Int64).alias("fatalities"),
        "origin",
    )
    return {"fatalities": rows}


def _newest(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return each casualty once, as the newest file has it."""
    reach = rows.group_by("origin", "sha256").agg(
        pl.col("date").max().alias("last"), pl.len().alias("size")
    )
    ordered = rows.join(reach, on=["origin", "sha256"]).sort(
        ["origin", "last", "size", "sha256", "line"],
        descending=[False, True, True, False, False],
        nulls_last=True,
    )
    named = ordered.filter(pl.col("casualty").is_not_null())
    once = pl.concat(
        [
            named.unique(["origin", "casualty"], keep="first", maintain_order=True),
            ordered.filter(pl.col("casualty").is_null()),
        ]
    )
    newest = reach.sort(
        ["origin", "last", "size", "sha256"], descending=[False, True, True, False]
    ).unique("origin", keep="first", maintain_order=True)
    older = once.join(newest, on=["origin", "sha256"], how="anti")
    for sha256, origin, number, line in (
        older.group_by("sha256", "origin")
        .agg(pl.len().alias("rows"), pl.col("line").min())
        .sort("sha256")
        .iter_rows()
    ):
        told = f"{number} casualties are not in the newer file of the source; they are kept"
        ledger.remark(sha256, origin, Remark("not_in_newer_file", told, "doubt", line=line))
    return once.drop("last", "size")
