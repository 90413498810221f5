"""Authorised against deployed strength."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.facts.mandates import Strength, authorised_on, authorised_strengths, joint_ceilings
from sulh.facts.operations import resolve_operation
from sulh.facts.when import day_of
from sulh.questions.ground import operation_scopes
from sulh.questions.labels import as_text, marked
from sulh.questions.quality import doubts
from sulh.questions.reported import contributions, uniformed
from sulh.questions.selection import MILITARY, POLICE, in_period, origin_keys
from sulh.questions.view import View
from sulh.questions.wording import command, spans
from sulh.result import Chart, Result
from sulh.store.reading import Store

_SCHEMA = {
    "month": pl.String,
    "operation": pl.String,
    "personnel_type": pl.String,
    "authorised": pl.Int64,
    "deployed": pl.Int64,
    "since": pl.String,
    "verified": pl.Boolean,
    "source": pl.String,
}
_DRAWN = ("uniformed", "military", "troops", "police", "experts_on_mission")
_ORDER = ["month", "operation", "personnel_type", "authorised", "deployed", "gap", "filled"]


def strength_gaps(store: Store, view: View | None = None, operation: str | None = None) -> Result:
    """Return authorised and deployed strength by operation, and what is missing to the ceiling.

    Columns: month, operation, personnel_type, authorised, deployed, gap (authorised - deployed;
    negative where more are deployed), filled (deployed / authorised), since (from when the ceiling
    holds), verified, source. Data where the store has a file of strengths; for later months the
    ceilings of the facts against the head-counts. Without a period: the last month with
    head-counts by operation. ``operation``, by acronym or alias, asks for one only, over its whole
    time. Where either figure is unknown it is empty and there is no gap.
    """
    view = replace(view or View(), by=None)
    data = in_period(_by_scope(strengths(store), view), view)
    counts = _by_scope(_head_counts(store), view)
    named = [operation] if operation else []
    if operation is not None:
        named = [resolve_operation(operation, on=view.to or "2025-12").operation]
        data, counts = (rows.filter(pl.col("operation").is_in(named)) for rows in (data, counts))
    last_only = view.from_ is None and view.to is None and not named
    last = counts.select(pl.col("month").max()).collect().item()
    if last_only and last is not None:
        data, counts = (rows.filter(pl.col("month") == last) for rows in (data, counts))
    given = data.select(*_ORDER[:5], source="origin").collect()
    later = in_period(counts, view).join(data.select("month").unique(), on="month", how="anti")
    table = _compared(pl.concat([given, _against_facts(later.collect())], how="diagonal"))
    if table.is_empty():
        raise NotAnswerable(
            "no authorised strength in this period and scope",
            "the store and the facts hold none, which does not mean that none was authorised",
            "choose another period, or import a file of authorised and deployed strength",
        )
    facts = table["source"].eq("facts").any()
    return Result(
        name="strength_gaps",
        title=f"Authorised and deployed strength of {named[0]}"
        if named
        else f"Authorised and deployed strength, {view.scope_text}",
        table=table,
        units=dict.fromkeys(("authorised", "deployed", "gap"), "persons") | {"filled": "ratio"},
        origins=store.origins(
            [*origin_keys(data), *(["facts", *origin_keys(later)] if facts else [])]
        ),
        missing=_missing(table, later.collect() if facts else None),
        assumed=(
            f"Scope: {view.scope_text}.",
            "A ceiling of the facts holds until the next one that they know.",
            *([f"Month: {last}, the last with head-counts by operation."] if last_only else []),
        ),
        query=command(["strength", *named], view, "all"),
        chart=_chart(table, last_only=last_only),
    )


def _chart(table: pl.DataFrame, *, last_only: bool) -> Chart:
    """Return bars of a month's gaps, both lines of one operation, or the gaps of several."""
    kinds = table["personnel_type"].unique().to_list()
    drawn = table.filter(pl.col("personnel_type") == next(k for k in _DRAWN if k in kinds))
    if last_only:
        return Chart("bar", "operation", "gap", rows=drawn)
    if drawn["operation"].n_unique() > 1:
        return Chart("line", "month", "gap", "operation", rows=drawn)
    both = drawn.unpivot(
        ["authorised", "deployed"], index="month", variable_name="strength", value_name="persons"
    )
    return Chart("line", "month", "persons", "strength", rows=both)


