"""One operation: what is known of it, its strength over time, and who serves in it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.facts.mandates import authorised_on, authorised_strengths, families, tasks_of
from sulh.facts.operations import Operation, operations, resolve_operation
from sulh.questions.contributions.strength import strengths
from sulh.questions.ground import names_of
from sulh.questions.reported import contributions
from sulh.questions.selection import in_period, origin_keys, share, total_if_known
from sulh.questions.view import View
from sulh.questions.wording import command
from sulh.result.result import Chart, Result
from sulh.store.condensing import CIVILIAN
from sulh.store.reading import Store

BREAKDOWNS = ("month", "nation", "personnel_type")
_PROFILE = {
    "property": pl.String,
    "value": pl.String,
    "verified": pl.Boolean,
    "source": pl.String,
}
_UNITS = dict.fromkeys(("women", "men", "persons", "authorised", "deployed"), "persons")


def operation(store: Store, operation: str, view: View | None = None) -> Result:
    """Return an operation's profile; with ``view.by`` its strength or its contributors.

    Without ``by``: columns property, value, verified, source: names, body, hosts, dates,
    predecessors and successor, mandate tasks, authorised strengths, last head-count. ``month``:
    month, persons, nations, authorised, deployed. ``nation``: contributors in the last month.
    ``personnel_type``: the kinds in the last month. The operation may be named by an alias.
    """
    view = view or View()
    by = view.dimensions_of(BREAKDOWNS)
    known = resolve_operation(operation, on=view.to or "2025-12")
    rows = _head_counts(store, known.operation, view)
    table = {
        (): lambda: _profile(known, rows),
        ("month",): lambda: _over_time(store, known.operation, rows, view),
        ("nation",): lambda: _contributors(rows),
        ("personnel_type",): lambda: _kinds(rows),
    }.get(by)
    if table is None:
        raise NotAnswerable(
            f"breakdown {view.by!r} of an operation",
            "one breakdown at a time makes a table",
            "use month, nation or personnel_type",
        )
    keys = origin_keys(store.scan("strength").filter(pl.col("operation") == known.operation))
    return Result(
        name="operation",
        title=f"{known.operation}: {known.name} ({known.body})",
        table=table(),
        units=_UNITS | {"share": "ratio", "nations": "nations"},
        origins=store.origins(["facts", *origin_keys(rows.lazy()), *keys]),
        missing=_missing(rows, known),
        assumed=(
            "Head-counts by operation are those of nations together; a stock, never added.",
            "Values that are not verified were recalled, not seen in their source.",
        ),
        query=command(["operation", known.operation], view),
        chart=_chart(by),
    )


def _head_counts(store: Store, operation: str, view: View) -> pl.DataFrame:
    rows = in_period(contributions(store).lazy(), view)
    return rows.filter(
        pl.col("operation") == operation, pl.col("personnel_type") != CIVILIAN
    ).collect()


def _profile(known: Operation, rows: pl.DataFrame) -> pl.DataFrame:
    found = [*_gazetteer(known), *_tasks(known), *_ceilings(known), *_latest(rows)]
    return pl.DataFrame(found, schema=_PROFILE, orient="row")


def _gazetteer(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    before = [key for key, each in operations().items() if each.successor == known.operation]
    values = {
        "name": known.name,
        "aliases": ", ".join(known.aliases),
        "body": known.body,
        "scope": known.scope,
        "kind": known.kind,
        "hosts": ", ".join(known.hosts),
        "headquarters": known.headquarters,
        "start": known.start,
        "end": known.end,
        "authorisation": known.authorisation,
        "predecessor": ", ".join(before),
        "successor": known.successor,
    }
    for name, value in values.items():
        if value:
            yield name, value, known.verified(name), known.mark.source


def _tasks(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    for task in tasks_of(known.operation):
        since = f" (since {task.first_year})" if task.first_year else ""
        text = f"{families()[task.family].name}{since}"
        yield "mandate task", text, task.verified("family"), task.mark.source


def _ceilings(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    for level in authorised_strengths().get(known.operation, ())[-1:]:
        parts = {
            "military": level.military,
            "police": level.police,
            "uniformed": level.uniformed,
        }
        said = ", ".join(f"{value:,} {key}" for key, value in parts.items() if value is not None)
        text = f"{said} from {level.start}"
        yield "authorised strength", text, level.verified("military"), level.mark.source


def _latest(rows: pl.DataFrame) -> Iterator[tuple[str, str, bool, str]]:
    monthly = _monthly(rows)
    if monthly.is_empty():
        return
    origin = ", ".join(rows["origin"].unique().sort())
    last = monthly.row(-1, named=True)
    peak = monthly.sort("persons", descending=True, maintain_order=True).row(0, named=True)
    for name, row in (("last head-count", last), ("largest head-count", peak)):
        text = f"{row['persons']:,} persons of {row['nations']} nations in {row['month']}"
        yield name, text, True, origin


def _monthly(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.group_by("month")
        .agg(
            pl.col("persons").sum(),
            nations=pl.col("nation").filter(pl.col("persons") > 0).n_unique().cast(pl.Int64),
        )
        .sort("month")
    )


def _over_time(store: Store, operation: str, rows: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return strength by month: nations' head-counts, printed totals where these are absent."""
    totals = (
        in_period(store.scan("operation_totals"), view)
        .filter(pl.col("operation") == operation)
        .collect()
    )
    whole = totals.filter(pl.col("personnel_type") == "uniformed").select(
        "month", "persons", "nations"
    )
    counted = _monthly(rows)
    printed = whole.unique("month", keep="first").join(counted, on="month", how="anti")
    strength = (
        in_period(strengths(store), view)
        .filter(pl.col("operation") == operation, pl.col("personnel_type") == "uniformed")
        .select("month", "authorised", "deployed")
        .collect()
    )
    table = (
        pl.concat([counted, printed], how="diagonal")
        .join(strength, on="month", how="full", coalesce=True)
        .select("month", "persons", "nations", "authorised", "deployed")
        .sort("month")
    )
    return table.with_columns(
        pl.col("authorised").fill_null(
            pl.col("month").replace_strict(
                {month: _ceiling(operation, month) for month in table["month"]},
                return_dtype=pl.Int64,
            )
        )
    )


