"""What is missing in a store, and where its sources disagree."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.errors import BadRequest
from sulh.core.months import month_index, month_range, parse_month
from sulh.result import Result
from sulh.store.checks.remarks import bearing_on, figure_remarks, remark_rows
from sulh.store.reading import Store
from sulh.store.reports.holdings import missing_in_kind
from sulh.store.swings import swings_of

STORE = "store"
"""The origin of remarks on a store as a whole."""

_SHAPE = {
    "month": pl.String,
    "gap": pl.String,
    "nation": pl.String,
    "source": pl.String,
    "persons": pl.Int64,
    "other_source": pl.String,
    "other_persons": pl.Int64,
    "difference": pl.Int64,
    "detail": pl.String,
}
KINDS = (
    "missing_month",
    "no_operation",
    "no_women_and_men",
    "in_doubt",
    "doubtful_fall",
    "doubtful_rise",
    "world_total_differs",
    "nation_total_differs",
    "own_files_differ",
    "remark",
)
_UNITS = dict.fromkeys(("persons", "other_persons", "difference"), "persons")


def gaps(
    store: Store, from_: str | None = None, to: str | None = None, kind: str | None = None
) -> Result:
    """Return missing months, months that say less than others, and disagreements, by month.

    ``gap`` is ``missing_month``, ``no_operation`` (nations only), ``no_women_and_men``,
    ``in_doubt`` (a figure does not reconcile), ``doubtful_fall`` (a nation falls to a tenth and
    returns within a year), ``doubtful_rise`` (the contrary), ``world_total_differs``,
    ``nation_total_differs``, ``own_files_differ`` (two of a user's files) or ``remark`` (a doubt
    that the import raised on published figures); ``kind`` asks for one of them. Disagreements give
    the published figure, the other source's, and the difference. `gap_spans` draws months together.
    """
    _refuse_unknown(kind)
    from_, to = (None if m is None else parse_month(m) for m in (from_, to))
    parts = [
        _missing(store, from_, to),
        _poorer(store, "operation", "no_operation", "the source gives no operations"),
        _poorer(store, "women", "no_women_and_men", "the source does not separate women and men"),
        _in_doubt(store),
        _falls(store),
        _world_totals(store),
        _nation_totals(store),
        _own_files(store),
        _remarks(store),
    ]
    rows = pl.concat([_shaped(part) for part in parts])
    if kind:
        rows = rows.filter(pl.col("gap") == kind)
    if from_:
        rows = rows.filter(pl.col("month") >= from_)
    if to:
        rows = rows.filter(pl.col("month") <= to)
    rows = rows.sort("month", "gap", "nation", "other_source", "source", "detail", nulls_last=False)
    period = f", {from_ or 'start'} to {to or 'end'}" if from_ or to else ""
    keys = {*rows["source"].drop_nulls().to_list(), *rows["other_source"].drop_nulls().to_list()}
    return Result(
        name="gaps",
        title=f"Missing months and disagreements between sources{period}",
        table=rows,
        units=_UNITS,
        origins=store.origins(keys),
        missing=missing_in_kind(store),
        assumed=("The difference is the published figure less the other source's.",),
    )


def gap_spans(
    store: Store, from_: str | None = None, to: str | None = None, kind: str | None = None
) -> Result:
    """Return the gaps of `gaps` with neighbouring months of one kind drawn together.

    Columns: gap, first, last, months, nation, source, other_source, largest_difference (furthest
    from zero), detail. In the starter store neighbours are the months that it holds.
    """
    found = gaps(store, from_, to, kind)
    keys = ["gap", "nation", "source", "other_source", "detail"]
    held = {month: place for place, month in enumerate(store.months)}
    thin = store.kind == "starter"
    places = {
        month: held[month] if thin and month in held else month_index(month)
        for month in found.table["month"].unique()
    }
    spans = (
        found.table.with_columns(
            place=pl.col("month").replace_strict(places, default=None, return_dtype=pl.Int64)
        )
        .sort(*keys, "month")
        .with_columns(run=pl.col("place") - pl.int_range(pl.len()).over(keys))
        .group_by(*keys, "run", maintain_order=True)
        .agg(
            first=pl.col("month").min(),
            last=pl.col("month").max(),
            months=pl.col("month").n_unique().cast(pl.Int64),
            largest_difference=pl.col("difference")
            .sort_by(pl.col("difference").abs(), descending=True, nulls_last=True)
            .first(),
        )
        .select("gap", "first", "last", "months", *keys[1:4], "largest_difference", "detail")
        .sort("first", "gap", "nation", "other_source", *keys[2:], nulls_last=False)
    )
    units = {"months": "months", "largest_difference": "persons"}
    return replace(found, table=spans, units=units)


def _refuse_unknown(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise BadRequest(
            f"gaps of the kind {kind!r}", f"kinds are {', '.join(KINDS)}", "choose one of these"
        )


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _SHAPE.items()
    )


def _missing(store: Store, from_: str | None, to: str | None) -> pl.DataFrame:
    """Return the months without any figures by nation, from the first month held to the last.

    The starter store holds Decembers on purpose; its flags name the months that were missing in the
    store that it was made from.
    """
    held = store.months
    if store.kind == "starter":
        told = store.scan("flags").filter(
            pl.col("code") == "missing_month", pl.col("origin") == STORE
        )
        return told.select(
            "month", pl.col("code").alias("gap"), pl.col("message").alias("detail")
        ).collect()
    if not held:
        return pl.DataFrame(schema={"month": pl.String})
    first, last = min(held[0], from_ or held[0]), max(held[-1], to or held[-1])
    absent = [month for month in month_range(first, last) if month not in set(held)]
    why = "no source in the store gives contributions by nation; what is not reported is not zero"
    return pl.DataFrame({"month": absent}, schema={"month": pl.String}).with_columns(
        pl.lit("missing_month").alias("gap"), pl.lit(why).alias("detail")
    )


def _poorer(store: Store, column: str, gap: str, told: str) -> pl.DataFrame:
    """Return the months in which a column is empty in every row."""
    coverage = store.scan("coverage").select("month", "chosen", "persons")
    empty = (
        store.scan("contributions")
        .join(coverage.rename({"chosen": "origin"}).drop("persons"), on=["month", "origin"])
        .group_by("month")
        .agg(pl.col(column).is_null().all().alias("empty"))
        .filter(pl.col("empty"))
    )
    return (
        coverage.join(empty, on="month", how="semi")
        .select("month", pl.lit(gap).alias("gap"), pl.col("chosen").alias("source"), "persons")
        .with_columns(pl.lit(told).alias("detail"))
        .collect()
    )


def _in_doubt(store: Store) -> pl.DataFrame:
    """Return the months whose chosen source does not reconcile."""
    return (
        store.scan("coverage")
        .filter(pl.col("reason").str.contains("In doubt", literal=True))
        .select(
            "month",
            pl.lit("in_doubt").alias("gap"),
            pl.col("chosen").alias("source"),
            "persons",
            pl.col("reason").alias("detail"),
        )
        .collect()
    )


def _falls(store: Store) -> pl.DataFrame:
    """Return the months of nations that fall and return, or rise and go back."""
    shape = dict.fromkeys(("month", "nation", "gap", "detail"), pl.String)
    if not store.months:
        return pl.DataFrame(schema=shape)
    coverage = store.scan("coverage").select("month", pl.col("chosen").alias("source"))
    totals = (
        store.scan("contributions")
        .filter(pl.col("personnel_type") != "civilian")
        .join(coverage.rename({"source": "origin"}), on=["month", "origin"], how="semi")
        .group_by("month", "nation")
        .agg(pl.col("persons").sum())
        .collect()
    )
    told = swings_of(store)
    down = pl.col("between") < pl.col("before")
    found = [
        (
            month,
            row["nation"],
            gap,
            f"{word} from {row['before']:,} and returns to {row['after']:,}",
        )
        for gap, word, jumps in (
            ("doubtful_fall", "falls", told.filter(down)),
            ("doubtful_rise", "rises", told.filter(~down)),
        )
        for row in jumps.to_dicts()
        for month in month_range(row["first"], row["last"])
    ]
    return (
        pl.DataFrame(found, schema=shape, orient="row")
        .join(coverage.collect(), on="month")
        .join(totals, on=["month", "nation"], how="left")
    )


def _world_totals(store: Store) -> pl.DataFrame:
    """Return the months whose published total is not the total that a source prints."""
    printed = (
        store.scan("world_totals")
        .filter(pl.col("personnel_type") == "uniformed")
        .select(
            "month",
            pl.col("persons").alias("other_persons"),
            pl.col("origin").alias("other_source"),
        )
    )
    return (
        store.scan("coverage")
        .select("month", pl.col("chosen").alias("source"), "persons")
        .join(printed, on="month")
        .filter(pl.col("persons") != pl.col("other_persons"))
        .with_columns(
            (pl.col("persons") - pl.col("other_persons")).alias("difference"),
            pl.lit("world_total_differs").alias("gap"),
            pl.lit("sum of the published rows against a printed total").alias("detail"),
        )
        .collect()
    )


def _nation_totals(store: Store) -> pl.DataFrame:
    """Return nations and months for which another source gives another total."""
    chosen = store.scan("coverage").select("month", pl.col("chosen").alias("source"))
    totals = (
        store.scan("readings")
        .filter(pl.col("counts"), pl.col("personnel_type") != "civilian")
        .group_by("month", "nation", pl.col("origin").alias("source"))
        .agg(pl.col("persons").sum())
    )
    ours = totals.join(chosen, on=["month", "source"], how="semi")
    others = totals.join(chosen, on=["month", "source"], how="anti").filter(
        pl.col("source") != "user"
    )
    pairs = chosen.join(others.select("month", "source").unique(), on="month", suffix="_other")
    theirs = others.rename({"source": "other_source", "persons": "other_persons"})
    wanted = pairs.rename({"source_other": "other_source"})
    both = (
        ours.join(wanted, on=["month", "source"])
        .join(theirs, on=["month", "nation", "other_source"], how="full", coalesce=True)
        .with_columns(pl.col("persons").fill_null(0), pl.col("other_persons").fill_null(0))
        .filter(pl.col("persons") != pl.col("other_persons"))
    )
    return (
        both.drop("source")
        .join(chosen, on="month")
        .with_columns(
            (pl.col("persons") - pl.col("other_persons")).alias("difference"),
            pl.lit("nation_total_differs").alias("gap"),
            pl.lit("the nation's total over all operations and types").alias("detail"),
        )
        .collect()
    )


def _own_files(store: Store) -> pl.DataFrame:
    """Return where two files of a user give other figures for the same; one of them counts."""
    names = store.scan("files").select("file", pl.col("name").alias("named"))
    keys = ["month", "nation", "operation", "personnel_type"]
    rows = (
        store.scan("readings")
        .filter(pl.col("origin") == "user")
        .join(names, on="file", how="left")
        .group_by(*keys, "file", "named", "counts")
        .agg(pl.col("persons").sum())
        .collect()
    )
    ours = rows.filter("counts")
    theirs = rows.filter(~pl.col("counts"))
    return (
        ours.join(theirs, on=keys, suffix="_other", nulls_equal=True)
        .filter(pl.col("persons") != pl.col("persons_other"))
        .select(
            "month",
            "nation",
            pl.lit("own_files_differ").alias("gap"),
            pl.lit("user").alias("source"),
            pl.lit("user").alias("other_source"),
            "persons",
            pl.col("persons_other").alias("other_persons"),
            (pl.col("persons") - pl.col("persons_other")).alias("difference"),
            pl.format(
                "{}, {}: {} counts, {} says otherwise",
                pl.col("operation").fill_null("no operation"),
                "personnel_type",
                "named",
                "named_other",
            ).alias("detail"),
        )
    )


def _remarks(store: Store) -> pl.DataFrame:
    """Return what imports doubted or corrected in the figures that are published."""
    pairs = store.scan("contributions").select("month", "origin").unique().collect()
    remarks = figure_remarks(remark_rows(store.table("flags")))
    found = [
        (
            each.month,
            "remark",
            each.origin,
            f"{each.code.replace('_', ' ')}: {each.message}"
            + (f" ({each.place})" if each.place else ""),
        )
        for each in bearing_on(remarks, set(pairs.iter_rows()))
    ]
    shape = dict.fromkeys(("month", "gap", "source", "detail"), pl.String)
    return pl.DataFrame(found, schema=shape, orient="row")