def strengths(store: Store) -> pl.LazyFrame:
    """Return the table strength, a total of zero emptied where its parts are authorised."""
    total = pl.col("personnel_type") == "uniformed"
    parts = pl.col("authorised").filter(~total).sum().over("month", "operation", "origin")
    contradicted = total & (pl.col("authorised") == 0) & (parts > 0)
    return store.scan("strength").with_columns(
        authorised=pl.when(~contradicted).then(pl.col("authorised"))
    )


def _by_scope(rows: pl.LazyFrame, view: View) -> pl.LazyFrame:
    if view.scope == "all":
        return rows
    scope = pl.col("operation").replace_strict(
        operation_scopes(), default=None, return_dtype=pl.String
    )
    return rows.filter(
        scope.ne_missing("other") if view.scope == "un" else scope.eq_missing(view.scope)
    )


def _head_counts(store: Store) -> pl.LazyFrame:
    """Return head-counts by operation, null in months of which only part is known."""
    held = contributions(store).rows
    rows = held.filter(pl.col("operation").is_not_null(), *uniformed(held))
    kind = rows["personnel_type"]
    parted = rows.with_columns(
        military=marked(kind, MILITARY).cast(pl.Int64) * pl.col("persons"),
        police=marked(kind, POLICE).cast(pl.Int64) * pl.col("persons"),
    )
    counts = parted.group_by("month", "operation").agg(
        pl.col("persons").sum().alias("uniformed"),
        pl.col("military", "police").sum(),
        pl.col("origin").first(),
    )
    whole = ~marked(counts["month"], doubts(store).part)
    known = [
        pl.when(whole).then(pl.col(name)).alias(name)
        for name in ("uniformed", "military", "police")
    ]
    return as_text(counts.with_columns(known)).lazy()


def _against_facts(counts: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for month, operation, *deployed, _origin in counts.sort("month", "operation").iter_rows():
        level = authorised_on(operation, month)
        if level is None:
            continue
        there = dict(zip(("uniformed", "military", "police"), deployed, strict=True))
        for kind, ceiling in _ceilings(level):
            seen = level.verified(kind)
            rows.append((month, operation, kind, ceiling, there[kind], level.start, seen, "facts"))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _ceilings(level: Strength) -> Iterator[tuple[str, int]]:
    """Yield the ceilings of a level; the uniformed one only where it is known as a whole."""
    whole = level.uniformed
    if whole is None and level.military is not None and level.police is not None:
        whole = level.military + level.police
    for kind, ceiling in (
        ("uniformed", whole),
        ("military", level.military),
        ("police", level.police),
    ):
        if ceiling is not None:
            yield kind, ceiling


def _compared(rows: pl.DataFrame) -> pl.DataFrame:
    authorised, deployed = pl.col("authorised"), pl.col("deployed")
    own = ~_shared(rows)
    return (
        rows.with_columns(
            gap=pl.when(own).then(authorised - deployed),
            filled=pl.when(own & (authorised > 0)).then(deployed / authorised),
        )
        .select(*_ORDER, "since", "verified", "source")
        .sort("month", "operation", "personnel_type")
    )


def _shared(rows: pl.DataFrame) -> pl.Series:
    """Return whether a row's ceiling is that of several operations together."""
    asked = rows.select("operation", "month").iter_rows()
    ceilings = joint_ceilings()
    found = [
        any(each.operation == name and each.valid.holds(day_of(month)) for each in ceilings)
        for name, month in asked
    ]
    return pl.Series(found, dtype=pl.Boolean)


def _joint(table: pl.DataFrame) -> Iterator[str]:
    """Yield a sentence for each ceiling among the rows that is one of several operations."""
    shared = table.filter(_shared(table))
    for each in joint_ceilings():
        months = shared.filter(pl.col("operation") == each.operation)["month"].unique().sort()
        if months.len():
            yield (
                f"In {spans(months)} the ceiling given for {each.operation} is that of "
                f"{', '.join(each.operations)} together, the deployed strength its own: no gap."
            )


def _missing(table: pl.DataFrame, later: pl.DataFrame | None) -> tuple[str, ...]:
    said = [*_joint(table)]
    lacking_one = pl.col("authorised").is_null() | pl.col("deployed").is_null()
    unknown = table.filter(lacking_one)["operation"].unique().sort().to_list()
    if unknown:
        said.append(
            "In some rows the authorised or the deployed strength is unknown: "
            f"{', '.join(unknown)}."
        )
    if later is not None:
        lacking = sorted(set(later["operation"]) - set(authorised_strengths()))
        if lacking:
            said.append(f"No authorised strength is known for {', '.join(lacking)}.")
    return tuple(said)
