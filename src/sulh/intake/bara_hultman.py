"""Operations of the UN, of regional bodies and of coalitions by host and month, 1993 to 2016.

Source: Bara & Hultman (2020), Just Different Hats?, International Peacekeeping 27(3), from SIPRI's
yearly figures; the months between two of those are interpolated by the authors.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.stata import is_stata, read_stata, variable_names
from sulh.intake.text import refused

_TYPES = ("troops", "police", "observers")
_REQUIRED = {
    *("ccode", "location", "conflictid", "date", "year", "missionid", "mission", "org"),
    *("onlypolice", "SIPRI_totals", "totals_iepo", *(f"{name}_iepo" for name in _TYPES)),
}
_BODIES = {1: "UN", 2: "regional", 3: "international"}
_MOST = 200_000
_EPOCH = 1960 * 12  # Stata counts months from January 1960
_MONTHS_BEFORE, _MONTHS_AFTER = (1948 - 1960) * 12, (2100 - 1960) * 12


@dataclass(frozen=True)
class BaraHultman:
    """The Stata file of the UN and Non-UN Peacekeeping Dataset."""

    key: str = "bara_hultman"

    def recognises(self, document: Document) -> bool:
        """Return whether it is a Stata file with the data set's variables."""
        return is_stata(document.data) and set(variable_names(document.data)) >= _REQUIRED

    def parse(self, document: Document) -> Parsed:
        """Return a row for each operation, host and month.

        The file repeats a row for each conflict of the host; the repetitions are left out after a
        check that they agree. Figures are the authors' main series, without gaps (``iepo``).
        """
        raw = read_stata(document)
        wanted = [name for name in raw.columns if name in _REQUIRED or name == "line"]
        frame = _typed(document, raw.select(wanted))
        good = frame.filter(_sound())
        flags = list(_unsound(frame))
        refuse_if_unfit(document, frame.height, good.height, flags)
        rows, found = _once(good)
        flags += [*found, *_notes(rows)]
        return Parsed(self.key, {"other_operations": tidy("other_operations", rows)}, tuple(flags))


def _typed(document: Document, raw: pl.DataFrame) -> pl.DataFrame:
    """Cast to the types that the arithmetic needs; a file with others is refused."""
    texts = ("location", "mission")
    missing = sorted(_REQUIRED - set(raw.columns))
    mistyped = [name for name in texts if raw.schema.get(name) != pl.String]
    mistyped += [
        name for name, kind in raw.schema.items() if name not in texts and not kind.is_numeric()
    ]
    if missing or mistyped:
        found = f"variables missing or of another type: {', '.join([*missing, *mistyped])}"
        raise refused(document, found, "the file has another layout", "fetch the file again")
    return raw.with_columns(
        pl.col(name).cast(pl.Float64).fill_nan(None)
        for name in raw.columns
        if name not in (*texts, "line")
    ).with_columns(pl.col(name).str.strip_chars() for name in texts)


def _sound() -> pl.Expr:
    """Tell the rows whose month, body, names and figures make sense together."""
    whole = pl.col("date").is_between(_MONTHS_BEFORE, _MONTHS_AFTER) & (
        pl.col("date") == pl.col("date").floor()
    )
    same_year = ((pl.col("date") + _EPOCH) / 12).floor() == pl.col("year")
    body = pl.col("org").is_in([float(body) for body in _BODIES])
    named = (pl.col("location") != "") & (pl.col("mission") != "")
    bounded = [pl.col(f"{name}_iepo").is_between(0, _MOST).fill_null(True) for name in _TYPES]
    return pl.all_horizontal(whole, same_year, body, named, *bounded).fill_null(False)


def _unsound(frame: pl.DataFrame) -> tuple[Flag, ...]:
    message = "the month, body, names or figures make no sense; the row was kept apart"
    lines = frame.filter(~_sound())["line"].to_list()
    return tuple(Flag("row_makes_no_sense", message, "refused", line=line) for line in lines)


def _once(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Return one row for each operation, host and month, in our columns."""
    key = ["missionid", "date"]
    series = [f"{name}_iepo" for name in _TYPES]
    differing = frame.filter(
        pl.any_horizontal(pl.col(name).n_unique().over(key) > 1 for name in series)
    )
    flags = list(
        counted(
            "repetitions_differ",
            "an operation has several figures for a month; the first is used",
            differing["line"].to_list(),
        )
    )
    total = pl.sum_horizontal(series)
    unequal = frame.filter((total - pl.col("totals_iepo")).abs() > 1.0)
    message = "troops, police and observers do not add up to the printed total"
    flags += counted("total_differs", message, unequal["line"].to_list())
    index = (pl.col("date") + _EPOCH).cast(pl.Int64)
    once = frame.unique(key, keep="first", maintain_order=True)
    rows = once.select(
        pl.format("{}-{}", index // 12, (index % 12 + 1).cast(pl.String).str.zfill(2)).alias(
            "month"
        ),
        pl.col("mission").alias("operation_name"),
        pl.col("org").cast(pl.Int64).replace_strict(_BODIES, return_dtype=pl.String).alias("body"),
        pl.col("location").alias("country_name"),
        pl.col("ccode").cast(pl.Int64).cast(pl.String).alias("country_code"),
        pl.col("missionid").cast(pl.Int64).cast(pl.String).alias("mission_id"),
        *(pl.col(f"{name}_iepo").alias(name) for name in _TYPES),
        (pl.col("onlypolice") == 1).alias("police_only"),
        pl.col("SIPRI_totals").is_null().alias("interpolated"),
        "line",
    )
    return rows, flags


def _notes(rows: pl.DataFrame) -> tuple[Flag, ...]:
    """Say what a reader of the figures must know, with the numbers of rows concerned."""
    interpolated = int(rows["interpolated"].sum())
    joined = rows.filter(pl.col("month") >= "2015-01").height
    return (
        Flag(
            "interpolated",
            f"{interpolated} of {rows.height} monthly figures are the authors' interpolation "
            "between yearly ones",
            "note",
        ),
        Flag(
            "observers_in_troops",
            f"in {joined} rows from 2015 on, observers are counted in troops",
            "note",
        ),
    )


SOURCE = BaraHultman()
