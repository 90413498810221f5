"""One month in full, with the attributes of contributors and operations: 73 columns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows
from sulh.intake.duplicates import without_duplicates
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.ipi.checks import NONE, coded, dated, without_apostrophes
from sulh.intake.ipi.operation import operations_in
from sulh.intake.text import refused
from sulh.intake.types import long_types, sum_flags

_TYPES = {
    "troops": "troops",
    "experts_on_mission": "experts_on_mission",
    "individual_police": "individual_police",
    "formed_police_units": "formed_police",
}
_MISSPELT = "inidividual_police"
_NAMES = ("contributor", "contributor_iso_3", "mission", "mission_country")
_POINT = {"mission_hq_latitude": "latitude", "mission_hq_longitude": "longitude"}
_SUMS = ("civilian_police", "observers", "total")
_WANTED = frozenset({"date", *_NAMES, *_POINT, *_SUMS, "troops", "experts_on_mission",
                     "formed_police_units", "mission_hq", "contributor_capital"})  # fmt: skip


@dataclass(frozen=True)
class Month:
    """Persons by nation, operation and type; ``NA`` in a type gives no row.

    ``Civilian_Police`` is the sum of the two kinds of police and ``Observers`` repeats the
    experts: both are checks. Group flags and coordinates of capitals are not taken over.
    """

    key: str = "ipi_month"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns of persons and of attributes are there."""
        keys = keys_of(document)
        return keys >= _WANTED and bool(keys & {_MISSPELT, "individual_police"})

    def parse(self, document: Document) -> Parsed:
        """Return ``contributions`` and ``operations``, or raise `RefusedFile`."""
        table, _ = read_rows(document, _WANTED)
        frame, flags = _spelt(document, table.frame)
        numbers = [*_TYPES, *_SUMS]
        frame, found = cells.in_turn(
            frame,
            lambda rows: without_apostrophes(rows, _NAMES),
            lambda rows: cells.names(rows, _NAMES),
            lambda rows: cells.names(rows, ["mission_hq"], required=False),
            dated,
            lambda rows: coded(rows, "contributor_iso_3"),
            lambda rows: cells.counts(rows, numbers, none=NONE),
            lambda rows: cells.decimals(rows, list(_POINT), none=NONE),
        )
        flags = [*table.flags, *flags, *found]
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        frame = frame.rename(
            {
                **_POINT,
                "contributor": "nation_name",
                "mission": "operation_name",
                "mission_country": "host_names",
                "mission_hq": "headquarters",
            }
        )
        key = ["month", "nation_name", "operation_name"]
        flags += _end_flags(frame)
        frame, found = without_duplicates(frame, key, numbers)
        flags += [*found, *_sums(frame), *_notes(frame)]
        operations, found = operations_in(frame)
        flags += found
        rows = long_types(frame, [*key, "nation_code", "line"], _TYPES)
        tables = {
            "contributions": tidy("contributions", rows.sort("line", "personnel_type")),
            "operations": tidy("operations", operations),
        }
        return Parsed(self.key, tables, tuple(flags))


def _spelt(document: Document, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    if "individual_police" in frame.columns:
        return frame, []
    if _MISSPELT not in frame.columns:
        raise refused(
            document,
            "no column of individual police",
            "a type of personnel is missing",
            "fetch the file again",
        )
    message = "the column Inidividual_Police was read as individual police"
    return (
        frame.rename({_MISSPELT: "individual_police"}),
        [Flag("misspelt_column", message, "repaired", line=1)],
    )


def _sums(frame: pl.DataFrame) -> list[Flag]:
    return [
        *sum_flags(frame, list(_TYPES), "total", "types_do_not_add_up"),
        *sum_flags(
            frame,
            ["individual_police", "formed_police_units"],
            "civilian_police",
            "police_do_not_add_up",
        ),
        *sum_flags(frame, ["experts_on_mission"], "observers", "experts_differ"),
    ]


_LAST_INITIAL = "u"  # no report ends before Uruguay; most end with Zimbabwe


def _end_flags(frame: pl.DataFrame) -> list[Flag]:
    """Return a doubt where the nations, listed by the alphabet, stop before its end."""
    names = frame.sort("line")["nation_name"].str.to_lowercase()
    months = frame["month"].unique().to_list()
    if len(months) != 1 or not names.is_sorted() or names[-1][:1] >= _LAST_INITIAL:
        return []
    last = frame.sort("line").row(-1, named=True)
    message = (
        f"the nations are listed by the alphabet and end with {last['nation_name']}: the rest of "
        "the file may be cut off; it prints no total to check this with"
    )
    return [Flag("ends_early", message, "doubt", month=months[0], line=last["line"])]


def _notes(frame: pl.DataFrame) -> list[Flag]:
    nobody = frame.filter(pl.col("total").fill_null(0) == 0)["line"].to_list()
    return [
        *counted("nobody", "a row without persons; it gives none", nobody, "note"),
        Flag("staff_officers_in_troops", "staff officers are counted among the troops", "note"),
        Flag(
            "attributes_not_used",
            "group flags and capitals are IPI's of 2014 and are not taken "
            "over; the facts have dated ones",
            "note",
        ),
    ]
