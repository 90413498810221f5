"""What is missing: authorised against deployed strength of the operations served."""

from __future__ import annotations

from typing import Any

from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Line, Section, Text, plain
from sulh.briefing.sections.overview import operations_at
from sulh.briefing.sections.tables import month_cell, operation_cell, rows_of, table
from sulh.questions.contributions import series, strength_gaps
from sulh.questions.wording import WORLD
from sulh.result import Result

_KINDS = ("uniformed", "military")
_NAMED = 8


def shortfall(e: Evidence) -> Section | None:
    """Return the section; None while the subject serves in no known operation."""
    served = operations_at(e, e.latest)
    if served is None or not served[1]:
        return None
    title, month = e.language.word("shortfall.title"), e.language.month(e.latest)
    result = e.ask(strength_gaps, e.seen(from_=e.latest, to=e.latest))
    rows = _compared(rows_of(result), served[1])
    if result is None or not rows:
        none = e.say("shortfall.none", month=month)
        return Section("shortfall", title, (e.paragraph(none),))
    said = [_counted(e, result, rows, served, month), *_said(e, result, rows)]
    said += _uncompared(e, rows, served[1])
    blocks: list[Block] = [e.paragraph(*said), _table(e, result, rows)]
    return Section("shortfall", title, tuple(blocks))


def _compared(rows: list[dict[str, Any]], served: list[str]) -> list[dict[str, Any]]:
    """Return one row for each operation: all uniformed, or the military if only that is known."""
    found: dict[str, dict[str, Any]] = {}
    for kind in _KINDS:
        for row in rows:
            known = row["authorised"] is not None and row["deployed"] is not None
            sound = known and row.get("verified", True) and row["operation"] in served
            if sound and row["personnel_type"] == kind:
                found.setdefault(row["operation"], row)
    return [found[name] for name in sorted(found)]


def _counted(
    e: Evidence,
    result: Result,
    rows: list[dict[str, Any]],
    served: tuple[Result, list[str]],
    month: str,
) -> Line:
    count = e.figure(result, len(rows), "count", e.latest)
    whole = e.figure(served[0], len(served[1]), "count", e.latest)
    return e.say("shortfall.intro", n=count, all=whole, month=month)


def _said(e: Evidence, result: Result, rows: list[dict[str, Any]]) -> list[Line]:
    """Return what lacks in all; what stands above a ceiling is never set against it."""
    below = [row for row in rows if row["gap"] > 0]
    above = [row["operation"] for row in rows if row["gap"] < 0]
    said = []
    if below:
        said.append(
            e.say(
                "shortfall.gap",
                n=e.figure(result, len(below), "count", e.latest),
                gap=e.figure(result, sum(row["gap"] for row in below), "count", e.latest),
                authorised=e.figure(
                    result, sum(row["authorised"] for row in below), "count", e.latest
                ),
            )
        )
    if above:
        said.append(e.say("shortfall.above", list=e.operations(above)))
    return said


def _uncompared(e: Evidence, rows: list[dict[str, Any]], served: list[str]) -> list[Line]:
    """Return which operations are not compared, the largest first, and why."""
    known = {row["operation"] for row in rows}
    result = e.ask(series, WORLD, e.at(e.latest, "operation"))
    left = [
        row
        for row in rows_of(result)
        if row["operation"] in served and row["operation"] not in known
    ]
    if result is None or not left:
        return []
    left.sort(key=lambda row: (-row["persons"], row["operation"]))
    named: list[Line] = [
        (
            *e.operations([row["operation"]]),
            Text(" ("),
            e.figure(result, row["persons"], "count", e.latest),
            Text(")"),
        )
        for row in left[:_NAMED]
    ]
    listed = e.language.joined(list(named))
    more = e.language.number(len(left) - _NAMED)
    if len(left) > _NAMED:
        listed = e.language.say("gaps.and_more", list=listed, n=more)
    return [e.say("shortfall.uncompared", list=listed)]


def _table(e: Evidence, result: Result, rows: list[dict[str, Any]]) -> Block:
    above = words(e.language.word("shortfall.more"))
    cells = [
        (
            operation_cell(e, row["operation"]),
            words(e.language.word(f"shortfall.{row['personnel_type']}")),
            month_cell(e, (row.get("since") or "")[:7]) or words(""),
            e.cell(result, row["authorised"], "count", e.latest),
            e.cell(result, row["deployed"], "count", e.latest),
            e.cell(result, row["gap"], "count", e.latest) if row["gap"] >= 0 else above,
            e.cell(result, row["filled"], "share", e.latest) if row["gap"] >= 0 else words("–"),
        )
        for row in rows
    ]
    columns = [
        "operation", "shortfall.who", "shortfall.since", "authorised", "deployed", "gap", "filled",
    ]  # fmt: skip
    caption = plain(e.say("shortfall.table", month=e.language.month(e.latest)))
    return table(e, caption, columns, cells, e.support(result), e.say("shortfall.note"))
