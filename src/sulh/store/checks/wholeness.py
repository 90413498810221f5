"""Months whose rows cannot be all that was reported: a file of one nation, a cut one, a typo."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from statistics import median
from typing import NamedTuple

import polars as pl

from sulh.core.months import month_index, month_range
from sulh.store.checks.doubts import FEWEST, far_from_all, totals_by_month
from sulh.store.checks.months import implausible_rises
from sulh.store.layout import Layout, starter_store

PART_LOST = frozenset(
    ["ends_early", "figure_not_read", "page_not_read", "pages_missing", "row_without_name"]
)
"""Codes of the remarks by which a source says that a file lacks a part of its month."""

NOT_WHOLE = "not_whole"
"""Code of the remark on such a month."""

_BESIDE = 0.5
"""Part of the nations of the months around; in the reports since 1990 it is never below 0.71."""

_AROUND = 12
_SHAPE = dict.fromkeys(("origin", "month", "why"), pl.String)


class _Month(NamedTuple):
    origin: str
    month: str
    persons: int
    nations: int


def lacking_months(rows: pl.DataFrame, world: pl.DataFrame | None) -> pl.DataFrame:
    """Return the origins and months that lack most nations or persons: ``origin, month, why``.

    ``rows`` are a publisher's on UN operations. A month is compared with the fewest nations of any
    report, with the months around it and, where ``world`` has no total of it, with the total that
    the starter store of this package knows.
    """
    found = (
        rows.filter(pl.col("personnel_type") != "civilian")
        .group_by("origin", "month")
        .agg(
            pl.col("persons").sum(),
            pl.col("nation").filter(pl.col("persons") > 0).n_unique().alias("nations"),
        )
        .sort("origin", "month")
    )
    months = [_Month(*row) for row in found.iter_rows()]
    most: dict[int, int] = {}
    for each in months:
        place = month_index(each.month)
        most[place] = max(each.nations, most.get(place, 0))
    printed = totals_by_month(world)
    risen = _risen(rows)
    told = [
        (each.origin, each.month, _why(each, most, printed) or _steep(each, risen, printed))
        for each in months
    ]
    lacking = [row for row in told if row[2] is not None]
    return pl.DataFrame(lacking, schema=_SHAPE, orient="row")


def _why(
    each: _Month, most: Mapping[int, int], printed: Mapping[str, tuple[int, ...]]
) -> str | None:
    """Return why a month cannot be whole, or None."""
    number = f"{each.nations} nation{'s' if each.nations != 1 else ''}"
    if each.nations < FEWEST:
        return f"it has {number}, and no report of the UN has fewer than {FEWEST}"
    here = month_index(each.month)
    near = range(here - _AROUND, here + _AROUND + 1)
    around = [most[place] for place in near if place != here and place in most]
    if around and each.nations < _BESIDE * median(around):
        return f"it has {number}, the months around it {median(around):.0f}"
    known = () if each.month in printed else known_totals().get(each.month, ())
    if far_from_all(each.persons, known):
        shown = " or ".join(f"{total:,}" for total in known)
        return f"its rows add up to {each.persons:,}, the total known for the month is {shown}"
    return None


def _risen(rows: pl.DataFrame) -> dict[tuple[str, str], str]:
    """Return for each origin and month the nation whose figure rises steeply and goes back."""
    return {
        (str(origin), month): f"{row['nation']} rises from {row['before']:,} to {row['highest']:,}"
        for (origin,), part in rows.group_by("origin", maintain_order=True)
        for row in implausible_rises(part.filter(pl.col("personnel_type") != "civilian")).to_dicts()
        for month in month_range(row["first"], row["last"])
    }


def _steep(
    each: _Month,
    risen: Mapping[tuple[str, str], str],
    printed: Mapping[str, tuple[int, ...]],
) -> str | None:
    """Return the steep rise of a nation, unless a total of the month bears the sum out."""
    why = risen.get((each.origin, each.month))
    known = printed.get(each.month) or known_totals().get(each.month, ())
    borne_out = bool(known) and not far_from_all(each.persons, known)
    return None if why is None or borne_out else f"{why} and goes back"


def part_months(coverage: pl.DataFrame, flags: pl.DataFrame) -> tuple[str, ...]:
    """Return the months that need not list every nation, so that an absent one is no fall.

    They are those that are not whole, and those that rest on a user's own figures.
    """
    short = flags.filter(pl.col("code") == NOT_WHOLE).select("month", chosen="origin").unique()
    lacking = coverage.join(short, on=["month", "chosen"], how="semi")
    own = coverage.filter(pl.col("chosen") == "user")
    return tuple(pl.concat([lacking["month"], own["month"]]).unique().sort())


@cache
def known_totals() -> Mapping[str, tuple[int, ...]]:
    """Return the totals of uniformed personnel by month that the starter store holds."""
    layout = Layout(starter_store())
    if not layout.holds_store():
        return {}
    version = layout.current.read_text(encoding="ascii").strip()
    return totals_by_month(pl.read_parquet(layout.version(version) / "world_totals.parquet"))


def misdated_months(rows: pl.DataFrame, undated: frozenset[tuple[str, str]]) -> pl.DataFrame:
    """Return the origins and months of files whose month is not printed and is not borne out.

    ``undated`` are hash and month of the files that print no month. Their sum is held against the
    total that the starter store knows for the month: a later copy of an old report is found so.
    """
    found = []
    for sha256, month in sorted(undated):
        own = rows.filter(pl.col("sha256") == sha256, pl.col("month") == month)
        known = known_totals().get(month, ())
        persons = int(own.filter(pl.col("personnel_type") != "civilian")["persons"].sum())
        if own.height and far_from_all(persons, known):
            shown = " or ".join(f"{total:,}" for total in known)
            why = (
                f"its month is not printed, and its {persons:,} persons are not the {shown} known "
                "for the month it was taken for"
            )
            found.append((own["origin"][0], month, why))
    return pl.DataFrame(found, schema=_SHAPE, orient="row")
