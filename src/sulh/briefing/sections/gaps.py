"""Gaps and faults: what is missing or doubtful in the data that the document rests on."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from sulh.briefing.evidence import Evidence
from sulh.briefing.grid import absent, yearly
from sulh.briefing.language import words
from sulh.briefing.model import Block, Bullets, Figure, Line, Section, Support
from sulh.briefing.sections.tables import some, table
from sulh.core.errors import AmbiguousName, UnknownName
from sulh.core.months import month_index
from sulh.core.origin import Origin
from sulh.questions.ground import nation_named
from sulh.store.checks.months import implausible_jumps

_MOST = 12
_SEVERITIES = ("refused", "doubt", "repaired", "note")
_FALL = re.compile(
    r"(?P<nation>.+) falls from (?P<before>[\d,]+) to [\d,]+ from (?P<first>\d{4}-\d\d) "
    r"to (?P<last>\d{4}-\d\d) and returns to (?P<after>[\d,]+)"
)
_LONGEST = 12
_DOUBTS = ("copied_month", "women_not_plausible", "month_not_printed")


def gaps(e: Evidence) -> Section:
    """Return the section; there is always something to say."""
    items = [*_absent(e), *_unknown(e), *_doubtful(e), *_falls(e), *_always(e)]
    blocks: list[Block] = [e.paragraph(e.say("gaps.intro")), Bullets(tuple(items))]
    blocks += [*_sources(e), *_flags(e)]
    return Section("gaps", e.language.word("gaps.title"), tuple(blocks))


def spans(e: Evidence, months: list[str]) -> Line:
    """Return months in words, neighbours drawn together, the first dozen of them."""
    apart = 12 if yearly(e.months) else 1
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and month_index(month) - month_index(runs[-1][-1]) == apart:
            runs[-1].append(month)
        else:
            runs.append([month])
    written = [each for run in runs for each in _run(e, run, apart)]
    return some(e, written, _MOST)


def _run(e: Evidence, run: list[str], apart: int) -> list[str]:
    """Return neighbouring months, or the Decembers of neighbouring years, in words."""
    if (apart == 12 and len(run) < 3) or len(run) == 1:
        return [e.language.month(month) for month in run]
    if apart == 12:
        ends = {"first": e.language.year(run[0][:4]), "last": e.language.year(run[-1][:4])}
        return [e.language.word("gaps.decembers_span", **ends)]
    return [e.language.month(f"{run[0]}/{run[-1]}")]


def _listed(e: Evidence, key: str, months: list[str], query: str) -> list[Line]:
    if not months:
        return []
    keys = tuple(origin.key for origin in e.history.origins) if e.history else ()
    figure = e.language.figure(Figure(len(months), "count", "", keys, query))
    return [e.say(key, n=figure, list=spans(e, months))]


def _absent(e: Evidence) -> list[Line]:
    said = [e.say("gaps.decembers")] if e.store.kind == "starter" else []
    lacking = list(absent(e.months))
    if lacking:
        key = "gaps.absent_decembers" if yearly(e.months) else "gaps.absent"
        return [*said, *_listed(e, key, lacking, "sulh gaps")]
    if said:
        return said
    ends = {"first": e.language.month(e.months[0]), "last": e.language.month(e.latest)}
    return [e.say("gaps.absent_none", **ends)]


def _unknown(e: Evidence) -> list[Line]:
    """Return months whose reports lack the operation, or women and men."""
    rows = (
        e.store.scan("contributions")
        .filter(pl.col("month").is_in(e.months), pl.col("persons") > 0)
        .group_by("month")
        .agg(
            operation=pl.col("operation").is_null().any(),
            sex=pl.col("women").is_null().any(),
        )
        .collect()
    )
    said = []
    for column in ("operation", "sex"):
        months = rows.filter(pl.col(column))["month"].to_list()
        said += _listed(e, f"gaps.{column}", months, "sulh gaps")
    return said


def _doubtful(e: Evidence) -> list[Line]:
    chosen = {
        (row["month"], row["chosen"].split("_")[0])
        for row in e.store.table("coverage").iter_rows(named=True)
    }
    rows = (
        e.store.scan("flags")
        .filter(pl.col("code").is_in(_DOUBTS), pl.col("severity") == "doubt")
        .select("month", "origin")
        .drop_nulls("month")
        .unique()
        .collect()
    )
    there = set(e.months)
    months = sorted(
        {
            month
            for month, origin in rows.iter_rows()
            if month in there and (month, origin.split("_")[0]) in chosen
        }
    )
    return _listed(e, "gaps.doubt_months", months, "sulh check")


def _falls(e: Evidence) -> list[Line]:
    """Return the falls of a nation's figures that come back within a year."""
    if e.history is None:
        return []
    counts = e.store.scan("contributions").filter(pl.col("month").is_in(e.months))
    totals = counts.group_by("nation", "month").agg(pl.col("persons").sum()).collect()
    falls = {
        (row["nation"], row["first"]): row
        for row in (*implausible_jumps(totals).to_dicts(), *_told(e, totals))
    }
    members = set(e.nations(e.latest))
    keys = tuple(origin.key for origin in e.history.origins)
    said = []
    for _, row in sorted(falls.items()):
        if row["nation"] not in members:
            continue
        first, last = row["first"], row["last"]
        period = first if first == last else f"{first}/{last}"
        query = f"sulh contributions {row['nation']} --from {first} --to {last}"
        lowest = Figure(row["lowest"], "count", period, keys, query)
        said.append(
            e.say(
                "gaps.fall",
                nation=e.language.running(row["nation"], "of"),
                period=e.language.month(period),
                before=e.language.number(row["before"]),
                lowest=e.language.figure(lowest),
                after=e.language.number(row["after"]),
            )
        )
    return said


