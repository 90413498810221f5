"""Small helpers that sections share to make tables and to put rows in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sulh.brief.evidence import Evidence
from sulh.brief.language import words
from sulh.brief.model import Column, Line, Support, Table, Term
from sulh.result.result import Result

NUMBER_COLUMNS = {
    "rank", "persons", "women", "men", "women_share", "share", "world", "months", "peak", "target",
    "deaths", "deaths_share", "places", "own", "nations", "authorised", "deployed", "gap", "filled",
    "count", "december", "per_million", "per_billion_gdp", "per_thousand_forces",
    "per_million_spent", "year", "change",
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
) -> Table:
    """Return a table whose columns are named by keys of the texts."""
    heads = tuple(
        Column(
            evidence.language.word(f"table.{name}"),
            "number" if name in NUMBER_COLUMNS else "text",
        )
        for name in columns
    )
    return Table(caption, heads, tuple(tuple(row) for row in rows), support)


def nation_cell(evidence: Evidence, code: str | None) -> Line:
    """Return a nation's name as a cell."""
    return words(evidence.language.nation(code)) if code else ()


def nations_cell(evidence: Evidence, codes: Iterable[str]) -> Line:
    """Return several nations' names as a cell."""
    return words(evidence.language.join([evidence.language.nation(code) for code in codes]))


def term_cell(text: str | None) -> Line:
    """Return an acronym as a cell."""
    return (Term(text),) if text else ()
