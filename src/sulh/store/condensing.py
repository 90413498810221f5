"""Condense contributions to one row a nation and month: what most questions ask for."""

from __future__ import annotations

import polars as pl

from sulh.facts.operations import operations

CIVILIAN = "civilian"
_SUMS = ("women", "men")


def condense(contributions: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows of ``nation_months``: uniformed persons by month, nation and scope.

    ``scope`` is that of the operation in the gazetteer, null where the source gives no operation
    or the gazetteer does not know it. Women and men are null where any part does not separate them.
    """
    scopes = {name: each.scope for name, each in operations().items()}
    scope = pl.col("operation").replace_strict(scopes, default=None, return_dtype=pl.String)
    return (
        contributions.filter(pl.col("personnel_type") != CIVILIAN)
        .with_columns(scope=scope)
        .group_by("month", "nation", "scope", "origin")
        .agg(
            *(
                pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
                for name in _SUMS
            ),
            pl.col("persons").sum(),
        )
    )
