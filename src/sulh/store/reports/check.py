"""Whether a store holds together: hashes, sums, printed totals, copies, jumps, names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from sulh.result import Result
from sulh.store.checks.doubts import compare_totals
from sulh.store.checks.months import (
    copied_months,
    implausible_jumps,
    implausible_rises,
    missing_months,
)
from sulh.store.checks.wholeness import part_months
from sulh.store.reading import Store
from sulh.store.reports.holdings import missing_in_kind

_SHOWN = 6
_LONGEST = 300
_NOTHING = "nothing in the store to test it on"
_SHAPE = {"check": pl.String, "tested": pl.Int64, "failed": pl.Int64, "detail": pl.String}
_KEY = ("month", "nation", "operation", "personnel_type", "origin")
_REMARKS = {
    "name_repaired": "names that were mended",
    "row_kept_apart": "names that could not be resolved; their rows are in set_apart",
    "operation_unknown": "operations not in the gazetteer; their rows keep the nation",
    "files_differ": "files of one source that differ on a month",
    "same_rows": "months that two files of a source repeat",
    "corrected": "declared corrections applied",
    "correction_stale": "declared corrections whose fault is gone; review them",
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """A check: how many things were tested, which failed, and what passing means."""

    check: str
    tested: int
    failed: int
    detail: str


def check(store: Store) -> Result:
    """Return the quality report: one row a check, with how much was tested and what failed.

    Raises `StoreDamaged` if a table's bytes are not those that were built.
    """
    store.verify()
    contributions = store.table("contributions")
    findings = [
        _Finding("hashes", len(store.manifest.tables), 0, "every table matches the manifest"),
        _keys(contributions),
        _women_and_men(contributions),
        _world(store, contributions),
        _operations(store),
        *_series(store, contributions),
    ]
    rows = [(f.check, f.tested, f.failed, f.detail if f.tested else _NOTHING) for f in findings]
    rows += [(f.check, f.tested, f.failed, f.detail) for f in _remarks(store)]
    return Result(
        name="check",
        title=f"Quality of the store {store.version}",
        table=pl.DataFrame(rows, schema=_SHAPE, orient="row"),
        origins=store.origins(None),
        missing=missing_in_kind(store),
    )


def _examples(items: Iterable[str], none: str) -> str:
    found = list(items)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{'; '.join(found[:_SHOWN])}{more}" if found else none


def _keys(rows: pl.DataFrame) -> _Finding:
    twice = rows.height - rows.select(_KEY).unique().height
    return _Finding(
        "one_row_a_key", rows.height, twice, "one row for each month, nation, operation and type"
    )


def _women_and_men(rows: pl.DataFrame) -> _Finding:
    known = rows.filter(pl.col("women").is_not_null() & pl.col("men").is_not_null())
    bad = known.filter(pl.col("women") + pl.col("men") != pl.col("persons"))
    told = [
        f"{month} {nation} {operation or ''} {women} + {men} is not {persons}"
        for month, nation, operation, women, men, persons in bad.select(
            "month", "nation", "operation", "women", "men", "persons"
        ).iter_rows()
    ]
    return _Finding(
        "women_and_men",
        known.height,
        bad.height,
        _examples(told, "women and men add up to persons"),
    )


def _world(store: Store, contributions: pl.DataFrame) -> _Finding:
    compared = compare_totals(_published(store, contributions), store.table("world_totals"))
    bad = compared.filter(pl.col("persons") != pl.col("printed"))
    told = [
        f"{month} {persons:,} against {printed:,} ({origin})"
        for origin, month, persons, printed in bad.iter_rows()
    ]
    return _Finding(
        "printed_totals",
        compared.height,
        bad.height,
        _examples(told, "the rows of each month add up to the total that their source prints"),
    )


def _published(store: Store, contributions: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the origins chosen for the UN's uniformed personnel."""
    chosen = store.table("coverage").select("month", pl.col("chosen").alias("origin"))
    return contributions.join(chosen, on=["month", "origin"], how="semi")


