"""How evenly contributions are spread over the nations that contribute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.core.months import parse_month
from sulh.methods.inequality import lorenz as lorenz_curve
from sulh.methods.inequality import spread
from sulh.questions.ground import names_of
from sulh.questions.held import nation_months
from sulh.questions.labels import as_text, grouped, labels_at, number
from sulh.questions.selection import (
    Selection,
    latest_month,
    only_members,
    refuse_part,
    refuse_unanswerable,
    select,
)
from sulh.questions.view import View, one_breakdown
from sulh.questions.wording import WORLD, assumptions, command, group_text, month_text
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("month", "personnel_type", "operation")
_AMONG = "Nations that contribute nobody are not counted among the units of the measure."
_MOST = 2**32
_TOPS = (1, 3, 5, 10)
_UNITS = {
    "persons": "persons",
    "nations": "nations",
    "effective_nations": "nations",
    **dict.fromkeys(("gini", "hhi"), "index, 0 to 1"),
    **{f"top_{k}": "ratio" for k in _TOPS},
}


def concentration(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return, month by month, how concentrated contributions are among the nations of a group.

    Columns: month, nations, persons, gini, hhi (Herfindahl), effective_nations (1 / hhi), and the
    shares of the largest 1, 3, 5 and 10. Formulas: `sulh.methods.inequality`. ``view.by`` may be
    ``month``, which it is anyhow, ``personnel_type`` or ``operation``: a leading column, and the
    spread of each type or within each operation.
    """
    view = view or View()
    by = one_breakdown(view, BREAKDOWNS)
    keys = [by] if by not in (None, "month") else []
    selection = select(store, view, condensed=not keys)
    table = _spread(contributions_of(selection, group, keys), [*keys, "month"])
    table = table.with_columns(_of_whole_months(selection, table))
    return Result(
        name="concentration",
        title=f"Concentration of uniformed personnel among nations: {group_text(group)}, "
        f"{view.scope_text}",
        table=as_text(table),
        units=_UNITS,
        origins=store.origins(selection.origins),
        missing=selection.notes(group),
        assumed=(*assumptions(view, group), _AMONG),
        query=command(["concentration", group], view),
        chart=Chart("line", "month", "gini", keys[0] if keys else None),
    )


def _spread(counts: pl.DataFrame, cells: list[str]) -> pl.DataFrame:
    """Return the measures of each cell, in order."""
    # Numbers that hold cell and persons are sorted several times faster than rows of columns.
    numbered = counts.select(number(counts, cells) * _MOST + pl.col("persons")).to_series()
    places = numbered.sort(multithreaded=False)  # in order of month already: one thread is faster
    measures = spread(places // _MOST, places % _MOST, _TOPS)
    return measures.select(
        *labels_at(measures["cell"], counts, cells),
        nations="count",
        persons="sum",
        gini="gini",
        hhi="herfindahl",
        effective_nations=1 / pl.col("herfindahl"),
        **{f"top_{k}": f"top_{k}" for k in _TOPS},
    )


def _of_whole_months(selection: Selection, table: pl.DataFrame) -> list[pl.Expr]:
    """Return the measures, null in months known in part; nothing if there are none."""
    if not selection.part:
        return []
    full = selection.in_full(table["month"])
    names = [name for name in _UNITS if name not in ("persons", "nations")]
    columns = [pl.col(name) for name in ("persons", "nations", *names)]
    return [pl.when(full).then(column).name.keep() for column in columns]


def lorenz(
    store: Store, group: str = WORLD, month: str | None = None, view: View | None = None
) -> Result:
    """Return the Lorenz curve of a month (the last one if left out).

    Columns: nations_share, persons_share, nation, name, persons.
    The first point is (0, 0); the others add nations one by one, smallest contribution first.
    """
    month = latest_month(store) if month is None else parse_month(month)
    view = replace(view or View(), from_=month, to=month, by=None)
    selection = select(store, view, condensed=True)
    refuse_unanswerable(selection, month)
    refuse_part(selection, month)
    counts = as_text(contributions_of(selection, group).sort("persons", "nation"))
    if counts.is_empty():
        raise NotAnswerable(
            f"nobody of {group_text(group)} served in {month}, {view.scope_text}",
            "a curve of nobody's shares is not defined",
            "choose another month, group or scope",
        )
    x, y = lorenz_curve(counts["persons"].to_list())
    nations = counts["nation"].to_list()
    names = names_of(nations)
    table = pl.DataFrame(
        {
            "nations_share": x,
            "persons_share": y,
            "nation": [None, *nations],
            "name": [None, *(names[nation] for nation in nations)],
            "persons": [None, *counts["persons"].to_list()],
        },
        schema_overrides={"nation": pl.String, "name": pl.String, "persons": pl.Int64},
    )
    return Result(
        name="lorenz",
        title=f"Lorenz curve of uniformed personnel in {month_text(month)}: {group_text(group)}, "
        f"{view.scope_text}",
        table=table,
        units={"nations_share": "ratio", "persons_share": "ratio", "persons": "persons"},
        origins=store.origins(selection.origins),
        missing=selection.notes(group),
        assumed=(*assumptions(view, group), _AMONG),
        query=command(["lorenz", month, *_named(group)], replace(view, from_=None, to=None)),
        chart=Chart("lorenz", "nations_share", "persons_share"),
    )


def contributions_of(selection: Selection, group: str, keys: Sequence[str] = ()) -> pl.DataFrame:
    """Return persons by month, nation and ``keys`` of a group, those above zero."""
    rows = only_members(selection.rows, group, selection)
    if not keys:
        return nation_months(rows)
    counts = grouped(rows, ["month", "nation", *keys], pl.col("persons").sum())
    return counts.filter(pl.col("persons") > 0)


def _named(group: str) -> list[str]:
    return [] if group == WORLD else ["--group", group]
