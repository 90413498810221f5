"""Several files of one source that speak of the same month: which of them counts.

Two files are of one voice on a month if they give a figure for the same thing (the same key). Among
files of one voice one is chosen for the month: the one whose sum is near a total that any source
prints for the month, then the one with the fewest doubts, then the one that says most, then the one
that reaches furthest in time, then the first by hash. The choice depends on what the files say,
never on the order in which they came. Files that speak of different things (pages of a reply, one
file a nation) complement each other and all count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from sulh.store.checks.doubts import far_from_all
from sulh.store.keeping import Remark
from sulh.store.ledger import BuildInput, Ledger


@dataclass(frozen=True, slots=True)
class Voicing:
    """What to compare between files.

    The table's name, the column of the period, the keys beside it, the figures (the first one is
    summed) and, where sources print them, the sums to expect by period.
    """

    table: str
    period: str | None
    keys: tuple[str, ...]
    figures: tuple[str, ...]
    printed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def one_voice(rows: pl.DataFrame, ledger: Ledger, voicing: Voicing) -> pl.DataFrame:
    """Return the rows of the files that count, period by period."""
    whole = (
        rows.with_columns(pl.lit("").alias("_period"))
        if voicing.period is None
        else (rows.with_columns(pl.col(voicing.period).cast(pl.String).alias("_period")))
    )
    contested = _contested(whole, voicing)
    if contested.is_empty():
        return rows
    ranks = _ranks(ledger.inputs)
    silent: list[tuple[str, str, str]] = []
    for (origin, period), part in whole.join(
        contested, on=["origin", "_period"], how="semi"
    ).group_by("origin", "_period"):
        for voices in _voices(part, voicing.keys):
            chosen = _best(voices, part, voicing, (str(period), ranks))
            for other in sorted(set(voices) - {chosen}):
                silent.append((str(origin), str(period), other))
                remark = _remark(part, voicing, (chosen, other), str(period))
                ledger.remark(other, str(origin), remark)
    if not silent:
        return rows
    unheard = pl.DataFrame(
        silent, schema=dict.fromkeys(("origin", "_period", "sha256"), pl.String), orient="row"
    )
    return whole.join(unheard, on=["origin", "_period", "sha256"], how="anti").drop("_period")


def _contested(rows: pl.DataFrame, voicing: Voicing) -> pl.DataFrame:
    """Return the periods of a source for which two files give a figure for the same thing."""
    return (
        rows.group_by("origin", "_period", *voicing.keys)
        .agg(pl.col("sha256").n_unique().alias("files"))
        .filter(pl.col("files") > 1)
        .select("origin", "_period")
        .unique()
        .sort("origin", "_period")
    )


def _voices(part: pl.DataFrame, keys: Sequence[str]) -> list[list[str]]:
    """Return groups of files that are linked by a thing that both speak of."""
    groups: list[set[str]] = []
    shared = part.group_by(keys).agg(pl.col("sha256").unique())["sha256"].to_list()
    for files in {tuple(sorted(files)) for files in shared}:
        linked = [group for group in groups if group & set(files)]
        groups = [group for group in groups if not group & set(files)]
        groups.append(set(files).union(*linked))
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _ranks(inputs: Sequence[BuildInput]) -> dict[str, tuple[dict[str, int], str]]:
    """Return for each file the number of doubts by month (key "" for all), and its last month."""
    found = {}
    for item in inputs:
        doubts: dict[str, int] = {}
        for remark in item.tidy.remarks:
            if remark.severity in ("doubt", "refused"):
                doubts[remark.month or ""] = doubts.get(remark.month or "", 0) + 1
        found[item.entry.sha256] = (doubts, max(item.tidy.months, default=""))
    return found


def _best(
    voices: Sequence[str],
    part: pl.DataFrame,
    voicing: Voicing,
    known: tuple[str, dict[str, tuple[dict[str, int], str]]],
) -> str:
    """Return the file that counts."""
    period, ranks = known

    def worth(sha256: str) -> tuple[bool, int, int, tuple[int, ...], str]:
        doubts, last = ranks[sha256]
        own = part.filter(pl.col("sha256") == sha256)
        told = sum(own[name].count() for name in own.columns)
        far = far_from_all(int(own[voicing.figures[0]].sum()), voicing.printed.get(period, ()))
        later = tuple(-ord(letter) for letter in last)
        return far, doubts.get(period, 0) + doubts.get("", 0), -told, later, sha256

    return min(voices, key=worth)


def _remark(part: pl.DataFrame, voicing: Voicing, files: tuple[str, str], period: str) -> Remark:
    """Say whether the file that does not count says the same, and if not how far it differs."""
    chosen, other = (_said(part, voicing, sha) for sha in files)
    month = period if voicing.period == "month" else None
    short = files[0][:12]
    when = period or "all periods"
    if chosen.equals(other):
        told = f"{voicing.table} of {when} are the same as in file {short}, counted once"
        return Remark("same_rows", told, "note", month)
    both = chosen.join(other, on=voicing.keys, how="full", nulls_equal=True, coalesce=True)
    first = voicing.figures[0]
    differ = both.filter(~pl.col(first).eq_missing(pl.col(f"{first}_right"))).height
    told = (
        f"{voicing.table} of {when} differ from file {short} of the same source in {differ} of "
        f"{both.height} figures ({first}: {_sum(other, first)} here, {_sum(chosen, first)} there); "
        "that file is nearer to the printed total, has fewer doubts or says more, and counts"
    )
    return Remark("files_differ", told, "doubt", month)


def _said(part: pl.DataFrame, voicing: Voicing, sha256: str) -> pl.DataFrame:
    own = part.filter(pl.col("sha256") == sha256)
    return own.group_by(voicing.keys).agg(pl.col(voicing.figures).sum()).sort(voicing.keys)


def _sum(rows: pl.DataFrame, figure: str) -> str:
    return f"{rows[figure].sum():,}"
