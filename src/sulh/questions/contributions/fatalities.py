"""Deaths in operations: a flow, which may be added over time."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.facts.states import by_nation
from sulh.questions.ground import operation_scopes
from sulh.questions.membership import memberless, members_by_month
from sulh.questions.selection import origins_of, share
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, count_of, group_text, membership_text
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("year", "month", "operation", "nation", "cause", "sex", "casualty_type")
_WHEN = pl.coalesce(pl.col("month"), pl.format("{}-12", pl.col("year")))


def fatalities(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return deaths of a group's personnel, by year unless ``view.by`` says otherwise.

    Columns: the breakdowns (year, month, operation, nation, cause, sex, casualty_type), fatalities,
    world (the same of all nations; for nation, all deaths) and share. Unlike head-counts, deaths
    may be added over time.
    """
    view = view or View()
    view = view if view.dimensions else replace(view, by="year")
    keys = view.dimensions_of(BREAKDOWNS, stock=False)
    rows, notes = _rows(store, view)
    months = tuple(rows["when"].drop_nulls().unique().sort())
    own = rows
    before: tuple[str, ...] = ()
    if group != WORLD:
        before = memberless(group, months, view.membership)
        rows = rows.filter(~pl.col("when").is_in(before))
        members = members_by_month(group, months, view.membership).rename({"month": "when"})
        own = rows.join(members, on=["when", "nation"], how="semi")
    table = _counted(rows, own, keys)
    said = ["Deaths are a flow: they may be added over time.", f"Scope: {view.scope_text}."]
    said += membership_text(view, group)
    return Result(
        name="fatalities",
        title=f"Deaths among personnel of {group_text(group)}, {view.scope_text}",
        table=table,
        units={"fatalities": "persons", "world": "persons", "share": "ratio"},
        origins=origins_of(store, rows.lazy()),
        missing=(*notes, *_before(group, before), *_unknown(rows)),
        assumed=tuple(said),
        query=command(["fatalities", group], view if view.by != "year" else replace(view, by=None)),
        chart=Chart(
            "line" if keys[0] in ("year", "month") else "bar",
            keys[0],
            "fatalities",
            ",".join(keys[1:]) or None,
        ),
    )


def _before(group: str, months: tuple[str, ...]) -> tuple[str, ...]:
    if not months:
        return ()
    told = "did not exist" if group in by_nation() else "had no members"
    when = f"{months[0]} to {months[-1]}"
    return (f"{group_text(group)} {told} in {when}: deaths then are left out.",)


def _rows(store: Store, view: View) -> tuple[pl.DataFrame, list[str]]:
    """Return the deaths of the view with ``when``, the month to which each belongs."""
    notes = []
    rows = store.scan("fatalities").with_columns(when=_WHEN)
    if view.from_ is not None:
        rows = rows.filter(pl.col("when") >= view.from_)
    if view.to is not None:
        rows = rows.filter(
            pl.coalesce(pl.col("month"), pl.format("{}-01", pl.col("year"))) <= view.to
        )
    table = rows.collect()
    if table.is_empty():
        raise NotAnswerable(
            f"no deaths from {view.from_ or 'the start'} to {view.to or 'the end'}",
            "the store holds none in this period, which need not mean that nobody died",
            "choose another period, or import the publisher's file of fatalities",
        )
    yearly = table["month"].null_count()
    if yearly and (view.from_ or view.to):
        notes.append(
            f"{count_of(yearly, 'row')} of {table.height:,} give the year only: years that the "
            "period touches are counted whole."
        )
    return _in_scope(table, view, notes), notes


def _in_scope(table: pl.DataFrame, view: View, notes: list[str]) -> pl.DataFrame:
    if view.scope == "all":
        return table
    scopes = operation_scopes()
    scope = pl.col("operation").replace_strict(scopes, default=None, return_dtype=pl.String)
    if view.scope == "un":
        return table.filter(scope.ne_missing("other"))
    unknown = table.filter(scope.is_null())["fatalities"].sum()
    if unknown:
        notes.append(f"{unknown:,} deaths whose operation has no known scope are left out.")
    return table.filter(scope.eq_missing(view.scope))


def _counted(rows: pl.DataFrame, own: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    shared = [name for name in keys if name != "nation"]
    deaths = pl.col("fatalities").sum()
    counted = own.group_by(keys).agg(deaths)
    if shared:
        world = rows.group_by(shared).agg(deaths.alias("world"))
        if "nation" in keys:
            table = counted.join(world, on=shared, how="left", nulls_equal=True)
        else:
            table = world.join(counted, on=shared, how="left", nulls_equal=True)
    else:
        table = counted.with_columns(world=pl.lit(rows["fatalities"].sum()))
    table = table.with_columns(pl.col("fatalities").fill_null(0))
    order = [*keys, "fatalities", "world"]
    if {"year", "month"} & set(keys):
        table = table.sort(keys, nulls_last=True)
    else:
        down = [True, *[False] * len(keys)]
        table = table.sort(["fatalities", *keys], descending=down, nulls_last=True)
    return table.select(order).with_columns(share("fatalities", "world"))


def _unknown(rows: pl.DataFrame) -> list[str]:
    said = []
    for column in ("nation", "operation", "sex", "cause"):
        number = rows.filter(pl.col(column).is_null())["fatalities"].sum()
        if number:
            said.append(f"{number:,} deaths without {column} in the source.")
    return said
