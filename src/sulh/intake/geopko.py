"""Geo-PKO, raw: units of UN operations by place and deployment map, one row a place and map.

Source: Cil, Fjelde, Hultman & Nilsson (2020), Mapping Blue Helmets, Journal of Peace Research 57.
Troops are estimated by its authors from the units on UN maps, in standard sizes; they are no
head-counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts, names
from sulh.intake.figures import counted, figures, refuse_if_unfit, require_columns
from sulh.intake.geopko_names import (
    MISSING,
    PRESENCE,
    UNITS,
    is_group,
    is_unnamed,
    month_of_map,
)
from sulh.intake.text import header, read_csv, refused

_MOST_TROOPS = 60_000
_MOST_SLOTS = 40
_REQUIRED = {
    *("source", "mission", "year", "month", "location", "country", "latitude", "longitude"),
    *("no.troops", "no.tcc", "nameoftcc_1", "notroopspertcc_1", "hq", "med", "eng", "trans"),
}
_PLACE = ("month", "operation_name", "location", "country_name", "latitude", "longitude")
_OF_MAP = ("map_source", "line")


def _column(name: str) -> str:
    return name.strip().lower()


@dataclass(frozen=True)
class GeoPko:
    """The raw Geo-PKO file, in CSV."""

    key: str = "geopko"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has Geo-PKO's columns, in any case and order."""
        return {_column(name) for name in header(document)} >= _REQUIRED

    def parse(self, document: Document) -> Parsed:
        """Return deployments, their contributors, and their units by contributor."""
        table = read_csv(document)
        own = [_column(name) for name in table.frame.columns]
        if len(set(own)) < len(own):
            raise refused(
                document,
                "columns whose names differ only in case",
                "it is not known which of them is meant",
                "fetch the file again",
            )
        raw = table.frame.rename(dict(zip(table.frame.columns, own, strict=True)))
        require_columns(document, raw, _REQUIRED)
        flags = list(table.flags)
        places = self._places(raw, flags)
        refuse_if_unfit(document, raw.height, places.height, flags)
        contributors = _contributors(raw, places, flags)
        flags += _checks(places, contributors)
        return Parsed(
            self.key,
            {
                "deployments": _deployments(places),
                "deployment_contributors": tidy(
                    "deployment_contributors",
                    contributors.drop("country_name", "latitude", "longitude", "slot"),
                ),
                "deployment_units": _units(places, contributors),
            },
            tuple(flags),
        )

    def _places(self, raw: pl.DataFrame, flags: list[Flag]) -> pl.DataFrame:
        """Return a row for each place and map with month, names, position and figures read."""
        frame = _with_months(raw, flags)
        frame = frame.rename(
            {"mission": "operation_name", "country": "country_name", "source": "map_source"}
        )
        frame, found = names(frame, ["operation_name", "location", "country_name"])
        flags += found
        frame, found = figures(frame, ["latitude"], none=MISSING, between=(-90, 90))
        flags += found
        frame, found = figures(frame, ["longitude"], none=MISSING, between=(-180, 180))
        flags += found
        frame, found = counts(frame, ["no.troops"], none=MISSING, most=_MOST_TROOPS)
        flags += found
        dummies = [name for name in {**UNITS, **PRESENCE}.values() if name in frame.columns]
        frame, found = counts(frame, dummies, none=MISSING, most=99)
        flags += found
        frame, found = counts(frame, ["hq"], none=MISSING, most=3)
        flags += found
        frame, found = counts(frame, ["no.tcc"], none=MISSING, most=_MOST_SLOTS)
        flags += found
        unplaced = frame.filter(pl.col("latitude").is_null() | pl.col("longitude").is_null())
        flags += counted("no_position", "no coordinates", unplaced["line"].to_list(), "note")
        return frame


def _with_months(raw: pl.DataFrame, flags: list[Flag]) -> pl.DataFrame:
    """Add ``month``; keep apart rows without one, remark on months chosen out of a range."""
    pairs = raw.select("year", "month").unique().fill_null("").rows()
    read = {pair: month_of_map(*pair) for pair in pairs}
    table = pl.DataFrame(
        [(year, month, *found) for (year, month), found in read.items()],
        schema={"year": pl.String, "month": pl.String, "read": pl.String, "range": pl.Boolean},
        orient="row",
    )
    filled = raw.with_columns(pl.col("year", "month").fill_null(""))
    frame = filled.join(table, on=["year", "month"], how="left", maintain_order="left")
    for row in frame.filter(pl.col("read").is_null()).iter_rows(named=True):
        told = f"year {row['year'][:20]!r}, month {row['month'][:20]!r}"
        message = f"{told} give no month; the row was kept apart"
        flags.append(Flag("no_month", message, "refused", line=row["line"]))
    ranges = frame.filter(pl.col("range"))["line"].to_list()
    flags += counted("month_range", "a range of months; its last is used", ranges, "repaired")
    known = frame.filter(pl.col("read").is_not_null())
    return known.drop("month", "range").rename({"read": "month"})


