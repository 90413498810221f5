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
    return grouped(rows, keys, pl.col("persons").sum(), _nations("persons", rows, selection))


def _nations(column: str, rows: pl.DataFrame, selection: Selection) -> pl.Expr:
    """Return the number of nations with persons in a column, among the rows of a group."""
    there = pl.col(column) > 0
    if not _once(rows, selection):
        nations = pl.col("nation").filter(there).n_unique()
    elif selection.view.scope not in ("un", "all"):
        nations = there.sum()
    else:
        nations = pl.col("giving" if column == "persons" else f"{column} giving").sum()
    return nations.cast(pl.Int64).alias("nations")


def _once(rows: pl.DataFrame, selection: Selection) -> bool:
    """Return whether each nation has one row for a month and scope."""
    return "giving" in rows.columns and not selection.known.others


def _by_sex(rows: pl.DataFrame, keys: Sequence[str], selection: Selection) -> pl.DataFrame:
    """Add up women, men and persons of whom it is not told beside one another, then part them."""
    told = rows.with_columns(*_apart(rows), *_giving(rows, selection))
    counted = grouped(
        told,
        keys,
        *(pl.col(name).sum() for name in _SEXES),
        *(pl.col(name).count().alias(f"{name} rows") for name in _SEXES),
        *(_nations(name, told, selection).alias(f"{name} nations") for name in _SEXES),
    )
    table = pl.concat(_of_sex(counted, keys, name) for name in _SEXES).filter(pl.col("rows") > 0)
    table.drop_in_place("rows")
    return table


def _of_sex(counted: pl.DataFrame, keys: Sequence[str], name: str) -> pl.DataFrame:
    """Return the sums of women, men or the others: keys, persons, rows, nations and sex."""
    part = counted[[*keys, name, f"{name} rows", f"{name} nations"]]
    part.columns = [*keys, "persons", "rows", "nations"]
    sex = pl.Series("sex", [_SEXES[name]], dtype=_SEX)
    return part.insert_column(part.width, sex.new_from_index(0, part.height))


def _giving(rows: pl.DataFrame, selection: Selection) -> list[pl.Expr]:
    """Return the columns from which `_nations` counts, if it does not count nations themselves."""
    if not _once(rows, selection) or selection.view.scope not in ("un", "all"):
        return []
    return [giving(name).alias(f"{name} giving") for name in _SEXES]


def _apart(rows: pl.DataFrame) -> list[pl.Expr]:
    """Return women, men and unseparated persons, null where there are none."""
    if "unseparated" in rows.columns:
        return [pl.when(pl.col("unseparated") > 0).then(pl.col("unseparated"))]
    known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
    return [
        pl.when(known).then(pl.col("women")),
        pl.when(known).then(pl.col("men")),
        pl.when(~known).then(pl.col("persons")).alias("unseparated"),
    ]
