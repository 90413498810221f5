"""For each month the one origin whose contributions are published, so that nobody counts twice.

Months that cannot be whole come last, sound figures before doubtful ones. Among equals
``precedence.csv`` decides: the publisher's own come before transcriptions, those before a user's;
within such a tier figures by operation come before figures without, then the rank counts. Figures
for operations of other bodies and for civilians stand beside the uniformed personnel of the UN:
they are chosen by themselves, operation by operation.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import polars as pl

from sulh.core.errors import FactsError

UN, OTHER = "un", "other"
_LAST = (99, 99, "not in the order of precedence")


@cache
def precedence() -> dict[str, tuple[int, int, str]]:
    """Return tier, rank and reason of every origin that ``precedence.csv`` lists."""
    text = files("sulh.store").joinpath("precedence.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    if len({row["origin"] for row in rows}) != len(rows):
        raise FactsError(
            "precedence.csv lists an origin twice", "its rank is unclear", "keep one of the rows"
        )
    return {row["origin"]: (int(row["tier"]), int(row["rank"]), row["why"]) for row in rows}


def with_domain(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the readings with ``domain``: ``un``, or one for each operation chosen by itself."""
    from sulh.facts.operations import operations

    outside = [name for name, operation in operations().items() if operation.scope == "other"]
    apart = pl.col("operation").is_in(outside) | (pl.col("personnel_type") == "civilian")
    civil = pl.when(pl.col("personnel_type") == "civilian").then(pl.lit("civilian"))
    name = pl.concat_str(
        civil.otherwise(pl.lit(OTHER)), pl.col("operation").fill_null("?"), separator=" "
    )
    return readings.with_columns(
        pl.when(apart.fill_null(value=False)).then(name).otherwise(pl.lit(UN)).alias("domain")
    )


def choose(
    readings: pl.DataFrame, doubts: pl.DataFrame, lacking: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return for each domain and month the candidates, best first.

    ``readings`` have ``domain``; ``doubts`` has ``origin``, ``month`` and ``why`` for the figures
    that do not reconcile, ``lacking`` the same for months that cannot be whole, as a user's own
    need not be either. The result has ``domain, month, origin, persons, nations, why, place``,
    ``place`` being 0 for the origin that is chosen.
    """
    tiers = {name: tier for name, (tier, _, _) in precedence().items()}
    ranks = {name: rank for name, (_, rank, _) in precedence().items()}
    candidates = readings.group_by("domain", "month", "origin").agg(
        pl.col("persons").sum(),
        pl.col("nation").filter(pl.col("persons") > 0).n_unique().alias("nations"),
        (pl.col("operation").null_count() * 2 > pl.len()).alias("unplaced"),
    )
    by = ["origin", "month"]
    short = doubts.clear() if lacking is None else lacking.select("origin", "month", "why")
    weak = (
        pl.concat([doubts.with_columns(hard=True), short.with_columns(hard=False)])
        .group_by(by)
        .agg(
            pl.col("why").unique().sort().str.join("; "),
            pl.col("hard").any().alias("doubtful"),
            pl.col("hard").not_().any().alias("lacking"),
        )
    )
    return (
        candidates.join(weak, on=by, how="left")
        .with_columns(pl.col("doubtful", "lacking").fill_null(value=False))
        .with_columns(
            pl.col("lacking") | (pl.col("origin") == "user") & ~_any_in_month("doubtful"),
            pl.col("origin").replace_strict(tiers, default=_LAST[0]).alias("tier"),
            pl.col("origin").replace_strict(ranks, default=_LAST[1]).alias("rank"),
        )
        .sort("domain", "month", "lacking", "doubtful", "tier", "unplaced", "rank", "origin")
        .with_columns(pl.int_range(pl.len()).over("domain", "month").alias("place"))
        .drop("tier", "unplaced", "rank", "lacking")
    )


def _any_in_month(column: str) -> pl.Expr:
    return pl.col(column).any().over("domain", "month")


def coverage(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return the table ``coverage``: a row for each month of the UN's uniformed personnel."""
    own = candidates.filter(pl.col("domain") == UN)
    chosen = own.filter(pl.col("place") == 0)
    others = (
        own.filter(pl.col("place") > 0)
        .group_by("month")
        .agg(
            pl.col("origin").sort_by("place").str.join("|").alias("alternatives"),
            pl.col("doubtful").any().alias("others_doubtful"),
        )
    )
    joined = chosen.join(others, on="month", how="left")
    rows = joined.select("origin", "doubtful", "why", "alternatives", "others_doubtful").rows()
    return joined.select(
        "month",
        pl.col("origin").alias("chosen"),
        "alternatives",
        "persons",
        "nations",
        pl.Series("reason", [_reason(*row) for row in rows], dtype=pl.String),
    )


def _reason(
    origin: str, doubtful: bool, why: str | None, others: str | None, others_doubtful: bool | None
) -> str:
    rank = precedence().get(origin, _LAST)[2]
    if others is None:
        told = "the only source for the month"
    elif others_doubtful and not doubtful:
        told = f"reconciles where others do not; {rank}"
    else:
        told = f"first in the order of precedence: {rank}"
    return f"{told}. In doubt: {why}" if why else told