def _deployments(places: pl.DataFrame) -> pl.DataFrame:
    found = {**UNITS, **PRESENCE, "troops": "no.troops", "headquarters_level": "hq"}
    found |= {"contributors": "no.tcc", "comment": "comments"}
    present = {ours: theirs for ours, theirs in found.items() if theirs in places.columns}
    return tidy(
        "deployments",
        places.select(
            *_PLACE, *_OF_MAP, *(pl.col(theirs).alias(ours) for ours, theirs in present.items())
        ),
    )


def _contributors(raw: pl.DataFrame, places: pl.DataFrame, flags: list[Flag]) -> pl.DataFrame:
    """Return a row for each contributor named at a place; unknown nations have no name."""
    slots = [
        place
        for place in range(1, _MOST_SLOTS + 1)
        if {f"nameoftcc_{place}", f"notroopspertcc_{place}"} <= set(raw.columns)
    ]
    long = pl.concat(
        places.select(
            *_PLACE,
            *_OF_MAP,
            pl.col(f"nameoftcc_{slot}").alias("nation_name"),
            pl.col(f"notroopspertcc_{slot}").alias("troops"),
            pl.lit(slot).alias("slot"),
        )
        for slot in slots
    )
    named = ~pl.col("nation_name").is_in(["NA", "Na", ""])
    long = long.filter(pl.col("nation_name").is_not_null() & named).sort("line", "slot")
    long, found = names(long, ["nation_name"])
    flags += found
    long, found = counts(long, ["troops"], none=MISSING, most=_MOST_TROOPS)
    flags += found
    return long.with_columns(
        pl.col("nation_name").n_unique().over("line").cast(pl.Int64).alias("contributors")
    ).pipe(without_groups)


def without_groups(frame: pl.DataFrame) -> pl.DataFrame:
    """Move names of groups from ``nation_name`` to ``group_name``; unknown nations become null."""
    text = pl.col("nation_name")
    seen = [name for name in frame["nation_name"].unique().to_list() if name is not None]
    groups = text.is_in([name for name in seen if is_group(name)])
    unnamed = text.is_in([name for name in seen if is_unnamed(name)])
    return frame.with_columns(
        pl.when(groups).then(text).alias("group_name"),
        pl.when(~groups & ~unnamed).then(text).alias("nation_name"),
    )


def _units(places: pl.DataFrame, contributors: pl.DataFrame) -> pl.DataFrame:
    """Return each type of unit at a place with every contributor that may have sent it."""
    present = [(ours, theirs) for ours, theirs in UNITS.items() if theirs in places.columns]
    units = pl.concat(
        places.filter(pl.col(theirs) == 1).select(
            *_PLACE, *_OF_MAP, pl.lit(ours).alias("unit"), pl.col("no.tcc")
        )
        for ours, theirs in present
    )
    # a nation that the source lists twice for a place is one contributor of its units
    by_line = contributors.select(
        "line", "slot", "nation_name", "group_name", "contributors"
    ).unique(["line", "nation_name", "group_name"], keep="first", maintain_order=True)
    alone = (pl.col("contributors") == 1) & (pl.col("no.tcc").fill_null(1) <= 1)
    found = (
        units.join(by_line, on="line", how="left")
        .with_columns(
            (alone & pl.col("nation_name").is_not_null()).fill_null(False).alias("attributed"),
            pl.col("contributors").fill_null(0),
        )
        .sort("line", "unit", "slot")
    )
    return tidy("deployment_units", found.drop("slot", "no.tcc"))


def _checks(places: pl.DataFrame, contributors: pl.DataFrame) -> list[Flag]:
    """Compare the printed number of contributors and troops with those listed, row by row."""
    listed = contributors.group_by("line").agg(
        pl.len().alias("listed"),
        pl.col("troops").sum().alias("sum"),
        pl.col("troops").null_count().alias("unknown"),
    )
    both = places.join(listed, on="line", how="left")
    number = both.filter(pl.col("no.tcc") != pl.col("listed").fill_null(0))["line"].to_list()
    troops = both.filter((pl.col("unknown") == 0) & (pl.col("sum") != pl.col("no.troops")))[
        "line"
    ].to_list()
    flags = [
        *counted("contributors_differ", "another number of contributors than listed", number),
        *counted("troops_differ", "troops are not the sum of the contributors'", troops),
    ]
    maps = (
        places.group_by("operation_name", "month")
        .agg(pl.col("map_source").n_unique().alias("maps"), pl.col("line").min())
        .filter(pl.col("maps") > 1)
        .sort("line")
    )
    flags += [
        Flag(
            "maps_of_one_month",
            f"{row['maps']} maps of {row['operation_name']}: their troops must not be added",
            "note",
            month=row["month"],
            line=row["line"],
        )
        for row in maps.iter_rows(named=True)
    ]
    return flags


SOURCE = GeoPko()
