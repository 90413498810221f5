"""Rows as a chart needs them: one column for the colour, gaps as gaps, spans with an end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from sulh.core.months import month_at, month_index, shift_month

if TYPE_CHECKING:
    from sulh.result.shape import Chart

NOT_REPORTED = "not reported"
_MONTH = re.compile(r"\d{4}-\d\d")


def one_colour(chart: Chart, rows: pl.DataFrame) -> tuple[Chart, pl.DataFrame]:
    """Return chart and rows with one column for the colour, made of several if several are named.

    A row without a value is drawn as not reported.
    """
    names = (chart.colour or "").split(",")
    if not chart.colour or not set(names) <= set(rows.columns):
        return chart, rows
    told = [
        pl.col(name).cast(pl.String).str.replace_all("_", " ").fill_null(NOT_REPORTED)
        for name in names
    ]
    column = names[0] if len(names) == 1 else "series"
    drawn = rows.with_columns(pl.concat_str(told, separator=", ").alias(column))
    return replace(chart, colour=column), drawn


def largest(table: pl.DataFrame, key: str, value: str, most: int) -> pl.DataFrame:
    """Return the rows of the largest bars or lines, the largest first; each may have several."""
    sums = table.group_by(key, maintain_order=True).agg(pl.col(value).sum().abs())
    kept = sums.sort(value, descending=True, nulls_last=True, maintain_order=True)
    kept = kept.select(key).head(most)
    return kept.join(table, on=key, how="left", maintain_order="left").select(table.columns)


def with_gaps(table: pl.DataFrame, chart: Chart) -> pl.DataFrame:
    """Return the rows of lines with an empty one where a series skips months, to break it there.

    A store of Decembers steps by twelve months, which is no gap.
    """
    if table.schema[chart.x] != pl.String or not table.height:
        return table
    if not all(_MONTH.fullmatch(month) for month in table[chart.x].unique()):
        return table
    steps = _steps(sorted(month_index(month) for month in table[chart.x].unique()))
    usual = max(steps, key=lambda step: (steps[step], -step)) if steps else 1
    keys = [chart.colour] if chart.colour else []
    empty = []
    for series in table.partition_by(keys, maintain_order=True) if keys else [table]:
        months = sorted({month_index(month) for month in series[chart.x]})
        named = {key: series[key][0] for key in keys}
        empty += [
            named | {chart.x: month_at(before + usual)}
            for before, after in pairwise(months)
            if after - before > usual
        ]
    if not empty:
        return table
    breaks = pl.DataFrame(empty, schema={name: table.schema[name] for name in (*keys, chart.x)})
    return pl.concat([table, breaks], how="diagonal").sort([*keys, chart.x], maintain_order=True)


def _steps(indices: list[int]) -> Counter[int]:
    return Counter(after - before for before, after in pairwise(indices))


def with_ends(table: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Return the rows of a timeline with ends as days: a bar of one month has its width.

    A span whose end is not known is drawn to the end of its first month or year.
    """
    ends = [until(last or first) for first, last in table.select(start, end).iter_rows()]
    return table.with_columns(pl.Series(end, ends, dtype=pl.String))


def until(date: str) -> str:
    """Return the first day after a year or a month; a day stays.

    >>> until("1995"), until("1995-12"), until("1995-12-20")
    ('1996-01-01', '1996-01-01', '1995-12-20')
    """
    if len(date) == 4:
        return f"{int(date) + 1:04d}-01-01"
    return f"{shift_month(date, 1)}-01" if len(date) == 7 else date


def gaps_once(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows to print: neighbours that tell nothing of their month or year make one row.

    A nation's two reports far apart would otherwise be lost among the months of which nobody knows.
    A year is silent if it has no known month.

    >>> months = ["1990-01", "1990-02", "1990-03", "1990-04"]
    >>> gaps_once(pl.DataFrame({"month": months, "persons": [5, None, None, 7]})).rows()
    [('1990-01', 5), ('1990-02 to 1990-03', None), ('1990-04', 7)]
    """
    key = next(iter(table.columns), "")
    told = [name for name in table.columns if name not in (key, "months")]
    if key not in ("month", "year") or not told:
        return table
    silent = pl.all_horizontal(pl.col(told).is_null())
    if "months" in table.columns:
        silent &= pl.col("months") == 0
    marked = table.with_columns(_silent=silent, _run=silent.rle_id())
    several = pl.col("_silent") & (pl.len().over("_run") > 1)
    if not marked.select(several.any()).item():
        return table
    named = pl.col(key).cast(pl.String)
    ends = (named.first().over("_run"), named.last().over("_run"))
    return (
        marked.with_columns(
            pl.when(several).then(pl.format("{} to {}", *ends)).otherwise(named).alias(key)
        )
        .filter(~pl.col("_silent") | pl.col("_run").is_first_distinct())
        .select(table.columns)
    )
