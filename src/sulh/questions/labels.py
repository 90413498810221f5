"""Columns of labels (see `sulh.store.coding`): which rows bear them, and back to text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import polars as pl

NONE = pl.lit(value=False)
"""No row."""


def labels_of(column: pl.Series) -> tuple[str, ...]:
    """Return the labels of a column, in the order of their numbers.

    >>> labels_of(pl.Series(["b", "a"], dtype=pl.Enum(["a", "b", "c"])))
    ('a', 'b', 'c')
    """
    dtype = column.dtype
    if not isinstance(dtype, pl.Enum):
        raise TypeError(f"{column.name} has no labels but {dtype}")
    return tuple(dtype.categories.to_list())


def marked(column: pl.Series, wanted: Iterable[str]) -> pl.Expr:
    """Return whether each value of the column's frame is one of ``wanted``; a null is none.

    >>> rows = pl.DataFrame({"a": ["b", "a", None]}, schema={"a": pl.Enum(["a", "b"])})
    >>> rows.select(marked(rows["a"], {"a", "x"})).to_series().to_list()
    [False, True, False]
    """
    asked = frozenset(wanted)
    marks = [label in asked for label in labels_of(column)] if asked else []
    if not any(marks):
        return NONE
    code = pl.col(column.name).to_physical()
    found = code == marks.index(True) if sum(marks) == 1 else pl.lit(pl.Series(marks)).gather(code)
    return found.fill_null(value=False)


def within(rows: pl.DataFrame, spans: Iterable[tuple[str, str, str]]) -> pl.Expr:
    """Return which pairs of nation and month lie in a span ``(nation, first, last)``.

    >>> from sulh.store.coding import coded
    >>> months = ["2000-01", "2000-03", "2000-03"]
    >>> rows = coded(pl.DataFrame({"nation": ["A", "A", "B"], "month": months}))
    >>> rows.select(within(rows, [("A", "2000-02", "2000-12")])).to_series().to_list()
    [False, True, False]
    """
    layers = _layers(labels_of(rows["nation"]), labels_of(rows["month"]), spans)
    return pl.any_horizontal(NONE, *(_between(*layer) for layer in layers))


def _layers(
    names: Sequence[str], calendar: Sequence[str], spans: Iterable[tuple[str, str, str]]
) -> list[tuple[list[int], list[int]]]:
    """Return for each name the numbers of the first month of its span and of that after the last.

    The second span of a name goes to a second layer.
    """
    place = {name: number for number, name in enumerate(names)}
    layers: list[tuple[list[int], list[int]]] = []
    for name, first, last in spans:
        number = place.get(name)
        low, high = bisect_left(calendar, first), bisect_right(calendar, last)
        if number is None or low >= high:
            continue
        free = next((layer for layer in layers if not layer[1][number]), None)
        if free is None:
            free = [0] * len(names), [0] * len(names)
            layers.append(free)
        free[0][number], free[1][number] = low, high
    return layers


def _between(lows: list[int], highs: list[int]) -> pl.Expr:
    """Return whether the month of each row is in the span of its nation: from low, before high."""
    nation, month = (pl.col(name).to_physical() for name in ("nation", "month"))
    low, high = (pl.lit(pl.Series(ends, dtype=pl.UInt32)).gather(nation) for ends in (lows, highs))
    return ((low <= month) & (month < high)).fill_null(value=False)


def as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with labels as text."""
    return table.with_columns(pl.col(pl.Enum).cast(pl.String))


def known_labels(column: pl.Series) -> list[str]:
    """Return the labels that occur in a column, in order."""
    return sorted(label for label in column.unique().to_list() if label is not None)


def pairs_of(rows: pl.DataFrame, one: str, other: str) -> set[tuple[str, str]]:
    """Return the pairs of labels that occur in two columns; nulls make none."""
    return all_pairs_of(rows, (one, other))[0]


def all_pairs_of(rows: pl.DataFrame, *columns: tuple[str, str]) -> list[set[tuple[str, str]]]:
    """Return the pairs of labels that occur in each pair of columns; nulls make none."""
    numbers = rows.select(
        number(rows, pair).unique().implode().alias(str(place))
        for place, pair in enumerate(columns)
    )
    found = []
    for (one, other), occurring in zip(columns, numbers.row(0), strict=True):
        first, second = (*labels_of(rows[one]), None), (*labels_of(rows[other]), None)
        places = (divmod(pair, len(second)) for pair in occurring)
        named = ((first[place], second[rest]) for place, rest in places)
        found.append({(a, b) for a, b in named if a is not None and b is not None})
    return found


def number(rows: pl.DataFrame, keys: Sequence[str]) -> pl.Expr:
    """Return one number for the labels of several columns: in the order of the labels."""
    cell = pl.lit(0, pl.Int64)
    for key in keys:
        column = rows[key]
        size = len(labels_of(column)) + 1
        code = pl.col(key).to_physical().cast(pl.Int64)
        cell = cell * size + (code.fill_null(size - 1) if column.null_count() else code)
    return cell


def labels_at(numbers: pl.Series, rows: pl.DataFrame, keys: Sequence[str]) -> list[pl.Series]:
    """Return the labels behind each `number` of ``rows``, a column for each of the keys."""
    found = []
    for key in reversed(keys):
        column = rows[key]
        labels = pl.Series(key, [*labels_of(column), None], dtype=column.dtype)
        found.append(labels.gather(numbers % labels.len()))
        numbers = numbers // labels.len()
    return found[::-1]


def grouped(rows: pl.DataFrame, keys: Sequence[str], *sums: pl.Expr) -> pl.DataFrame:
    """Return ``sums`` of the rows by columns of labels, in any order.

    Several columns are put into one number, which is grouped several times faster than they are.

    >>> from sulh.store.coding import coded
    >>> rows = coded(pl.DataFrame({"a": ["x", "x"], "b": ["y", None], "n": [1, 2]}))
    >>> grouped(rows, ["a", "b"], pl.col("n").sum()).sort("n").rows()
    [('x', 'y', 1), ('x', None, 2)]
    """
    if len(keys) == 1:
        return rows.group_by(keys).agg(*sums)
    by_cell = rows.group_by(number(rows, keys).alias("cell"))
    found = by_cell.agg(pl.col(*keys).first(), *sums)
    found.drop_in_place("cell")
    return found
