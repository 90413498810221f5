"""Overview: how many, which share, since when, and where on the map."""

from __future__ import annotations

from typing import Any

from sulh.briefing import drawings
from sulh.briefing.evidence import Evidence
from sulh.briefing.grid import absent, with_holes, yearly
from sulh.briefing.model import (
    Block,
    Drawing,
    KeyFigure,
    KeyFigures,
    Line,
    Number,
    Section,
    plain,
)
from sulh.briefing.sections.tables import nation_cell, rows_of, table
from sulh.facts.operations import operations
from sulh.questions.contributions import rank, series
from sulh.result import Result

FEW = 10
"""Persons from which on a share of women says something."""
_SHOWN = 10
_LISTED = 12
_FLAT = 0.001


def overview(e: Evidence) -> Section:
    """Return the overview; it is never empty, since having sent nobody is an answer."""
    whole = e.history
    history = e.past()
    known = [row for row in history if row["persons"] > 0]
    blocks: list[Block] = []
    if not known or whole is None:
        blocks.append(e.paragraph(e.say("overview.never"), coverage(e), role="lead"))
        return Section("overview", e.language.word("overview.title"), tuple(blocks))
    blocks.append(e.paragraph(*_now(e, known), role="lead"))
    blocks += _key_figures(e)
    blocks.append(e.paragraph(*_then(e, history), coverage(e)))
    blocks += _charts(e, whole, history)
    blocks += _top(e)
    blocks += _map(e)
    return Section("overview", e.language.word("overview.title"), tuple(blocks))


def coverage(e: Evidence) -> Line:
    """Return the sentence that says for which months there are figures."""
    months, last = e.months, e.language.month(e.latest)
    if len(months) == 1:
        return e.say("coverage.single", last=last)
    first, lacking = e.language.month(months[0]), absent(months)
    if yearly(months):
        years = [e.language.year(month[:4]) for month in lacking]
        values = {
            "first": e.language.year(months[0][:4]),
            "but": e.language.word("coverage.but", years=e.language.join(years)) if years else "",
        }
        if months[-1].endswith("-12"):
            last = e.language.year(e.latest[:4])
            return e.say("coverage.decembers", last=last, **values)
        until = e.language.year(months[-2][:4])
        return e.say("coverage.decembers_and_last", last=last, until=until, **values)
    if not lacking:
        return e.say("coverage.every", first=first, last=last)
    return e.say("coverage.some", n=len(months), first=first, last=last)


def now_row(e: Evidence) -> tuple[Result, dict[str, Any]] | None:
    """Return the latest month's answer and its row."""
    result = e.ask(series, e.subject.asked, e.at(e.latest))
    rows = rows_of(result)
    return (result, rows[0]) if result is not None and rows else None


def _now(e: Evidence, known: list[dict[str, Any]]) -> list[Line]:
    month = e.language.month(e.latest)
    found = now_row(e)
    if found is None or not found[1]["persons"]:
        last = known[-1]["month"]
        there = e.ask(series, e.subject.asked, e.at(last))
        key = "none_now_part" if e.latest in e.part else "none_now"
        said = [e.say(f"overview.{key}", month=month)]
        if there is not None:
            persons = e.figure(there, known[-1]["persons"], "count", last)
            said.append(e.say("overview.last_seen", month=e.language.month(last), persons=persons))
        return said
    result, row = found
    if row["share"] is None:
        persons = e.figure(result, row["persons"], "count", e.latest)
        key = "now_part" if e.latest in e.part else "now_plain"
        return [e.say(f"overview.{key}", month=month, persons=persons), _women(e)]
    values = {
        name: e.figure(result, row[name], unit, e.latest)
        for name, unit in (("persons", "count"), ("share", "share"), ("world", "count"))
    }
    key = "now_nation" if e.subject.nations_only else "now_group"
    nations = e.figure(result, row["nations"], "count", e.latest)
    said = [e.say(f"overview.{key}", month=month, nations=nations, **values)]
    return [*said, _women(e), *_rank_sentence(e)]


def _rank_sentence(e: Evidence) -> list[Line]:
    place = _place(e)
    if place is None:
        return []
    result, rank_, nations = place
    return [
        e.say(
            "overview.rank",
            rank=e.figure(result, rank_, "rank", e.latest),
            nations=e.figure(result, nations, "count", e.latest),
        )
    ]


