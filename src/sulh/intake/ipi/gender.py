"""Contributions by nation, operation, month, type and sex: ``Gender.Full`` and the later file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows, unread_columns
from sulh.intake.duplicates import without_duplicates
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.ipi.checks import NONE, coded, dated, month_flags, without_apostrophes
from sulh.intake.types import sum_flags, women_above_men

_TYPES = {
    "individual_police": "individual_police",
    "formed_police_units": "formed_police",
    "experts_on_mission": "experts_on_mission",
    "troops": "troops",
}
_NAMES = ("contributor", "contributor_iso_3", "mission")
_NUMBERS = tuple(f"{kind}_{part}" for kind in (*_TYPES, "total")
                 for part in ("male", "female", "total"))  # fmt: skip
_WANTED = frozenset({"date", *_NAMES, *_NUMBERS})
_KEY = ["month", "nation_name", "operation_name"]
_ALL = "all"


@dataclass(frozen=True)
class Gender:
    """Women and men by nation, operation and personnel type.

    A type of which a row has nobody gives no row, whether the file writes 0 or NA. Staff officers
    count among the troops. Roll-up rows, called ``all``, are no contributions: they are compared
    with the sum of the operations and left out.
    """

    key: str = "ipi_gender"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns of types by sex are there."""
        return keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``contributions``, or raise `RefusedFile`."""
        table, _ = read_rows(document, _WANTED)
        flags = [*table.flags, *unread_columns(table.frame, _WANTED | {"column_1"})]
        frame, found = cells.in_turn(
            table.frame,
            lambda rows: without_apostrophes(rows, _NAMES),
            lambda rows: cells.names(rows, _NAMES),
            dated,
            lambda rows: cells.counts(rows, _NUMBERS, none=NONE),
        )
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        frame = frame.rename({"contributor": "nation_name", "mission": "operation_name"})
        frame, found = without_duplicates(frame, [*_KEY, "contributor_iso_3"], _NUMBERS)
        flags += found
        rolled = (pl.col("nation_name") == _ALL) | (pl.col("operation_name") == _ALL)
        rows, found = coded(frame.filter(~rolled), "contributor_iso_3")
        flags += [*found, *_row_sums(rows), *_roll_ups(rows, frame.filter(rolled))]
        rows, found = _mended_totals(rows)
        flags += found
        flags += month_flags(rows, ["nation_name", "operation_name", *_NUMBERS])
        flags += women_above_men(rows, "total_female", "total_male")
        return Parsed(
            self.key, {"contributions": tidy("contributions", _long(rows))}, (*flags, *_notes(rows))
        )


def _long(rows: pl.DataFrame) -> pl.DataFrame:
    parts = [
        rows.select(
            *_KEY,
            "nation_code",
            pl.lit(kind).alias("personnel_type"),
            pl.col(f"{column}_female").alias("women"),
            pl.col(f"{column}_male").alias("men"),
            pl.col(f"{column}_total").alias("persons"),
            "line",
        )
        for column, kind in _TYPES.items()
    ]
    return pl.concat(parts).filter(pl.col("persons") > 0).sort("line", "personnel_type")


def _row_sums(rows: pl.DataFrame) -> list[Flag]:
    """Compare the printed total of a row with its types, and the types left without a total."""
    lost = [pl.col(f"{kind}_total").is_null() & (_women_and_men(kind) > 0) for kind in _TYPES]
    lines = rows.filter(pl.any_horizontal(lost))["line"].to_list()
    message = "women or men without a total; the type of that row was left out"
    parts = [f"{kind}_total" for kind in _TYPES]
    return [
        *sum_flags(rows, parts, "total_total", "types_do_not_add_up"),
        *counted("total_missing", message, lines, "refused"),
    ]


def _women_and_men(kind: str) -> pl.Expr:
    return pl.col(f"{kind}_female").fill_null(0) + pl.col(f"{kind}_male").fill_null(0)


def _mended_totals(rows: pl.DataFrame) -> cells.Kept:
    """Return the rows with women and men added up where the printed total contradicts them.

    In the later file such totals are the women and men of the month before (Egypt in UNMIS): with
    the sum, Egypt has the 5,463 that the United Nations published for October 2010. The women and
    men must add up to their own totals in the row; else the printed total stays, in doubt.
    """
    sound = pl.all_horizontal(
        pl.sum_horizontal(pl.col(f"{kind}_{sex}").fill_null(0) for kind in _TYPES)
        == pl.col(f"total_{sex}").fill_null(0)
        for sex in ("male", "female")
    )
    rows = rows.with_columns(sound.alias("sound"))
    flags: list[Flag] = []
    for kind in _TYPES:
        wrong = rows.filter(pl.col(f"{kind}_total") != _women_and_men(kind))
        flags += [_contradiction(row, kind) for row in wrong.iter_rows(named=True)]
    return rows.with_columns(
        pl.when(pl.col("sound") & (pl.col(f"{kind}_total") > 0) & (_women_and_men(kind) > 0))
        .then(_women_and_men(kind))
        .otherwise(pl.col(f"{kind}_total"))
        .alias(f"{kind}_total")
        for kind in _TYPES
    ).drop("sound"), flags


def _contradiction(row: dict[str, Any], kind: str) -> Flag:
    women, men = row[f"{kind}_female"] or 0, row[f"{kind}_male"] or 0
    mended = bool(row["sound"] and row[f"{kind}_total"] and women + men)
    done = "women and men were added up instead" if mended else "the printed total was kept"
    return Flag(
        "women_and_men_do_not_add_up",
        f"{row['nation_name']} in {row['operation_name']}, {row['month']}: {women} women and "
        f"{men} men of {kind}, but the total is printed as {row[f'{kind}_total']}; {done}",
        "repaired" if mended else "doubt",
        month=row["month"],
        line=row["line"],
    )


def _roll_ups(rows: pl.DataFrame, rolled: pl.DataFrame) -> list[Flag]:
    """Compare the printed roll-ups of nations and of the world with the sum of the operations."""
    if rolled.is_empty():
        return []
    flags = [
        *counted(
            "roll_up_rows",
            "sums over operations or nations; used as checks, not as contributions",
            rolled["line"].to_list(),
            "note",
        )
    ]
    world = pl.col("nation_name") == _ALL
    for part, by in (
        (rolled.filter(~world), ["month", "nation_name"]),
        (rolled.filter(world), ["month"]),
    ):
        sums = rows.group_by(by).agg(pl.col("total_total").sum().alias("sum"))
        wrong = part.join(sums, on=by, how="left").filter(
            pl.col("total_total").fill_null(0) != pl.col("sum").fill_null(0)
        )
        flags += [
            Flag(
                "roll_up_differs",
                f"{row['nation_name']} in {row['month']}: the printed sum is "
                f"{row['total_total']}, the operations add up to {row['sum']}",
                "doubt",
                month=row["month"],
                line=row["line"],
            )
            for row in wrong.sort("line").iter_rows(named=True)
        ]
    return flags


def _notes(rows: pl.DataFrame) -> list[Flag]:
    nobody = rows.filter(pl.col("total_total").fill_null(0) == 0)["line"].to_list()
    return [
        *counted("nobody", "a row without persons; it gives none", nobody, "note"),
        Flag("staff_officers_in_troops", "staff officers are counted among the troops", "note"),
    ]
