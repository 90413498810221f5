"""Nations of a group by what they contribute in a month."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.core.months import parse_month
from sulh.questions.ground import names_of
from sulh.questions.selection import (
    Selection,
    only_members,
    refuse_unanswerable,
    select,
)
from sulh.questions.view import View
from sulh.questions.wording import WORLD, assumptions, command, group_text
from sulh.result.result import Chart, Result
from sulh.store.reading import Store

_UNITS = {"women": "persons", "men": "persons", "persons": "persons", "share": "ratio"}


def rank(store: Store, month: str, view: View | None = None, group: str = WORLD) -> Result:
    """Return the nations that contribute in a month, largest first.

    Columns: rank, nation, name, women, men, persons, share (of all nations). Equal contributions
    share a rank and the next rank is skipped (1, 2, 2, 4), in order of name; women and men are
    null where any part of a nation's contribution does not separate them.
    """
    month = parse_month(month)
    view = replace(view or View(), from_=month, to=month, by=None)
    selection = select(store, view, condensed=True)
    refuse_unanswerable(selection, month)
    table, none_sent = _ranked(selection, group, month)
    return Result(
        name="rank",
        title=f"Contributors of uniformed personnel in {month}: {group_text(group)}, "
        f"{view.scope_text}",
        table=table,
        units=_UNITS,
        origins=store.origins(selection.origins),
        missing=(*selection.notes(), *_missing(table, none_sent)),
        assumed=(*assumptions(view, group), "Equal contributions share a rank, in order of name."),
        query=command(
            ["rank", month, *([] if group == WORLD else ["--group", group])],
            replace(view, from_=None, to=None),
        ),
        chart=Chart("bar", "name", "persons"),
    )


def _ranked(selection: Selection, group: str, month: str) -> tuple[pl.DataFrame, list[str]]:
    whole = pl.col("unseparated").sum() == 0
    sums = [pl.when(whole).then(pl.col(name).sum()).alias(name) for name in ("women", "men")]
    sums.append(pl.col("persons").sum())
    counts = only_members(selection.rows, group, selection).group_by("nation").agg(sums).collect()
    shared = selection.world_known and month not in selection.doubts.without_share
    total = selection.world()["persons"].item() if shared else None
    names = names_of(counts["nation"].to_list(), month)
    none_sent = sorted(counts.filter(pl.col("persons") == 0)["nation"])
    table = (
        counts.filter(pl.col("persons") > 0)
        .with_columns(
            rank=pl.col("persons").rank("min", descending=True).cast(pl.Int64),
            name=pl.col("nation").replace_strict(names, return_dtype=pl.String),
            share=pl.col("persons") / pl.lit(total, dtype=pl.Float64),
        )
        .sort("rank", "name")
        .select("rank", "nation", "name", "women", "men", "persons", "share")
    )
    return table, none_sent


def _missing(table: pl.DataFrame, none_sent: list[str]) -> tuple[str, ...]:
    said = []
    unknown = table["women"].null_count()
    if unknown:
        said.append(
            f"Women and men are not separated for {unknown} of {table.height} nations: "
            "no figure there, not zero."
        )
    if none_sent:
        said.append(f"Listed with no persons and not ranked: {', '.join(none_sent)}.")
    return tuple(said)
