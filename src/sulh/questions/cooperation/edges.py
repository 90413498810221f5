"""Ties of whatever source in one shape: year, nation, partner, kind, value, origin.

``nation`` owes, sends, supplies or teaches; a tie without direction stands once from either side.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest
from sulh.methods.agreement import all_pairs
from sulh.questions.cooperation.years import within
from sulh.store.reading import Store

COLUMNS = ("year", "nation", "partner", "kind", "value", "origin")
TRAINER = "USA"
IMPORT = "import a file (docs/cooperation.md lists which file has which tie) that has"
CONTRIBUTIONS = "contributions"
_ANSWERS = {"yes": 0, "abstain": 1, "no": 2}
_SCHEMA = {
    "year": pl.Int64,
    "nation": pl.String,
    "partner": pl.String,
    "kind": pl.String,
    "value": pl.Float64,
    "origin": pl.String,
}
_HELD = {
    "training": "training",
    "organisations": "memberships",
    "votes": "votes",
    "co_deployment": "contributions",
    "same_place": "deployment_contributors",
}
_MONTHLY = ("co_deployment", "same_place")
Years = tuple[int | None, int | None]


def edges(store: Store, tie: str, years: Years = (None, None)) -> pl.DataFrame:
    """Return the ties of a kind between nations.

    A kind is one of the store's, ``alliance`` for any of its five, or ``training``,
    ``organisations``, ``co_deployment``, ``same_place``, ``votes``. The value is the source's; of
    training its cost in dollars, of organisations, operations and places their number, of votes
    the S score. Raises `BadRequest` with the kinds there are.
    """
    derived = _DERIVED.get(tie)
    rows = derived(store, years) if derived else _stored(store, tie, years)
    return rows.select(COLUMNS).sort(COLUMNS)


def cited(store: Store, rows: pl.DataFrame) -> list[str]:
    """Return the keys of the sources of ties; those of service together are its head-counts'."""
    keys = set(rows["origin"].unique().to_list())
    if CONTRIBUTIONS in keys:
        months = store.scan("contributions").filter(
            pl.col("month").str.slice(0, 4).cast(pl.Int64).is_in(rows["year"].unique().to_list())
        )
        found = months.select(pl.col("origin").unique()).collect()["origin"].to_list()
        keys = (keys - {CONTRIBUTIONS}) | set(found)
    return sorted(keys)


def kinds(store: Store) -> tuple[str, ...]:
    """Return the kinds of ties for which the store holds data."""
    stored = store.scan("ties").select("kind").unique().collect()["kind"].to_list()
    alliance = ["alliance"] if any(kind.startswith("alliance_") for kind in stored) else []
    derived = [name for name, table in _HELD.items() if store.has(table)]
    return tuple(sorted([*stored, *alliance, *derived]))


def covered(store: Store) -> dict[str, Years]:
    """Return the first and last year that the store has for each kind of tie, by kind."""
    spans = [pl.col("year").min().alias("first"), pl.col("year").max().alias("last")]
    stored = store.scan("ties").group_by("kind").agg(spans).collect()
    found: dict[str, Years] = {kind: (first, last) for kind, first, last in stored.iter_rows()}
    allied = pl.col("kind").str.starts_with("alliance_")
    frames = {"alliance": store.scan("ties").filter(allied)}
    frames |= {kind: store.scan(table) for kind, table in _HELD.items()}
    month = pl.col("month").str.slice(0, 4).cast(pl.Int64)
    for kind, rows in frames.items():
        dated = rows if kind not in _MONTHLY else rows.with_columns(month.alias("year"))
        ((first, last),) = dated.select(spans).collect().rows()
        if first is not None:
            found[kind] = (first, last)
    return dict(sorted(found.items()))


def _stored(store: Store, tie: str, years: Years) -> pl.DataFrame:
    known = kinds(store)
    if tie not in known:
        raise BadRequest(
            f"the tie {tie!r}",
            f"the store holds {', '.join(known) or 'no ties'}",
            "choose one of them, or import the source that has it",
        )
    kind = pl.col("kind")
    fits = kind.str.starts_with("alliance_") if tie == "alliance" else kind == tie
    rows = within(store.scan("ties").filter(fits), *years).rename({"tie_value": "value"})
    if tie == "alliance":
        key = ["year", "nation", "partner", "origin"]
        rows = rows.group_by(key).agg(pl.lit("alliance").alias("kind"), pl.col("value").max())
    return rows.collect()


