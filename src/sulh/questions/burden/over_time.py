"""A group's contribution by inhabitants, product, forces and spending, month by month."""

from __future__ import annotations

import polars as pl

from sulh.questions.burden.concentration import contributions_of
from sulh.questions.burden.figures import MAX_AGE, MEASURES, Measure, figures
from sulh.questions.labels import as_text
from sulh.questions.membership import members_by_month
from sulh.questions.selection import Selection, origin_keys, select
from sulh.questions.view import View
from sulh.questions.wording import WORLD, assumptions, command, group_text
from sulh.result import Chart, Result
from sulh.store.reading import Store


def burden_over_time(store: Store, group: str, view: View) -> Result:
    """Return what a group as a whole contributes by each measure, a row a month.

    Columns: month, persons, nations (contributing), and for each measure the persons of the
    members whose yearly figure is known, divided by the sum of these figures. Members that
    contribute nobody count in the divisor; of `WORLD` the contributors only.
    """
    selection = select(store, view, condensed=True)
    counts = contributions_of(selection, group)
    if group == WORLD and selection.part:
        full = selection.in_full(counts["month"])
        counts = counts.with_columns(pl.when(full).then(pl.col("persons")))
    pairs = _pairs(as_text(counts), group, selection)
    table = _totals(pairs)
    lacking = []
    for measure in MEASURES:
        ratio, silent = _ratio(pairs, figures(store, measure), measure)
        table = table.join(ratio, on="month", how="left")
        lacking += [f"Left out without a figure of {measure.text}: {silent}."] if silent else []
    used = store.scan("nation_years").filter(
        pl.col("measure").is_in([measure.key for measure in MEASURES])
    )
    return Result(
        name="burden",
        title=f"Shared responsibility of {group_text(group)} over time, {view.scope_text}",
        table=table,
        units={"persons": "persons", "nations": "nations"} | {m.column: m.unit for m in MEASURES},
        origins=store.origins([*selection.origins, *origin_keys(used)]),
        missing=(*selection.notes(group), *lacking),
        assumed=(
            *assumptions(view, group),
            f"Yearly figures: the latest year not after the month's, at most {MAX_AGE} years old.",
            "The group as a whole: persons of all members over the sum of their figures.",
        ),
        query=command(["burden", group], view),
        chart=Chart("line", "month", "persons_per_million"),
    )


def _pairs(counts: pl.DataFrame, group: str, selection: Selection) -> pl.DataFrame:
    """Return persons by month and nation: zero, or null in a month of which only part is known, for
    members that are not listed.
    """
    if group != WORLD:
        months, membership = selection.months, selection.view.membership
        members = members_by_month(group, months, membership)
        persons = pl.col("persons")
        unknown = pl.col("month").is_in(sorted(selection.part))
        listed = pl.lit(value=False) if selection.view.scope == "other" else ~unknown
        known = pl.when(listed).then(persons.fill_null(0)).otherwise(persons)
        joined = members.join(counts, on=["month", "nation"], how="left")
        counts = joined.with_columns(known.alias("persons"))
    return counts.with_columns(year=pl.col("month").str.slice(0, 4).cast(pl.Int64)).sort(
        "year", "month", "nation"
    )


def _totals(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return persons and contributing nations by month, null where none of them is known."""
    known = pl.col("persons").count() > 0
    giving = (pl.col("persons") > 0).sum().cast(pl.Int64)
    return (
        pairs.group_by("month")
        .agg(
            pl.when(known).then(pl.col("persons").sum()).alias("persons"),
            pl.when(known).then(giving).alias("nations"),
        )
        .sort("month")
    )


def _ratio(pairs: pl.DataFrame, known: pl.DataFrame, measure: Measure) -> tuple[pl.DataFrame, str]:
    """Return the measure by month, and the nations that lack a figure in any month."""
    joined = pairs.join_asof(
        known,
        on="year",
        by="nation",
        strategy="backward",
        tolerance=MAX_AGE,
        check_sortedness=False,
    )
    usable = joined.filter(pl.col("value") > 0)
    silent = joined.filter(pl.col("value").is_null() | (pl.col("value") <= 0))
    whole = pl.col("persons").null_count() == 0
    value = pl.col("persons").sum() / pl.col("value").sum() * measure.per
    ratio = usable.group_by("month").agg(pl.when(whole).then(value).alias(measure.column))
    return ratio, ", ".join(silent["nation"].unique().sort())
