"""Falls of a nation's head-count that come back, and rises that go back: found once, at import."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sulh.store.checks.months import implausible_jumps, implausible_rises


def swings(nation_months: pl.DataFrame, part: Iterable[str]) -> pl.DataFrame:
    """Return the doubtful swings of nations' totals, operations of other bodies left out.

    ``nation_months`` is the table of that name; in the months ``part``, of which only part is
    known, an absent nation has not fallen. The result has ``nation, first, last, before,
    between, after``: the months that are in doubt, the persons before them, the lowest (of a rise:
    the highest) among them, and the persons after. The rules are those of
    `sulh.store.checks.series`.
    """
    totals = nation_months.filter(pl.col("scope").ne_missing("other"))
    whole = totals.filter(~pl.col("month").is_in(list(part)))
    falls = implausible_jumps(whole).rename({"lowest": "between"})
    rises = implausible_rises(totals).rename({"highest": "between"})
    return pl.concat([falls, rises]).sort("nation", "first", "last")
