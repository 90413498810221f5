"""Which of the hub's code columns holds ISO letters: its values tell, its documentation does not.

The hub defines ``isocode3`` as a number and ``m49_code`` as the ISO code in some data sets and the
other way round in others.
"""

from __future__ import annotations

import polars as pl

from sulh.intake.base import Flag
from sulh.intake.figures import counted

CODE_COLUMNS = ("isocode3", "iso_alpha3_code", "m49_code")
_ISO3 = r"^[A-Z]{3}$"


def with_nation_code(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Flag]]:
    """Return the frame with ``nation_code``, ISO 3166-1 alpha-3 or null, and remarks on blanks."""
    columns = [name for name in CODE_COLUMNS if name in frame.columns]
    letters = {
        name: frame[name].str.strip_chars().str.contains(_ISO3).fill_null(False) for name in columns
    }
    chosen = max(columns, key=lambda name: int(letters[name].sum()), default=None)
    if chosen is None or not letters[chosen].any():
        blank = frame.with_columns(pl.lit(None, pl.String).alias("nation_code"))
        return blank, [Flag("no_nation_codes", "no column holds ISO codes; names decide", "note")]
    coded = frame.with_columns(
        pl.when(letters[chosen]).then(pl.col(chosen).str.strip_chars()).alias("nation_code")
    )
    flags = _blank_flags(coded, chosen)
    if chosen == "m49_code":
        message = "the ISO codes stand in m49_code and were read from there"
        flags.append(Flag("codes_exchanged", message, "repaired"))
    return coded, flags


def _blank_flags(coded: pl.DataFrame, column: str) -> list[Flag]:
    none = coded.filter(pl.col("nation_code").is_null() & pl.col("nation_name").is_not_null())
    odd = none.filter(pl.col(column).is_not_null())
    blank = none.filter(pl.col(column).is_null())
    names = ", ".join(sorted(set(blank["nation_name"].to_list()))[:20])
    message = f"no ISO code for {names}; the name decides"
    return [
        *counted("blank_nation_code", message, blank["line"].to_list(), "note"),
        *counted(
            "not_an_iso_code",
            f"{column} holds no ISO code and was left out",
            odd["line"].to_list(),
            "doubt",
        ),
    ]
