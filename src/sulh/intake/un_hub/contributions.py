"""Uniformed contributions of the hub: DPO-UCHISTORICAL, DPO-UHISTORICALPOL and DPO-UCLATEST."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import column_key, keys_of, read_rows, unread_columns
from sulh.intake.duplicates import without_duplicates
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.types import sum_flags, women_above_men
from sulh.intake.un_hub.codes import CODE_COLUMNS, with_nation_code

_BOTH = frozenset(
    {"contributing_country", "last_reporting_date", "female_personnel", "male_personnel"}
)
_HISTORICAL = _BOTH | {"mission_acronym", "personnel_type"}
_LATEST = _BOTH | {"total_uniformed_personnel"}
_KNOWN = _HISTORICAL | _LATEST | set(CODE_COLUMNS)
_KNOWN |= {"contribution_id", "id", "personnel_contribution_rank", "last_update"}


@cache
def personnel_types() -> dict[str, str]:
    """Return our personnel type for each of the hub's, by key."""
    text = files("sulh.intake.un_hub").joinpath("personnel_types.toml").read_text("utf-8")
    return {key: str(kind) for key, kind in tomllib.loads(text).items()}


@dataclass(frozen=True)
class Contributions:
    """Contributions by nation, operation and personnel type, or by nation alone (latest month).

    A zero that the hub writes is a reported zero and is kept. A row without women or men has no
    sum and is kept apart.
    """

    key: str = "un_hub_contributions"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns are those of the hub's contribution data sets."""
        keys = keys_of(document)
        return keys >= _HISTORICAL or keys >= _LATEST

    def parse(self, document: Document) -> Parsed:
        """Return ``contributions``, or raise `RefusedFile`."""
        latest = not keys_of(document) >= _HISTORICAL
        table, is_json = read_rows(document, _LATEST if latest else _HISTORICAL)
        text = ["contributing_country"] if latest else ["contributing_country", "mission_acronym"]
        numbers = ["female_personnel", "male_personnel"]
        numbers += ["total_uniformed_personnel"] if latest else []
        frame, flags = table.frame, [*table.flags, *unread_columns(table.frame, _KNOWN)]
        frame, found = cells.in_turn(
            frame,
            lambda rows: cells.days(rows, ["last_reporting_date"], epoch=is_json),
            lambda rows: cells.names(rows, text),
            lambda rows: cells.counts(rows, numbers),
        )
        flags += found
        frame, found = with_nation_code(frame.rename({"contributing_country": "nation_name"}))
        flags += found
        frame, found = _complete(_latest(frame) if latest else _historical(frame))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        key = ["month", "nation_name", "operation_name", "personnel_type"]
        frame, found = without_duplicates(frame, key, ["women", "men", "persons"])
        flags += [*found, *_sums(frame), *women_above_men(frame, "women", "men")]
        columns = [*key, "nation_code", "women", "men", "persons", "line"]
        rows = tidy("contributions", frame.select(columns))
        return Parsed(self.key, {"contributions": rows}, tuple(flags))


def _historical(frame: pl.DataFrame) -> pl.DataFrame:
    kinds = frame["personnel_type"].fill_null("").map_elements(column_key, return_dtype=pl.String)
    return frame.with_columns(
        cells.month_text("last_reporting_date").alias("month"),
        pl.col("mission_acronym").alias("operation_name"),
        pl.col("personnel_type").alias("printed type"),
        kinds.replace_strict(personnel_types(), default=None).alias("personnel_type"),
        pl.col("female_personnel").alias("women"),
        pl.col("male_personnel").alias("men"),
        (pl.col("female_personnel") + pl.col("male_personnel")).alias("persons"),
    )


def _latest(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        cells.month_text("last_reporting_date").alias("month"),
        pl.lit(None, pl.String).alias("operation_name"),
        pl.lit("uniformed").alias("personnel_type"),
        pl.lit(None, pl.String).alias("printed type"),
        pl.col("female_personnel").alias("women"),
        pl.col("male_personnel").alias("men"),
        pl.col("total_uniformed_personnel").alias("persons"),
    )


def _complete(frame: pl.DataFrame) -> cells.Kept:
    """Keep apart what has no known type, no date or no number of persons."""
    untyped = pl.col("personnel_type").is_null()
    undated = pl.col("month").is_null()
    unknown = pl.col("persons").is_null()
    printed = ", ".join(sorted(set(frame.filter(untyped)["printed type"].drop_nulls()))[:10])
    flags: list[Flag] = []
    for code, what, rows in (
        ("unknown_personnel_type", f"personnel type {printed or 'empty'} is not known", untyped),
        ("no_date", "no reporting date", undated),
        ("no_persons", "the number of persons is not complete", unknown),
    ):
        lines = frame.filter(rows)["line"].to_list()
        flags += counted(code, f"{what}; the row was kept apart", lines, "refused")
    return frame.filter(~(untyped | undated | unknown)), flags


def _sums(frame: pl.DataFrame) -> list[Flag]:
    return sum_flags(frame, ["women", "men"], "persons", "women_and_men_do_not_add_up")
