"""Make the tables of persons: readings, contributions, coverage and the printed totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from sulh.store.checks.doubts import (
    doubts_from_copies,
    doubts_from_losses,
    doubts_from_others,
    doubts_from_totals,
    totals_by_month,
)
from sulh.store.checks.lifetimes import PUBLISHED, doubt_lifetimes
from sulh.store.checks.own import doubt_scale, tell_overruled
from sulh.store.checks.wholeness import NOT_WHOLE, PART_LOST, lacking_months, misdated_months
from sulh.store.checks.women import doubt_exchanged
from sulh.store.choosing import UN, choose, coverage, with_domain
from sulh.store.correcting import corrected
from sulh.store.doubles import without_doubles
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger
from sulh.store.naming import Naming, with_nations, with_operations
from sulh.store.voices import Voicing, one_voice

Read = Callable[[str], pl.DataFrame | None]

_KEYS = ("nation", "operation", "personnel_type")
_ROWS = Voicing("contributions", "month", _KEYS, ("persons", "women", "men"))
_WORLD = Voicing("world totals", "month", ("personnel_type",), ("persons",))
_OPERATIONS = Voicing("operation totals", "month", ("operation", "personnel_type"), ("persons",))


def make(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Return ``readings``, ``contributions``, ``coverage`` and the two tables of totals."""
    totals = _totals(read, ledger)
    raw = read("contributions")
    if raw is None:
        return totals
    named = with_nations(raw, ledger, "contributions", Naming("month"))
    named = _placed(named, ledger)
    named = corrected("readings", named, ledger)
    doubt_exchanged(named, ledger)
    voicing = replace(_ROWS, printed=totals_by_month(totals.get("world_totals")))
    heard = with_domain(one_voice(named, ledger, voicing))
    lacking = _lacking(heard, totals, ledger)
    candidates = choose(heard, _doubts((raw, named, heard), totals, ledger), lacking)
    tell_overruled(heard, candidates, ledger)
    return {
        **totals,
        "readings": _readings(named, heard),
        "contributions": _chosen(heard, candidates),
        "coverage": coverage(candidates),
    }


def _placed(named: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return the rows with their operation.

    A publisher's row with an unknown operation stays without one, so that the nation's total stays
    whole; a user's is kept apart, for it may be an operation of anybody.
    """
    own = pl.col("origin") == "user"
    published, theirs = (
        with_operations(rows, ledger, "contributions", Naming("month", "operation", keep=keep))
        for rows, keep in ((named.filter(~own), True), (named.filter(own), False))
    )
    theirs = without_doubles(theirs, ledger)
    doubt_scale(theirs, ledger)
    doubt_lifetimes(theirs, ledger)
    doubt_lifetimes(published, ledger, PUBLISHED)
    return pl.concat((published, theirs))


def _totals(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    made: dict[str, pl.DataFrame] = {}
    world = read("world_totals")
    if world is not None:
        heard = one_voice(world, ledger, _WORLD)
        made["world_totals"] = heard.select(
            *("month", "personnel_type", "women", "men", "persons", "nations", "origin")
        )
    printed = read("operation_totals")
    if printed is not None:
        naming = Naming("month", "operation", keep=False)
        named = with_operations(printed, ledger, "operation_totals", naming)
        heard = one_voice(named, ledger, _OPERATIONS)
        made["operation_totals"] = heard.select(
            "month", "operation", "personnel_type", "persons", "nations", "origin"
        )
    return made


def _doubts(
    stages: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    totals: dict[str, pl.DataFrame],
    ledger: Ledger,
) -> pl.DataFrame:
    """Return origins and months whose figures do not reconcile, with the reason.

    ``stages`` are the rows as read, those with a name, and those of the files that count. A printed
    total that differs and a month that copies the one before are remarked on too; rows kept apart
    have been already.
    """
    raw, named, heard = stages
    own = heard.filter((pl.col("domain") == UN) & (pl.col("origin") != "user"))
    differing = doubts_from_totals(own, totals.get("world_totals"))
    copied = doubts_from_copies(own)
    far = doubts_from_others(own, totals.get("world_totals"))
    far = far.join(differing, on=["origin", "month"], how="anti")
    for code, found in (
        ("total_differs", pl.concat([differing, far])),
        ("copied_month", copied),
    ):
        for origin, month, why in found.select("origin", "month", "why").iter_rows():
            ledger.remark("", origin, Remark(code, why, "doubt", month))
    return pl.concat([differing, far, copied, doubts_from_losses(raw, named)])


def _lacking(heard: pl.DataFrame, totals: dict[str, pl.DataFrame], ledger: Ledger) -> pl.DataFrame:
    """Return origins and months that cannot be all that was reported, and remark on them."""
    own = heard.filter((pl.col("domain") == UN) & (pl.col("origin") != "user"))
    found = lacking_months(own, totals.get("world_totals"))
    undated = _undated(ledger)
    for more in (misdated_months(own, undated), _lost_parts(own, ledger)):
        found = pl.concat([found, more.join(found, on=["origin", "month"], how="anti")])
    for origin, month, why in found.iter_rows():
        ledger.remark("", origin, Remark(NOT_WHOLE, f"{month} is not whole: {why}", "doubt", month))
    return found


def _undated(ledger: Ledger) -> frozenset[tuple[str, str]]:
    """Return hash and month of the files that print no month."""
    return frozenset(
        (item.entry.sha256, remark.month or "")
        for item in ledger.inputs
        for remark in item.tidy.remarks
        if remark.code == "month_not_printed"
    )


def _lost_parts(own: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return origins and months of which a source found that a part of the file is lost."""
    heard = set(own.select("sha256", "month").unique().iter_rows())
    found: dict[tuple[str, str], str] = {}
    for item in ledger.inputs:
        for remark in item.tidy.remarks:
            month = remark.month or ""
            if remark.code in PART_LOST and (item.entry.sha256, month) in heard:
                found.setdefault((item.entry.source, month), f"{item.entry.name}: {remark.message}")
    rows = [(*key, why) for key, why in sorted(found.items())]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("origin", "month", "why"), pl.String), orient="row"
    )


def _readings(named: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """Return every row, with whether its file speaks for its source in that month."""
    speaking = (
        heard.select("sha256", "month").unique().with_columns(pl.lit(value=True).alias("counts"))
    )
    told = named.join(speaking, on=["sha256", "month"], how="left", maintain_order="left")
    return told.select(
        *("month", "nation", "operation", "personnel_type", "women", "men", "persons", "origin"),
        *("file", "page", "line", pl.col("counts").fill_null(value=False)),
    )


def _chosen(heard: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the chosen origins, one for each nation, operation and type.

    Two names of one nation in one month (a union and its last member) add up; women and men stay
    unknown if any part of them is.
    """
    first = candidates.filter(pl.col("place") == 0).select("domain", "month", "origin")
    rows = heard.join(first, on=["domain", "month", "origin"], how="semi")
    return rows.group_by("month", *_KEYS, "origin").agg(
        *(_sum_if_known(name) for name in ("women", "men")), pl.col("persons").sum()
    )


def _sum_if_known(name: str) -> pl.Expr:
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
