"""Activities of UN operations by year, coded from the Secretary-General's reports.

Source: Peacekeeping Activity Dataset 2.0 (Otto, Smidt and others, Uppsala University). It is
evidence of practice, not of mandate, for operations in Europe, Asia and the Americas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts, names
from sulh.intake.figures import counted, refuse_if_unfit, require_columns, years
from sulh.intake.text import header, read_csv, refused

_ACTIVITY = re.compile(r"(?P<activity>[A-Za-z_]+?)__(?P<manner>[A-Za-z]+)(?P<others>__IA)?")
_LEAST_ACTIVITIES = 50
_OTHERS = "hostility|abuse|sexualViolence"


@dataclass(frozen=True)
class Pact:
    """The file of operation-years, in CSV."""

    key: str = "pact"

    def recognises(self, document: Document) -> bool:
        """Return whether the header names operations, years and many ``Activity__Manner``."""
        cells = header(document)
        many = sum(bool(_ACTIVITY.fullmatch(cell)) for cell in cells) >= _LEAST_ACTIVITIES
        return many and {"PKO", "year"} <= set(cells)

    def parse(self, document: Document) -> Parsed:
        """Return a row for each operation, year, activity and manner, coded 1 or 0.

        A column that ends in ``__IA`` says whether other international actors took part. Columns
        on hostility and abuse are no activities and are left out.
        """
        table = read_csv(document)
        require_columns(document, table.frame, ["PKO", "year"])
        flags = list(table.flags)
        columns = [name for name in table.frame.columns if _ACTIVITY.fullmatch(name)]
        if len(columns) < _LEAST_ACTIVITIES:
            found_columns = f"{len(columns)} columns of activities"
            raise refused(document, found_columns, "there should be hundreds", "fetch it again")
        frame, found = names(table.frame, ["PKO"])
        flags += found
        frame, found = years(frame, 1948)
        flags += found
        frame, found = counts(frame, columns, none=("NA",), most=1)
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        twice = frame.filter(pl.struct("PKO", "year").is_duplicated())["line"].to_list()
        flags += counted("year_repeated", "an operation has several rows for a year", twice)
        flags += _left_out(table.frame.columns)
        rows = _long(frame, columns)
        alone = rows.filter(pl.col("with_international_actors") > pl.col("coded"))
        message = "others took part in an activity that is not coded"
        flags += counted("others_without_activity", message, alone["line"].unique().to_list())
        return Parsed(self.key, {"activities": tidy("activities", rows)}, tuple(flags))


def _long(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Unfold the columns of activities to rows, each with its mark of international actors."""
    index = ["year", "operation_name", "line"]
    named = {name: _parts(name) for name in columns}
    wide = frame.select("year", pl.col("PKO").alias("operation_name"), "line", *columns)
    long = wide.unpivot(columns, index=index, value_name="coded").with_columns(
        pl.col("variable")
        .replace_strict(
            {name: parts[place] for name, parts in named.items()}, return_dtype=pl.String
        )
        .alias(column)
        for place, column in enumerate(("activity", "manner", "mark"))
    )
    key = [*index, "activity", "manner"]
    marked = long.filter(pl.col("mark") != "").select(
        *key, pl.col("coded").alias("with_international_actors")
    )
    plain = long.filter(pl.col("mark") == "").select(*key, "coded")
    return plain.join(marked, on=key, how="left").sort("line", maintain_order=True)


def _parts(name: str) -> tuple[str, str, str]:
    found = _ACTIVITY.fullmatch(name)
    return (found["activity"], found["manner"], found["others"] or "") if found else ("", "", "")


def _left_out(columns: list[str]) -> list[Flag]:
    others = [name for name in columns if re.match(_OTHERS, name)]
    if not others:
        return []
    message = f"{len(others)} columns on hostility and abuse are no activities and are left out"
    return [Flag("columns_left_out", message, "note")]


SOURCE = Pact()