def training(store: Store, years: Years) -> pl.DataFrame:
    """Return who was trained by the United States by fiscal year, with the cost as value."""
    rows = within(store.scan("training"), *years)
    sums = rows.group_by("year", pl.col("nation").alias("partner"), "origin").agg(
        pl.col("cost_usd").sum().alias("value")
    )
    return sums.with_columns(
        pl.lit(TRAINER).alias("nation"), pl.lit("training").alias("kind")
    ).collect()


def organisations(store: Store, years: Years) -> pl.DataFrame:
    """Return the number of organisations of which two nations are full members, by year."""
    full = within(store.scan("memberships").filter(pl.col("role") == "full"), *years)
    table = full.select("year", "nation", "organisation", "origin").collect()
    return _shared(table, "organisation", "organisations")


def co_deployment(store: Store, years: Years) -> pl.DataFrame:
    """Return the number of operations in which two nations both had personnel in a year."""
    rows = store.scan("contributions").filter(
        (pl.col("persons") > 0) & pl.col("operation").is_not_null()
    )
    dated = rows.with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    served = within(dated, *years).select("year", "nation", "operation").unique().collect()
    origin = pl.lit(CONTRIBUTIONS).alias("origin")
    return _shared(served.with_columns(origin), "operation", "co_deployment")


def same_place(store: Store, years: Years) -> pl.DataFrame:
    """Return at how many places of operations two nations both stood in a year (Geo-PKO)."""
    rows = store.scan("deployment_contributors").filter(pl.col("nation").is_not_null())
    dated = rows.with_columns(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        pl.concat_str("operation", "location", separator=" | ").alias("place"),
    )
    served = within(dated, *years).select("year", "nation", "place", "origin").unique().collect()
    return _shared(served, "place", "same_place")


def _shared(rows: pl.DataFrame, thing: str, kind: str) -> pl.DataFrame:
    """Return in how many things two nations both stand, by year: a product of matrices."""
    parts = []
    for (year, origin), part in rows.group_by(["year", "origin"], maintain_order=True):
        nations = part["nation"].unique().sort().to_list()
        things = part[thing].unique().sort().to_list()
        row = {name: place for place, name in enumerate(nations)}
        column = {name: place for place, name in enumerate(things)}
        matrix = np.zeros((len(nations), len(things)), dtype=np.float32)
        matrix[[row[name] for name in part["nation"]], [column[name] for name in part[thing]]] = 1
        parts.append(_long(np.asarray(matrix @ matrix.T, dtype=np.float64), nations, year, origin))
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA).drop("kind")
    return whole.filter(pl.col("value") > 0).with_columns(pl.lit(kind).alias("kind"))


def _long(
    matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    nations: list[str],
    year: object,
    origin: object,
) -> pl.DataFrame:
    first, second = np.nonzero(~np.isnan(matrix) & ~np.eye(len(nations), dtype=bool))
    names = np.array(nations, dtype=object)
    return pl.DataFrame(
        {
            "nation": names[first].astype(str),
            "partner": names[second].astype(str),
            "value": matrix[first, second],
        },
        schema={"nation": pl.String, "partner": pl.String, "value": pl.Float64},
    ).with_columns(
        pl.lit(year, dtype=pl.Int64).alias("year"), pl.lit(origin, dtype=pl.String).alias("origin")
    )


def votes(store: Store, years: Years, measure: str = "s") -> pl.DataFrame:
    """Return the likeness of votes of two nations in a year; ``measure`` share, kappa or s."""
    rows = within(store.scan("votes"), *years).collect()
    place = {"share": 1, "kappa": 2, "s": 3}[measure]
    parts = []
    for (year, origin), part in rows.group_by(["year", "origin"], maintain_order=True):
        nations = part["nation"].unique().sort().to_list()
        answers = _answers(part, nations)
        matrix = all_pairs(answers, len(_ANSWERS))[place]
        parts.append(_long(np.asarray(matrix, dtype=np.float64), nations, year, origin))
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA).drop("kind")
    return whole.with_columns(pl.lit("votes").alias("kind"))


def _answers(
    votes: pl.DataFrame, nations: list[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    row = {name: place for place, name in enumerate(nations)}
    calls = {call: place for place, call in enumerate(votes["roll_call"].unique().sort())}
    answers = np.full((len(nations), len(calls)), -1, dtype=np.int8)
    answers[
        [row[name] for name in votes["nation"]], [calls[call] for call in votes["roll_call"]]
    ] = [_ANSWERS[vote] for vote in votes["vote"]]
    return answers


_DERIVED: dict[str, Callable[[Store, Years], pl.DataFrame]] = {
    "training": training,
    "organisations": organisations,
    "co_deployment": co_deployment,
    "same_place": same_place,
    "votes": votes,
}
