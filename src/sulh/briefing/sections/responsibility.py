"""Shared responsibility: contributions in proportion, and how evenly they are spread."""

from __future__ import annotations

from typing import Any

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Drawing, Line, Section, Text, plain
from sulh.briefing.sections.tables import nation_cell, rows_of, table
from sulh.questions.burden import burden, concentration, lorenz, without
from sulh.questions.wording import WORLD
from sulh.result import Result

_MEASURES = {
    "per_million": "persons_per_million",
    "per_billion_gdp": "persons_per_billion_gdp",
    "per_thousand_forces": "persons_per_thousand_forces",
    "per_million_spent": "persons_per_million_spent",
}
_YEARS = ("population_year", "gdp_year", "armed_forces_year", "military_expenditure_year")
_SHOWN = 12


def responsibility(e: Evidence) -> Section | None:
    """Return the section; None while the subject contributes nobody."""
    if e.active != e.latest:
        return None
    blocks = [*(_nation(e) if e.subject.kind == "nation" else _group(e)), *_spread(e)]
    title = e.language.word("responsibility.title")
    return Section("responsibility", title, tuple(blocks)) if blocks else None


def _nation(e: Evidence) -> list[Block]:
    """Return a nation's measures with its ranks among all contributors."""
    result = e.ask(burden, WORLD, e.at(e.latest))
    rows = rows_of(result)
    own = next((row for row in rows if row["nation"] == e.subject.code), None)
    if result is None or own is None:
        return []
    cells = []
    for key, column in _MEASURES.items():
        if own[column] is None:
            continue
        known = sum(row[column] is not None for row in rows)
        cells.append(
            (
                words(e.language.word(f"responsibility.{key}")),
                e.cell(result, own[column], "ratio", e.latest),
                e.cell(result, own[f"{column}_rank"], "rank", e.latest),
                e.cell(result, known, "count", e.latest),
            )
        )
    if not cells:
        return []
    month = e.language.month(e.latest)
    columns = ["responsibility.measure", "responsibility.value", "table.world_rank", "nations"]
    caption = plain(e.say("responsibility.table", month=month))
    note = _years_note(e, [own], "nation_note")
    made = table(e, caption, columns, cells, e.support(result), note)
    return [e.paragraph(e.say("responsibility.nation", month=month)), made]


def _years_note(e: Evidence, rows: list[dict[str, Any]], key: str, **values: str) -> Line:
    years = [row[name] for row in rows for name in _YEARS if row.get(name) is not None]
    if not years:
        return ()
    ends = {"first": e.language.year(min(years)), "last": e.language.year(max(years))}
    return e.say(f"responsibility.{key}", **ends, **values)


def _group(e: Evidence) -> list[Block]:
    """Return the nations of a group in proportion to what they have."""
    result = e.ask(burden, e.subject.asked, e.at(e.latest))
    rows = [row for row in rows_of(result) if row["persons"] and row["persons_per_million"]]
    if result is None or len(rows) < 2:
        return []
    rows.sort(key=lambda row: (-row["persons_per_million"], row["nation"]))
    shown, month = rows[:_SHOWN], e.language.month(e.latest)
    top = e.say(
        "responsibility.group_top",
        month=month,
        nation=e.language.running(rows[0]["nation"]),
        value=e.figure(result, rows[0]["persons_per_million"], "rate", e.latest),
    )
    cells = [
        (
            nation_cell(e, row["nation"]),
            e.cell(result, row["persons"], "count", e.latest),
            *(e.cell(result, row[column], "ratio", e.latest) for column in _MEASURES.values()),
        )
        for row in shown
    ]
    columns = ["nation", "persons", *(f"responsibility.{key}" for key in _MEASURES)]
    caption = plain(e.say("responsibility.table", month=month))
    note = _years_note(e, shown, "nation_note")
    if len(rows) > _SHOWN:
        note = _years_note(e, shown, "table_note", shown=e.language.number(len(shown)))
    made = table(e, caption, columns, cells, e.support(result), note)
    return [e.paragraph(e.say("responsibility.group"), top), made]


def _spread(e: Evidence) -> list[Block]:
    """Return how evenly contributions are spread, and what if the largest left."""
    world = e.ask(concentration, WORLD, e.at(e.latest))
    rows = [row for row in rows_of(world) if row["gini"] is not None]
    if world is None or not rows:
        return []
    month, row = e.language.month(e.latest), rows[0]
    said = [
        e.say(
            "responsibility.world",
            month=month,
            nations=e.figure(world, row["nations"], "count", e.latest),
            top=e.figure(world, row["top_5"], "share", e.latest),
            gini=e.figure(world, row["gini"], "ratio", e.latest),
        ),
        e.say("responsibility.gini"),
    ]
    if e.subject.kind != "nation":
        said += [*_own(e), *_without(e)]
    return [e.paragraph(*said), *_lorenz(e)]


def _own(e: Evidence) -> list[Line]:
    result = e.ask(concentration, e.subject.asked, e.at(e.latest))
    rows = [row for row in rows_of(result) if row["gini"] is not None]
    if result is None or not rows or rows[0]["nations"] < 6:
        return []
    row = rows[0]
    return [
        e.say(
            "responsibility.own",
            one=e.figure(result, row["top_1"], "share", e.latest),
            five=e.figure(result, row["top_5"], "share", e.latest),
            gini=e.figure(result, row["gini"], "ratio", e.latest),
        )
    ]


def _without(e: Evidence) -> list[Line]:
    result = e.ask(without, e.subject.asked, e.latest, e.seen(from_=None, to=None))
    rows = [row for row in rows_of(result) if row["if_withdrawn"] is not None]
    if result is None or len(rows) < 2:
        return []
    values = {
        name: e.figure(result, rows[0][column], "share", e.latest)
        for name, column in (
            ("withdrawn", "if_withdrawn"),
            ("replaced", "if_replaced"),
            ("share", "share"),
        )
    }
    return [e.say("responsibility.without", nation=e.language.running(rows[0]["nation"]), **values)]


def _lorenz(e: Evidence) -> list[Block]:
    result: Result | None = e.ask(lorenz, WORLD, e.latest, e.seen(from_=None, to=None))
    rows = rows_of(result)
    if result is None or len(rows) < 4:
        return []
    points = [{"x": row["nations_share"], "y": row["persons_share"]} for row in rows]
    word = e.language.word
    spec = drawings.lorenz(
        e.language, points, word("responsibility.lorenz_x"), word("responsibility.lorenz_y")
    )
    caption = word("responsibility.lorenz", month=e.language.month(e.latest))
    note = (Text(word("responsibility.lorenz_note")),)
    alt = word("responsibility.lorenz_alt")
    return [Drawing("lorenz", caption, alt, spec, e.support(result), note)]
