"""The appendix: the tables behind the sections, whole."""

from __future__ import annotations

from sulh.briefing.evidence import Evidence, sentences
from sulh.briefing.model import Block, Section, plain
from sulh.briefing.sections.losses import deaths_by_nation
from sulh.briefing.sections.service import operations_table, served_by
from sulh.briefing.sections.tables import month_cell, nation_cell, rows_of, table, year_ends
from sulh.questions.contributions import rank

_SHORT = 20


def appendix(e: Evidence) -> Section | None:
    """Return the appendix; None for a subject that never contributed."""
    if e.active is None:
        return None
    blocks = [*_years(e), *_nations(e), *_operations(e), *deaths_by_nation(e)]
    return Section("appendix", e.language.word("appendix.title"), tuple(blocks))


def _years(e: Evidence) -> list[Block]:
    if e.history is None:
        return []
    rows = year_ends(e.past())
    several = e.subject.kind != "nation"
    return [
        table(
            e,
            plain(e.say("appendix.years")),
            ["month", "persons", "world", "share", *(["nations"] if several else [])],
            [
                (
                    month_cell(e, row["month"]),
                    e.cell(e.history, row["persons"], "count", row["month"]),
                    e.cell(e.history, row["world"], "count", row["month"]),
                    e.cell(e.history, row["share"], "share", row["month"]),
                    *([e.cell(e.history, row["nations"])] if several else []),
                )
                for row in rows
            ],
            e.support(e.history),
            sentences(e.language.say("appendix.years_note"), e.part_note(rows)),
        )
    ]


def _nations(e: Evidence) -> list[Block]:
    if e.subject.kind == "nation":
        return []
    result = e.ask(rank, e.latest, e.seen(from_=None, to=None), e.subject.asked)
    rows = rows_of(result)
    if result is None or not rows:
        return []
    cells = [
        (
            nation_cell(e, row["nation"]),
            e.cell(result, row["women"], "count", e.latest),
            e.cell(result, row["men"], "count", e.latest),
            e.cell(result, row["persons"], "count", e.latest),
            e.cell(result, row["share"], "share", e.latest),
        )
        for row in rows
    ]
    caption = plain(e.say("appendix.nations", month=e.language.month(e.latest)))
    columns = ["nation", "women", "men", "persons", "share"]
    return [table(e, caption, columns, cells, e.support(result))]


def _operations(e: Evidence) -> list[Block]:
    result, served = served_by(e)
    if result is None or len(served) <= _SHORT:
        return []
    return [operations_table(e, result, served)]
