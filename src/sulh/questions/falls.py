"""Falls of a nation's head-count that come back within a year: holes of the reports, most likely.

A nation that falls from 1,504 persons to 6 and is back at 1,488 nine months later has hardly
withdrawn and returned. The figures stay as printed; answers name them and give the nation no share.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import lru_cache

import polars as pl

from sulh.core.months import month_range
from sulh.questions.ground import names_of
from sulh.questions.membership import members_by_month
from sulh.questions.quality import doubts
from sulh.questions.reported import reported
from sulh.questions.wording import WORLD
from sulh.store.checks.months import implausible_jumps, implausible_rises
from sulh.store.checks.told import SHAPE, told_falls
from sulh.store.reading import Store

_LEAST, _AHEAD = 300, 15


@lru_cache(maxsize=8)
def falls(store: Store) -> pl.DataFrame:
    """Return the doubtful falls of a store: ``nation, first, last, before, lowest, after``.

    Rises that go back are among them; of these ``lowest`` is the highest. The rules are those of
    `sulh.store.checks.series`. A store of Decembers cannot tell: its falls are those that the store
    told of from which it was made.
    """
    known = reported(store)
    if store.kind == "starter":
        return told_falls(store.scan("flags"))
    if not known.months:
        return pl.DataFrame(schema=SHAPE)
    rows = known.table.filter(pl.col("scope").ne_missing("other"))
    totals = rows.group_by("nation", "month").agg(pl.col("persons").sum())
    return found_among(totals, doubts(store).part)


def found_among(totals: pl.DataFrame, part: Set[str] = frozenset()) -> pl.DataFrame:
    """Return the falls and the rises that go back among rows of nation, month and persons.

    The months of all nations must be seen; of the nations only those that can have fallen. In a
    month of which only ``part`` is known, an absent nation has not fallen.
    """
    months = totals.select("month").unique().with_columns(nation=pl.lit(""), persons=pl.lit(0))
    kept = totals.filter(pl.col("nation").is_in(_suspect(totals).implode()))
    seen = pl.concat([kept, months.select(kept.columns).cast(kept.schema)])
    rises = implausible_rises(seen).rename({"highest": "lowest"})
    whole = seen.filter(~pl.col("month").is_in(sorted(part))) if part else seen
    return pl.concat([implausible_jumps(whole), rises]).sort("nation", "first")


def _suspect(totals: pl.DataFrame) -> pl.Series:
    """Return the nations with a step that a fall or a rise needs, found all at once.

    The rules are looser than those of `sulh.store.checks.series`, which then looks at each.
    """
    large = totals.filter(pl.col("persons") >= _LEAST).select("nation").unique()
    months = totals.select("month").unique()
    persons = pl.col("persons")
    before = persons.shift().over("nation").fill_null(0)
    high = persons.reverse().rolling_max(_AHEAD, min_samples=1).reverse().over("nation")
    low = persons.reverse().rolling_min(_AHEAD, min_samples=1).reverse().over("nation")
    fall = (before >= _LEAST) & (persons <= before * 0.1) & (high >= before * 0.5)
    rise = (before > 0) & (persons >= 8 * before) & (persons >= 1_000) & (low <= 2 * before)
    grid = large.join(months, how="cross").join(totals, on=["nation", "month"], how="left")
    steps = grid.with_columns(persons.fill_null(0)).sort("nation", "month")
    return steps.filter(fall | rise | (persons > 20_000))["nation"].unique().sort()


def fallen(store: Store, group: str, months: Iterable[str], membership: str) -> pl.DataFrame:
    """Return the months asked for in which a member of a group has fallen.

    Columns: month, nation, alone (whether it is the group's only member in that month) and those
    of `falls`.
    """
    asked = set(months)
    rows = [
        row | {"month": month}
        for row in falls(store).to_dicts()
        for month in month_range(row["first"], row["last"])
        if month in asked
    ]
    table = pl.DataFrame(rows, schema=SHAPE | {"month": pl.String})
    if group == WORLD or table.is_empty():
        return table.with_columns(alone=pl.lit(value=False))
    spanned = tuple(table["month"].unique().sort())
    members = members_by_month(group, spanned, membership).with_columns(
        alone=pl.len().over("month") == 1
    )
    return table.join(members, on=["month", "nation"])


def fall_notes(found: pl.DataFrame) -> tuple[str, ...]:
    """Return a sentence for each fall among the rows of `fallen`."""
    each = found.select(*SHAPE).unique().sort("first", "nation")
    names = names_of(each["nation"].to_list())
    return tuple(
        f"{names[nation]} {'falls' if lowest < before else 'rises'} from {before:,} to {lowest:,} "
        f"{f'in {first}' if first == last else f'from {first} to {last}'} and returns to "
        f"{after:,}: {'reports may be missing' if lowest < before else 'the figure may be wrong'}. "
        "Totals are as printed; it has no share of its own."
        for nation, first, last, before, lowest, after in each.iter_rows()
    )


def sound(found: pl.DataFrame, *, by_nation: bool) -> pl.Expr:
    """Return whether a row's share can be told: no fall of its nation, or of the only member."""
    if by_nation:
        hit = found.select(pl.col("nation") + pl.col("month")).to_series().to_list()
        return ~pl.concat_str("nation", "month").is_in(hit)
    return ~pl.col("month").is_in(found.filter("alone")["month"].to_list())
