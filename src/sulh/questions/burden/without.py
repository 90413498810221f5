"""How a group's share would change if one of its nations left."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.core.months import parse_month
from sulh.questions.burden.concentration import contributions_of
from sulh.questions.ground import names_of
from sulh.questions.selection import refuse_part, refuse_unanswerable, select
from sulh.questions.view import View
from sulh.questions.wording import assumptions, command, month_text
from sulh.result import Chart, Result
from sulh.store.reading import Store


def without(store: Store, group: str, month: str, view: View | None = None) -> Result:
    """Return what a group's share would be without each of its contributors, largest first.

    With G the group's persons, W the world's and x the nation's: share = G / W; ``if_withdrawn`` =
    (G - x) / (W - x), its persons go and nobody replaces them; ``if_replaced`` = (G - x) / W,
    nations outside the group replace them (or the nation leaves the group but not the operations).
    Changes are in percentage points.
    """
    month = parse_month(month)
    view = replace(view or View(), from_=month, to=month, by=None)
    selection = select(store, view, condensed=True)
    refuse_unanswerable(selection, month)
    if not selection.world_known:
        raise NotAnswerable(
            f"the scope {view.scope}",
            "no source reports what every nation gives to operations of other bodies",
            "use the scope un, peacekeeping or political",
        )
    refuse_part(selection, month)
    own = contributions_of(selection, group)
    table = _shares(own, int(own["persons"].sum()), int(selection.rows["persons"].sum()))
    return Result(
        name="without",
        title=f"Share of {group} in {month_text(month)} if one nation left, {view.scope_text}",
        table=table,
        units={"persons": "persons", "change_withdrawn": "points", "change_replaced": "points"}
        | dict.fromkeys(("share", "if_withdrawn", "if_replaced"), "ratio"),
        origins=store.origins(selection.origins),
        missing=selection.notes(group),
        assumed=(
            *assumptions(view, group),
            "Withdrawn: nobody replaces the nation's persons. Replaced: nations outside the group "
            "do. All else equal.",
        ),
        query=command(["without", group, month], replace(view, from_=None, to=None)),
        chart=Chart("bar", "name", "change_withdrawn"),
    )


def _shares(own: pl.DataFrame, group: int, world: int) -> pl.DataFrame:
    nations = own["nation"].to_list()
    names = names_of(nations)
    persons, rest = pl.col("persons"), pl.lit(world) - pl.col("persons")
    share = pl.lit(group / world if world else None, dtype=pl.Float64)
    withdrawn, replaced = (
        pl.when(rest > 0).then((group - persons) / rest),
        (group - persons) / world,
    )
    table = own.select(
        pl.Series("nation", nations, dtype=pl.String),
        pl.Series("name", [names[nation] for nation in nations], dtype=pl.String),
        persons,
        share=share,
        if_withdrawn=withdrawn,
        if_replaced=replaced,
        change_withdrawn=(withdrawn - share) * 100,
        change_replaced=(replaced - share) * 100,
    )
    return table.sort(["persons", "name"], descending=[True, False])
