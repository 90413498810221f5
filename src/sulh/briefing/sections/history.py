"""History: the long line, and the operations in the former Yugoslavia."""

from __future__ import annotations

import polars as pl

from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import (
    Block,
    Bullets,
    Cite,
    Figure,
    Heading,
    Line,
    Section,
    Support,
    Term,
    Text,
    plain,
)
from sulh.briefing.sections.tables import (
    month_cell,
    nations_cell,
    operation_cell,
    rows_of,
    table,
    term_cell,
    year_ends,
)
from sulh.core.origin import Origin
from sulh.facts.known import Known, contributions_known
from sulh.facts.operations import Operation, operations
from sulh.questions.contributions import fatalities, series
from sulh.result import Result

BALKANS = (
    "UNPROFOR", "UNCRO", "UNPREDEP", "UNPF", "UNTAES", "UNMIBH", "UNMOP", "UNPSG", "UNMIK",
    "IFOR", "SFOR", "EUFOR Althea", "KFOR",
)  # fmt: skip
_MEASURES = (
    "personnel", "troops", "troops_added", "battalion", "police", "military",
    "troops_offered", "medical_staff_offered",
)  # fmt: skip
_LAST_UN_MONTH = "2002-12"
_UN_YEARS = ("1992-02", "1996-01")


def history(e: Evidence) -> Section | None:
    """Return the section; None for a subject of which the past is not known."""
    facts = _facts(e)
    blocks = [*_long_line(e), *_balkans(e, facts)]
    return Section("history", e.language.word("history.title"), tuple(blocks)) if blocks else None


def _long_line(e: Evidence) -> list[Block]:
    if e.history is None:
        return []
    ends = year_ends(e.past())
    shown = [row for row in ends if int(row["month"][:4]) % 5 == 0 or row is ends[-1]]
    if len(shown) < 3:
        return []
    several = e.subject.kind != "nation"
    made = table(
        e,
        plain(e.say("history.table", year=e.language.year(shown[0]["month"][:4]))),
        ["month", "persons", "world", "share", *(["nations"] if several else [])],
        [
            (
                month_cell(e, row["month"]),
                e.cell(e.history, row["persons"], "count", row["month"]),
                e.cell(e.history, row["world"], "count", row["month"]),
                e.cell(e.history, row["share"], "share", row["month"]),
                *([e.cell(e.history, row["nations"], "count", row["month"])] if several else []),
            )
            for row in shown
        ],
        e.support(e.history),
        e.part_note(shown),
    )
    return [e.paragraph(e.say("history.intro")), made]


def _balkans(e: Evidence, facts: list[Known]) -> list[Block]:
    nations = set(e.nations(e.latest))
    own = any(each.nation in nations for each in facts)
    served = any(row["persons"] for row in e.past() if row["month"] <= _LAST_UN_MONTH)
    if not own and not served:
        return []
    start = e.language.month(_UN_YEARS[0])
    said = [e.say("history.balkans_intro", start=start), *_unnamed(e), *_peak(e)]
    heading = Heading(e.language.word("history.balkans"))
    blocks: list[Block] = [heading, e.paragraph(*said), _operations(e)]
    if own:
        blocks.append(e.paragraph(e.say("history.known_intro")))
        blocks.append(Bullets(tuple(_fact(e, group) for group in _alike(facts))))
    return blocks


def _alike(facts: list[Known]) -> list[list[Known]]:
    """Return the facts with those drawn together that say the same of several nations."""
    groups: dict[object, list[Known]] = {}
    for place, each in enumerate(facts):
        same = (each.operation, each.measure, each.mark.source, each.valid, each.confidence)
        groups.setdefault(same if each.value is None else place, []).append(each)
    return list(groups.values())


def _unnamed(e: Evidence) -> list[Line]:
    """Say from when on reports give the operation, if that is after these operations."""
    named = e.store.scan("contributions").filter(pl.col("operation").is_not_null())
    month = named.select(pl.col("month").min()).collect().item()
    if month is None or month <= _UN_YEARS[1]:
        return []
    return [e.say("history.balkans_source", month=e.language.month(month))]


def _peak(e: Evidence) -> list[Line]:
    low, high = (max(e.months[0], _UN_YEARS[0]), min(e.months[-1], _UN_YEARS[1]))
    if high < low:
        return []
    result = e.ask(series, e.subject.asked, e.seen(from_=low, to=high))
    rows = e.sound([row for row in rows_of(result) if row["persons"]])
    if result is None or not rows:
        return []
    top = max(rows, key=lambda row: row["persons"])
    return [
        e.say(
            "history.balkans_peak",
            among=e.among(last=False),
            first=e.language.month(low),
            last=e.language.month(high),
            persons=e.figure(result, top["persons"], "count", top["month"]),
            month=e.language.month(top["month"]),
        )
    ]


