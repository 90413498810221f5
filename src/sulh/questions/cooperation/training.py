"""Who was trained in what: courses, places and cost, attachés apart."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation.years import coverage, period, within
from sulh.questions.membership import members_by_month
from sulh.questions.wording import WORLD
from sulh.result import Chart, Result
from sulh.store.reading import Store

DIMENSIONS = ("year", "nation", "topic", "programme", "course", "location")


def training(
    store: Store,
    group: str = WORLD,
    from_: str | None = None,
    to: str | None = None,
    topic: str | None = None,
    by: str | None = None,
) -> Result:
    """Return courses, places and cost by the dimensions of ``by`` (year and topic if left out).

    Columns: the dimensions, courses (rows of the reports), students (places), students_unknown,
    cost_usd (current dollars), cost_usd_unknown. A printed 0 may mean to be determined (report of
    2006), so rows with 0 or nothing are counted as unknown; a sum is null where no row has more.
    """
    asked = tuple(part.strip() for part in (by or "year,topic").split(","))
    odd = [name for name in asked if name not in DIMENSIONS]
    if odd or len(set(asked)) < len(asked):
        raise BadRequest(f"--by {by}", "it names no dimension", f"use {', '.join(DIMENSIONS)}")
    rows = within(store.scan("training"), *period(from_, to)).collect()
    if topic is not None:
        rows = rows.filter(pl.col("topic").is_in([t.strip() for t in topic.split(",")]))
    rows = _of(rows, group)
    if rows.is_empty():
        raise _none(store, group)
    table = rows.group_by(asked).agg(
        pl.len().alias("courses"), *_known("students"), *_known("cost_usd")
    )
    return Result(
        name="training",
        title=f"Training of {'all nations' if group == WORLD else group} by the United States",
        table=table.sort(asked, nulls_last=True),
        units={"courses": "rows", "students": "persons", "cost_usd": "US dollars"},
        origins=store.origins(["fmtrpt"]),
        missing=(
            *coverage(store, ["fmtrpt"]),
            "Training that other nations give is in no source that the store reads.",
        ),
        assumed=(
            "Years are fiscal years, from October before; a row of the reports is a course and the "
            "unit that took it.",
            "Topics follow from titles by the rules of the facts table training_topics.",
            "Places may count one person twice. A printed 0 may mean to be determined: rows with 0 "
            "or nothing are counted as unknown, and nothing is known where no row has more.",
            *(() if group == WORLD else (f"Membership of {group}: December of each year.",)),
        ),
        chart=Chart("bar", "year", "cost_usd", "topic") if asked == ("year", "topic") else None,
    )


def _known(column: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the sum of what is known, null if nothing is, and the number of unknown rows."""
    said = pl.col(column).fill_null(0) > 0
    return (
        pl.when(said.any()).then(pl.col(column).sum()).alias(column),
        (~said).sum().alias(f"{column}_unknown"),
    )


def _none(store: Store, group: str) -> NotAnswerable:
    held = store.scan("training").select(
        pl.col("year").min().alias("first"), pl.col("year").max().alias("last")
    )
    ((first, last),) = held.collect().rows()
    if first is None:
        return NotAnswerable(
            f"no training of {group}",
            "the store holds no training report",
            "import the Foreign Military Training Reports (*_fmtrpt.tsv); docs/cooperation.md "
            "says where they are",
        )
    return NotAnswerable(
        f"no training of {group}",
        f"the store has reports on {first} to {last}, and in them no such course in these years",
        "widen the period, or see the topics with: sulh training --by topic",
    )


def _of(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    if group == WORLD or rows.is_empty():
        return rows
    months = tuple(f"{year}-12" for year in rows["year"].unique().sort())
    members = members_by_month(group, months, "dated").select(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"), "nation"
    )
    return rows.join(members, on=["year", "nation"], how="semi")
