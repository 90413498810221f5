"""Fatalities in field missions since 1948: DPPADPOSS-FATALITIES and DPPADPO-FATALITIESPOL."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.facts.states import state_on
from sulh.intake import cells
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import keys_of, read_rows, unread_columns
from sulh.intake.figures import counted, refuse_if_unfit
from sulh.intake.un_hub.codes import CODE_COLUMNS, with_nation_code

_WANTED = frozenset(
    {"incident_date", "casualty_id", "mission_acronym", "casualty_nationality",
     "casualty_personnel_type", "type_of_incident"}
)  # fmt: skip
_KNOWN = _WANTED | set(CODE_COLUMNS) | {"id", "gender", "type_of_casualty", "last_update"}
_TYPE = r"(?i)military|police|civilian|local|observer|volunteer|contractor|troop|staff|^other$"
_NUMBERED = r"-((?:19|20)\d\d)-"
_LATEST = 25  # years from an incident to the number of its casualty
_UNDETERMINED = r"(?i)undetermined|^unknown$"


@dataclass(frozen=True)
class Fatalities:
    """One row a death, by day, operation and nationality."""

    key: str = "un_hub_fatalities"

    def recognises(self, document: Document) -> bool:
        """Return whether the columns are those of the hub's fatalities."""
        return keys_of(document) >= _WANTED

    def parse(self, document: Document) -> Parsed:
        """Return ``fatalities``, or raise `RefusedFile`."""
        table, is_json = read_rows(document, _WANTED)
        frame, flags = table.frame, [*table.flags, *unread_columns(table.frame, _KNOWN)]
        flags += _stray_spaces(frame)
        named = ["mission_acronym", "casualty_id", "casualty_personnel_type", "type_of_incident"]
        frame, found = cells.in_turn(
            frame,
            lambda rows: cells.days(rows, ["incident_date"], epoch=is_json),
            lambda rows: cells.names(rows, named),
            lambda rows: cells.names(rows, ["casualty_nationality"], required=False),
            _deaths,
            _typed,
            _in_its_time,
        )
        flags += found
        frame, found = with_nation_code(_named(frame))
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        frame, found = _each_once(frame)
        flags += [*found, *_unknowns(frame)]
        frame = frame.with_columns(_known_nation().alias("nation_name"))
        rows = tidy(
            "fatalities",
            frame.select(
                "date",
                "casualty",
                "operation_name",
                "nation_name",
                "nation_code",
                "personnel_type",
                "sex",
                "cause",
                "line",
            ),
        )
        return Parsed(self.key, {"fatalities": rows}, tuple(flags))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    sex = (
        pl.col("gender").str.strip_chars().str.to_uppercase()
        if "gender" in frame.columns
        else pl.lit(None, pl.String)
    )
    return frame.with_columns(
        pl.col("incident_date").alias("date"),
        pl.col("casualty_id").alias("casualty"),
        pl.col("mission_acronym").alias("operation_name"),
        pl.col("casualty_nationality").alias("nation_name"),
        pl.col("casualty_personnel_type").alias("personnel_type"),
        pl.col("type_of_incident").alias("cause"),
        pl.when(sex.is_in(["F", "M"])).then(sex).alias("sex"),
    )


def _stray_spaces(frame: pl.DataFrame) -> list[Flag]:
    kind = pl.col("casualty_personnel_type")
    lines = frame.filter(kind != kind.str.strip_chars())["line"].to_list()
    message = "spaces around the personnel type were taken off"
    return list(counted("stray_spaces", message, lines, "repaired"))


def _deaths(frame: pl.DataFrame) -> cells.Kept:
    """Keep apart rows without a day and rows that are no death."""
    undated = frame.filter(pl.col("incident_date").is_null())
    flags = list(
        counted("no_date", "no date; the row was kept apart", undated["line"].to_list(), "refused")
    )
    frame = frame.filter(pl.col("incident_date").is_not_null())
    if "type_of_casualty" not in frame.columns:
        return frame, flags
    fatal = pl.col("type_of_casualty").str.strip_chars().str.to_lowercase() == "fatality"
    other = frame.filter(~fatal.fill_null(False))
    flags += counted(
        "not_a_fatality",
        "the casualty is not called a fatality; the row was kept apart",
        other["line"].to_list(),
        "refused",
    )
    return frame.filter(fatal.fill_null(False)), flags


def _typed(frame: pl.DataFrame) -> cells.Kept:
    """Keep apart rows whose personnel type is none: so they are where columns are exchanged."""
    typed = pl.col("casualty_personnel_type").str.contains(_TYPE)
    other = frame.filter(~typed)
    shown = ", ".join(sorted(set(other["casualty_personnel_type"]))[:5])
    message = f"no personnel type but {shown}; the row was kept apart"
    lines = other["line"].to_list()
    return frame.filter(typed), list(counted("not_a_personnel_type", message, lines, "refused"))


def _in_its_time(frame: pl.DataFrame) -> cells.Kept:
    """Keep apart deaths dated after their number was given, or long before.

    A number names the year (``UNTSO-1948-07-02408``); a death may be numbered years after the
    incident, once after twenty.
    """
    numbered = pl.col("casualty_id").str.extract(_NUMBERED).cast(pl.Int32)
    later = numbered - pl.col("incident_date").dt.year()
    good = later.is_between(0, _LATEST).fill_null(value=True)
    lines = frame.filter(~good)["line"].to_list()
    message = "the date does not fit the year in the casualty's number; the row was kept apart"
    return frame.filter(good), list(counted("date_contradicts_number", message, lines, "refused"))


def _each_once(frame: pl.DataFrame) -> cells.Kept:
    """Return each casualty once; of two nationalities keep the one that existed on the day.

    The hub joins names to codes, so that one death of Serbia and Montenegro appears again as one
    of Montenegro.
    """
    twice = frame.filter(pl.col("casualty").is_duplicated())
    dropped: list[int] = []
    doubtful: list[int] = []
    for _, rows in twice.group_by("casualty", maintain_order=True):
        existed = [
            row["line"]
            for row in rows.iter_rows(named=True)
            if row["nation_code"] and state_on(row["nation_code"], row["date"].isoformat())
        ]
        kept = existed[0] if existed else rows["line"][0]
        lines = [line for line in rows["line"] if line != kept]
        same = rows.select("nation_code").n_unique() == 1 or len(existed) == 1
        (dropped if same else doubtful).extend(lines)
    flags = [
        *counted(
            "casualty_twice",
            "the casualty stands twice; the row whose nationality existed "
            "on the day was kept, this one dropped",
            dropped,
            "repaired",
        ),
        *counted(
            "casualty_twice",
            "the casualty stands twice and both nationalities are "
            "possible; the first row was kept, this one dropped",
            doubtful,
            "doubt",
        ),
    ]
    return frame.filter(~pl.col("line").is_in([*dropped, *doubtful])), flags


def _known_nation() -> pl.Expr:
    name = pl.col("nation_name")
    return pl.when(~name.str.contains(_UNDETERMINED)).then(name)


def _unknowns(frame: pl.DataFrame) -> list[Flag]:
    nameless = frame.filter(pl.col("nation_name").str.contains(_UNDETERMINED).fill_null(True))
    sexless = frame.filter(pl.col("sex").is_null())
    return [
        *counted(
            "nationality_unknown",
            "nationality not determined; left empty",
            nameless["line"].to_list(),
            "note",
        ),
        *counted("sex_unknown", "sex not given; left empty", sexless["line"].to_list(), "note"),
    ]
