"""Evidence of service beside head-counts: places on maps, and cited facts."""

from __future__ import annotations

import polars as pl

from sulh.facts.known import Known, contributions_known, known_of
from sulh.facts.operations import operations
from sulh.questions.ground import names_of
from sulh.questions.membership import members_on
from sulh.questions.reported import reported
from sulh.questions.selection import in_period, total_if_known
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, group_text
from sulh.result import Result
from sulh.store.reading import Store

SCHEMA = {
    "operation": pl.String,
    "first_month": pl.String,
    "last_month": pl.String,
    "months": pl.Int64,
    "peak": pl.Int64,
    "peak_month": pl.String,
    "personnel_types": pl.String,
    "evidence": pl.String,
}

SERVING = {"troops", "personnel", "police", "military", "battalion"}
_KNOWN = {
    **dict.fromkeys(("nation", "name", "operation", "measure"), pl.String),
    "value": pl.Int64,
    **dict.fromkeys(("qualifier", "start", "end", "place", "body"), pl.String),
    "verified": pl.Boolean,
    "source": pl.String,
}


def served_by_place(store: Store, nation: str, view: View) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return operations at whose places maps show the nation, in months without head-counts by
    operation; with the keys of the sources.

    ``peak`` is the largest sum over the places of a month, where the source gives a number for
    each; it counts troops at mapped places only.
    """
    told = reported(store).told
    held = in_period(store.scan("deployment_contributors"), view)
    of_nation = held.filter(pl.col("nation") == nation).collect()
    rows = of_nation.filter(~pl.col("month").is_in(told)).lazy()
    table = (
        rows.group_by("operation", "month")
        .agg(total_if_known("troops"))
        .sort("month")
        .group_by("operation")
        .agg(
            first_month=pl.col("month").min(),
            last_month=pl.col("month").max(),
            months=pl.len().cast(pl.Int64),
            peak=pl.col("troops").max().cast(pl.Int64),
            peak_month=pl.col("month").filter(pl.col("troops") == pl.col("troops").max()).first(),
            personnel_types=pl.lit("troops"),
            evidence=pl.lit("places"),
        )
        .select(list(SCHEMA))
        .collect()
    )
    return table, tuple(of_nation["origin"].unique().to_list()) if table.height else ()


def known_elsewhere(nation: str) -> pl.DataFrame:
    """Return the operations in which cited facts show a nation's military or police personnel.

    Dates are as exact as the source: a year, a month or a day; an empty end was not seen.
    """
    rows = [
        (each.operation, each.valid.start or None, each.valid.end or None, each.value, each.measure)
        for each in known_of(nation)
        if each.operation and each.measure in SERVING
    ]
    names = ("operation", "first_month", "last_month", "value", "personnel_types")
    schema = dict.fromkeys(names, pl.String) | {"value": pl.Int64}
    return (
        pl.DataFrame(rows, schema=pl.Schema(schema), orient="row")
        .group_by("operation", maintain_order=True)
        .agg(
            first_month=pl.col("first_month").min(),
            last_month=pl.col("last_month").max(),
            months=pl.lit(None, dtype=pl.Int64),
            peak=pl.col("value").max(),
            peak_month=pl.col("first_month")
            .filter(pl.col("value") == pl.col("value").max())
            .first(),
            personnel_types=pl.col("personnel_types").unique().sort().str.join("|"),
            evidence=pl.lit("facts"),
        )
        .cast(pl.Schema(SCHEMA))
    )


def known(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return contributions known from single cited pages, operations of other bodies included.

    Columns: nation, name, operation, measure, value, qualifier, start, end, place, body, verified,
    source. These figures differ in kind and date: they are never added to head-counts.
    """
    view = view or View()
    members = None if group == WORLD else members_on(group, view.to or "2025-12", "today")
    bodies = {key: entry.body for key, entry in operations().items()}
    rows = [
        (
            each.nation or None,
            names_of([each.nation])[each.nation] if each.nation else "all nations",
            each.operation or None,
            each.measure,
            each.value,
            each.qualifier,
            each.valid.start or None,
            each.valid.end or None,
            each.place or None,
            bodies.get(each.operation),
            each.verified("value"),
            each.mark.source,
        )
        for each in contributions_known()
        if (members is None or each.nation in members) and _during(each, view)
    ]
    return Result(
        name="known",
        title=f"Contributions known from single sources: {group_text(group)}",
        table=pl.DataFrame(rows, schema=_KNOWN, orient="row"),
        origins=store.origins(["facts"]),
        missing=("A nation that is not listed may well have contributed: these are single facts.",),
        assumed=(
            "Figures differ in kind and date; they are not added to head-counts or to each other.",
            *([] if members is None else [f"Membership of {group}: present-day members."]),
        ),
        query=command(["known", group], View(view.from_, view.to)),
    )


def _during(each: Known, view: View) -> bool:
    first, last = each.valid.first_day, each.valid.last_day
    return (view.from_ is None or last >= view.from_) and (view.to is None or first[:7] <= view.to)