def _told(e: Evidence, totals: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the falls that were seen when all months were read, where the store holds but a few.

    The lowest figure is that of the months at hand, so that it can be computed again.
    """
    flags = e.store.scan("flags").filter(pl.col("code") == "fall_and_return")
    found = []
    for message in flags.select("message").unique().collect()["message"].sort():
        told = _FALL.match(message)
        if told is None or month_index(told["last"]) - month_index(told["first"]) >= _LONGEST:
            continue
        try:
            nation = nation_named(told["nation"])
        except (UnknownName, AmbiguousName):
            continue  # nobody whom the document could be about
        there = totals.filter(
            pl.col("nation") == nation,
            pl.col("month").is_between(pl.lit(told["first"]), pl.lit(told["last"])),
        )
        if there.height:
            numbers = {name: int(told[name].replace(",", "")) for name in ("before", "after")}
            ends = {name: told[name] for name in ("first", "last")}
            found.append({"nation": nation, "lowest": there["persons"].min(), **ends, **numbers})
    return found


def _always(e: Evidence) -> list[Line]:
    said = [e.say("gaps.stock")]
    if e.months[0] < "2017-05":
        said.append(e.say("gaps.staff"))
    if e.view.scope in ("un", "peacekeeping", "political"):
        said.append(e.say("gaps.other"))
    return [*said, e.say("gaps.unverified")]


def _sources(e: Evidence) -> list[Block]:
    """Return how many months come from which source."""
    rows = (
        e.store.scan("coverage")
        .filter(pl.col("month").is_in(e.months))
        .group_by("chosen")
        .agg(first=pl.col("month").min(), last=pl.col("month").max(), months=pl.len())
        .sort("first", "chosen")
        .collect()
    )
    if rows.is_empty():
        return []
    origins: dict[Origin, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        # Parts of one source, such as one with and one without women, are one source here.
        origins.setdefault(e.store.origins([row["chosen"]])[0], []).append(row)
    e.note(origins)
    query = "sulh table coverage"
    cells: list[tuple[Line, ...]] = []
    for origin, found in origins.items():
        months = sum(row["months"] for row in found)
        number = Figure(months, "count", "", (origin.key,), query)
        cells.append(
            (
                words(origin.title),
                words(e.language.month_short(min(row["first"] for row in found))),
                words(e.language.month_short(max(row["last"] for row in found))),
                (e.language.figure(number, short=True),),
            )
        )
    caption = e.language.word("gaps.sources")
    columns = ["source", "first", "last", "gaps.sources_count"]
    return [
        table(
            e,
            caption,
            columns,
            cells,
            Support(tuple(origin.key for origin in origins), query),
        )
    ]


def _flags(e: Evidence) -> list[Block]:
    rows = e.store.scan("flags").group_by("severity").agg(pl.len()).collect()
    counts = dict(rows.iter_rows())
    if not counts:
        return []
    query = "sulh check"
    cells = [
        (
            words(e.language.word(f"severity.{severity}")),
            (e.language.figure(Figure(counts[severity], "count", "", (), query), short=True),),
        )
        for severity in _SEVERITIES
        if counts.get(severity)
    ]
    caption = e.language.word("gaps.flags")
    note = e.say("gaps.flags_note")
    return [table(e, caption, ["found", "count"], cells, Support((), query), note)]