def _place(e: Evidence) -> tuple[Result, int, int] | None:
    """Return a nation's rank among all contributors of the latest month, if all are known."""
    if e.subject.kind != "nation" or e.latest in e.part:
        return None
    result = e.ask(rank, e.latest, e.seen(from_=None, to=None))
    rows = rows_of(result)
    own = next((row for row in rows if row["nation"] == e.subject.code), None)
    return (result, own["rank"], len(rows)) if result is not None and own else None


def _women_now(e: Evidence) -> tuple[Result, int, int] | None:
    result = e.ask(rank, e.latest, e.seen(from_=None, to=None), e.subject.asked)
    rows = rows_of(result)
    if result is None or not rows or any(row["women"] is None for row in rows):
        return None
    return result, sum(row["women"] for row in rows), sum(row["persons"] for row in rows)


def _women(e: Evidence) -> Line:
    found = _women_now(e)
    if found is None:
        return e.say("overview.women_unknown")
    result, women, persons = found
    number = e.figure(result, women, "count", e.latest)
    if persons < FEW:
        return e.say("overview.women_few", women=number, persons=persons)
    share = e.figure(result, women / persons, "share", e.latest)
    return e.say("overview.women", women=number, share=share)


def _then(e: Evidence, history: list[dict[str, Any]]) -> list[Line]:
    """Return the sentences on the first month and the peak, from months that are not doubted."""
    sound = e.sound(history)
    first, said = sound[0], []
    peak = max(sound, key=lambda row: row["persons"])
    among = {"among": e.among()}
    if peak is first:
        return [_with_share(e, "overview.peak", peak, among)]
    which = {"which": e.language.word(f"coverage.first_{_which(e, first['month'])}")}
    if first["persons"]:
        said.append(_with_share(e, "overview.first", first, which))
    else:
        month = e.language.month(first["month"])
        said.append(e.say("overview.first_none", month=month, **which))
    said.append(_with_share(e, "overview.peak", peak, among))
    return said


def _which(e: Evidence, month: str) -> str:
    """Return in which sense a month is the first: of all, of a state's life, or of those sound."""
    if month == e.months[0]:
        return "all"
    return "state" if e.lifetime[0] > e.months[0] else "sound"


def _with_share(e: Evidence, key: str, row: dict[str, Any], said: dict[str, str]) -> Line:
    """Return a sentence on a month; without the share where reports are copied or lacking."""
    result = e.ask(series, e.subject.asked, e.at(row["month"]))
    assert result is not None  # the month is in the series
    values: dict[str, Number | str] = {
        "month": e.language.month(row["month"]),
        "persons": e.figure(result, row["persons"], "count", row["month"]),
        **said,
    }
    if row["share"] is None:
        return e.say(f"{key}_{'part' if row['month'] in e.part else 'plain'}", **values)
    return e.say(key, **values, share=e.figure(result, row["share"], "share", row["month"]))


def _key_figures(e: Evidence) -> list[Block]:
    found = now_row(e)
    if found is None or not found[1]["persons"]:
        return []
    result, row = found
    word = e.language.word
    part = "_part" if e.latest in e.part else ""
    persons = e.figure(result, row["persons"], "count", e.latest)
    items = [KeyFigure(persons, word(f"overview.key_persons{part}"))]
    if row["share"] is not None:
        items.append(KeyFigure(_short(e, result, row["share"]), word("overview.key_share")))
    place = _place(e)
    if place is not None:
        of = e.say("overview.key_rank_of", n=e.figure(place[0], place[2], "count", e.latest))
        figure = e.figure(place[0], place[1], "rank", e.latest)
        items.append(KeyFigure(figure, word("overview.key_rank"), of))
    elif e.subject.kind != "nation":
        nations = e.figure(result, row["nations"], "count", e.latest)
        items.append(KeyFigure(nations, word(f"overview.key_nations{part}")))
    women = _women_now(e)
    if women is not None and women[2] >= FEW:
        items.append(
            KeyFigure(_short(e, women[0], women[1] / women[2]), word("overview.key_women"))
        )
    served = operations_at(e, e.latest)
    if served is not None and served[1]:
        count = e.figure(served[0], len(served[1]), "count", e.latest)
        items.append(KeyFigure(count, word("overview.key_operations")))
    return [KeyFigures(tuple(items))]


def _short(e: Evidence, result: Result, share: float | None) -> Number:
    from sulh.briefing.model import Figure

    keys = tuple(origin.key for origin in result.origins)
    return e.language.figure(Figure(share, "share", e.latest, keys, result.query), short=True)