def _operations(store: Store) -> _Finding:
    """Compare the rows of an operation with the total that the same source prints for it."""
    by = ["origin", "month", "operation"]
    printed = (
        store.scan("operation_totals")
        .filter(pl.col("personnel_type") == "uniformed")
        .group_by(by)
        .agg(pl.col("persons").max().alias("printed"))
    )
    summed = (
        store.scan("readings")
        .filter(pl.col("counts"), pl.col("operation").is_not_null())
        .group_by(by)
        .agg(pl.col("persons").sum())
    )
    compared = summed.join(printed, on=by).sort(by).collect()
    bad = compared.filter(pl.col("persons") != pl.col("printed"))
    told = [
        f"{month} {operation} {persons:,} against {total:,}"
        for month, operation, persons, total in bad.select(
            "month", "operation", "persons", "printed"
        ).iter_rows()
    ]
    return _Finding(
        "operation_totals",
        compared.height,
        bad.height,
        _examples(told, "the rows of each operation add up to the total that their source prints"),
    )


def _series(store: Store, contributions: pl.DataFrame) -> Sequence[_Finding]:
    """Look at the published months together; a store of Decembers cannot be looked at so."""
    if store.kind == "starter" or contributions.is_empty():
        return ()
    rows = _published(store, contributions)
    months = rows["month"].n_unique()
    missing = missing_months(rows)
    part = part_months(store.table("coverage"), store.table("flags"))
    whole = rows.filter(~pl.col("month").is_in(part))
    copied = copied_months(whole)
    jumps = implausible_jumps(whole)
    told = [
        f"{row['nation']} {row['before']:,} to {row['lowest']:,}, {row['first']} to {row['last']}"
        for row in jumps.sort("before", descending=True).to_dicts()
    ]
    rises = implausible_rises(rows)
    told += [
        f"{row['nation']} {row['before']:,} to {row['highest']:,}, {row['first']} to {row['last']}"
        for row in rises.sort("highest", descending=True).to_dicts()
    ]
    return (
        _Finding(
            "copied_months",
            months - len(part),
            len(copied),
            _examples(copied, "no month repeats another"),
        ),
        _Finding("missing_months", months + len(missing), len(missing), _examples(missing, "none")),
        _Finding(
            "impossible_jumps",
            rows["nation"].n_unique(),
            jumps.height + rises.height,
            _examples(told, "no nation falls to a tenth, or rises steeply, and returns in a year"),
        ),
    )


def _remarks(store: Store) -> Iterable[_Finding]:
    flags = store.table("flags")
    total = flags.height
    for code, told in _REMARKS.items():
        found = flags.filter(pl.col("code") == code)
        examples = _examples(map(_short, found["message"].unique().sort()), "none")
        yield _Finding(code, total, found.height, f"{told}: {examples}")
    for severity in ("doubt", "refused"):
        found = flags.filter(pl.col("severity") == severity)
        codes = found["code"].value_counts(sort=True)
        listed = (
            f"{code} {count}"
            for code, count in codes.sort("count", "code", descending=[True, False]).iter_rows()
        )
        yield _Finding(f"remarks_{severity}", total, found.height, _examples(listed, "none"))
    doubtful = flags.filter(pl.col("severity").is_in(["doubt", "refused"]))
    yield from _each(doubtful, total)


def _each(flags: pl.DataFrame, total: int) -> Iterable[_Finding]:
    """Yield a finding for each code that has none yet, with the file of each example."""
    rest = flags.filter(~pl.col("code").is_in(list(_REMARKS)))
    for (code,), found in rest.sort("code").group_by("code", maintain_order=True):
        place = pl.concat_str(pl.coalesce("name", "origin"), pl.lit(": "), "message")
        told = found.select(place).to_series().drop_nulls().unique().sort()
        yield _Finding(str(code), total, found.height, _examples(map(_short, told), "none"))


def _short(message: str) -> str:
    """Return what a remark found, cut at a word if it is long, without what to do about it."""
    found = message.partition(" What to do:")[0].rstrip(".")
    return textwrap.shorten(found, _LONGEST, placeholder=" …")
