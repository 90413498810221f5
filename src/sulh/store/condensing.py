"""Condense contributions to one row a nation and month: what most questions ask for."""

from __future__ import annotations

import polars as pl

from sulh.facts.operations import operations

CIVILIAN = "civilian"


def condense(contributions: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows of ``nation_months``: uniformed persons by month, nation and scope.

    ``scope`` is that of the operation in the gazetteer, null where the source gives no operation
    or the gazetteer does not know it. ``unseparated`` are the persons of whom the source does not
    say whether they are women or men; ``women`` and ``men`` count the others, null if there are
    none.
    """
    scopes = {name: each.scope for name, each in operations().items()}
    scope = pl.col("operation").replace_strict(scopes, default=None, return_dtype=pl.String)
    known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
    return (
        contributions.filter(pl.col("personnel_type") != CIVILIAN)
        .with_columns(scope=scope)
        .group_by("month", "nation", "scope", "origin")
        .agg(
            *(
                pl.when(known.any()).then(pl.col(name).filter(known).sum()).alias(name)
                for name in ("women", "men")
            ),
            pl.col("persons").filter(~known).sum().alias("unseparated"),
            pl.col("persons").sum(),
        )
        .sort("month", "nation", "scope", "origin", nulls_last=True)
    )