def operations_at(e: Evidence, month: str) -> tuple[Result, list[str]] | None:
    """Return the operations in which the subject serves in a month, if its reports say so."""
    result = e.ask(series, e.subject.asked, e.at(month, "operation"))
    rows = [row for row in rows_of(result) if row["persons"]]
    if result is None or any(row["operation"] is None for row in rows):
        return None
    return result, sorted(row["operation"] for row in rows)


def _charts(e: Evidence, whole: Result, history: list[dict[str, Any]]) -> list[Block]:
    if len(history) < 3:
        return []
    language, ends = e.language, (history[0]["month"], history[-1]["month"])
    known = [row for row in rows_of(whole) if ends[0] <= row["month"] <= ends[1]]
    rows = with_holes(known, absent(e.months), ("persons", "share"))
    peak = max(e.sound(history), key=lambda row: row["persons"])
    named = {"first": language.month(ends[0]), "last": language.month(ends[1])}
    latest = history[-1]
    persons = Drawing(
        "persons",
        plain(e.say("overview.chart_persons")),
        language.word(
            "overview.chart_persons_alt",
            **named,
            peak=language.number(peak["persons"]),
            peak_month=language.month(peak["month"]),
            now=language.number(latest["persons"]),
        ),
        drawings.trend(language, _points(rows, "persons")),
        e.support(whole),
        e.part_note(known),
    )
    if latest["share"] is None or max(row["share"] or 0 for row in rows) < _FLAT:
        return [persons]
    share = Drawing(
        "share",
        language.word("overview.chart_share"),
        language.word(
            "overview.chart_share_alt",
            **named,
            now=language.word("units.percent", n=language.number(latest["share"] * 100, 1)),
        ),
        drawings.trend(language, _points(rows, "share"), drawings.percent_axis(rows, "share")),
        e.support(whole),
    )
    return [persons, share]


def _points(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    return [{"x": drawings.year_of(row["month"]), "y": row[column]} for row in rows]


def _top(e: Evidence) -> list[Block]:
    if e.subject.kind == "nation":
        return []
    result = e.ask(rank, e.latest, e.seen(from_=None, to=None), e.subject.asked)
    rows = rows_of(result)
    if result is None or not rows:
        return []
    columns = ["nation", "persons", "women", "share"]
    counts = {"shown": e.language.number(_SHOWN), "all": e.language.number(len(rows))}
    made = table(
        e,
        plain(e.say("overview.top", month=e.language.month(e.latest))),
        columns,
        [
            (
                nation_cell(e, row["nation"]),
                e.cell(result, row["persons"], "count", e.latest),
                e.cell(result, row["women"], "count", e.latest),
                e.cell(result, row["share"], "share", e.latest),
            )
            for row in rows[:_SHOWN]
        ],
        e.support(result),
        e.say("overview.top_note", **counts) if len(rows) > _SHOWN else (),
    )
    return [made]


def _map(e: Evidence) -> list[Block]:
    result = e.ask(rank, e.latest, e.seen(from_=None, to=None), e.subject.asked)
    rows = rows_of(result)
    if result is None or not rows:
        return []
    served = operations_at(e, e.latest)
    places = served[1] if served else []
    names = [e.language.nation(row["nation"]) for row in rows[:_LISTED]]
    values = {"nations": e.language.join(names)}
    key = "overview.map_alt" if places else "overview.map_alt_plain"
    alt = e.language.word(
        key, **values, **({"operations": plain(e.operations(places))} if places else {})
    )
    return [
        Drawing(
            "map",
            e.language.word("overview.map", month=e.language.month(e.latest)),
            alt,
            drawings.world_map(
                e.language, {row["nation"]: row["persons"] for row in rows}, _positions(places)
            ),
            e.support(result, *([served[0]] if served else [])),
            e.say("overview.map_note"),
        )
    ]


def _positions(places: list[str]) -> list[tuple[float, float]]:
    """Return where operations are drawn: their verified headquarters, else their first host."""
    from sulh.cases.outlines import positions

    found = []
    for name in places:
        entry = operations().get(name)
        if entry is None:
            continue
        if entry.latitude is not None and entry.longitude is not None and entry.verified("lat"):
            found.append((entry.longitude, entry.latitude))
        elif entry.hosts and entry.hosts[0] in positions():
            found.append(positions()[entry.hosts[0]])
    return found
