"""Turn columns of text into counts, decimals, days and names; what does not fit is kept apart.

Every function takes a frame of text with a column ``line`` and returns the frame without the rows
that cannot be read, together with a flag for each such row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import polars as pl

from sulh.core.months import shift_month
from sulh.facts.groups import groups
from sulh.intake.base import Flag

MOST_PERSONS = 1_000_000
FIRST_MONTH = "1945-01"  # the United Nations began in October 1945
_AHEAD = 24
_WHOLE = r"^(\d{1,9}|\d{1,3}(,\d{3})+)(\.0+)?$"
_DECIMAL = r"^[+-]?\d{1,9}([.,]\d+)?$"
_DAY = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"
_UNFIT_NAME = r"^[=@+\-|]|[\x00-\x1f<>{}]"

Kept = tuple[pl.DataFrame, list[Flag]]


@cache
def last_month() -> str:
    """Return the last month that can be meant: two years after that of the tables of facts.

    It does not depend on today's date, so that a file is read alike at any time.
    """
    return shift_month(max(group.as_of for group in groups().values()), _AHEAD)


def in_turn(frame: pl.DataFrame, *steps: Callable[[pl.DataFrame], Kept]) -> Kept:
    """Return what is left after each step, and the flags of all."""
    flags: list[Flag] = []
    for step in steps:
        frame, found = step(frame)
        flags += found
    return frame, flags


def counts(
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    none: Sequence[str] = (),
    most: int = MOST_PERSONS,
) -> Kept:
    """Return ``columns`` as whole numbers from 0 to ``most``; texts in ``none`` become null.

    >>> frame = pl.DataFrame({"persons": ["1,504", "-3", "NA"], "line": [2, 3, 4]})
    >>> kept, flags = counts(frame, ["persons"], none=("NA",))
    >>> kept["persons"].to_list(), flags[0].line
    ([1504, None], 3)
    """
    wanted = frame.with_columns(_stripped(columns, none))
    numbers = wanted.select(
        pl.when(pl.col(name).str.contains(_WHOLE))
        .then(pl.col(name).str.replace(r"\.0+$", "").str.replace_all(",", ""))
        .cast(pl.Int64, strict=False)
        .alias(name)
        for name in columns
    )
    numbers = numbers.select(
        pl.when(pl.col(name) <= most).then(pl.col(name)).alias(name) for name in columns
    )
    return _apart(wanted, numbers, "not_a_count", f"is no whole number from 0 to {most:,}")


def decimals(frame: pl.DataFrame, columns: Sequence[str], *, none: Sequence[str] = ()) -> Kept:
    """Return ``columns`` as numbers, written with a point or a comma.

    >>> decimals(pl.DataFrame({"lat": ["45,8167"], "line": [2]}), ["lat"])[0]["lat"].item()
    45.8167
    """
    wanted = frame.with_columns(_stripped(columns, none))
    numbers = wanted.select(
        pl.when(pl.col(name).str.contains(_DECIMAL))
        .then(pl.col(name).str.replace(",", "."))
        .cast(pl.Float64, strict=False)
        .alias(name)
        for name in columns
    )
    return _apart(wanted, numbers, "not_a_number", "is no decimal number")


def days(frame: pl.DataFrame, columns: Sequence[str], *, epoch: bool = False) -> Kept:
    """Return ``columns`` as dates from 1945 to `last_month`.

    Text is ISO, a time after it is dropped; with ``epoch`` a whole number is read as milliseconds
    since 1970, negative before.

    >>> frame = pl.DataFrame({"day": ["-678153600000"], "line": [1]})
    >>> days(frame, ["day"], epoch=True)[0]["day"].item()
    datetime.date(1948, 7, 6)
    """
    wanted = frame.with_columns(_stripped(columns, ()))
    dates = wanted.select(_day(name, epoch).alias(name) for name in columns)
    sane = dates.select(
        pl.when(month_text(name).is_between(pl.lit(FIRST_MONTH), pl.lit(last_month())))
        .then(pl.col(name))
        .alias(name)
        for name in columns
    )
    return _apart(wanted, sane, "not_a_date", f"is no date from {FIRST_MONTH} to {last_month()}")


def _day(name: str, epoch: bool) -> pl.Expr:
    text = pl.when(pl.col(name).str.contains(_DAY)).then(pl.col(name).str.slice(0, 10))
    written = text.str.to_date("%Y-%m-%d", strict=False)
    if not epoch:
        return written
    whole = pl.when(pl.col(name).str.contains(r"^-?\d{1,14}(\.0)?$")).then(
        pl.col(name).str.replace(r"\.0$", "")
    )
    passed = whole.cast(pl.Int64, strict=False).cast(pl.Datetime("ms")).dt.date()
    return pl.coalesce(written, passed)


def month_text(name: str) -> pl.Expr:
    """Return the month, ``YYYY-MM``, of a column of dates."""
    return pl.col(name).dt.strftime("%Y-%m")


def names(
    frame: pl.DataFrame, columns: Sequence[str], *, required: bool = True, longest: int = 120
) -> Kept:
    """Return ``columns`` stripped of spaces; keep apart what can be no name.

    No name is empty (where ``required``), longer than ``longest``, begins like a formula, or holds
    control characters or markup.

    >>> names(pl.DataFrame({"nation": ["=1+1"], "line": [7]}), ["nation"])[1][0].line
    7
    """
    wanted = frame.with_columns(_stripped(columns, ()))
    good = wanted.select(
        pl.when(~pl.col(name).str.contains(_UNFIT_NAME), pl.col(name).str.len_chars() <= longest)
        .then(pl.col(name))
        .alias(name)
        for name in columns
    )
    if required:
        wanted = wanted.with_columns(pl.col(name).fill_null("") for name in columns)
    return _apart(wanted, good, "not_a_name", "cannot be a name")


def _stripped(columns: Sequence[str], none: Sequence[str]) -> list[pl.Expr]:
    found = [pl.col(name).str.strip_chars() for name in columns]
    return [
        pl.when((text == "") | text.is_in(list(none))).then(None).otherwise(text).alias(name)
        for name, text in zip(columns, found, strict=True)
    ]


def _apart(wanted: pl.DataFrame, read: pl.DataFrame, code: str, problem: str) -> Kept:
    """Put the columns ``read`` into the frame; rows with text that was not read are kept apart."""
    unread = [wanted[name].is_not_null() & read[name].is_null() for name in read.columns]
    bad = pl.DataFrame(unread).select(pl.any_horizontal(pl.all())).to_series()
    flags = [
        Flag(
            code,
            f"{_told(row, read.columns)} {problem}; the row was kept apart",
            "refused",
            line=int(str(row["line"])),
        )
        for row in _with_problem(wanted, read, bad)
    ]
    return wanted.with_columns(read.get_columns()).filter(~bad), flags


def _with_problem(
    wanted: pl.DataFrame, read: pl.DataFrame, bad: pl.Series
) -> list[dict[str, object]]:
    unread = wanted.with_columns(
        pl.when(read[name].is_null()).then(pl.col(name)).alias(name) for name in read.columns
    )
    return unread.filter(bad).to_dicts()


def _told(row: dict[str, object], columns: Sequence[str]) -> str:
    return ", ".join(f"{name} {str(row[name])[:40]!r}" for name in columns if row[name] is not None)
