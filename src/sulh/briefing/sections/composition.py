"""Composition: military, police and civilian personnel, women and men."""

from __future__ import annotations

from typing import Any

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.grid import absent
from sulh.briefing.language import words
from sulh.briefing.model import Block, Cite, Drawing, Line, Section, plain
from sulh.briefing.sections.overview import FEW
from sulh.briefing.sections.tables import rows_of, table
from sulh.facts.known import Target, target_for
from sulh.questions.contributions import mix
from sulh.result import Result

_ORDER = ("military", "police", "civilian")
_TYPES = (
    "troops", "staff_officers", "experts_on_mission", "individual_police", "formed_police",
    "police", "civilian", "uniformed",
)  # fmt: skip
_STRATEGY = "2018-01"
_STAFF_APART = "2017-05"


def composition(e: Evidence) -> Section | None:
    """Return the section; None for a subject that never contributed."""
    month = e.active
    now = e.ask(mix, e.subject.asked, e.at(month, "category")) if month else None
    if month is None or now is None:
        return None
    rows = {row["category"]: row for row in rows_of(now)}
    blocks: list[Block] = [e.paragraph(*_now(e, now, rows, month), *_civilian(e, now, rows, month))]
    blocks += _table(e, month)
    blocks += _over_time(e)
    return Section("composition", e.language.word("composition.title"), tuple(blocks))


def _now(e: Evidence, now: Result, rows: dict[str, Any], month: str) -> list[Line]:
    at = {"month": e.language.month(month)}
    unseparated = rows.get("uniformed (not separated)", {}).get("persons", 0)
    if unseparated:
        figure = e.figure(now, unseparated, "count", month)
        return [e.say("composition.unseparated", persons=figure, **at)]
    counts = {
        kind: e.figure(now, rows.get(kind, {}).get("persons", 0), "count", month)
        for kind in ("military", "police")
    }
    said = [e.say("composition.now", **at, **counts)]
    shares = {
        kind: e.figure(now, rows[kind]["share_women"], "share", month)
        for kind in ("military", "police")
        if kind in rows and rows[kind]["persons"] >= FEW and rows[kind]["share_women"] is not None
    }
    if len(shares) == 2:
        said.append(e.say("composition.women", **shares))
    elif shares:
        said.append(e.say(f"composition.women_{next(iter(shares))}", **shares))
    return said


def _civilian(e: Evidence, now: Result, rows: dict[str, Any], month: str) -> list[Line]:
    civilians = rows.get("civilian", {}).get("persons", 0)
    if civilians:
        figure = e.figure(now, civilians, "count", month)
        return [e.say("composition.civilian", persons=figure)]
    return [e.say("composition.civilian_none")]


def _table(e: Evidence, month: str) -> list[Block]:
    result = e.ask(mix, e.subject.asked, e.at(month, "personnel_type"))
    rows = [row for row in rows_of(result) if row["persons"]]
    if result is None or not rows:
        return []
    rows.sort(key=lambda row: _TYPES.index(row["personnel_type"]))
    aimed = month >= _STRATEGY
    targets = {
        row["personnel_type"]: target_for(row["personnel_type"], "2028") if aimed else None
        for row in rows
    }
    said = [e.say("composition.targets")] if any(targets.values()) else []
    if month < _STAFF_APART:
        said.append(e.say("composition.staff_officers"))
    columns = ["type", "persons", "women", "women_share", *(["target"] if aimed else [])]
    made = table(
        e,
        plain(e.say("composition.table", month=e.language.month(month))),
        columns,
        [
            (
                words(e.language.word(f"type.{row['personnel_type']}")),
                e.cell(result, row["persons"], "count", month),
                e.cell(result, row["women"], "count", month),
                _share(e, result, row, month),
                *([_target(e, result, targets[row["personnel_type"]])] if aimed else []),
            )
            for row in rows
        ],
        e.support(result),
        e.language.say("composition.few_note") if any(row["persons"] < FEW for row in rows) else (),
    )
    return [*([e.paragraph(*said)] if said else []), made]


