"""Read figures of any size from columns of text, and refuse a table that mostly does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from sulh.intake.base import Document, Flag, Severity
from sulh.intake.cells import Kept, counts
from sulh.intake.text import refused

_FIGURE = r"^[+-]?\d{1,24}(\.\d{1,30})?([eE][+-]?\d{1,2})?$"
_SHOWN = 20


def figures(
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    none: Sequence[str] = (),
    between: tuple[float, float] = (0.0, 1e16),
) -> Kept:
    """Return ``columns`` as numbers within bounds; texts in ``none`` become null.

    Rows with a cell that is no such number are kept apart, with a flag each. Unlike
    `sulh.intake.cells.decimals` it reads sums of money and exponents.

    >>> frame = pl.DataFrame({"gdp": ["1.6459233e+13", "much", "NA"], "line": [2, 3, 4]})
    >>> kept, flags = figures(frame, ["gdp"], none=("NA",))
    >>> kept["gdp"].to_list(), flags[0].line
    ([16459233000000.0, None], 3)
    """
    least, most = between
    text = [pl.col(name).str.strip_chars().alias(name) for name in columns]
    wanted = frame.with_columns(text).with_columns(
        pl.when(pl.col(name).is_in(["", *none])).then(None).otherwise(pl.col(name)).alias(name)
        for name in columns
    )
    read = wanted.select(
        pl.when(pl.col(name).str.contains(_FIGURE))
        .then(pl.col(name).cast(pl.Float64, strict=False))
        .alias(name)
        for name in columns
    )
    read = read.select(
        pl.when(pl.col(name).is_between(least, most)).then(pl.col(name)).alias(name)
        for name in columns
    )
    bad = wanted.select(
        pl.any_horizontal(wanted[name].is_not_null() & read[name].is_null() for name in columns)
    ).to_series()
    flags = []
    for row in (
        wanted.with_columns(read[name].alias(f"{name} read") for name in columns)
        .filter(bad)
        .iter_rows(named=True)
    ):
        told = ", ".join(
            f"{name} {str(row[name])[:40]!r}"
            for name in columns
            if row[name] is not None and row[f"{name} read"] is None
        )
        message = f"{told} is no figure from {least:g} to {most:g}; the row was kept apart"
        flags.append(Flag("not_a_figure", message, "refused", line=row["line"]))
    return wanted.with_columns(read.get_columns()).filter(~bad), flags


def required(frame: pl.DataFrame, columns: Sequence[str]) -> Kept:
    """Return the frame without the rows in which one of ``columns`` is empty, and flags for them.

    >>> required(pl.DataFrame({"year": [1990, None], "line": [2, 3]}), ["year"])[1][0].line
    3
    """
    empty = frame.select(pl.any_horizontal(pl.col(name).is_null() for name in columns)).to_series()
    message = f"no {' or '.join(columns)}; the row was kept apart"
    lines = frame.filter(empty)["line"].to_list()
    flags = [Flag("cell_empty", message, "refused", line=line) for line in lines]
    return frame.filter(~empty), flags


def years(frame: pl.DataFrame, first: int = 1800, last: int = 2100) -> Kept:
    """Return the rows whose column ``year`` is a year from ``first`` to ``last``, and flags.

    >>> frame = pl.DataFrame({"year": ["1990", "1990.5", "90", None], "line": [2, 3, 4, 5]})
    >>> kept, flags = years(frame)
    >>> kept["year"].to_list(), [flag.line for flag in flags]
    ([1990], [3, 4, 5])
    """
    read, flags = counts(frame, ["year"], none=("NA",), most=last)
    dated, more = required(read, ["year"])
    early = dated.filter(pl.col("year") < first)
    flags += [
        *more,
        *(
            Flag("no_year", f"year {row['year']} lies before {first}", "refused", line=row["line"])
            for row in early.iter_rows(named=True)
        ),
    ]
    return dated.filter(pl.col("year") >= first), sorted(flags, key=lambda flag: flag.line or 0)


def require_columns(document: Document, frame: pl.DataFrame, columns: Iterable[str]) -> None:
    """Raise `RefusedFile` where the table lacks one of the columns."""
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise refused(
            document,
            f"no column {', '.join(missing)[:300]}",
            "without it the table cannot be read",
            "give the publisher's file with all its columns",
        )


def refuse_if_unfit(
    document: Document, rows: int, kept: int, flags: Sequence[Flag], share: float = 0.1
) -> None:
    """Raise `RefusedFile` where more than ``share`` of the rows were kept apart, or none is left.

    A table of which so much cannot be read is damaged or has its columns exchanged; a few rows of
    it would be worse than none.
    """
    if rows and kept and (rows - kept) <= share * rows:
        return
    apart = [flag for flag in flags if flag.severity == "refused"]
    first = apart[0] if apart else None
    where = f"; the first on line {first.line}: {first.message}" if first else ""
    raise refused(
        document,
        f"{rows - kept} of {rows} rows cannot be read{where}",
        "so many unreadable rows mean a damaged file or columns in the wrong place",
        "fetch the file again",
    )


def counted(
    code: str, message: str, lines: Sequence[int], severity: Severity = "doubt"
) -> tuple[Flag, ...]:
    """Return one flag for a remark on many lines, naming the first of them; none for no lines.

    >>> counted("x", "no total", [9, 4], "note")[0].message
    'no total (2 rows; lines 4, 9)'
    """
    if not lines:
        return ()
    ordered = sorted(lines)
    shown = ", ".join(str(line) for line in ordered[:_SHOWN])
    more = ", …" if len(ordered) > _SHOWN else ""
    text = f"{message} ({len(ordered)} rows; lines {shown}{more})"
    return (Flag(code, text, severity, line=ordered[0]),)
