"""World totals by month: ``data_monthly``."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.ipi.checks import NONE, dated, month_flags, refuse_month_twice
from sulh.intake.text import refused
from sulh.intake.types import long_types, sum_flags

_TYPES = {
    "troop_contributions": "troops",
    "police_contributions": "police",
    "eom_contributions": "experts_on_mission",
}
_TOTAL = "total_contributions"
_AVERAGE = "average_eom_contribution"
_AVERAGES = {
    "troop_contributions": "average_troop_contribution",
    "police_contributions": "average_police_contribution",
    "eom_contributions": _AVERAGE,
    _TOTAL: "average_total_contribution",
}
_ROUNDING = 1e-4
_WANTED = frozenset({"date", "number_of_contributors", *_TYPES, _TOTAL, _AVERAGE})


@dataclass(frozen=True)
class World:
    """Persons of all nations and operations, special political missions included.

    Until mid-1992 the file writes 0 experts with no average: they stand among the troops, so that
    the row of experts is left out rather than said to be zero.
    """

    key: str = "ipi_world"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns of world totals are there."""
        return keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``world_totals``, or raise `RefusedFile`."""
        table, _ = read_rows(document, _WANTED)
        numbers = [*_TYPES, _TOTAL, "number_of_contributors"]
        frame, found = cells.in_turn(
            table.frame, dated, lambda rows: cells.counts(rows, numbers, none=NONE)
        )
        flags = [*table.flags, *found]
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        refuse_month_twice(document, frame, ["month"])
        flags += sum_flags(frame, list(_TYPES), _TOTAL, "types_do_not_add_up")
        flags += month_flags(frame, numbers)
        flags += _average_flags(document, frame)
        unseparated = frame.filter(
            (pl.col("eom_contributions") == 0) & pl.col(_AVERAGE).is_in(NONE)
        )
        message = "experts on mission are not told apart from the troops"
        flags += counted("experts_in_troops", message, unseparated["line"].to_list(), "note")
        parts = long_types(frame, ["month", "line"], _TYPES)
        totals = long_types(
            frame.with_columns(pl.col("number_of_contributors").alias("nations")),
            ["month", "line", "nations"],
            {_TOTAL: "uniformed"},
        )
        rows = pl.concat([parts, totals], how="diagonal").sort("line", "personnel_type")
        return Parsed(self.key, {"world_totals": tidy("world_totals", rows)}, tuple(flags))


def _average_flags(document: Document, frame: pl.DataFrame) -> tuple[Flag, ...]:
    """Return a doubt for rows whose figures do not fit the averages beside them.

    An average is the figure over a whole number of contributions. Raises `RefusedFile` where most
    rows do not fit, as where two columns are exchanged.
    """
    there = {figure: mean for figure, mean in _AVERAGES.items() if mean in frame.columns}
    wrong = pl.lit(value=False)
    for figure, mean in there.items():
        number = pl.col(figure) / pl.col(mean).cast(pl.Float64, strict=False)
        odd = (number - number.round()).abs() > _ROUNDING * number.abs() + _ROUNDING
        wrong = wrong | odd.fill_null(value=False)
    lines = frame.filter(wrong)["line"].to_list()
    if 2 * len(lines) > frame.height:
        raise refused(
            document,
            f"{len(lines)} of {frame.height} rows do not fit the averages beside them",
            "columns are exchanged: troops may stand under police",
            "fetch the file again",
        )
    message = "a figure does not fit the average beside it: cells may be exchanged"
    return counted("average_differs", message, lines)
