"""What is missing: authorised against deployed strength of the operations served."""

from __future__ import annotations

from typing import Any

from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Line, Section, plain
from sulh.briefing.sections.overview import operations_at
from sulh.briefing.sections.tables import month_cell, rows_of, table, term_cell
from sulh.questions.contributions import strength_gaps
from sulh.result import Result


def shortfall(e: Evidence) -> Section | None:
    """Return the section; None while the subject serves in no known operation."""
    served = operations_at(e, e.latest)
    if served is None or not served[1]:
        return None
    title, month = e.language.word("shortfall.title"), e.language.month(e.latest)
    result = e.ask(strength_gaps, e.seen(from_=e.latest, to=e.latest))
    rows = [row for row in rows_of(result) if _usable(row, served[1])]
    if result is None or not rows:
        none = e.say("shortfall.none", month=month)
        return Section("shortfall", title, (e.paragraph(none),))
    blocks: list[Block] = [e.paragraph(*_said(e, result, rows, month)), _table(e, result, rows)]
    return Section("shortfall", title, tuple(blocks))


def _usable(row: dict[str, Any], served: list[str]) -> bool:
    known = row["authorised"] is not None and row["deployed"] is not None
    whole = row["personnel_type"] == "uniformed" and row["operation"] in served
    return bool(known and whole and row.get("verified", True))


def _said(e: Evidence, result: Result, rows: list[dict[str, Any]], month: str) -> list[Line]:
    authorised = sum(row["authorised"] for row in rows)
    gap = authorised - sum(row["deployed"] for row in rows)
    whole = e.figure(result, authorised, "count", e.latest)
    count = e.figure(result, len(rows), "count", e.latest)
    said = [e.say("shortfall.intro", n=count, month=month)]
    if gap > 0:
        missing = e.figure(result, gap, "count", e.latest)
        return [*said, e.say("shortfall.gap", gap=missing, authorised=whole)]
    return [*said, e.say("shortfall.surplus", authorised=whole)]


def _table(e: Evidence, result: Result, rows: list[dict[str, Any]]) -> Block:
    cells = [
        (
            term_cell(row["operation"]),
            month_cell(e, (row.get("since") or "")[:7]) or words(""),
            e.cell(result, row["authorised"], "count", e.latest),
            e.cell(result, row["deployed"], "count", e.latest),
            e.cell(result, row["gap"], "count", e.latest),
            e.cell(result, row["filled"], "share", e.latest),
        )
        for row in rows
    ]
    columns = ["operation", "shortfall.since", "authorised", "deployed", "gap", "filled"]
    caption = plain(e.say("shortfall.table", month=e.language.month(e.latest)))
    return table(e, caption, columns, cells, e.support(result), e.say("shortfall.note"))
