"""Everything between two nations, on a timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.facts.states import predecessors
from sulh.methods.agreement import agreement
from sulh.questions.cooperation.edges import TRAINER, Years
from sulh.questions.cooperation.years import coverage, period, within
from sulh.questions.ground import names_of, nation_named
from sulh.result import Chart, Result
from sulh.store.reading import Store

COLUMNS = ("year", "kind", "detail", "origin")
_VOTES = ("yes", "abstain", "no")
_LEVELS = {1.0: "chargé d'affaires", 2.0: "minister", 3.0: "ambassador", 9.0: "other"}
Pair = tuple[str, str]


def ties(
    store: Store, first: str, second: str, from_: str | None = None, to: str | None = None
) -> Result:
    """Return what two nations have with each other: columns year, kind, detail, origin.

    A row a year, kind and source, the latest year first. The detail says the direction where there
    is one, the value of
    arms, the level of missions, the organisations in common, the likeness of votes (share of equal
    votes, Cohen's kappa, S), courses with places and cost, and operations in which both served.
    """
    pair = nation_named(first), nation_named(second)
    if pair[0] == pair[1]:
        raise BadRequest(f"{first} and {second}", "both are one nation", "name two nations")
    years = period(from_, to)
    parts = [maker(store, pair, years) for maker in _MAKERS]
    table = pl.concat([part.select(COLUMNS) for part in parts]).sort(
        COLUMNS, descending=[True, False, False, False]
    )
    names = names_of(list(pair))
    title = f"{names[pair[0]]} and {names[pair[1]]}"
    if table.is_empty():
        raise NotAnswerable(
            f"nothing between {title} in this period",
            "the store holds no source with a tie between them",
            "import the sources of cooperation, or widen the period",
        )
    return Result(
        name="ties",
        title=f"Ties between {title}, the latest first",
        table=table,
        origins=store.origins(sorted(set(table["origin"].to_list()))),
        missing=(*coverage(store), *_before(pair)),
        assumed=(
            "A tie is listed in every year for which the source has it; the years of training are "
            "fiscal years, from October before.",
        ),
        chart=Chart("timeline", "year", "kind", None, x_end="year"),
    )


def _before(pair: Pair) -> tuple[str, ...]:
    found = sorted({state for nation in pair for state in predecessors(nation)})
    if not found:
        return ()
    return (f"Ties of former states on their territory are asked apart: {', '.join(found)}.",)


def _between(rows: pl.LazyFrame, pair: Pair) -> pl.LazyFrame:
    both = pl.col("nation").is_in(pair) & pl.col("partner").is_in(pair)
    return rows.filter(both)


def _stored(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    """Return the ties of the store, each kind once a year, with its direction in the detail."""
    rows = within(_between(store.scan("ties"), pair), *years).collect()
    texts = [
        f"{row['nation']} to {row['partner']}{_figure(row['kind'], row['tie_value'])}"
        for row in rows.iter_rows(named=True)
    ]
    said = rows.with_columns(pl.Series("said", texts, dtype=pl.String)).sort("nation", "partner")
    grouped = said.group_by("year", "kind", "origin", maintain_order=True).agg(
        pl.col("said"), pl.col("tie_value").n_unique().alias("values")
    )
    mutual = (pl.col("said").list.len() == 2) & (pl.col("values") == 1)
    plain = pl.col("kind").str.contains("^(alliance|cow|dca)_")
    return grouped.with_columns(
        pl.when(mutual & plain)
        .then(pl.lit("each to the other"))
        .otherwise(pl.col("said").list.join("; "))
        .alias("detail")
    )


def _figure(kind: str, value: float) -> str:
    if kind == "arms_transfer":
        return f": {value:g} million trend-indicator values"
    if kind == "diplomatic_mission":
        return f": {_LEVELS.get(value, 'level unknown')}"
    return ""


def _agreements(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    rows = _between(store.scan("agreements"), pair).with_columns(
        pl.col("signed_year").alias("year"),
        pl.lit("agreement_signed").alias("kind"),
        pl.format("{}, type {}", pl.col("agreement"), pl.col("kind").fill_null("unknown")).alias(
            "detail"
        ),
    )
    return within(rows, *years).select(COLUMNS).collect()


def _organisations(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    full = store.scan("memberships").filter(
        (pl.col("role") == "full") & pl.col("nation").is_in(pair)
    )
    both = (
        within(full, *years)
        .group_by("year", "organisation", "origin")
        .agg(pl.col("nation").n_unique().alias("members"))
    )
    return (
        both.filter(pl.col("members") == 2)
        .group_by("year", "origin")
        .agg(pl.col("organisation").sort())
        .with_columns(
            pl.lit("organisations").alias("kind"),
            pl.format(
                "{} in common: {}",
                pl.col("organisation").list.len(),
                pl.col("organisation").list.join(" "),
            ).alias("detail"),
        )
        .select(COLUMNS)
        .collect()
    )


def _likeness(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    rows = within(store.scan("votes"), *years)
    one, two = (rows.filter(pl.col("nation") == nation) for nation in pair)
    both = one.join(two, on=["year", "roll_call", "origin"], suffix="_other").collect()
    found = []
    for (year, origin), part in both.group_by(["year", "origin"], maintain_order=True):
        table = np.zeros((3, 3), dtype=np.int64)
        for own, other in part.select("vote", "vote_other").iter_rows():
            table[_VOTES.index(own), _VOTES.index(other)] += 1
        like = agreement(table)
        detail = (
            f"{like.cases} roll calls: {like.share:.3f} equal, kappa {like.kappa:.3f}, "
            f"S {like.s:.3f}"
        )
        found.append((year, "votes", detail, origin))
    return _rows(found)


def _training(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    if TRAINER not in pair:
        return _rows([])
    taught = pair[1] if pair[0] == TRAINER else pair[0]
    rows = within(store.scan("training").filter(pl.col("nation") == taught), *years)
    sums = rows.group_by("year", "origin").agg(
        pl.len().alias("courses"), pl.col("students").sum(), pl.col("cost_usd").sum()
    )
    return _rows(
        [
            (
                row["year"],
                "training",
                f"{TRAINER} to {taught}: {row['courses']:,} courses, "
                + (f"{row['students']:,} places, " if row["students"] else "places not said, ")
                + (f"{row['cost_usd']:,.0f} USD" if row["cost_usd"] else "cost not said"),
                row["origin"],
            )
            for row in sums.collect().iter_rows(named=True)
        ]
    )


def _operations(store: Store, pair: Pair, years: Years) -> pl.DataFrame:
    serving = (
        pl.col("nation").is_in(pair) & (pl.col("persons") > 0) & pl.col("operation").is_not_null()
    )
    dated = (
        store.scan("contributions")
        .filter(serving)
        .with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    )
    both = (
        within(dated, *years)
        .group_by("year", "month", "operation")
        .agg(pl.col("nation").n_unique().alias("members"), pl.col("origin").first())
    )
    served = (
        both.filter(pl.col("members") == 2)
        .group_by("year", "origin")
        .agg(pl.col("operation").unique().sort())
    )
    return (
        served.with_columns(
            pl.lit("co_deployment").alias("kind"),
            pl.format("both in {}", pl.col("operation").list.join(", ")).alias("detail"),
        )
        .select(COLUMNS)
        .collect()
    )


def _rows(found: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    schema = {"year": pl.Int64, "kind": pl.String, "detail": pl.String, "origin": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


_MAKERS: tuple[Callable[[Store, Pair, Years], pl.DataFrame], ...] = (
    _stored,
    _agreements,
    _organisations,
    _likeness,
    _training,
    _operations,
)
