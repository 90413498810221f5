"""Make the other tables: operations, strength, activities, figures of nations, other operations."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sulh.store.keeping import Remark
from sulh.store.ledger import HIDDEN, Ledger
from sulh.store.naming import Naming, with_nations, with_operations
from sulh.store.schema import schema
from sulh.store.voices import Voicing, one_voice

Read = Callable[[str], pl.DataFrame | None]

_OPERATION = Naming("on", "operation")
_SHOWN = 10
_FIRST_YEAR = 1945  # the table of states begins here, and with it what a name means


def make(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Return the tables whose rows need names resolved and nothing chosen among sources."""
    made: dict[str, pl.DataFrame] = {}
    for name, maker in _MAKERS.items():
        rows = read(name)
        if rows is not None:
            made[name] = maker(rows, ledger).select(schema(name).keys())
    return made


def _operations(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    heard = _fullest(rows, ledger)
    iso = heard.with_columns(
        pl.col(name).dt.strftime("%Y-%m-%d").alias(name) for name in ("start", "end")
    )
    dated = iso.with_columns(pl.coalesce("start", "end").alias("on"))
    named = with_operations(dated, ledger, "operations", _OPERATION)
    return named.with_columns(pl.col("headquarters").alias("location"))


def _fullest(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return each operation of a source once: from the file that says most of it."""
    told = [name for name in rows.columns if name not in HIDDEN]
    ordered = rows.with_columns(
        pl.sum_horizontal(pl.col(name).is_not_null() for name in told).alias("_told")
    ).sort(["_told", "sha256", "line"], descending=[True, False, False])
    once = ordered.unique(["origin", "operation_name"], keep="first", maintain_order=True)
    rest = ordered.join(once, on=["sha256", "line"], how="anti")
    for sha256, origin, number in (
        rest.group_by("sha256", "origin").agg(pl.len()).sort("sha256").iter_rows()
    ):
        words = f"{number} operations stand in another row of the source that says more of them"
        ledger.remark(sha256, origin, Remark("said_elsewhere", words, "note"))
    return once.drop("_told")


def _strength(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("operation_name", "personnel_type")
    heard = one_voice(rows, ledger, Voicing("strength", "month", keys, ("deployed", "authorised")))
    return with_operations(heard, ledger, "strength", Naming("month", "operation"))


def _activities(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("operation_name", "activity", "manner")
    heard = one_voice(rows, ledger, Voicing("activities", "year", keys, ("places",)))
    if "coded" in heard.columns:
        heard = heard.filter(pl.col("coded").fill_null(1) == 1)
    dated = heard.with_columns(pl.col("year").cast(pl.String).alias("on"))
    return with_operations(dated, ledger, "activities", _OPERATION)


def _nation_years(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("nation_name", "nation_code", "measure")
    recent = _within_states(rows, ledger)
    heard = one_voice(recent, ledger, Voicing("nation_years", "year", keys, ("value",)))
    dated = heard.with_columns(pl.col("year").cast(pl.String).alias("on"))
    naming = Naming("on", territory=True)
    told = with_nations(dated.filter(pl.col("value").is_not_null()), ledger, "nation_years", naming)
    # A row without a figure says that the source has none: it matters for nations that existed.
    silent = Ledger(ledger.inputs)
    untold = with_nations(dated.filter(pl.col("value").is_null()), silent, "nation_years", naming)
    return one_figure(pl.concat([told, untold]), ledger)


def _within_states(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return the figures of years for which the facts say what states there were."""
    early = pl.col("year") < _FIRST_YEAR
    for sha256, origin, number in (
        rows.filter(early).group_by("sha256", "origin").agg(pl.len()).sort("sha256").iter_rows()
    ):
        words = f"{number} figures of years before {_FIRST_YEAR} are left out: the table of states"
        remark = Remark("before_states", f"{words} begins then", "note")
        ledger.remark(sha256, origin, remark)
    return rows.filter(~early)


def one_figure(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return one row for each nation, year, measure and origin: the one with the largest figure.

    Names that are true as of a date make several of one: for 1990 a source may give the Soviet
    Union, Russia and Ukraine, which all mean the Soviet Union. No part exceeds the whole, so the
    largest is the whole where the source gives it; the others are remarked on.
    """
    key = ["year", "nation", "measure", "origin"]
    known = rows.filter(pl.col("value").is_not_null())
    falling = known.sort(*key, "value", descending=[False] * 4 + [True], maintain_order=True)
    chosen = falling.unique(key, keep="first", maintain_order=True)
    unknown = rows.filter(pl.col("value").is_null()).join(chosen, on=key, how="anti")
    several = known.filter(pl.len().over(key) > 1).with_columns(
        pl.format("{} {}", "nation", "year").alias("which")
    )
    for sha256, origin, which, count in (
        several.group_by("sha256", "origin")
        .agg(pl.col("which").unique().sort(), pl.len())
        .sort("origin", "sha256")
        .iter_rows()
    ):
        shown = ", ".join(which[:_SHOWN]) + (", …" if len(which) > _SHOWN else "")
        message = (
            f"{count} figures mean {len(which)} nations and years ({shown}); the largest count"
        )
        ledger.remark(sha256, origin, Remark("several_figures", message, "doubt", None, None, None))
    once = unknown.unique(key, keep="first", maintain_order=True)
    return pl.concat([chosen, once]).sort("origin", "measure", "year", "nation")


def _other_operations(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("operation_name", "country_name")
    heard = one_voice(rows, ledger, Voicing("other_operations", "month", keys, ("troops",)))
    hosted = with_nations(heard, ledger, "other_operations", Naming("month", "host", keep=True))
    return with_operations(hosted, ledger, "other_operations", Naming("month", "operation"))


_MAKERS = {
    "operations": _operations,
    "strength": _strength,
    "activities": _activities,
    "nation_years": _nation_years,
    "other_operations": _other_operations,
}
