"""Small helpers that sections share to make tables and to put rows in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sulh.briefing.evidence import Evidence
from sulh.briefing.language import words
from sulh.briefing.model import Column, Line, Support, Table, Term
from sulh.result import Result

NUMBER_COLUMNS = {
    "rank", "persons", "women", "men", "women_share", "share", "world", "months", "peak", "target",
    "deaths", "deaths_share", "places", "own", "nations", "authorised", "deployed", "gap", "filled",
    "count", "december", "per_million", "per_billion_gdp", "per_thousand_forces",
    "per_million_spent", "year", "change", "sources_count", "value", "world_rank", "needed",
    "by_group", "by_others", "open", "pledges", "courses", "cost",
    "partners", "within", "members",
}  # fmt: skip


def rows_of(result: Result | None) -> list[dict[str, Any]]:
    """Return the rows of a result, none for a question without an answer."""
    return [] if result is None else result.table.to_dicts()


def table(
    evidence: Evidence,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Line]],
    support: Support,
    note: Line = (),
) -> Table:
    """Return a table whose columns are named by keys of the texts."""
    heads = tuple(
        Column(
            evidence.language.word(name if "." in name else f"table.{name}"),
            "number" if name.rpartition(".")[2] in NUMBER_COLUMNS else "text",
        )
        for name in columns
    )
    return Table(caption, heads, tuple(tuple(row) for row in rows), support, note)


def cut_note(evidence: Evidence, shown: int, rows: int) -> Line:
    """Return the note that a table shows its first rows only; nothing where it shows them all."""
    if rows <= shown:
        return ()
    number = evidence.language.number
    return evidence.language.say("table.cut_note", shown=number(shown), all=number(rows))


def nation_cell(evidence: Evidence, code: str | None) -> Line:
    """Return a nation's name as a cell."""
    return words(evidence.language.nation(code)) if code else ()


def nations_cell(evidence: Evidence, codes: Iterable[str]) -> Line:
    """Return several nations' names as a cell."""
    return words(evidence.language.join([evidence.language.nation(code) for code in codes]))


def some(evidence: Evidence, items: Sequence[str], most: int) -> Line:
    """Return the first names of a list in words, with the number of those left out."""
    shown = list(items[:most])
    if len(items) > most:
        left = evidence.language.number(len(items) - most)
        listed = words(evidence.language.comma.join(shown))
        return evidence.language.say("gaps.and_more", list=listed, n=left)
    return words(evidence.language.join(shown))


def operation_cell(evidence: Evidence, name: str | None, *, first: bool = False) -> Line:
    """Return the acronym of an operation as a cell."""
    return term_cell(evidence.language.operation(name, first=first)) if name else ()


def month_cell(evidence: Evidence, month: str | None) -> Line:
    """Return a month as a cell."""
    return words(evidence.language.month_short(month)) if month else ()


def year_ends(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the row of each year's December, or of its last month if December is absent."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        year = row["month"][:4]
        if year not in last or row["month"] >= last[year]["month"]:
            last[year] = row
    return [last[year] for year in sorted(last)]


def term_cell(text: str | None) -> Line:
    """Return an acronym as a cell."""
    return (Term(text),) if text else ()
