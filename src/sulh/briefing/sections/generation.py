"""What could be generated next: what the subject's pledges fill in the user's case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sulh.briefing.case import CaseAsked
from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Bullets, Line, Section, Term, plain
from sulh.briefing.sections.tables import operation_cell, rows_of, table
from sulh.core.months import month_at, month_index
from sulh.core.origin import Origin
from sulh.result import Result

if TYPE_CHECKING:
    from sulh.questions.forces.outputs import Planned

_ROWS, _GAPS = 40, 12
_COUNTS = ("needed", "by_group", "by_others", "open")


def generation(e: Evidence) -> Section | None:
    """Return the section; None unless a case is given."""
    if e.case is None:
        return None
    planned = e.case.planned()
    result = _asked(e, e.case, planned)
    rows = rows_of(result)
    blocks: list[Block] = [e.paragraph(*_said(e, planned, result, rows))]
    blocks.append(_table(e, planned, result, rows))
    blocks += _open(e, planned, result, rows)
    return Section("generation", e.language.word("generation.title"), tuple(blocks))


def _asked(e: Evidence, case: CaseAsked, planned: Planned) -> Result:
    """Return what the subject fills, with the case as its origin and the command that asks it."""
    from sulh.questions.forces.group import group

    result = group(planned, e.subject.asked, e.view.membership)
    title = e.language.word("generation.source", name=Term(planned.case.name))
    place = str(case.folder) if case.plan is None else f"{case.folder}, {case.plan}"
    origin = Origin("case", title, "", f"{title} ({place})", "", "", sha256=case.sha256())
    e.note([origin])
    query = case.command(e.subject.asked, e.view.membership)
    return replace(result, origins=(origin,), query=query)


def _span(planned: Planned) -> tuple[str, str]:
    start = planned.case.start
    return start, month_at(month_index(start) + planned.case.months - 1)


def _said(e: Evidence, planned: Planned, result: Result, rows: list[dict[str, Any]]) -> list[Line]:
    first, last = _span(planned)
    span = f"{first}/{last}"
    sums = {name: sum(row[name] for row in rows) for name in _COUNTS}
    said = [
        e.say(
            "generation.needs",
            name=Term(planned.case.name),
            needed=e.figure(result, sums["needed"], "count", span),
            first=e.language.month(first),
            last=e.language.month(last),
            list=e.operations(sorted({row["mission"] for row in rows})),
        )
    ]
    if not any(row["pledges"] for row in rows):
        said.append(_none_fits(e, planned))
    else:
        share = sums["by_group"] / sums["needed"] if sums["needed"] else 0.0
        said.append(
            e.say(
                "generation.filled",
                by_group=e.figure(result, sums["by_group"], "count", span),
                share=e.figure(result, share, "share", span),
                by_others=e.figure(result, sums["by_others"], "count", span),
                open=e.figure(result, sums["open"], "count", span),
            )
        )
    kind = "nation" if e.subject.nations_only else "group"
    said.append(e.say("generation.together", month=e.language.month(first), kind=kind))
    proven = planned.bound is not None and planned.summary()["gap"] == 0
    return [*said, e.say(f"generation.{'proven' if proven else 'unproven'}")]


def _none_fits(e: Evidence, planned: Planned) -> Line:
    """Return that the subject pledges nothing, or nothing that is asked for."""
    from sulh.questions.forces.group import unasked

    kinds = unasked(planned, e.subject.asked, e.view.membership)
    if not kinds:
        return e.say("generation.no_pledge")
    listed = e.language.joined([capability(e, kind) for kind in kinds])
    return e.say("generation.not_asked", list=listed)


def _table(e: Evidence, planned: Planned, result: Result, rows: list[dict[str, Any]]) -> Block:
    """Return the needs by operation and capability, those with the most needed if they are many."""
    needs: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        entry = needs.setdefault((row["mission"], row["capability"]), dict.fromkeys(_COUNTS, 0))
        for name in _COUNTS:
            entry[name] += row[name]
        entry["pledges"] = row["pledges"]
    largest = sorted(needs, key=lambda need: (-needs[need]["needed"], need))[:_ROWS]
    span = "/".join(_span(planned))
    cells = [
        (
            operation_cell(e, need[0]),
            capability(e, need[1]),
            *(e.cell(result, counts[name], "count", span) for name in (*_COUNTS, "pledges")),
        )
        for need, counts in needs.items()
        if need in largest
    ]
    cut = {"shown": e.language.number(_ROWS), "all": e.language.number(len(needs))}
    columns = ["operation", "generation.capability", "generation.needed", "generation.by_group",
               "generation.by_others", "generation.open", "generation.pledges"]  # fmt: skip
    return table(
        e,
        plain(e.say("generation.table")),
        columns,
        cells,
        e.support(result),
        e.say("generation.cut", **cut) if len(needs) > _ROWS else (),
    )


def _open(e: Evidence, planned: Planned, result: Result, rows: list[dict[str, Any]]) -> list[Block]:
    """Return what keeps the subject's nearest pledge from the needs that stay open."""
    near = [row for row in rows if row["open"] and row["nearest"]]
    near.sort(key=lambda row: (-row["open"], row["requirement"]))
    blocks: list[Block] = []
    if near:
        blocks.append(e.paragraph(e.say("generation.nearest_intro")))
        shown = tuple(_gap(e, planned, result, row) for row in near[:_GAPS])
        blocks.append(Bullets(shown))
    without = [row for row in rows if row["open"] and not row["pledges"]]
    if without and any(row["pledges"] for row in rows):
        kinds = dict.fromkeys(row["capability"] for row in without)
        listed = e.language.joined([capability(e, kind) for kind in kinds])
        blocks.append(e.paragraph(e.say("generation.not_pledged", list=listed)))
    return blocks


def _gap(e: Evidence, planned: Planned, result: Result, row: dict[str, Any]) -> Line:
    pledge, _, nation = row["nearest"].rpartition(" of ")
    span = "/".join(_span(planned))
    reasons = [_reason(e, planned, row, reason) for reason in row["binding"].split("|")]
    return e.say(
        "generation.gap",
        operation=Term(e.language.operation(row["mission"])),
        capability=capability(e, row["capability"]),
        open=e.figure(result, row["open"], "count", span),
        needed=e.figure(result, row["needed"], "count", span),
        pledge=Term(pledge),
        nation=e.language.running(nation, "of"),
        reasons=e.language.joined(list(reasons)),
    )


def _reason(e: Evidence, planned: Planned, row: dict[str, Any], reason: str) -> Line:
    """Return in words what keeps a pledge from serving a requirement."""
    if reason.startswith("busy at "):
        place = reason.removeprefix("busy at ")
        if place == row["requirement"]:
            return e.say("generation.reason_busy_there")
        other = planned.case.requirement_of[place].mission
        if other == row["mission"]:
            return e.say("generation.reason_busy_beside")
        return e.say("generation.reason_busy", operation=Term(e.language.operation(other)))
    key = reason.replace("'", "").replace(" ", "_")
    return e.say(f"generation.reason_{key}")


def capability(e: Evidence, code: str) -> Line:
    """Return a capability in words; one that the texts do not know as the case writes it."""
    key = f"capability.{code}"
    return words(e.language.word(key)) if e.language.has(key) else (Term(code.replace("_", " ")),)
