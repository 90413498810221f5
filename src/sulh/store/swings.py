"""Falls of a nation's head-count that come back, and rises that go back: found once, at import."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sulh.store.checks.months import implausible_jumps, implausible_rises
from sulh.store.checks.wholeness import part_months
from sulh.store.condensing import condense
from sulh.store.reading import Store
from sulh.store.schema import schema


def swings(nation_months: pl.DataFrame, part: Iterable[str]) -> pl.DataFrame:
    """Return the doubtful swings of nations' totals, operations of other bodies left out.

    ``nation_months`` is the table of that name; in the months ``part``, of which only part is
    known, an absent nation has not fallen. The result has ``nation, first, last, before, between,
    after, origin``: the months that are in doubt, the persons before them, the lowest (of a rise:
    the highest) among them, the persons after, and the source of the first month. The rules are
    those of `sulh.store.checks.series`.
    """
    totals = nation_months.filter(pl.col("scope").ne_missing("other"))
    whole = totals.filter(~pl.col("month").is_in(list(part)))
    falls = implausible_jumps(whole).rename({"lowest": "between"})
    rises = implausible_rises(totals).rename({"highest": "between"})
    origins = totals.group_by(first="month").agg(pl.col("origin").drop_nulls().min())
    return (
        pl.concat([falls, rises])
        .join(origins, on="first", how="left")
        .sort("nation", "first", "last")
    )


def swings_of(store: Store) -> pl.DataFrame:
    """Return the doubtful swings of a store, in the columns of the table ``swings``.

    A store that was built before the table was is looked through; one of Decembers cannot tell.
    """
    if "swings" in store.manifest.tables:
        return store.table("swings")
    if store.kind == "starter" or not store.has("contributions"):
        return pl.DataFrame(schema=schema("swings"))
    part = part_months(store.table("coverage"), store.table("flags"))
    return swings(condense(store.scan("contributions")).collect(), part)
