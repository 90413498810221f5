"""What a nation has contributed: operations served, since when, how many, as what."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.facts.operations import operations
from sulh.questions.contributions.elsewhere import known_elsewhere, served_by_place
from sulh.questions.ground import names_of, nation_named, operation_scopes
from sulh.questions.selection import origin_keys, select, total_if_known
from sulh.questions.view import View
from sulh.questions.wording import command, spans
from sulh.result.result import Chart, Result
from sulh.store.reading import Store

COLUMNS = [
    "operation",
    "name",
    "first_month",
    "last_month",
    "months",
    "peak",
    "peak_month",
    "women_last",
    "persons_last",
    "personnel_types",
    "evidence",
]


def nation(store: Store, nation: str, view: View | None = None) -> Result:
    """Return the operations in which a nation has served, oldest first.

    Columns: operation, name, first_month, last_month, months (number with a report of persons),
    peak, peak_month (the first one), women_last and persons_last (in the last month), the personnel
    types, and ``evidence``: ``head-counts``, or where these give no operation (before November
    2009, and a few later months) ``places`` (Geo-PKO's maps name the nation at a place of the
    operation) or ``facts`` (a cited fact, operations of other bodies included).
    """
    view = replace(view or View(), by=None)
    code = nation_named(nation, view.to)
    title = names_of([code])[code]
    selection = select(store, replace(view, scope="all"))
    every = selection.rows.filter(pl.col("nation") == code, pl.col("persons") > 0)
    rows = every.collect().lazy()
    served = _in_scope(_served(rows.filter(pl.col("operation").is_not_null())), view)
    places, place_origins = served_by_place(store, code, view)
    facts = _in_scope(known_elsewhere(code), view)
    # A cited fact about an operation that head-counts hold adds nothing to them.
    facts = facts.join(served, on="operation", how="anti")
    table = pl.concat([served, _in_scope(places, view), facts], how="diagonal")
    unnamed = rows.filter(pl.col("operation").is_null()).select("month").unique().collect()
    if table.is_empty() and unnamed.is_empty():
        raise NotAnswerable(
            f"no contribution of {title} in this period and scope",
            "a complete report that does not list a nation means that it contributed nobody",
            "choose another period or scope",
        )
    return Result(
        name="nation",
        title=f"Operations in which {title} has served, {view.scope_text}",
        table=_named(table).select(COLUMNS),
        units={"peak": "persons", "women_last": "persons", "persons_last": "persons"}
        | {"months": "months"},
        origins=store.origins(
            [*origin_keys(rows), *place_origins, *(["facts"] if facts.height else [])]
        ),
        missing=(*_missing(unnamed, code), *selection.absence()),
        assumed=(
            "First and last month are those of the reports in the period, not of the mandate.",
            "Evidence from places or facts tells that a nation served, not how many in total.",
            f"Scope: {view.scope_text}.",
        ),
        query=command(["nation", code], view),
        chart=Chart("timeline", "first_month", "operation", "evidence", x_end="last_month"),
    )


def _served(rows: pl.LazyFrame) -> pl.DataFrame:
    last = pl.col("month") == pl.col("month").max()
    monthly = rows.group_by("operation", "month").agg(
        pl.col("persons").sum(),
        total_if_known("women"),
        types=pl.col("personnel_type").unique(),
    )
    return (
        monthly.sort("month")
        .group_by("operation")
        .agg(
            first_month=pl.col("month").min(),
            last_month=pl.col("month").max(),
            months=pl.len().cast(pl.Int64),
            peak=pl.col("persons").max(),
            peak_month=pl.col("month").get(pl.col("persons").arg_max()),
            women_last=pl.col("women").filter(last).first(),
            persons_last=pl.col("persons").filter(last).first(),
            personnel_types=pl.col("types").explode().unique().sort().str.join("|"),
            evidence=pl.lit("head-counts"),
        )
        .collect()
    )


def _in_scope(table: pl.DataFrame, view: View) -> pl.DataFrame:
    scope = pl.col("operation").replace_strict(
        operation_scopes(), default=None, return_dtype=pl.String
    )
    if view.scope == "all":
        return table
    if view.scope == "un":
        return table.filter(scope.ne_missing("other"))
    return table.filter(scope.eq_missing(view.scope))


def _named(table: pl.DataFrame) -> pl.DataFrame:
    names = {key: entry.name for key, entry in operations().items()}
    return table.with_columns(
        name=pl.col("operation").replace_strict(names, default=None, return_dtype=pl.String)
    ).sort("first_month", "operation", "evidence", nulls_last=True)


def _missing(unnamed: pl.DataFrame, code: str) -> tuple[str, ...]:
    months = unnamed["month"].to_list()
    if not months:
        return ()
    return (
        f"In {spans(months)} the head-counts of {code} give no operation; operations of that "
        "time rest on places and facts, and may be incomplete.",
    )