def _operations(e: Evidence) -> Block:
    gazetteer = operations()
    entries = [gazetteer[name] for name in BALKANS if name in gazetteer]
    peaks, origins = _peaks(e)
    deaths = e.ask(fatalities, e.subject.asked, e.seen(by="operation", scope="all"))
    if deaths is not None:
        origins += deaths.origins
    rows = [
        [
            *_entry(e, entry),
            peaks.get(entry.operation, ()),
            _lost(e, entry, deaths),
            (Cite(e.fact(entry.mark.source)),) if entry.mark.source else (),
        ]
        for entry in entries
    ]
    query = "sulh operations --from 1992-01 --scope all"
    keys = tuple(dict.fromkeys(origin.key for origin in origins))
    columns = ["operation", "body", "hosts", "first", "last", "peak", "deaths", "tasks.known"]
    caption = e.language.word("history.balkans_table")
    return table(e, caption, columns, rows, Support(keys, query), e.say("history.balkans_note"))


def _entry(e: Evidence, entry: Operation) -> list[Line]:
    return [
        operation_cell(e, entry.operation, first=True),
        _body(e, entry.body),
        nations_cell(e, entry.hosts) if entry.verified("hosts") else (),
        _date(e, entry, "start"),
        _date(e, entry, "end"),
    ]


def _lost(e: Evidence, entry: Operation, deaths: Result | None) -> Line:
    """Return the subject's deaths; empty for operations that the list does not cover."""
    if deaths is None or entry.scope == "other":
        return ()
    lost = {row["operation"]: row["fatalities"] for row in rows_of(deaths)}
    return e.cell(deaths, lost.get(entry.operation, 0))


def _body(e: Evidence, body: str) -> Line:
    key = f"body.{body}"
    return words(e.language.word(key)) if e.language.has(key) else term_cell(body)


def _date(e: Evidence, entry: Operation, column: str) -> Line:
    day = entry.start if column == "start" else entry.end
    if not day:
        return ()
    written = month_cell(e, day[:7])
    return written if entry.verified(column) else (*written, Text(" ○"))


def _peaks(e: Evidence) -> tuple[dict[str, Line], tuple[Origin, ...]]:
    """Return the highest number of all nations in each operation as cells, and their origins."""
    rows = (
        e.store.scan("operation_totals")
        .filter(pl.col("personnel_type") == "uniformed", pl.col("operation").is_in(BALKANS))
        .sort("persons", "month", descending=[True, False])
        .unique("operation", keep="first", maintain_order=True)
        .collect()
    )
    origins = e.store.origins(rows["origin"].unique().to_list())
    e.note(origins)
    cells: dict[str, Line] = {}
    for row in rows.iter_rows(named=True):
        keys = tuple(origin.key for origin in e.store.origins([row["origin"]]))
        month = row["month"]
        query = e.command(f"sulh table operation_totals --from {month} --to {month}")
        figure = Figure(row["persons"], "count", row["month"], keys, query)
        cells[row["operation"]] = (e.language.figure(figure, short=True),)
    return cells, origins


def _facts(e: Evidence) -> list[Known]:
    """Return cited single facts on the subject's nations in these operations."""
    nations = set(e.nations(e.latest))
    return [
        each
        for each in contributions_known()
        if each.operation in BALKANS
        and each.measure in _MEASURES
        and (each.nation in nations or not each.nation)
    ]


def _fact(e: Evidence, facts: list[Known]) -> Line:
    each = facts[0]
    query = f"sulh known {each.nation or 'WORLD'}"
    keys = e.fact(each.mark.source)
    value = e.language.figure(Figure(each.value, "count", each.valid.start, keys, query))
    names = [e.language.nation(one.nation) for one in facts if one.nation]
    qualifier = each.qualifier.replace(" ", "_") if each.value is not None else "present"
    line = e.say(
        f"history.known_{qualifier}",
        nation=e.language.join(names) if names else e.language.word("history.all_nations"),
        operation=Term(e.language.operation(each.operation)),
        what=e.language.word(f"history.{each.measure}"),
        when=_when(e, each),
        **({"value": value} if each.value is not None else {}),
    )
    weak = (Text(" "), *e.say("history.weak")) if each.confidence != "V" else ()
    mark = (Cite(keys),) if each.value is None else ()
    return (*line, *mark, *weak)


def _when(e: Evidence, each: Known) -> str:
    first, last = each.valid.start[:7], each.valid.end[:7]
    if first and last:
        same = first == last
        return e.language.month(first if same else f"{first}/{last}")
    if first:
        return e.language.word("history.from", month=e.language.month(first))
    if last:
        return e.language.word("history.until", month=e.language.month(last))
    return e.language.word("history.undated")
