"""A user's figures beside others: out of all proportion, or given way to a publisher's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from sulh.store.checks.remarks import OVERRULED
from sulh.store.checks.series import MOST
from sulh.store.choosing import UN, with_domain
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger

_LEAST = 1_000  # persons; a battalion more or less is no fault
_BETWEEN = 20  # times the larger of the figures before and after
_ALONE = 100  # times the only figure beside it, or the next largest of the month
_LARGEST = "11,135 (Pakistan, 1994)"
_FORCE = 131_730  # persons; a nation's part is smaller than the largest force of all nations
_LARGEST_FORCE = "131,730 (ISAF, December 2010, by Bara and Hultman)"
_NEAR = 12  # months; what was years before or after says little
_THING = ("sha256", "nation", "operation", "personnel_type")
_PLACE = ("sha256", "month", "operation", "personnel_type")
_POLICE = ("individual_police", "formed_police", "police")
_SHOWN = 3


def doubt_scale(rows: pl.DataFrame, ledger: Ledger) -> None:
    """Remark on figures of a user that are out of all proportion to those beside them.

    ``rows`` have a nation and an operation. A figure is held against the same nation's before and
    after it in the file, else against the next largest of the month; one for the UN also against
    the most that any nation gave, one for another body against the largest force that the files
    known hold. It stays as it is.
    """
    persons = pl.col("persons")
    rows = with_domain(rows).with_columns(at=_index("month"))
    before, after = (_neighbour(by) for by in (1, -1))
    largest = persons.max().over(_PLACE)
    second = persons.sort(descending=True).get(1, null_on_oob=True).over(_PLACE)
    ranked = rows.with_columns(
        before=before,
        after=after,
        next=pl.when((persons == largest) & (pl.len().over(_PLACE) > 2)).then(second),
    )
    times = pl.col("before").is_not_null() & pl.col("after").is_not_null()
    beside = pl.max_horizontal("before", "after")
    measured = ranked.with_columns(
        beside=pl.coalesce(beside, "next"),
        times=pl.when(times).then(_BETWEEN).otherwise(_ALONE),
        same=beside.is_not_null(),
    )
    steep = (pl.col("beside") > 0) & (persons >= pl.col("times") * pl.col("beside"))
    vast = persons > pl.when(pl.col("domain") == UN).then(MOST).otherwise(_FORCE)
    odd = measured.with_columns(steep=steep.fill_null(value=False)).filter(
        persons >= _LEAST, pl.col("steep") | vast
    )
    for row in odd.sort("sha256", "line").iter_rows(named=True):
        where = f"{row['nation']}, {row['operation'] or 'no operation'}, {row['personnel_type']}"
        told = (
            f"{where}, {row['month']}: {row['persons']:,} persons, while {_beside(row)}. "
            "Check the figure and its unit"
        )
        remark = Remark("out_of_scale", told, "doubt", row["month"], line=row["line"])
        ledger.remark(row["sha256"], row["origin"], remark)


def _beside(row: dict[str, Any]) -> str:
    """Return what a figure out of proportion is held against, in words."""
    if not row["steep"]:
        if row["domain"] == UN:
            return f"the most that a nation ever gave the UN is {_LARGEST}"
        return f"the largest force of all nations together had {_LARGEST_FORCE}"
    of = "its figures beside it are" if row["same"] else "the next largest of the month is"
    return f"{of} at most {row['beside']:,}"


def _neighbour(by: int) -> pl.Expr:
    """Return the figure of the same thing before or after in the file, null if it is far off."""
    month, persons = (
        pl.col(name).shift(by).over(_THING, order_by="month") for name in ("at", "persons")
    )
    return pl.when((month - pl.col("at")).abs() <= _NEAR).then(persons)


def _index(month: str) -> pl.Expr:
    """Return a month as a number of months."""
    year, number = (
        pl.col(month).str.slice(at, size).cast(pl.Int64) for at, size in ((0, 4), (5, 2))
    )
    return year * 12 + number


def tell_overruled(rows: pl.DataFrame, candidates: pl.DataFrame, ledger: Ledger) -> None:
    """Remark on figures of a user in months for which a publisher's count instead.

    ``rows`` are those of all files that count for their source, with ``domain``; ``candidates`` the
    origins by domain and month, best first. A note where all agree, else a doubt with examples.
    """
    by = ["domain", "month"]
    first = candidates.filter(pl.col("place") == 0).select(*by, chosen="origin")
    theirs = rows.filter(pl.col("origin") == "user").join(first, on=by)
    theirs = theirs.filter(pl.col("chosen") != "user")
    if theirs.is_empty():
        return
    months = theirs.select(*by, origin="chosen").unique()
    others = rows.join(months, on=[*by, "origin"], how="semi")
    counted: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in others.iter_rows(named=True):
        counted.setdefault((row["month"], row["nation"]), []).append(row)
    for _, part in theirs.sort("sha256", "month", "line").group_by(
        "sha256", "month", "chosen", maintain_order=True
    ):
        own = part.to_dicts()
        differing = list(_differing(own, counted))
        severity = "doubt" if differing else "note"
        remark = Remark(
            OVERRULED, _told(own, differing), severity, own[0]["month"], line=own[0]["line"]
        )
        ledger.remark(own[0]["sha256"], "user", remark)


def _differing(
    own: Sequence[dict[str, Any]], counted: dict[tuple[str, str], list[dict[str, Any]]]
) -> Iterator[str]:
    """Yield the figures for which the rows that count have another, with both."""
    for row in own:
        rows = counted.get((row["month"], row["nation"]), [])
        there = sum(each["persons"] for each in rows if _same(row, each))
        if there != row["persons"]:
            where = (
                f"{row['nation']}, {row['operation'] or 'all operations'}, {row['personnel_type']}"
            )
            yield f"{where}: {row['persons']:,} in your file, {there:,} there"


def _same(own: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a row is part of what a user's row counts."""
    kinds = {"police": _POLICE, "uniformed": (other["personnel_type"],)}
    inside = kinds.get(own["personnel_type"], (own["personnel_type"],))
    placed = own["operation"] in (None, other["operation"])
    return placed and other["personnel_type"] in inside


def _told(own: Sequence[dict[str, Any]], differing: Sequence[str]) -> str:
    number = "a figure" if len(own) == 1 else f"{len(own)} figures"
    told = (
        f"{own[0]['chosen']} goes before {number} of your own for {own[0]['month']}, which "
        f"{'does' if len(own) == 1 else 'do'} not count"
    )
    if not differing:
        return f"{told}; it says the same"
    more = f"; and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
    return f"{told}; there is another for {len(differing)} ({'; '.join(differing[:_SHOWN])}{more})"
