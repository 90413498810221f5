"""Gaps and faults: what is missing or doubtful in the data that the document rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from sulh.briefing.evidence import Evidence
from sulh.briefing.grid import absent, yearly
from sulh.briefing.language import words
from sulh.briefing.model import Block, Bullets, Figure, Line, Section, Support
from sulh.briefing.sections.tables import some, table
from sulh.core.months import month_index
from sulh.core.origin import Origin
from sulh.questions.contributions import series
from sulh.questions.contributions.sums import NOT_REPORTED
from sulh.questions.falls import Fall, falls
from sulh.questions.quality import doubts
from sulh.questions.wording import WORLD
from sulh.result import Result
from sulh.store.published import published
from sulh.store.reading import Store

_MOST = 12
_SEVERITIES = ("refused", "doubt", "repaired", "note")
_REMARKS = ("month_not_printed", "women_not_plausible")


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


def _listed(e: Evidence, key: str, months: list[str], result: Result | None) -> list[Line]:
    if not months or result is None:
        return []
    return [e.say(key, n=e.figure(result, len(months)), list=spans(e, months))]


def _absent(e: Evidence) -> list[Line]:
    said = [e.say("gaps.decembers")] if e.store.kind == "starter" else []
    lacking = list(absent(e.months))
    if lacking:
        key = "gaps.absent_decembers" if yearly(e.months) else "gaps.absent"
        return [*said, *_listed(e, key, lacking, e.history)]
    if said:
        return said
    ends = {"first": e.language.month(e.months[0]), "last": e.language.month(e.latest)}
    return [e.say("gaps.absent_none", **ends)]


def _unknown(e: Evidence) -> list[Line]:
    """Return months whose reports lack the operation, or women and men."""
    said = []
    lacking = {"operation": pl.col("operation").is_null(), "sex": pl.col("sex") == NOT_REPORTED}
    for column, unknown in lacking.items():
        result = e.ask(series, WORLD, e.seen(by=column))
        if result is not None:
            rows = result.table.filter(unknown, pl.col("persons") > 0)
            said += _listed(e, f"gaps.{column}", rows["month"].unique().to_list(), result)
    return said


def _doubtful(e: Evidence) -> list[Line]:
    """Return the months whose figures do not reconcile, and those with a remark of another kind."""
    marked = pl.col("reason").str.contains("In doubt", literal=True)
    rows = e.store.scan("coverage").filter(marked, pl.col("month").is_in(e.months)).collect()
    origins = e.store.origins(rows["chosen"].unique())
    e.note(origins)
    part = sorted(doubts(e.store).part & set(e.months))
    said = _listed(e, "gaps.part", part, e.history)
    if rows.height:
        keys = tuple(origin.key for origin in origins)
        query = e.command("sulh gaps --kind in_doubt --by month")
        figure = e.language.figure(Figure(rows.height, "count", "", keys, query))
        said.append(e.say("gaps.doubt_months", n=figure, list=spans(e, rows["month"].to_list())))
    for code in _REMARKS:
        if months := e.flagged(code):
            said += _listed(e, f"gaps.{code}", months, e.ask(_remarks, months[0], months[-1]))
    return said


def _falls(e: Evidence) -> list[Line]:
    """Return the falls of a nation's figures that come back within a year."""
    members = set(e.nations(e.latest))
    said = []
    for fall in falls(e.store):
        if fall.nation not in members or fall.between > fall.before:
            continue
        result = _evidence(e, fall)
        if result is None:
            continue
        ends = sorted({fall.first, fall.last})
        said.append(
            e.say(
                "gaps.fall",
                nation=e.language.running(fall.nation, "of"),
                period=e.language.month("/".join(ends)),
                before=e.figure(result, fall.before),
                lowest=e.figure(result, fall.between, "count", "/".join(ends)),
                after=e.figure(result, fall.after),
            )
        )
    return said


def _evidence(e: Evidence, fall: Fall) -> Result | None:
    """Return a nation's head-counts before, in and after a fall, if they are at hand.

    A store of Decembers has the fall that the full one found, if a month of it is at hand.
    """
    if e.store.kind == "starter":
        there = any(fall.first <= month <= fall.last for month in e.months)
        return e.ask(_swings, fall) if there else None
    before = [month for month in e.months if month < fall.first]
    after = [month for month in e.months if month > fall.last]
    if not before or not after:
        return None
    return e.ask(series, fall.nation, e.seen(from_=before[-1], to=after[0]))


def _swings(store: Store, fall: Fall) -> Result:
    """Return the row of a fall."""
    found = published(store, "swings")
    row = found.table.filter(nation=fall.nation, first=fall.first, last=fall.last)
    shown = replace(found, table=row, origins=store.origins(row["origin"].to_list()))
    return shown.with_query("sulh table swings")


def _remarks(store: Store, first: str, last: str) -> Result:
    """Return the remarks on the months from one to another."""
    found = published(store, "flags", first, last)
    return found.with_query(f"sulh table flags --from {first} --to {last}")


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
    query = e.command("sulh table coverage")
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
    query = e.command("sulh table flags")
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
