"""Medical, engineering, transport and aviation units by nation and place."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.ground import names_of, operation_scopes
from sulh.questions.membership import members_by_month
from sulh.questions.selection import origins_of
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, group_text, membership_text
from sulh.result import Chart, Result
from sulh.store.reading import Store

_KINDS = "Medical, engineering, transport and aviation"
BREAKDOWNS = ("year", "unit", "nation", "operation", "host")
UNITS = ("medical", "engineering", "transport", "aviation")
_PLACE = ["operation", "location", "host", "latitude", "longitude"]


def support_units(
    store: Store, group: str = WORLD, view: View | None = None, unit: str | None = None
) -> Result:
    """Return where a group's nations stand beside medical, engineering, transport, aviation units.

    ``unit`` asks for one of the four kinds. Without ``view.by``: a row for each nation, kind of
    unit and place, with the first and the last year, the number of years, and in how many of them
    the nation was the only one at the place (``attributed_years``: then the unit is its own;
    otherwise it may be another nation's). With ``by`` (year, unit, nation, operation, host): the
    number of places and of attributed places, the most first unless by year; nations with name and
    rank (within the other breakdowns).
    """
    view = view or View()
    if unit not in (None, *UNITS):
        raise BadRequest(
            f"unit is {unit!r}", f"kinds of units are {', '.join(UNITS)}", "choose one of these"
        )
    keys = view.dimensions_of(BREAKDOWNS)
    rows = _rows(store, group, view)
    rows = rows if unit is None else rows.filter(pl.col("unit") == unit)
    table = _counted(rows, keys) if keys else _placed(rows)
    return Result(
        name="support_units",
        title=f"{_KINDS if unit is None else unit.capitalize()} units of {group_text(group)}, "
        f"{view.scope_text}",
        table=table,
        units={"latitude": "degrees", "longitude": "degrees"},
        origins=origins_of(store, rows.lazy()),
        missing=(
            "The source maps troop locations from UN maps; units that maps do not show, and "
            "operations without maps, are absent.",
        ),
        assumed=(
            "A unit is a nation's own where the nation is the only one at the place (attributed); "
            "elsewhere it stands beside the unit.",
            f"Scope: {view.scope_text}.",
            *membership_text(view, group),
        ),
        query=command(["units", group, *([] if unit is None else ["--unit", unit])], view),
        chart=_chart(keys, table),
    )


def _chart(keys: tuple[str, ...], table: pl.DataFrame) -> Chart:
    """Return places by the first breakdown; without one, each nation's places by kind of unit."""
    if not keys:
        placed = table.group_by("name", "unit", maintain_order=True).agg(places=pl.len())
        return Chart("bar", "name", "places", "unit", rows=placed)
    named = ["name" if key == "nation" and "year" not in keys else key for key in keys]
    kind = "line" if keys[0] == "year" else "bar"
    return Chart(kind, named[0], "places", ",".join(named[1:]) or None)


def _rows(store: Store, group: str, view: View) -> pl.DataFrame:
    rows = store.scan("support_units")
    if view.from_ is not None:
        rows = rows.filter(pl.col("year") >= int(view.from_[:4]))
    if view.to is not None:
        rows = rows.filter(pl.col("year") <= int(view.to[:4]))
    table = rows.collect()
    if view.scope != "all":
        scopes = operation_scopes()
        scope = pl.col("operation").replace_strict(scopes, default=None, return_dtype=pl.String)
        keep = scope.ne_missing("other") if view.scope == "un" else scope.eq_missing(view.scope)
        table = table.filter(keep)
    if table.is_empty():
        raise NotAnswerable(
            "no support units in this period and scope",
            "the store holds none, which does not mean that none were there",
            "choose another period, or import the files of Geo-PKO",
        )
    if group == WORLD:
        return table
    months = tuple(f"{year}-12" for year in sorted(table["year"].unique()))
    members = members_by_month(group, months, view.membership)
    dated = members.with_columns(year=pl.col("month").str.slice(0, 4).cast(pl.Int64))
    return table.join(dated, on=["year", "nation"], how="semi")


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    names = names_of(rows["nation"].drop_nulls().unique().to_list())
    return (
        rows.group_by(["nation", "unit", *_PLACE])
        .agg(
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
            years=pl.col("year").n_unique().cast(pl.Int64),
            attributed_years=pl.col("year").filter(pl.col("attributed")).n_unique().cast(pl.Int64),
        )
        .with_columns(
            name=pl.col("nation").replace_strict(names, default=None, return_dtype=pl.String)
        )
        .select(
            *("nation", "name", "unit", *_PLACE[:3]),
            *("first_year", "last_year", "years", "attributed_years", *_PLACE[3:]),
        )
        .sort("nation", "unit", *_PLACE, nulls_last=True)
    )


def _counted(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    place = pl.struct("operation", "location")
    counted = (
        rows.group_by(keys)
        .agg(
            places=place.n_unique().cast(pl.Int64),
            attributed_places=place.filter(pl.col("attributed")).n_unique().cast(pl.Int64),
            nations=pl.col("nation").n_unique().cast(pl.Int64),
        )
        .sort(keys, nulls_last=True)
    )
    if "year" in keys:
        return counted
    if "nation" in keys:
        return _ranked(counted.drop("nations"), keys)
    return counted.sort("places", descending=True, maintain_order=True)


def _ranked(counted: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Return nations with their names, ranked by places within the other breakdowns."""
    others = [key for key in keys if key != "nation"]
    place = pl.col("places").rank("min", descending=True)
    names = names_of(counted["nation"].drop_nulls().unique().to_list())
    return (
        counted.with_columns(
            rank=(place.over(others) if others else place).cast(pl.Int64),
            name=pl.col("nation").replace_strict(names, default=None, return_dtype=pl.String),
        )
        .select(*others, "rank", "nation", "name", "places", "attributed_places")
        .sort(*others, "rank", "name", nulls_last=True)
    )
