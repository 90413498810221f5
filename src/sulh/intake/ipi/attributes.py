"""Attributes of nations and operations in JSON: ``countries`` and ``missions``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from sulh.intake import cells, coordinates
from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.columns import column_key, keys_of
from sulh.intake.figures import counted
from sulh.intake.json_text import looks_like_json, read_json
from sulh.intake.places import known_places
from sulh.intake.text import refused

_COUNTRY = frozenset({"country_id", "country_name", "capital_loc", "un_bloc"})
_MISSION = frozenset({"country_id", "mission", "mission_loc", "hq"})
_NOT_GROUPS = frozenset(
    {"country_id", "country_name", "capital", "capital_loc", "continent", "un_region", "un_bloc"}
)


@dataclass(frozen=True)
class CountriesJson:
    """Attributes of nations; they give no rows, for memberships are facts with dates."""

    key: str = "ipi_countries_json"

    def recognises(self, document: Document) -> bool:
        """Return whether the records describe nations."""
        return looks_like_json(document) and keys_of(document) >= _COUNTRY

    def parse(self, document: Document) -> Parsed:
        """Return no table, and notes on what the file is good for."""
        flags = group_flags(document)
        groups = flags["group"].n_unique()
        message = (
            f"{flags['nation_code'].n_unique()} nations in {groups} groups as of 2014, without "
            "dates: a check on the facts, no rows"
        )
        return Parsed(self.key, {}, (Flag("attributes_only", message, "note"),))


@dataclass(frozen=True)
class MissionsJson:
    """Operations with host and headquarters, without dates."""

    key: str = "ipi_missions_json"

    def recognises(self, document: Document) -> bool:
        """Return whether the records describe operations."""
        return looks_like_json(document) and keys_of(document) >= _MISSION

    def parse(self, document: Document) -> Parsed:
        """Return ``operations``, or raise `RefusedFile`."""
        records = _records(document)
        rows = pl.DataFrame(
            [_mission(record, line) for line, record in enumerate(records, 1)],
            schema={"operation_name": pl.String, "host_names": pl.String,
                    "headquarters": pl.String, "latitude": pl.Float64,
                    "longitude": pl.Float64, "line": pl.Int64},
            orient="row",
        )  # fmt: skip
        rows, flags = _clean(document, rows)
        rows, found = coordinates.mended(rows, known_places())
        placeless = rows.filter(pl.col("latitude").is_null())["line"].to_list()
        message = "no headquarters; coordinates of 0 and 0 mean unknown"
        flags += [*found, *counted("place_unknown", message, placeless, "note")]
        return Parsed(self.key, {"operations": tidy("operations", rows)}, tuple(flags))


def _clean(document: Document, rows: pl.DataFrame) -> cells.Kept:
    """Return the operations with plain names; keep apart those without."""
    rows, flags = cells.names(rows, ["operation_name"])
    rows, found = cells.names(rows, ["host_names", "headquarters"], required=False)
    if rows.is_empty():
        raise refused(
            document, "no operation has a name", "there is nothing to keep", "fetch the file again"
        )
    strayed = rows.filter(pl.col("host_names").str.ends_with("'"))["line"].to_list()
    message = "an apostrophe at the end of a name was taken off"
    flags += [*found, *counted("stray_apostrophe", message, strayed, "repaired")]
    return rows.with_columns(pl.col("host_names").str.strip_chars_end("'")), flags


def group_flags(document: Document) -> pl.DataFrame:
    """Return ``nation_code, nation_name, group`` for each membership the file of nations flags.

    The file is undated and incomplete (its OIC lacks Azerbaijan): compare the facts with it, take
    nothing from it. Raises `RefusedFile`.
    """
    rows = [
        (str(record["country_id"]), str(record.get("country_name", "")), column_key(group))
        for record in _records(document)
        if record.get("country_id")
        for group, member in record.items()
        if member is True and group not in _NOT_GROUPS
    ]
    schema = {"nation_code": pl.String, "nation_name": pl.String, "group": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _records(document: Document) -> list[Mapping[str, object]]:
    value = read_json(document)
    if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
        return list(value.values())
    raise refused(
        document,
        "JSON that is no object of records",
        "nations and operations stand in it by their codes",
        "fetch the file again",
    )


def _mission(record: Mapping[str, object], line: int) -> tuple[object, ...]:
    place = record.get("mission_loc")
    place = place if isinstance(place, dict) else {}
    latitude, longitude = _number(place.get("y")), _number(place.get("x"))
    if (latitude, longitude) == (0.0, 0.0):
        latitude = longitude = None
    names = (_text(record.get(name)) for name in ("mission", "country", "hq"))
    return (*names, latitude, longitude, line)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e6 else None