def _ceiling(operation: str, month: str) -> int | None:
    """Return the uniformed strength that the facts give, None unless it is known as a whole."""
    level = authorised_on(operation, month)
    if level is None:
        return None
    if level.uniformed is None and level.military is not None and level.police is not None:
        return level.military + level.police
    return level.uniformed


def _contributors(rows: pl.DataFrame) -> pl.DataFrame:
    last = rows.filter(pl.col("month") == pl.col("month").max())
    names = names_of(last["nation"].unique().to_list())
    sums = (total_if_known("women"), total_if_known("men"), pl.col("persons").sum())
    return (
        last.group_by("month", "nation")
        .agg(*sums)
        .with_columns(
            whole=pl.col("persons").sum(),
            name=pl.col("nation").replace_strict(names, return_dtype=pl.String),
        )
        .with_columns(share("persons", "whole"))
        .select("month", "nation", "name", "women", "men", "persons", "share")
        .sort(["persons", "name"], descending=[True, False])
    )


def _kinds(rows: pl.DataFrame) -> pl.DataFrame:
    last = rows.filter(pl.col("month") == pl.col("month").max())
    sums = (total_if_known("women"), total_if_known("men"), pl.col("persons").sum())
    return last.group_by("month", "personnel_type").agg(*sums).sort("personnel_type")


def _missing(rows: pl.DataFrame, known: Operation) -> tuple[str, ...]:
    said = []
    if rows.is_empty():
        said.append(
            f"No head-counts by nation for {known.operation} in this period: the sources give "
            "operations from November 2009 on, and only for operations of the UN."
        )
    if not tasks_of(known.operation):
        said.append(f"The mandate tasks of {known.operation} are not in the facts: unknown.")
    return tuple(said)


def _chart(by: tuple[str, ...]) -> Chart | None:
    charts: dict[tuple[str, ...], Chart] = {
        ("month",): Chart("line", "month", "persons"),
        ("nation",): Chart("bar", "name", "persons"),
        ("personnel_type",): Chart("bar", "personnel_type", "persons"),
    }
    return charts.get(by)
