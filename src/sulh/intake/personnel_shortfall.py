"""Authorised and deployed strength of UN operations by month, 1990 to 2015.

Source: Passmore, Shannon & Hart (2018), Rallying the Troops, Journal of Peace Research 55(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.stata import is_stata, read_stata, variable_names
from sulh.intake.text import refused

# our personnel type -> the variables for the authorised and the deployed strength
_STRENGTHS = {
    "troops": ("authtroop", "troop"),
    "police": ("authpolice", "police"),
    "experts_on_mission": ("authmilobs", "milobs"),
    "uniformed": ("totalauth", "total"),
}
_FIGURES = [name for pair in _STRENGTHS.values() for name in pair]
_REQUIRED = {"mission", "year", "month", "totmilauth", "unspecdrawdown", *_FIGURES}
_MOST = 100_000
_ROUNDING = 1.0


@dataclass(frozen=True)
class PersonnelShortfall:
    """The Stata file of authorised and deployed strength."""

    key: str = "personnel_shortfall"

    def recognises(self, document: Document) -> bool:
        """Return whether it is a Stata file with the data set's variables."""
        return is_stata(document.data) and set(variable_names(document.data)) >= _REQUIRED

    def parse(self, document: Document) -> Parsed:
        """Return a row for each operation, month and personnel type.

        A type with neither figure has no row. The authors share the planned reductions of some
        ceilings over the months, which gives fractions; they are rounded.
        """
        raw = read_stata(document)
        frame = _typed(document, raw)
        good = frame.filter(_sound())
        flags = _unsound(frame)
        refuse_if_unfit(document, frame.height, good.height, flags)
        flags += _checks(good)
        return Parsed(self.key, {"strength": tidy("strength", _long(good))}, tuple(flags))


def _typed(document: Document, raw: pl.DataFrame) -> pl.DataFrame:
    numbers = sorted(_REQUIRED - {"mission"})
    wrong = [name for name in numbers if not raw.schema.get(name, pl.String()).is_numeric()]
    if raw.schema.get("mission") != pl.String or wrong:
        found = f"variables missing or of another type: {', '.join(wrong or ['mission'])}"
        raise refused(document, found, "the file has another layout", "fetch the file again")
    return raw.select(
        "line",
        pl.col("mission").str.strip_chars(),
        *(pl.col(name).cast(pl.Float64).fill_nan(None) for name in numbers),
    )


def _sound() -> pl.Expr:
    bounded = [pl.col(name).is_between(0, _MOST).fill_null(True) for name in _FIGURES]
    return pl.all_horizontal(
        pl.col("year").is_between(1948, 2100),
        pl.col("month").is_in([float(month) for month in range(1, 13)]),
        pl.col("mission") != "",
        *bounded,
    ).fill_null(False)


def _unsound(frame: pl.DataFrame) -> list[Flag]:
    message = "the month, operation or figures make no sense; the row was kept apart"
    lines = frame.filter(~_sound())["line"].to_list()
    return [Flag("row_makes_no_sense", message, "refused", line=line) for line in lines]


def _month() -> pl.Expr:
    return pl.format(
        "{}-{}",
        pl.col("year").cast(pl.Int64),
        pl.col("month").cast(pl.Int64).cast(pl.String).str.zfill(2),
    )


def _long(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        pl.concat(
            frame.select(
                _month().alias("month"),
                pl.col("mission").alias("operation_name"),
                pl.lit(kind).alias("personnel_type"),
                pl.col(authorised).round().cast(pl.Int64).alias("authorised"),
                pl.col(deployed).round().cast(pl.Int64).alias("deployed"),
                (pl.col("unspecdrawdown") == 1).alias("drawdown"),
                "line",
            )
            for kind, (authorised, deployed) in _STRENGTHS.items()
        )
        .filter(pl.col("authorised").is_not_null() | pl.col("deployed").is_not_null())
        .sort("line", maintain_order=True)
    )


def _checks(frame: pl.DataFrame) -> list[Flag]:
    """Compare the printed sums with their parts; remark on repetitions and fractions."""
    flags: list[Flag] = []
    for side, word in ((0, "authorised"), (1, "deployed")):
        parts = [pair[side] for kind, pair in _STRENGTHS.items() if kind != "uniformed"]
        whole = _STRENGTHS["uniformed"][side]
        total = sum((pl.col(name) for name in parts), pl.lit(0.0))
        # a null part makes the sum null, and the row is not compared
        lines = frame.filter((total - pl.col(whole)).abs() >= _ROUNDING)["line"].to_list()
        message = f"the {word} total is not the sum of troops, police and observers"
        flags += counted(f"{word}_total_differs", message, lines)
    twice = frame.filter(pl.struct("mission", "year", "month").is_duplicated())
    message = "an operation has several rows for a month"
    flags += counted("month_repeated", message, twice["line"].to_list())
    broken = [pl.col(name) != pl.col(name).round() for name in _FIGURES]
    fractions = frame.filter(pl.any_horizontal(broken))["line"].to_list()
    message = "fractions of persons, from a reduction shared over months, are rounded"
    flags += counted("fraction_rounded", message, fractions, "repaired")
    return flags


SOURCE = PersonnelShortfall()
