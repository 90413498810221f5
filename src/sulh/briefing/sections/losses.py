"""Losses: who died in operations, when, where and of what; in neutral words."""

from __future__ import annotations

from typing import Any

import polars as pl

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Drawing, Line, Section, Term, plain
from sulh.briefing.sections.tables import operation_cell, rows_of, table, term_cell
from sulh.questions.contributions import fatalities
from sulh.result import Result

_SHOWN = 10
_HEAVY = 5


def losses(e: Evidence) -> Section | None:
    """Return the section: one sentence where the list holds nobody of the subject."""
    title = e.language.word("losses.title")
    if not e.store.has("fatalities"):
        return Section("losses", title, (e.paragraph(e.say("losses.absent")),))
    by_year = e.ask(fatalities, e.subject.asked, e.seen(by="year"))
    years = [row for row in rows_of(by_year) if row["year"] is not None]
    if by_year is None or not any(row["fatalities"] for row in years):
        return Section("losses", title, (e.paragraph(e.say("losses.none")),))
    blocks: list[Block] = [e.paragraph(*_said(e, years), e.say("losses.caveat"))]
    blocks += _chart(e, by_year, years)
    blocks += _by(e, "operation")
    blocks += _by(e, "cause")
    blocks += _by(e, "casualty_type")
    return Section("losses", title, tuple(blocks))


def _said(e: Evidence, years: list[dict[str, Any]]) -> list[Line]:
    by_sex = e.ask(fatalities, e.subject.asked, e.seen(by="sex"))
    rows = rows_of(by_sex)
    assert by_sex is not None  # there are deaths
    deaths, world = (sum(row[name] or 0 for row in rows) for name in ("fatalities", "world"))
    span = f"{years[0]['year']}/{years[-1]['year']}"
    said = [
        e.say(
            "losses.total",
            first=e.language.year(years[0]["year"]),
            last=e.language.year(years[-1]["year"]),
            deaths=e.figure(by_sex, deaths, "count", span),
            share=e.figure(by_sex, deaths / world, "share", span),
            world=e.figure(by_sex, world, "count", span),
        )
    ]
    if not any(row["sex"] is None and row["fatalities"] for row in rows):
        women = sum(row["fatalities"] for row in rows if row["sex"] == "F")
        if deaths > 1 or women:
            said.append(e.say("losses.women", women=e.figure(by_sex, women, "count", span)))
    if not e.subject.nations_only and e.view.membership == "dated":
        said.append(e.say("losses.members"))
    by_operation = e.ask(fatalities, e.subject.asked, e.seen(by="operation"))
    top = next((row for row in rows_of(by_operation) if row["operation"]), None)
    if by_operation is not None and top is not None and top["fatalities"] >= _HEAVY:
        worst = e.figure(by_operation, top["fatalities"], "count", span)
        said.append(
            e.say(
                "losses.operation",
                operation=Term(e.language.operation(top["operation"])),
                deaths=worst,
            )
        )
    return said


def _chart(e: Evidence, result: Result, years: list[dict[str, Any]]) -> list[Block]:
    known = [row for row in years if row["fatalities"]]
    if len(known) < 4:
        return []
    most = max(known, key=lambda row: row["fatalities"])
    last = known[-1]["year"]
    part = last if last == years[-1]["year"] and _in_part(e, last) else None
    shown = [
        {
            "x": row["year"],
            "y": row["fatalities"],
            "name": "",
            "place": 0,
            "part": row["year"] == part,
        }
        for row in years
        if row["year"] >= known[0]["year"]
    ]
    alt = e.language.word(
        "losses.chart_alt",
        first=e.language.year(known[0]["year"]),
        last=e.language.year(shown[-1]["x"]),
        most=e.language.number(most["fatalities"]),
        year=e.language.year(most["year"]),
    )
    spec = drawings.stacked(e.language, shown, [""])
    note = e.language.say("losses.chart_note", year=e.language.year(part)) if part else ()
    return [Drawing("deaths", plain(e.say("losses.chart")), alt, spec, e.support(result), note)]


def _in_part(e: Evidence, year: int) -> bool:
    """Return whether the list of deaths covers only a part of a year, its last."""
    last = e.store.scan("fatalities").select(pl.col("month").max()).collect().item()
    known = max(last or "", e.latest)
    return not known[:4] > str(year) and known != f"{year}-12"


def _by(e: Evidence, by: str) -> list[Block]:
    result = e.ask(fatalities, e.subject.asked, e.seen(by=by))
    rows = [row for row in rows_of(result) if row["fatalities"]]
    if result is None or len(rows) < 2:
        return []
    key = {"cause": "by_cause", "casualty_type": "by_type", "operation": "by_operation"}[by]
    caption = e.language.word(f"losses.{key}")
    if by == "operation" and len(rows) > _SHOWN:
        caption = e.language.word("losses.by_operation_cut", shown=e.language.number(_SHOWN))
        rows = rows[:_SHOWN]
    head = {"cause": "cause", "casualty_type": "type", "operation": "operation"}[by]
    made = table(
        e,
        caption,
        [head, "deaths", "deaths_share"],
        [
            (
                _named(e, by, row[by]),
                e.cell(result, row["fatalities"]),
                e.cell(result, row["share"], "share"),
            )
            for row in rows
        ],
        e.support(result),
    )
    return [made]


def _named(e: Evidence, by: str, value: str | None) -> Line:
    if by == "operation":
        return operation_cell(e, value) or words(e.language.word("cause.none"))
    section = "cause" if by == "cause" else "casualty"
    key = f"{section}.{value}" if value else f"{section}.none"
    return words(e.language.word(key)) if e.language.has(key) else term_cell(value)


def deaths_by_nation(e: Evidence) -> list[Block]:
    """Return the table of deaths by nation, for the appendix."""
    if e.subject.kind == "nation":
        return []
    result = e.ask(fatalities, e.subject.asked, e.seen(by="nation"))
    rows = [row for row in rows_of(result) if row["fatalities"] and row["nation"]]
    if result is None or not rows:
        return []
    return [
        table(
            e,
            e.language.word("appendix.deaths"),
            ["nation", "deaths", "deaths_share"],
            [
                (
                    words(e.language.nation(row["nation"])),
                    e.cell(result, row["fatalities"]),
                    e.cell(result, row["share"], "share"),
                )
                for row in rows
            ],
            e.support(result),
        )
    ]
