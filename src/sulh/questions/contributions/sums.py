"""What rows of contributions add up to: persons and nations, apart by sex if that is asked."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.questions.labels import grouped
from sulh.questions.reported import giving
from sulh.questions.selection import Selection

NOT_REPORTED = "not reported"
_SEXES = {"women": "women", "men": "men", "unseparated": NOT_REPORTED}
_SEX = pl.Enum(sorted(_SEXES.values()))


def sums(rows: pl.DataFrame, keys: Sequence[str], selection: Selection) -> pl.DataFrame:
    """Return persons and contributing nations by month and other ``keys``, in any order."""
    if "sex" in keys:
        return _by_sex(rows, [key for key in keys if key != "sex"], selection)
    return grouped(rows, keys, pl.col("persons").sum(), _nations(rows, selection))


def _nations(rows: pl.DataFrame, selection: Selection) -> pl.Expr:
    """Return the number of nations with persons among the rows of a group."""
    if "giving" not in rows.columns or selection.known.others:
        return _given("persons")
    if selection.view.scope in ("un", "all"):
        return pl.col("giving").sum().alias("nations")
    return (pl.col("persons") > 0).sum().cast(pl.Int64).alias("nations")


def _given(column: str) -> pl.Expr:
    giving_nations = pl.col("nation").filter(pl.col(column) > 0)
    return giving_nations.n_unique().cast(pl.Int64).alias("nations")


def _by_sex(rows: pl.DataFrame, keys: Sequence[str], selection: Selection) -> pl.DataFrame:
    """Add up women, men and persons of whom it is not told beside one another, then part them."""
    told = _apart(rows)
    once = "giving" in rows.columns and not selection.known.others
    if once:
        told = told.with_columns(giving(name).alias(f"{name} giving") for name in _SEXES)
    counted = grouped(
        told,
        keys,
        *(pl.col(name).sum() for name in _SEXES),
        *(pl.col(name).count().alias(f"{name} rows") for name in _SEXES),
        *(
            (pl.col(f"{name} giving").sum() if once else _given(name)).alias(f"{name} nations")
            for name in _SEXES
        ),
    )
    return pl.concat(
        counted.filter(pl.col(f"{name} rows") > 0).select(
            *keys, sex=pl.lit(sex, _SEX), persons=name, nations=f"{name} nations"
        )
        for name, sex in _SEXES.items()
    )


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose women, men and unseparated persons are null where there are none."""
    if "unseparated" in rows.columns:
        some = pl.col("unseparated") > 0
        return rows.with_columns(pl.when(some).then(pl.col("unseparated")))
    known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
    return rows.with_columns(
        pl.when(known).then(pl.col("women")),
        pl.when(known).then(pl.col("men")),
        unseparated=pl.when(~known).then(pl.col("persons")),
    )
