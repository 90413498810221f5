"""Contributions of one nation by month and type; its name is only in the name of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows
from sulh.intake.figures import refuse_if_unfit
from sulh.intake.ipi.checks import NONE, dated, refuse_month_twice
from sulh.intake.text import refused
from sulh.intake.types import long_types
from sulh.store.checks.series import falls_and_returns, missing_months, rises_and_returns

_WANTED = frozenset({"date", "troops", "police", "experts"})
_TYPES = {"troops": "troops", "police": "police", "experts": "experts_on_mission"}
_NAME = re.compile(r"[^\W\d_][^\d_/\\<>{}|=+@*?\"]{2,59}")


@dataclass(frozen=True)
class Nation:
    """All operations of one nation together, by month.

    ``NA`` in a type means that the nation had nobody of that type and gives no row. Until 1992
    experts count among the troops, and staff officers always do.
    """

    key: str = "ipi_nation"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns are exactly the four of these files."""
        return keys_of(document) == _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``contributions``, or raise `RefusedFile` where the file's name names nobody."""
        name = nation_in_name(document)
        table, _ = read_rows(document, _WANTED)
        flags = list(table.flags)
        frame, found = cells.in_turn(
            table.frame, dated, lambda rows: cells.counts(rows, list(_TYPES), none=NONE)
        )
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        refuse_month_twice(document, frame, ["month"])
        named = frame.with_columns(pl.lit(name).alias("nation_name"))
        rows = long_types(named, ["month", "nation_name", "line"], _TYPES)
        message = f"the nation, {name}, is known from the name of the file alone"
        flags += [Flag("nation_from_name", message, "note"), *_series_flags(rows, name)]
        message = "staff officers, and experts until 1992, are counted among the troops"
        flags.append(Flag("staff_officers_in_troops", message, "note"))
        tables = {"contributions": tidy("contributions", rows.sort("line", "personnel_type"))}
        return Parsed(self.key, tables, tuple(flags))


def nation_in_name(document: Document) -> str:
    """Return the stem of the file's name, or raise `RefusedFile` where it can be no nation's.

    >>> nation_in_name(Document("countries/Cote d Ivoire.csv", b""))
    'Cote d Ivoire'
    """
    stem = PurePath(document.name).name
    stem = stem.rsplit(".", 1)[0].strip() if "." in stem else stem.strip()
    if not _NAME.fullmatch(stem):
        raise refused(
            document,
            f"{stem[:60]!r} is no name of a nation",
            "files of this kind tell the nation in their name and nowhere else",
            "name the file after the nation, as in Bangladesh.csv",
        )
    return stem


def _series_flags(rows: pl.DataFrame, name: str) -> list[Flag]:
    months = rows.group_by("month").agg(pl.col("persons").sum())
    months = months.with_columns(pl.lit(name).alias("nation"))
    falls = falls_and_returns(months)
    flags = [
        Flag(
            "fall_and_return",
            f"{name} falls from {row['before']:,} to {row['lowest']:,} from {row['first']} to "
            f"{row['last']} and returns to {row['after']:,}: reports may be missing",
            "doubt",
            month=row["first"],
        )
        for row in falls.iter_rows(named=True)
    ]
    flags += [
        Flag(
            "rise_and_return",
            f"{name} rises from {row['before']:,} to {row['highest']:,} from {row['first']} to "
            f"{row['last']} and returns to {row['after']:,}: the figure may be wrong",
            "doubt",
            month=row["first"],
        )
        for row in rises_and_returns(months).iter_rows(named=True)
    ]
    absent = missing_months(rows["month"].to_list())
    if absent:
        message = f"no row for {len(absent)} months, the first {absent[0]}: nobody, or no report"
        flags.append(Flag("months_without_row", message, "note", month=absent[0]))
    return flags
