"""The mix of personnel: military, police and civilian, women and men."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sulh.questions.ground import women_targets
from sulh.questions.labels import as_text, grouped, labels_of, number
from sulh.questions.reported import civilian_months
from sulh.questions.selection import (
    MILITARY,
    POLICE,
    Selection,
    only_members,
    select,
    total_if_known,
)
from sulh.questions.view import View
from sulh.questions.wording import WORLD, assumptions, command, group_text
from sulh.result import Chart, Result
from sulh.store.condensing import CIVILIAN
from sulh.store.reading import Store

BREAKDOWNS = ("personnel_type", "category", "nation", "operation")
_CATEGORY = {
    **dict.fromkeys(MILITARY, "military"),
    **dict.fromkeys(POLICE, "police"),
    CIVILIAN: "civilian",
    "uniformed": "uniformed (not separated)",
}


def mix(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return a group's personnel by kind, with women, men and the share of women.

    Columns: month, the breakdowns (personnel_type unless ``view.by`` says otherwise; category is
    military, police or civilian), women, men, persons, share (of the group's personnel in the
    month), share_women, and by personnel_type the target for women. Women and men are null where
    any part of the row does not separate them. Without a period: the last month with reports.
    """
    view = view or View()
    keys = view.dimensions_of(BREAKDOWNS) or ("personnel_type",)
    selection = select(store, view, civilians=True)
    last_only = view.from_ is None and view.to is None
    if last_only:
        month = max((*selection.months, *selection.unscoped))
        selection = select(store, replace(view, from_=month, to=month), civilians=True)
    needed = {"nation", "personnel_type", *keys} - {"category"}
    held = selection.rows[["month", "women", "men", "persons", *sorted(needed)]]
    rows = only_members(held, group, selection)
    table = as_text(_known_whole(_mixed(rows, keys), selection, group))
    return Result(
        name="mix",
        title=f"Mix of personnel of {group_text(group)}, {view.scope_text}",
        table=table,
        units=dict.fromkeys(("women", "men", "persons"), "persons")
        | dict.fromkeys(("share", "share_women", "target_women"), "ratio"),
        origins=store.origins(selection.origins),
        missing=(
            *selection.notes(group),
            *selection.doubts.notes_on_women(selection.months),
            *_missing(table, selection, store),
        ),
        assumed=(
            *assumptions(view, group),
            *(["The last month with reports."] if last_only else []),
            "target_women is the UN's target for 2028, by kind of personnel.",
            "Before May 2017 the reports count staff officers as troops.",
        ),
        query=command(["mix", group], view),
        chart=Chart("bar", keys[0], "persons", ",".join(keys[1:]) or None)
        if last_only
        else Chart("area", "month", "persons", ",".join(keys)),
    )


def _mixed(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    if "category" in keys:
        rows = rows.with_columns(category=_categories(rows["personnel_type"]))
    sums = (total_if_known("women"), total_if_known("men"), pl.col("persons").sum())
    divided = pl.col("women") + pl.col("men")
    whole = pl.col("persons").sum().over("month")
    cells = ["month", *keys]
    return (
        grouped(rows, cells, *sums)
        .select(
            *(*cells, "women", "men", "persons"),
            pl.when(whole > 0).then(pl.col("persons") / whole).alias("share"),
            pl.when(divided > 0).then(pl.col("women") / divided).alias("share_women"),
            _targets(rows, keys).alias("target_women"),
        )
        .sort(number(rows, cells))
    )


def _targets(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.Expr:
    """Return the target for women of each row's personnel type, null where rows are not by type."""
    if "personnel_type" not in keys:
        return pl.lit(None, dtype=pl.Float64)
    targets = women_targets()
    by_type = [targets.get(name) for name in labels_of(rows["personnel_type"])]
    code = pl.col("personnel_type").to_physical()
    return pl.lit(pl.Series(by_type, dtype=pl.Float64)).gather(code)


def _categories(types: pl.Series) -> pl.Series:
    """Return military, police or civilian for each personnel type."""
    found = [_CATEGORY.get(name, "other") for name in labels_of(types)]
    return pl.Series(found, dtype=pl.Enum(sorted({*found}))).gather(types.to_physical())


def _known_whole(table: pl.DataFrame, selection: Selection, group: str) -> pl.DataFrame:
    """Return the table without what a month of which only part is known cannot tell.

    That is every part of a whole; and of all nations, what they gave together.
    """
    if not selection.part:
        return table
    whole = group == WORLD and "nation" not in table.columns
    names = ["share", *(["women", "men", "persons", "share_women"] if whole else [])]
    full = selection.in_full(table["month"])
    return table.with_columns(pl.when(full).then(pl.col(name)).alias(name) for name in names)


def _missing(table: pl.DataFrame, selection: Selection, store: Store) -> tuple[str, ...]:
    said = []
    if table["women"].null_count():
        said.append("Women and men are not separated in part of the reports: no figure, not zero.")
    if not set(selection.months) & {month for month, _ in civilian_months(store)}:
        said.append(
            "No source in the store gives civilian personnel by nationality for this period."
        )
    return tuple(said)
