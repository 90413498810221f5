"""Checks on a table of contributions that need all nations and months together."""

from __future__ import annotations

import polars as pl

from sulh.store.checks.series import falls_and_returns, repeated_months, rises_and_returns
from sulh.store.checks.series import missing_months as _missing_months

_COMPARED = ("nation", "nation_name", "operation", "operation_name", "personnel_type", "persons")


def copied_months(contributions: pl.DataFrame) -> tuple[str, ...]:
    """Return the months in which every nation has exactly the figures of the month before.

    ``contributions`` has ``month``, ``persons`` and whichever of nation, operation and personnel
    type there are, by code or by name. Reports of a hundred nations never repeat themselves: such
    a month was copied, not observed.

    >>> rows = {"month": ["1990-11", "1990-12"], "nation": ["BGD", "BGD"], "persons": [5, 5]}
    >>> copied_months(pl.DataFrame(rows))
    ('1990-12',)
    """
    return repeated_months(
        contributions, [name for name in _COMPARED if name in contributions.columns]
    )


def missing_months(contributions: pl.DataFrame) -> tuple[str, ...]:
    """Return the months between the first and the last that have no row.

    >>> missing_months(pl.DataFrame({"month": ["2016-10", "2016-12"]}))
    ('2016-11',)
    """
    return _missing_months(contributions["month"].drop_nulls().unique().to_list())


def implausible_jumps(contributions: pl.DataFrame) -> pl.DataFrame:
    """Return the falls of a nation's total to a tenth or less that come back within a year.

    ``contributions`` has ``month``, ``persons`` and ``nation`` (or ``nation_name``); its rows are
    added up by nation and month. The result has ``nation, first, last, before, lowest, after``;
    see `sulh.store.checks.series.falls_and_returns` for the rule.
    """
    return falls_and_returns(_by_nation(contributions))


def implausible_rises(contributions: pl.DataFrame) -> pl.DataFrame:
    """Return the rises of a nation's total that go back within a year, or are out of range.

    The rows are those of `implausible_jumps`. The result has ``nation, first, last, before,
    highest, after``; see `sulh.store.checks.series.rises_and_returns` for the rule.
    """
    return rises_and_returns(_by_nation(contributions))


def _by_nation(contributions: pl.DataFrame) -> pl.DataFrame:
    nation = "nation" if "nation" in contributions.columns else "nation_name"
    return contributions.group_by(pl.col(nation).alias("nation"), "month").agg(
        pl.col("persons").sum()
    )
