"""Authorised against deployed strength."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.questions.ground import operation_scopes
from sulh.questions.selection import in_period, origins_of
from sulh.questions.view import View
from sulh.questions.wording import command
from sulh.result.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("month", "operation", "personnel_type")


def strength_gaps(store: Store, view: View | None = None) -> Result:
    """Return authorised and deployed strength by operation, and what is missing to the ceiling.

    Columns: month, operation, personnel_type, authorised, deployed, gap (authorised - deployed;
    negative where more are deployed), filled (deployed / authorised). Without a period: the last
    month of each operation. Rows in which either figure is unknown keep it empty and have no gap.
    """
    view = replace(view or View(), by=None)
    rows = in_period(store.scan("strength"), view)
    if view.scope != "all":
        scopes = operation_scopes()
        scope = pl.col("operation").replace_strict(scopes, default=None, return_dtype=pl.String)
        rows = rows.filter(
            scope.ne_missing("other") if view.scope == "un" else scope.eq_missing(view.scope)
        )
    last_only = view.from_ is None and view.to is None
    if last_only:
        rows = rows.filter(pl.col("month") == pl.col("month").max().over("operation"))
    table = (
        rows.with_columns(gap=pl.col("authorised") - pl.col("deployed"))
        .with_columns(
            filled=pl.when(pl.col("authorised") > 0).then(pl.col("deployed") / pl.col("authorised"))
        )
        .select("month", "operation", "personnel_type", "authorised", "deployed", "gap", "filled")
        .sort("month", "operation", "personnel_type")
        .collect()
    )
    if table.is_empty():
        raise NotAnswerable(
            "no authorised strength in this period and scope",
            "the store holds none, which does not mean that none was authorised",
            "choose another period, or import a file of authorised and deployed strength",
        )
    return Result(
        name="strength_gaps",
        title=f"Authorised and deployed strength, {view.scope_text}",
        table=table,
        units=dict.fromkeys(("authorised", "deployed", "gap"), "persons") | {"filled": "ratio"},
        origins=origins_of(store, rows),
        missing=_missing(table),
        assumed=(
            f"Scope: {view.scope_text}.",
            *(["The last month of each operation in the source."] if last_only else []),
        ),
        query=command(["strength"], view),
        chart=Chart("bar", "operation", "gap", "personnel_type")
        if last_only
        else Chart("line", "month", "gap", "operation"),
    )


def _missing(table: pl.DataFrame) -> tuple[str, ...]:
    unknown = table.filter(pl.col("gap").is_null())
    if unknown.is_empty():
        return ()
    operations = unknown["operation"].unique().sort().to_list()
    return (
        f"{unknown.height} of {table.height} rows lack the authorised or the deployed strength "
        f"({', '.join(operations)}).",
    )
