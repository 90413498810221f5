"""Geo-PKO 2.3, the three yearly extracts: strengths, types of units, contributors by place.

Source: Cil, Fjelde, Hultman & Nilsson (2020) and the Geo-PKO project, version 2.3 (1994 to 2024).
They say less than the raw file (no months, no unit types beyond seven) but reach further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts, names
from sulh.intake.figures import counted, figures, refuse_if_unfit, require_columns, years
from sulh.intake.geopko import without_groups
from sulh.intake.geopko_names import MISSING
from sulh.intake.text import header, read_csv

_MOST_TROOPS = 60_000
_FIRST_YEAR = 1948
_ENTRY = re.compile(r"(?P<name>[^,()]+?) \((?P<size>size unknown|\d{1,6})\)(?:, |$)")
_PLACE = ("year", "mission", "location", "latitude", "longitude")
_SIZE_UNKNOWN = "size unknown"


@dataclass(frozen=True, slots=True)
class _Extract:
    """One of the three files: its table, and our column for each of its own beside the place."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def header(self) -> tuple[str, ...]:
        """Return every column that the file must have, in any order."""
        return (*_PLACE, *self.columns)


_FRONT = _Extract(
    "deployments_yearly",
    {
        "country": "country_name",
        "NoTroops": "troops",
        "ave.no.troops": "troops_mean",
        "Infantry": "infantry_troops",
        "Reserve": "reserve_troops",
        "hq": "headquarters_level",
        "Med": "medical",
        "Av": "aviation",
        "UNMO": "observers",
        "UNPOL": "police",
    },
)
_UNITS = _Extract(
    "deployment_units_yearly",
    {
        "Infantry": "infantry_troops",
        "eng": "engineering",
        "med": "medical",
        "sig": "signals",
        "av": "aviation",
        "riv": "riverine",
        "maint": "maintenance",
        "trans": "transport",
    },
)
_CONTRIBUTORS = _Extract(
    "deployment_contributors_yearly",
    {"No.TCC": "contributors", "year.overview": "nation_name"},
)
_EXTRACTS = (_FRONT, _UNITS, _CONTRIBUTORS)


@dataclass(frozen=True)
class GeoPkoYearly:
    """The front map, the troop types map and the contributors map of Geo-PKO 2.3, in CSV."""

    key: str = "geopko"

    def recognises(self, document: Document) -> bool:
        """Return whether the header is that of one of the three extracts."""
        return _extract_of(document) is not None

    def parse(self, document: Document) -> Parsed:
        """Return the one table that the extract holds."""
        extract = _extract_of(document) or _FRONT
        table = read_csv(document)
        require_columns(document, table.frame, extract.header)
        flags = list(table.flags)
        frame = _places(table.frame, flags)
        if extract is _CONTRIBUTORS:
            frame, found = counts(frame, ["No.TCC"], none=MISSING, most=99)
        else:
            own = [name for name in extract.columns if name != "country"]
            frame, found = counts(frame, own, none=MISSING, most=_MOST_TROOPS)
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = frame.rename({**extract.columns, "mission": "operation_name"})
        if extract is _CONTRIBUTORS:
            rows = _contributors(rows, flags)
            refuse_if_unfit(document, frame.height, rows["line"].n_unique(), flags)
        return Parsed(self.key, {extract.table: tidy(extract.table, rows)}, tuple(flags))


def _extract_of(document: Document) -> _Extract | None:
    found = set(header(document))
    fitting = [extract for extract in _EXTRACTS if set(extract.header) <= found]
    return fitting[0] if fitting else None


def _places(raw: pl.DataFrame, flags: list[Flag]) -> pl.DataFrame:
    frame, found = names(raw, ["mission", "location"])
    flags += found
    if "country" in frame.columns:
        frame, found = names(frame, ["country"])
        flags += found
    frame, found = years(frame, _FIRST_YEAR)
    flags += found
    frame, found = figures(frame, ["latitude"], none=MISSING, between=(-90, 90))
    flags += found
    frame, found = figures(frame, ["longitude"], none=MISSING, between=(-180, 180))
    flags += found
    return frame


def read_overview(text: str) -> list[tuple[str, int | None]] | None:
    """Return the contributors of one cell with their troops, None where the size is unknown.

    The whole is None where the cell is written otherwise.

    >>> read_overview("Nepal (size unknown), Cote d'Ivoire (300)")
    [('Nepal', None), ("Cote d'Ivoire", 300)]
    >>> read_overview("Korea (ROK) (150)")
    [('Korea (ROK)', 150)]
    >>> read_overview("about 300 from Nepal") is None
    True
    """
    plain = text.strip().replace("Korea (ROK)", "Korea [ROK]")
    found = list(_ENTRY.finditer(plain))
    if not found or "".join(entry[0] for entry in found) != plain:
        return None
    return [
        (
            entry["name"].replace("[", "(").replace("]", ")"),
            None if entry["size"] == _SIZE_UNKNOWN else int(entry["size"]),
        )
        for entry in found
    ]


def _contributors(frame: pl.DataFrame, flags: list[Flag]) -> pl.DataFrame:
    """Unfold the cells of contributors to rows; keep apart cells that are written otherwise."""
    cells = [read_overview(text or "") for text in frame["nation_name"].to_list()]
    lines = frame["line"].to_list()
    flags += [
        Flag("no_contributors", "the list of contributors cannot be read", "refused", line=line)
        for line, cell in zip(lines, cells, strict=True)
        if cell is None
    ]
    long = pl.DataFrame(
        [
            (line, name, troops)
            for line, cell in zip(lines, cells, strict=True)
            for name, troops in cell or []
        ],
        schema={"line": pl.Int64, "nation_name": pl.String, "troops": pl.Int64},
        orient="row",
    )
    listed = long.group_by("line").agg(pl.len().alias("listed"))
    differ = frame.join(listed, on="line").filter(pl.col("listed") != pl.col("contributors"))
    message = "another number of contributors than listed"
    flags += counted("contributors_differ", message, differ["line"].to_list())
    rows = frame.drop("nation_name").join(long, on="line", maintain_order="left_right")
    keep = [*("year", "operation_name", "location", "latitude", "longitude"), "contributors"]
    return without_groups(rows.select(*keep, "line", "nation_name", "troops"))


SOURCE = GeoPkoYearly()
