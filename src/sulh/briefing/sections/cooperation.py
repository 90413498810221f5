"""Training, cooperation and defence diplomacy: courses by topic, ties by kind."""

from __future__ import annotations

import shlex

import polars as pl

from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Block, Line, Section, plain
from sulh.briefing.sections.tables import cut_note, rows_of, table
from sulh.result import Result
from sulh.store.reading import Store

_KINDS = (
    "alliance",
    "dca_general",
    "diplomatic_mission",
    "arms_transfer",
    "training",
    "organisations",
)
_SHOWN = 8
_TABLES = ("ties", "training", "memberships")


def cooperation(e: Evidence) -> Section | None:
    """Return the section, or None where the store holds no source of cooperation.

    Only where it does are the questions loaded, which takes longer than to ask them.
    """
    if not any(e.store.has(table) for table in _TABLES):
        return None
    blocks = [*_trained(e), *_tied(e)]
    if not blocks:
        return None
    return Section("cooperation", e.language.word("cooperation.title"), tuple(blocks))


def _topics(store: Store, asked: str) -> Result:
    from sulh.questions.cooperation.training import training

    command = f"sulh training {shlex.quote(asked)} --by year,topic"
    return training(store, asked, by="year,topic").with_query(command)


def _trained(e: Evidence) -> list[Block]:
    result = e.ask(_topics, e.subject.asked)
    if result is None:
        return []
    years = result.table["year"]
    sums = (
        result.table.group_by("topic")
        .agg(pl.col("courses").sum(), pl.col("cost_usd").sum())
        .sort(["courses", "topic"], descending=[True, False])
    )
    known = {row["topic"]: row for row in sums.iter_rows(named=True)}
    courses, cost = (sum(row[name] for row in known.values()) for name in ("courses", "cost_usd"))
    said = [
        e.say(
            "cooperation.training",
            first=e.language.year(int(str(years.min()))),
            last=e.language.year(int(str(years.max()))),
            courses=e.figure(result, courses, "count"),
            cost=e.figure(result, round(cost), "count"),
        )
    ]
    if "attache" in known:
        number = known["attache"]["courses"]
        said.append(e.say("cooperation.attache", courses=e.figure(result, number, "count")))
    said.append(e.say("cooperation.training_note"))
    rows: list[list[Line]] = [
        [
            words(e.language.word(f"topic.{topic}")),
            e.cell(result, row["courses"], "count"),
            e.cell(result, round(row["cost_usd"]), "count"),
        ]
        for topic, row in list(known.items())[:_SHOWN]
    ]
    heads = ("cooperation.topic", "cooperation.courses", "cooperation.cost")
    caption = plain(e.say("cooperation.by_topic"))
    note = cut_note(e, _SHOWN, len(known))
    return [e.paragraph(*said), table(e, caption, heads, rows, e.support(result), note)]


def _partners(store: Store, asked: str, kind: str) -> Result:
    from sulh.questions.cooperation.partners import partners

    command = f"sulh cooperation {shlex.quote(asked)} --ties {kind}"
    return partners(store, asked, ties=kind).with_query(command)


def _tied(e: Evidence) -> list[Block]:
    from sulh.questions.cooperation.edges import kinds

    held = set(kinds(e.store))
    found = [
        result
        for kind in _KINDS
        if kind in held and (result := e.ask(_partners, e.subject.asked, kind)) is not None
    ]
    if not found:
        return []
    alone = e.subject.kind == "nation"
    names = ("partners",) if alone else ("members", "partners", "within")
    column = {"members": "nations", "partners": "partners", "within": "within"}
    rows: list[list[Line]] = []
    for result in found:
        last = rows_of(result)[-1]
        year = str(last["year"])
        figures = [e.cell(result, last[column[name]], "count", year) for name in names]
        rows.append(
            [
                words(e.language.word(f"tie.{last['kind']}")),
                words(e.language.year(last["year"])),
                *figures,
            ]
        )
    heads = ("cooperation.kind", "table.year", *(f"cooperation.{name}" for name in names))
    said = e.say("cooperation.ties_nation" if alone else "cooperation.ties")
    caption = plain(e.say("cooperation.by_kind"))
    return [e.paragraph(said), table(e, caption, heads, rows, e.support(*found))]
