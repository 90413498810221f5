"""What a nation has contributed: operations served, since when, how many, as what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.facts.operations import operations
from sulh.facts.states import by_nation, predecessors
from sulh.questions.contributions.elsewhere import known_elsewhere, served_by_place
from sulh.questions.contributions.series import series
from sulh.questions.ground import names_of, nation_named, operation_scopes
from sulh.questions.labels import all_pairs_of, grouped, known_labels, marked, pairs_of
from sulh.questions.quality import remarks
from sulh.questions.remarked import remark_notes
from sulh.questions.reported import contributions_of
from sulh.questions.selection import Selection, only_members, select, total_if_known
from sulh.questions.view import View
from sulh.questions.wording import command, spans
from sulh.result import Chart, Result
from sulh.store.reading import Store

_COLUMNS = {
    **dict.fromkeys(("operation", "name", "first_month", "last_month"), pl.String),
    **dict.fromkeys(("months", "peak"), pl.Int64),
    "peak_month": pl.String,
    **dict.fromkeys(("women_last", "persons_last"), pl.Int64),
    **dict.fromkeys(("personnel_types", "evidence"), pl.String),
}
_UNITS = dict.fromkeys(("peak", "women_last", "persons_last"), "persons") | {"months": "months"}
BREAKDOWNS = ("operation", "month", "year", "personnel_type", "sex")
_ALONE = (
    "Membership changes nothing here: a nation stands for its own code in every month, and earlier "
    "states on its territory for theirs."
)


def nation(store: Store, nation: str, view: View | None = None) -> Result:
    """Return the operations in which a nation has served, oldest first, or its series.

    Columns: operation, name, first_month, last_month, months (number with a report of persons),
    peak, peak_month (the first one), women_last and persons_last (in the last month), the personnel
    types, and ``evidence``: ``head-counts``, or where these give no operation (before November
    2009, and a few later months) ``places`` (Geo-PKO's maps name the nation at a place of the
    operation) or ``facts`` (a cited fact, operations of other bodies included).

    With ``view.by`` other than ``operation``: the nation's head-counts over time, as
    `sulh.questions.contributions.series` gives them, by month, year, personnel_type, sex, or
    several of these and operation.
    """
    view = view or View()
    asked = view.dimensions_of(BREAKDOWNS)
    code = nation_named(nation, view.to)
    if asked not in ((), ("operation",)):
        return _over_time(store, code, asked, view)
    title = names_of([code])[code]
    selection = select(store, replace(view, scope="all", by=None), condensed=True)
    rows = contributions_of(store, "nation", code, view, pl.col("persons") > 0)
    kinds, sources, reports = all_pairs_of(
        rows, ("operation", "personnel_type"), ("operation", "origin"), ("month", "origin")
    )
    served = _served(rows, kinds)
    places, place_origins = served_by_place(store, code, view)
    # A cited fact adds nothing to the reports of the UN. Of other bodies there may be a few rows of
    # a user only, which do not tell since when the nation serves.
    scopes = operation_scopes()
    told = {row["operation"] for row in served if scopes.get(row["operation"]) != "other"}
    facts = [row for row in known_elsewhere(code) if row["operation"] not in told]
    table = _named([row for row in (*served, *places, *facts) if _inside(row, view)])
    unnamed = known_labels(rows.filter(pl.col("operation").is_null())["month"])
    if table.is_empty() and not unnamed:
        only_members(selection.rows, code, selection)  # a state that was none has its own error
        raise _nobody(selection, title, view)
    return Result(
        name="nation",
        title=f"Operations in which {title} has served, {view.scope_text}",
        table=table,
        units=_UNITS,
        origins=store.origins(_sources(table, sources, place_origins)),
        missing=(
            *_missing(unnamed, code),
            *_before(selection, code),
            *selection.period.absence,
            *_unlisted(selection, view),
            *remark_notes(remarks(store), reports),
        ),
        assumed=(
            "First and last month are those of the reports in the period, not of the mandate.",
            "Evidence from places or facts tells that a nation served, not how many in total.",
            f"Scope: {view.scope_text}.",
            *([_ALONE] if view.membership != "dated" else []),
        ),
        query=command(["nation", code], view),
        chart=_chart(table),
    )


def _sources(
    table: pl.DataFrame, counts: set[tuple[str, str]], places: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the keys of the sources of the rows shown, by their evidence.

    ``counts`` are operation and source of the head-counts.
    """
    evidence = dict.fromkeys(table["evidence"])
    told = zip(table["operation"], table["evidence"], strict=True)
    shown = {operation for operation, kind in told if kind == "head-counts"}
    keys = {key for operation, key in counts if operation in shown}
    beside = (
        *(places if "places" in evidence else ()),
        *(["facts"] if "facts" in evidence else ()),
    )
    return (*keys, *beside)


def _nobody(selection: Selection, title: str, view: View) -> NotAnswerable:
    """Return the error for a nation of which there is no figure: nobody given, or not known."""
    part = () if view.scope == "other" else sorted(selection.part)
    if not part:
        return NotAnswerable(
            f"no contribution of {title} in this period and scope",
            "a complete report that does not list a nation means that it contributed nobody",
            "choose another period or scope",
        )
    every = len(part) == len(selection.months)
    return NotAnswerable(
        f"no figure of {title} in this period and scope",
        f"of {spans(part)} the store has only part, so that whom it does not list is unknown, not "
        f"zero{'' if every else '; in the other months it gave nobody'}",
        "import whole reports of these months, or choose another period or scope",
    )


