"""What the sources of yearly figures share: the table, the marks of absence, the plausibility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, tidy

NOT_AVAILABLE = "not_available"
NOT_APPLICABLE = "not_applicable"
ESTIMATED = "estimated"
UNCERTAIN = "uncertain"
IMPROBABLE = "improbable"
_JUMP = 5.0


@dataclass(frozen=True, slots=True)
class Series:
    """One column of a source as a measure: ``value = cell * factor``.

    ``quality`` is an expression over the source's columns for the mark of a figure that is there;
    ``known`` tells the cells that hold a figure at all.
    """

    measure: str
    column: str
    factor: float = 1.0
    quality: pl.Expr | None = None
    known: pl.Expr | None = None


def measured(
    frame: pl.DataFrame, code: str, code_system: str, series: Sequence[Series]
) -> pl.DataFrame:
    """Return the tidy rows of every series; a figure that is not there is null and marked so."""
    parts = []
    for one in series:
        known = pl.col(one.column).is_not_null()
        known = known & one.known if one.known is not None else known
        mark = one.quality if one.quality is not None else pl.lit(None, dtype=pl.String)
        parts.append(
            frame.select(
                "year",
                pl.col(code).alias("nation_code"),
                pl.lit(code_system).alias("code_system"),
                pl.lit(one.measure).alias("measure"),
                pl.when(known).then(pl.col(one.column) * one.factor).alias("value"),
                pl.when(known).then(mark).otherwise(pl.lit(NOT_AVAILABLE)).alias("quality"),
                "line",
            )
        )
    return tidy("nation_years", pl.concat(parts).sort("line", maintain_order=True))


def checked(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Return the table with improbable figures marked so, and doubts on them and on repetitions.

    A figure is improbable where it is more than five times, or less than a fifth of, the figures of
    both the year before and the year after: a digit lost or gained in typing does this. It stays,
    with the quality ``improbable``.
    """
    key = ["nation_code", "nation_name", "measure"]
    known = table.filter(pl.col("value").is_not_null())
    twice = known.filter(pl.struct(*key, "year").is_duplicated())
    flags = [
        Flag(
            "year_repeated",
            f"{_who(row)} has several figures of {row['measure']} for {row['year']}",
            "doubt",
            line=row["line"],
        )
        for row in twice.unique([*key, "year"], maintain_order=True).iter_rows(named=True)
    ]
    jumping = _jumping(known, key)
    flags += [
        Flag(
            "improbable_jump",
            f"{_who(row)}, {row['measure']} {row['year']}: {_short(row['value'])}, between "
            f"{_short(row['before'])} the year before and {_short(row['after'])} the year after",
            "doubt",
            line=row["line"],
        )
        for row in jumping.iter_rows(named=True)
    ]
    marks = jumping.select(*key, "year", pl.lit(IMPROBABLE).alias("mark"))
    marked = table.join(
        marks, on=[*key, "year"], how="left", nulls_equal=True, maintain_order="left"
    )
    quality = pl.coalesce("mark", "quality").alias("quality")
    return marked.with_columns(quality).drop("mark"), flags


def _jumping(known: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the figures far from both of their neighbours, with those, by line."""
    year, value = pl.col("year"), pl.col("value")
    near = (year.diff().over(key) == 1) & (year.shift(-1).over(key) - year == 1)
    ordered = known.unique([*key, "year"], keep="first").sort(*key, "year")
    beside = ordered.with_columns(
        value.shift(1).over(key).alias("before"),
        value.shift(-1).over(key).alias("after"),
        near.alias("near"),
    )
    most, least = pl.max_horizontal("before", "after"), pl.min_horizontal("before", "after")
    odd = (value > _JUMP * most) | (value * _JUMP < least)
    return beside.filter(pl.col("near") & odd & (least > 0)).sort("line", "measure")


def _who(row: dict[str, object]) -> str:
    return str(row["nation_code"] or row["nation_name"])


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def left_out(document: Document, columns: Sequence[str]) -> list[Flag]:
    """Return a note that names the columns of a file that no measure uses."""
    if not columns:
        return []
    message = f"columns of {document.name} that no measure uses: {', '.join(sorted(columns))}"
    return [Flag("columns_left_out", message[:500], "note")]
