"""Medical and logistic support: places with medical, engineering, transport, aviation units."""

from __future__ import annotations

from typing import Any

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Drawing, Line, Section, plain
from sulh.briefing.sections.sustain import sustained
from sulh.briefing.sections.tables import cut_note, operation_cell, rows_of, table
from sulh.questions.contributions import support_units
from sulh.result import Result

UNITS = ("medical", "engineering", "transport", "aviation")
_SHOWN = 10
_WORTH = 3  # places in a year from which a chart says more than the table


def support(e: Evidence) -> Section | None:
    """Return the section: one sentence where the data hold no place; None if never there."""
    if e.active is None:
        return None
    title = e.language.word("support.title")
    if not e.store.has("support_units"):
        return Section("support", title, (e.paragraph(e.say("support.absent")),))
    by_unit = e.ask(support_units, e.subject.asked, e.seen(by="unit"))
    units = {row["unit"]: row for row in rows_of(by_unit)}
    years = _years(e)
    if by_unit is None or not units or years is None:
        return Section("support", title, (e.paragraph(e.say("support.none")),))
    shown = (e.language.year(years[0]), e.language.year(years[1]))
    blocks: list[Block] = [e.paragraph(*_said(e, by_unit, units, shown))]
    blocks += sustained(e)
    blocks.append(_table(e, by_unit, units, shown))
    blocks += _chart(e)
    blocks += _medical(e)
    return Section("support", title, tuple(blocks))


def _years(e: Evidence) -> tuple[int, int] | None:
    rows = rows_of(e.ask(support_units, e.subject.asked, e.seen(by="year")))
    years = [row["year"] for row in rows]
    return (min(years), max(years)) if years else None


def _said(
    e: Evidence, by_unit: Result, units: dict[str, Any], years: tuple[str, str]
) -> list[Line]:
    said = [e.say("support.intro", first=years[0], last=years[1])]
    medical = units.get("medical")
    if medical:
        places = e.figure(by_unit, medical["places"])
        own = e.figure(by_unit, medical["attributed_places"])
        kind = "nation" if e.subject.kind == "nation" else "group"
        said.append(e.say("support.medical", places=places))
        said.append(e.say(f"support.own_{kind}", own=own))
    return [*said, e.say("support.own_note")]


def _table(e: Evidence, by_unit: Result, units: dict[str, Any], years: tuple[str, str]) -> Block:
    several = e.subject.kind != "nation"
    rows = []
    for unit in UNITS:
        row = units.get(unit)
        if row is None:
            continue
        cells: list[Line] = [
            words(e.language.word(f"support.{unit}_unit")),
            e.cell(by_unit, row["places"]),
            e.cell(by_unit, row["attributed_places"]),
        ]
        rows.append([*cells, *([e.cell(by_unit, row["nations"])] if several else [])])
    caption = plain(e.say("support.table", first=years[0], last=years[1]))
    columns = ["unit", "places", "own", *(["nations"] if several else [])]
    return table(e, caption, columns, rows, e.support(by_unit))


def _chart(e: Evidence) -> list[Block]:
    result = e.ask(support_units, e.subject.asked, e.seen(by="year,unit"))
    rows = rows_of(result)
    years = sorted({row["year"] for row in rows})
    if result is None or len(years) < 4 or max(row["places"] for row in rows) < _WORTH:
        return []
    names = {unit: e.language.word(f"support.{unit}_unit") for unit in UNITS}
    there = {(row["year"], row["unit"]): row["places"] for row in rows}
    shown = [
        {"x": year + 0.5, "y": there.get((year, unit), 0), "name": names[unit]}
        for unit in UNITS
        for year in years
        if any(unit == row["unit"] for row in rows)
    ]
    used = [name for name in names.values() if any(row["name"] == name for row in shown)]
    alt = e.language.word(
        "support.chart_alt", first=e.language.year(years[0]), last=e.language.year(years[-1])
    )
    spec = drawings.lines(e.language, shown, used)
    return [Drawing("units", plain(e.say("support.chart")), alt, spec, e.support(result))]


def _medical(e: Evidence) -> list[Block]:
    result = e.ask(support_units, e.subject.asked, e.seen(by="unit,operation"))
    rows = [row for row in rows_of(result) if row["unit"] == "medical"]
    if result is None or len(rows) < 2:
        return []
    rows.sort(key=lambda row: (-row["places"], row["operation"]))
    made = table(
        e,
        plain(e.say("support.where")),
        ["operation", "places", "own"],
        [
            (
                operation_cell(e, row["operation"]),
                e.cell(result, row["places"]),
                e.cell(result, row["attributed_places"]),
            )
            for row in rows[:_SHOWN]
        ],
        e.support(result),
        cut_note(e, _SHOWN, len(rows)),
    )
    return [made]
