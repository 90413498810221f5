"""Make the starter store that the package ships, from a store of imported files.

``python -m sulh.store.starter STORE OUT`` writes the folder OUT anew. The same store gives the same
bytes. Figures only, each with its origin; sources whose terms forbid it are left out.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from sulh.core.errors import SulhError, UnknownName
from sulh.facts.catalogue import entry
from sulh.store.condensing import condense
from sulh.store.publishing import Edition, publish
from sulh.store.reading import Store
from sulh.store.reports.gaps import STORE, gaps

FIRST_YEAR = 1985
MEASURES = ("population", "gdp_usd", "armed_forces", "military_expenditure_usd")
MOST_BYTES = 2_000_000
_NOTE = (
    "Starter store: persons by nation for each December and the latest month, world totals for all "
    "months; re-tabulated from the public sources that `sulh sources` names."
)


def starter(store: Store) -> Edition:
    """Return the starter edition of a store."""
    months = starter_months(store.months)
    tables = {name: make(store, months) for name, make in _MAKERS.items()}
    allowed = {name: _allowed(rows) for name, rows in tables.items()}
    return Edition(allowed, kind="starter", note=_NOTE)


def starter_months(months: Sequence[str]) -> tuple[str, ...]:
    """Return each December and the latest month.

    >>> starter_months(["1990-12", "1991-06", "1991-12", "1992-02"])
    ('1990-12', '1991-12', '1992-02')
    """
    return tuple(m for m in months if m.endswith("-12") or m == max(months))


def _allowed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose source's terms allow to pass figures on."""
    if "origin" not in rows.columns:
        return rows
    keys = rows["origin"].drop_nulls().unique().to_list()
    barred = [key for key in keys if not _may_be_passed_on(key)]
    return rows.filter(~pl.col("origin").is_in(barred).fill_null(value=False))


def _may_be_passed_on(key: str) -> bool:
    if key == STORE:
        return True
    try:
        return entry(key).redistribution != "no"
    except UnknownName:
        return False


def _of_months(name: str) -> Callable[[Store, Sequence[str]], pl.DataFrame]:
    def make(store: Store, months: Sequence[str]) -> pl.DataFrame:
        return store.scan(name).filter(pl.col("month").is_in(months)).collect()

    return make


def _nation_months(store: Store, months: Sequence[str]) -> pl.DataFrame:
    name = "nation_months"
    rows = store.scan(name) if store.has(name) else condense(store.scan("contributions"))
    return rows.filter(pl.col("month").is_in(months)).collect()


def _decembers(name: str) -> Callable[[Store, Sequence[str]], pl.DataFrame]:
    def make(store: Store, months: Sequence[str]) -> pl.DataFrame:
        wanted = pl.col("month").str.ends_with("-12") | pl.col("month").is_in(months)
        return store.scan(name).filter(wanted).collect()

    return make


def _whole(name: str) -> Callable[[Store, Sequence[str]], pl.DataFrame]:
    def make(store: Store, months: Sequence[str]) -> pl.DataFrame:
        del months
        return store.table(name)

    return make


def _world_totals(store: Store, months: Sequence[str]) -> pl.DataFrame:
    """Return the printed totals of all months, and sums of rows where none is printed."""
    del months
    printed = store.table("world_totals")
    absent = store.table("coverage").join(printed, on="month", how="anti")
    summed = absent.select(
        "month",
        pl.lit("uniformed").alias("personnel_type"),
        pl.lit(None, dtype=pl.Int64).alias("women"),
        pl.lit(None, dtype=pl.Int64).alias("men"),
        "persons",
        "nations",
        pl.col("chosen").alias("origin"),
    )
    return pl.concat([printed, summed])


def _operation_totals(store: Store, months: Sequence[str]) -> pl.DataFrame:
    """Return the totals of Decembers and of each operation's highest month."""
    totals = store.table("operation_totals").filter(pl.col("personnel_type") == "uniformed")
    peaks = totals.sort(["persons", "month"], descending=[True, False]).unique(
        "operation", keep="first", maintain_order=True
    )
    decembers = totals.filter(
        pl.col("month").str.ends_with("-12") | pl.col("month").is_in(list(months))
    )
    return pl.concat([decembers, peaks]).unique(maintain_order=True)


def _fatalities(store: Store, months: Sequence[str]) -> pl.DataFrame:
    """Return deaths by year, without day and month."""
    del months
    by = ["year", "nation", "operation", "casualty_type", "sex", "cause", "origin"]
    return store.table("fatalities").group_by(by).agg(pl.col("fatalities").sum())


def _nation_years(store: Store, months: Sequence[str]) -> pl.DataFrame:
    del months
    return (
        store.scan("nation_years")
        .filter(
            pl.col("measure").is_in(MEASURES),
            pl.col("year") >= FIRST_YEAR,
            pl.col("value").is_not_null(),
        )
        .collect()
    )


def _flags(store: Store, months: Sequence[str]) -> pl.DataFrame:
    """Return the remarks on what it holds, and one on each month that the full store lacks."""
    missing = gaps(store).table.filter(pl.col("gap") == "missing_month")
    told = missing.select(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("file", "name")),
        pl.lit(STORE).alias("origin"),
        pl.lit("missing_month").alias("code"),
        pl.lit("note").alias("severity"),
        "month",
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in ("page", "line")),
        pl.col("detail").str.replace("in the store", "of the full store").alias("message"),
    )
    month = pl.col("month")
    kept = month.is_null() | month.is_in(list(months))
    own = store.table("flags").filter(kept)
    return pl.concat([own, told.select(own.columns)])


_MAKERS: dict[str, Callable[[Store, Sequence[str]], pl.DataFrame]] = {
    "contributions": _of_months("contributions"),
    "nation_months": _nation_months,
    "coverage": _of_months("coverage"),
    "swings": _whole("swings"),
    "world_totals": _world_totals,
    "operation_totals": _operation_totals,
    "fatalities": _fatalities,
    "nation_years": _nation_years,
    "operations": _whole("operations"),
    "support_units": _whole("support_units"),
    "strength": _decembers("strength"),
    "other_operations": _decembers("other_operations"),
    "files": _whole("files"),
    "flags": _flags,
}


def write_starter(store: Store, out: Path) -> str:
    """Write the starter store to the folder ``out``, in place of what is there."""
    if store.kind == "starter":
        raise SulhError(
            f"{store.path} is itself a starter store",
            "it lacks what a starter store is made from",
            "give a store that files were imported into",
        )
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".starter-") as folder:
        fresh = Path(folder) / "starter"
        version = publish(fresh, starter(store))
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
        if size > MOST_BYTES:
            raise SulhError(
                f"the starter store has {size:,} bytes",
                f"the package may ship {MOST_BYTES:,}",
                "leave out more tables or years",
            )
        shutil.rmtree(out, ignore_errors=True)
        fresh.replace(out)
    return version


def main(arguments: Sequence[str]) -> int:
    """Run the command: ``STORE OUT``."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m sulh.store.starter STORE OUT\n")
        return 2
    version = write_starter(Store.open(arguments[0]), Path(arguments[1]))
    sys.stdout.write(f"wrote {arguments[1]}, version {version}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
