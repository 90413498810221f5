"""Where and since when: the operations served, and the tasks of their mandates."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import (
    Block,
    Cite,
    Drawing,
    Line,
    Paragraph,
    Section,
    Support,
    Table,
    plain,
)
from sulh.briefing.sections.overview import operations_at
from sulh.briefing.sections.tables import month_cell, nations_cell, operation_cell, rows_of, table
from sulh.facts.mandates import families, tasks_of
from sulh.facts.operations import operations
from sulh.questions.contributions import nation, series
from sulh.result import Result

_BARS, _ROWS = 30, 20


def service(e: Evidence) -> Section | None:
    """Return the section; None for a subject of which nothing is known to have served."""
    result, served = served_by(e)
    if e.active is None and not served:
        return None
    title = e.language.word("service.title")
    if result is None or not served:
        return Section("service", title, (e.paragraph(e.say("service.none")),))
    blocks: list[Block] = [e.paragraph(*_said(e, result, served))]
    blocks += _timeline(e, result, served)
    if len(served) <= _ROWS:
        blocks.append(operations_table(e, result, served))
    return Section("service", title, tuple(blocks))


def served_by(e: Evidence) -> tuple[Result | None, list[dict[str, Any]]]:
    """Return the operations of the subject with first, last month, months and peak."""
    if e.subject.kind == "nation":
        result = e.ask(nation, e.subject.code, e.seen())
        return result, [row for row in rows_of(result) if row["first_month"]]
    result = e.ask(series, e.subject.asked, e.seen(by="operation"))
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(result):
        if row["operation"] is None or not row["persons"]:
            continue
        month, persons = row["month"], row["persons"]
        entry = found.setdefault(
            row["operation"],
            {"operation": row["operation"], "first_month": month, "months": 0, "peak": 0},
        )
        entry |= {"last_month": month, "months": entry["months"] + 1}
        if persons > entry["peak"]:
            entry |= {"peak": persons, "peak_month": month}
    return result, sorted(found.values(), key=lambda row: (row["first_month"], row["operation"]))


def operations_table(e: Evidence, result: Result, served: Sequence[dict[str, Any]]) -> Table:
    """Return the table of the operations served."""
    columns = ["operation", "hosts", "first", "last", "months", "peak", "peak_month"]
    by_evidence = e.subject.kind == "nation"
    rows = []
    for row in served:
        entry = operations().get(row["operation"])
        cells: list[Line] = [
            operation_cell(e, row["operation"], first=True),
            nations_cell(e, entry.hosts) if entry and entry.verified("hosts") else (),
            month_cell(e, row["first_month"]),
            month_cell(e, row["last_month"]),
            e.cell(result, row["months"]),
            e.cell(result, row["peak"], "count", row["peak_month"] or ""),
            month_cell(e, row["peak_month"]),
        ]
        if by_evidence:
            cells.append(words(e.language.word(f"service.{_evidence(row)}")))
        rows.append(cells)
    return table(
        e,
        plain(e.say("service.table")),
        [*columns, *(["evidence"] if by_evidence else [])],
        rows,
        e.support(result),
        e.say("service.evidence_note" if by_evidence else "service.months_note"),
    )


def _evidence(row: dict[str, Any]) -> str:
    return str(row["evidence"]).replace("-", "_")


def _said(e: Evidence, result: Result, served: list[dict[str, Any]]) -> list[Line]:
    said = []
    by_operation = e.ask(series, e.subject.asked, e.seen(by="operation"))
    named = sorted({row["month"] for row in rows_of(by_operation) if row["operation"]})
    counted = [row for row in served if row.get("evidence", "head-counts") == "head-counts"]
    if by_operation is not None and named:
        span = {"first": e.language.month(named[0]), "last": e.language.month(named[-1])}
        said.append(e.say("service.reports", n=e.figure(by_operation, len(named)), **span))
        said.append(e.say("service.served", n=e.figure(result, len(counted))))
    now = operations_at(e, e.latest)
    if now is not None and now[1]:
        count = e.figure(now[0], len(now[1]), "count", e.latest)
        listed = e.operations(now[1], first=True)
        said.append(e.say("service.now", month=e.language.month(e.latest), n=count, list=listed))
    return said


def _timeline(e: Evidence, result: Result, served: list[dict[str, Any]]) -> list[Block]:
    dated = [row for row in served if row["first_month"]]
    largest = sorted(dated, key=lambda row: -(row["peak"] or 0))[:_BARS]
    shown = [row for row in dated if row in largest]
    if len(shown) < 2:
        return []
    top = max((row["peak"] or 1) for row in shown)
    bars = [
        {
            "name": e.language.operation(row["operation"]),
            "x": drawings.year_of(row["first_month"][:7]) - 1 / 24,
            "x2": drawings.year_of((row["last_month"] or row["first_month"])[:7]) + 1 / 24,
            "weight": log(1 + (row["peak"] or 1)) / log(1 + top),
        }
        for row in shown
    ]
    listed = e.language.join(_spans(e, shown))
    key = "timeline_note" if len(shown) == len(dated) else "timeline_note_cut"
    counts = {"shown": e.language.number(len(shown)), "all": e.language.number(len(dated))}
    return [
        Drawing(
            "timeline",
            plain(e.say("service.timeline")),
            e.language.word("service.timeline_alt", list=listed),
            drawings.timeline(e.language, bars),
            e.support(result),
            e.say(f"service.{key}", **(counts if key.endswith("cut") else {})),
        )
    ]


def _spans(e: Evidence, rows: list[dict[str, Any]]) -> list[str]:
    """Return each operation with its periods, in the order of the first."""
    found: dict[str, list[str]] = {}
    for row in rows:
        ends = dict.fromkeys(month for month in (row["first_month"], row["last_month"]) if month)
        written = "–".join(e.language.month_short(month) for month in ends)
        found.setdefault(e.language.operation(row["operation"]), []).append(written)
    return [f"{name} ({'; '.join(periods)})" for name, periods in found.items()]


def tasks(e: Evidence) -> Section | None:
    """Return what the operations served are mandated to do; None if none is known."""
    if e.active is None:
        return None
    found = operations_at(e, e.active)
    if found is None or not found[1]:
        return None
    result, places = found
    key = "intro" if e.active == e.latest else "intro_past"
    month = e.language.month(e.active)
    main = [name for name, family in families().items() if family.main]
    rows = [_tasks_row(e, place, main) for place in places]
    support = Support(
        tuple(o.key for o in result.origins), e.command(f"sulh operation {places[0]}")
    )
    caption = e.language.word("tasks.table")
    columns = ["operation", *(f"tasks.{name}" for name in main), "tasks.known"]
    made = table(e, caption, columns, rows, support, e.language.say("tasks.note"))
    title = e.language.word("tasks.title")
    return Section("tasks", title, (Paragraph(e.say(f"tasks.{key}", month=month)), made))


def _tasks_row(e: Evidence, place: str, main: list[str]) -> list[Line]:
    known = {task.family: task for task in tasks_of(place)}
    cells: list[Line] = [operation_cell(e, place)]
    keys: dict[str, None] = {}
    for family in main:
        task = known.get(family)
        if task is None:
            cells.append(() if known else words("–"))
            continue
        sound = task.verified("family") and bool(task.mark.source)
        cells.append(words("●" if sound else "○"))
        if sound:
            keys.update(dict.fromkeys(e.fact(task.mark.source)))
    return [*cells, (Cite(tuple(keys)),) if keys else ()]