def _unlisted(selection: Selection, view: View) -> tuple[str, ...]:
    """Return the sentence on months that need not list the nation though it served."""
    if view.scope == "other" or not selection.part:
        return ()
    return (
        f"Of {spans(selection.part)} the store holds only part: where the nation is not listed "
        "there, it is unknown whether it served.",
    )


def _chart(table: pl.DataFrame) -> Chart:
    """Return the operations as spans, those of head-counts drawn last, over the weaker evidence."""
    told = [*zip(table["evidence"], table["first_month"], strict=True)]
    keys = [(kind == "head-counts", month is None, month or "") for kind, month in told]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rows = table[order, [name for name in table.columns if name != "name"]]
    return Chart("timeline", "first_month", "operation", "evidence", "last_month", rows)


def _over_time(store: Store, code: str, asked: tuple[str, ...], view: View) -> Result:
    """Return the nation's series; months are those of the series already."""
    if {"month", "year"} <= set(asked):
        raise BadRequest(
            "the breakdowns month and year",
            "a row is of one month, or of one year",
            "choose one of them",
        )
    by = ",".join(name for name in asked if name != "month") or None
    found = series(store, code, replace(view, by=by))
    table = found.table.drop("nations", strict=False)
    title = names_of([code])[code]
    assumed = [text for text in found.assumed if not text.startswith("Membership")]
    if "operation" in asked:
        persons = pl.col("persons_mean" if "year" in asked else "persons")
        table = table.filter(persons.sum().over("operation") > 0)
        assumed.append("Operations to which the nation sent nobody are left out.")
    return replace(
        found,
        name="nation",
        title=f"Uniformed personnel of {title}, {view.scope_text}",
        table=table,
        missing=(*_before(select(store, view, condensed=True, totals=True), code), *found.missing),
        assumed=(*assumed, *([_ALONE] if view.membership != "dated" else [])),
        query=command(["nation", code], view),
    )


def _before(selection: Selection, code: str) -> tuple[str, ...]:
    """Return the sentence on earlier states on the territory that served in the period."""
    earlier, names = _earlier(code), by_nation().get(code)
    if not earlier or not names:
        return ()
    since = names[0].valid.first_day[:7]
    there = selection.rows.filter(marked(selection.rows["nation"], earlier), pl.col("persons") > 0)
    pairs = pairs_of(there, "month", "nation")
    seen = {nation for month, nation in pairs if month <= since}
    listed = ", ".join(f"{name} ({key})" for key, name in names_of(sorted(seen)).items())
    if not listed:
        return ()
    return (f"Personnel of earlier states on the territory is counted under them: {listed}.",)


def _earlier(code: str) -> set[str]:
    """Return the states before a nation on its territory, and those before them.

    >>> sorted(_earlier("MNE"))
    ['SCG', 'YUG']
    """
    found: set[str] = set()
    fresh = {code}
    while fresh := {before for each in fresh for before in predecessors(each)} - found - {code}:
        found |= fresh
    return found


def _served(rows: pl.DataFrame, kinds: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the operations among head-counts, with their first, last and highest month.

    ``kinds`` are operation and type of personnel of the rows; some rows may give no operation.
    """
    month, persons = pl.col("month"), pl.col("persons")
    last = month == month.max()
    served = (
        grouped(rows, ["operation", "month"], persons.sum(), total_if_known("women"))
        .group_by(pl.col("operation").cast(pl.String))
        .agg(
            first_month=month.min().cast(pl.String),
            last_month=month.max().cast(pl.String),
            months=pl.len().cast(pl.Int64),
            peak=persons.max(),
            peak_month=month.filter(persons == persons.max()).min().cast(pl.String),
            women_last=pl.col("women").filter(last).first(),
            persons_last=persons.filter(last).first(),
            evidence=pl.lit("head-counts"),
        )
    )
    types: dict[str, list[str]] = {}
    for operation, kind in sorted(kinds):
        types.setdefault(operation, []).append(kind)
    found = [row for row in served.to_dicts() if row["operation"] is not None]
    return [{**row, "personnel_types": "|".join(types[row["operation"]])} for row in found]


def _inside(row: dict[str, Any], view: View) -> bool:
    """Return whether an operation is of the scope asked for."""
    scope = operation_scopes().get(row["operation"])
    return view.scope == "all" or (scope != "other" if view.scope == "un" else scope == view.scope)


def _named(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the operations with their names, oldest first."""
    known = operations()
    for row in rows:
        row["name"] = known[row["operation"]].name if row["operation"] in known else None
    order = ("first_month", "operation", "evidence")
    rows.sort(key=lambda row: tuple((row[name] is None, row[name] or "") for name in order))
    columns = {name: [row.get(name) for row in rows] for name in _COLUMNS}
    return pl.DataFrame(columns, schema=_COLUMNS)


def _missing(months: list[str], code: str) -> tuple[str, ...]:
    if not months:
        return ()
    return (
        f"In {spans(months)} the head-counts of {code} give no operation; operations of that "
        "time rest on places and facts, and may be incomplete.",
    )
