"""Panels for statistics: one row a unit and time, one column a variable, with citations.

An absent tie is 0 in the years that its source covers and null outside them; a nation that a
complete report does not list has 0 persons; what no source says is null.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.facts.states import states
from sulh.facts.when import Interval
from sulh.questions.cooperation.edges import cited, edges, kinds
from sulh.questions.cooperation.variables import covered, figures, with_variable
from sulh.questions.cooperation.years import coverage, period
from sulh.questions.membership import members_by_month
from sulh.questions.wording import WORLD
from sulh.result import Result
from sulh.store.reading import Store

Part = tuple[pl.DataFrame, list[str]]
Span = tuple[int, int]
UNITS = ("nation-year", "dyad-year", "operation-month", "nation-operation-month")


def panel(
    store: Store,
    unit: str,
    variables: str | None,
    from_: str | None,
    to: str | None,
    group: str = WORLD,
) -> Result:
    """Return a panel of ``unit`` with the ``variables`` named, with commas.

    nation-year: those of `sulh.questions.cooperation.variables.with_variable`. dyad-year
    (directed): kinds of ties, and ``nation:`` or ``partner:`` before any variable of a nation-year.
    operation-month: persons, women, nations. nation-operation-month: persons, women. Nations are
    those of the group, or all, in each year.
    """
    first, last = period(from_, to)
    if unit not in UNITS:
        raise BadRequest(f"the unit {unit!r}", "no panel has it", f"use {', '.join(UNITS)}")
    names = [v.strip() for v in (variables or _USUAL[unit]).split(",")]
    if unit.endswith("month"):
        table, keys = _monthly(store, unit, names, (from_, to), group)
    else:
        if first is None or last is None:
            raise BadRequest("no --from or --to", "a panel of years needs its bounds", "give both")
        make = _nation_years if unit == "nation-year" else _dyad_years
        table, keys = make(store, names, (first, last), group)
    if table.is_empty():
        raise NotAnswerable(f"no {unit} rows", "no such unit in the period", "widen the period")
    return Result(
        name="panel",
        title=f"Panel of {unit}: {', '.join(names)}",
        table=table,
        origins=store.origins(keys),
        missing=coverage(store, keys),
        assumed=(
            "An absent tie is 0 in the years that its source covers, null outside them.",
            "persons are a stock: a year has the mean of its months, never a sum.",
            *(
                ()
                if group == WORLD
                else (f"Nations: members of {group} in December of each year.",)
            ),
        ),
    )


_USUAL = {
    "nation-year": "persons,operations",
    "dyad-year": "alliance,co_deployment",
    "operation-month": "persons,women,nations",
    "nation-operation-month": "persons,women",
}


def _nations(group: str, span: Span) -> pl.DataFrame:
    """Return the nations of each year: members of the group, or all states that existed in it."""
    years = range(span[0], span[1] + 1)
    if group != WORLD:
        rows = members_by_month(group, tuple(f"{year}-12" for year in years), "dated")
        return rows.select(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"), "nation")
    found = {
        (year, state.nation)
        for state in states()
        if state.kind == "state"
        for year in years
        if state.valid.overlaps(Interval(str(year), str(year)))
    }
    return pl.DataFrame(sorted(found), schema={"year": pl.Int64, "nation": pl.String}, orient="row")


def _nation_years(store: Store, names: Sequence[str], span: Span, group: str) -> Part:
    table, keys = _nations(group, span), set[str]()
    for name in names:
        table, found = with_variable(store, table, name, span)
        keys |= set(found)
    return table.sort("nation", "year"), sorted(keys)


def _of_side(store: Store, table: pl.DataFrame, name: str, span: Span) -> Part:
    """Return the pairs with a variable of one side: ``nation:NAME`` or ``partner:NAME``."""
    side, _, variable = name.partition(":")
    own = table.select("year", pl.col(side).alias("nation")).unique()
    added, keys = with_variable(store, own, variable, span)
    added = added.rename({"nation": side, variable: name})
    return table.join(added, on=["year", side], how="left"), keys


def _dyad_years(store: Store, names: Sequence[str], span: Span, group: str) -> Part:
    own = _nations(group, span)
    table = own.join(own.rename({"nation": "partner"}), on="year").filter(
        pl.col("nation") != pl.col("partner")
    )
    keys = set[str]()
    for name in names:
        if name.startswith(("nation:", "partner:")):
            table, found = _of_side(store, table, name, span)
            keys |= set(found)
            continue
        rows = edges(store, name, span)
        keys |= set(cited(store, rows)) if rows.height else set()
        sums = rows.group_by("year", "nation", "partner").agg(pl.col("value").max().alias(name))
        joined = table.join(sums, on=["year", "nation", "partner"], how="left")
        # Two nations that never voted on one roll call are not unlike: their likeness is unknown.
        table = joined if name == "votes" else covered(rows, joined, name)
    return table.sort("nation", "partner", "year"), sorted(keys)


def _monthly(
    store: Store,
    unit: str,
    names: Sequence[str],
    bounds: tuple[str | None, str | None],
    group: str,
) -> Part:
    known = ("persons", "women", "nations") if unit == "operation-month" else ("persons", "women")
    odd = sorted(set(names) - set(known))
    if odd:
        raise BadRequest(
            f"the variables {', '.join(odd)}", "no such column", f"use {', '.join(known)}"
        )
    rows = store.scan("contributions").filter(pl.col("operation").is_not_null())
    low, high = bounds
    rows = rows.filter(pl.col("month") >= low) if low else rows
    rows = (
        rows.filter(pl.col("month") <= (high if len(high) > 4 else f"{high}-12")) if high else rows
    )
    own = rows.collect()
    if group != WORLD and own.height:
        months = tuple(own["month"].unique().sort())
        own = own.join(members_by_month(group, months, "dated"), on=["month", "nation"], how="semi")
    key = ["operation", "month"] if unit == "operation-month" else ["nation", "operation", "month"]
    whole = pl.col("women").is_not_null().all()
    sums: dict[str, pl.Expr] = {
        "persons": pl.col("persons").sum(),
        "women": pl.when(whole).then(pl.col("women").sum()).alias("women"),
        "nations": pl.col("nation").filter(pl.col("persons") > 0).n_unique().alias("nations"),
    }
    table = own.group_by(key).agg(sums[name] for name in names).sort(key)
    return table, sorted(own["origin"].unique().to_list())


def variables(store: Store) -> tuple[str, ...]:
    """Return what a panel of nations or pairs can hold."""
    return (*figures(store), *kinds(store))