def _share(e: Evidence, result: Result, row: dict[str, Any], month: str) -> Line:
    """Return the share of women as a cell, a dash where they are too few for a share."""
    if row["share_women"] is not None and row["persons"] < FEW:
        return words("–")
    return e.cell(result, row["share_women"], "share", month)


def _target(e: Evidence, result: Result, target: Target | None) -> Line:
    if target is None or not target.mark.verified("women_percent"):
        return ()
    from sulh.briefing.model import Figure

    keys = e.fact(target.mark.source)
    figure = Figure(target.women_percent / 100, "share", str(target.year), keys, result.query)
    return (e.language.figure(figure, short=True), Cite(keys))


def _over_time(e: Evidence) -> list[Block]:
    view = e.seen(from_=e.months[0], to=e.months[-1], by="category")
    result = e.ask(mix, e.subject.asked, view)
    rows = rows_of(result)
    if result is None or len({row["month"] for row in rows}) < 3:
        return []
    return [*_by_year(e, result, rows), *_women(e, result, rows)]


def _by_year(e: Evidence, result: Result, rows: list[dict[str, Any]]) -> list[Block]:
    last = {month[:4]: month for month in e.months}
    names = {
        "military": e.language.word("composition.military"),
        "police": e.language.word("composition.police"),
        "uniformed (not separated)": e.language.word("composition.uniformed"),
    }
    shown = [
        {
            "x": int(row["month"][:4]),
            "y": row["persons"],
            "name": names[row["category"]],
            "place": list(names).index(row["category"]),
        }
        for row in rows
        if row["category"] in names and last[row["month"][:4]] == row["month"]
    ]
    if not shown:
        return []
    used = [name for name in names.values() if any(row["name"] == name for row in shown)]
    alt = e.language.word(
        "composition.chart_alt",
        first=e.language.year(shown[0]["x"]),
        last=e.language.year(shown[-1]["x"]),
        month=e.language.month(last[str(shown[-1]["x"])]),
    )
    caption = plain(e.say("composition.chart"))
    spec = drawings.stacked(e.language, shown, used)
    note = e.language.say("composition.chart_note")
    return [Drawing("types", caption, alt, spec, e.support(result), note)]


def _women(e: Evidence, result: Result, rows: list[dict[str, Any]]) -> list[Block]:
    names = [e.language.word("composition.military"), e.language.word("composition.police")]
    doubted = set(e.flagged("women_not_plausible"))
    shown = [
        {
            "x": drawings.year_of(row["month"]),
            "y": row["share_women"],
            "name": names[_ORDER.index(row["category"])],
        }
        for row in rows
        if row["category"] in ("military", "police")
        and row["share_women"] is not None
        and row["month"] not in doubted
    ]
    if len({row["x"] for row in shown}) < 3:
        return []
    months = sorted(
        row["month"] for row in rows if row["share_women"] is not None and row["persons"]
    )
    alt = e.language.word(
        "composition.chart_women_alt",
        first=e.language.month(months[0]),
        last=e.language.month(months[-1]),
    )
    used = [name for name in names if any(row["name"] == name for row in shown)]
    if not any(row["y"] for row in shown) or max(row["persons"] for row in rows) < FEW:
        return []
    known = {row["x"] for row in shown}
    lacking = [drawings.year_of(m) for m in (*absent(e.months), *doubted)]
    shown += [
        {"x": x, "y": None, "name": name}
        for name in used
        for x in lacking
        if min(known) < x < max(known)
    ]
    shown.sort(key=lambda row: (row["name"], row["x"]))
    spec = drawings.lines(e.language, shown, used, drawings.percent_axis(shown, "y"))
    caption = plain(e.say("composition.chart_women"))
    return [Drawing("women", caption, alt, spec, e.support(result))]
