"""What a group contributes as a whole, month by month."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sulh.questions.contributions.sums import sums
from sulh.questions.membership import memberless
from sulh.questions.period import Figures
from sulh.questions.selection import Selection, only_members
from sulh.questions.wording import WORLD

_COLUMNS = {
    "month": pl.String,
    **dict.fromkeys(("persons", "world"), pl.Int64),
    "share": pl.Float64,
    "nations": pl.Int64,
}
_Row = tuple[int | None, int | None, float | None, int | None]
_UNKNOWN: _Row = (None, None, None, None)


def together(
    selection: Selection, group: str, printed: Mapping[str, tuple[int, int | None]]
) -> pl.DataFrame:
    """Return a row a month: month, persons, world, share, nations; empty where unknown.

    ``printed`` are persons and nations of the world in months without a report by nation.
    """
    rows: dict[str, _Row] = {}
    alone = {each.month for each in selection.falls(group) if each.alone}
    silent = alone | selection.doubts.without_share
    for month, (persons, nations, world) in _figures(selection, group).items():
        part = month in selection.part
        if part and group == WORLD:
            rows[month] = _UNKNOWN
            continue
        whole = world if selection.world_known and not part else None
        if persons is None or not whole or month in silent:
            rows[month] = (persons, whole, None, nations)
        else:
            rows[month] = (persons, whole, persons / whole, nations)
    if group != WORLD:
        for month in memberless(group, selection.months, selection.view.membership):
            rows.pop(month, None)
    rows |= dict.fromkeys((*selection.absent, *selection.unscoped), _UNKNOWN)
    for month, (persons, nations) in printed.items():
        every = (persons, persons, None, nations)
        rows[month] = every if group == WORLD else (None, persons, None, None)
    months = sorted(rows)
    columns = zip(*(rows[month] for month in months), strict=True) if months else ([],) * 4
    return pl.DataFrame([months, *columns], schema=_COLUMNS, orient="col")


def _figures(selection: Selection, group: str) -> Figures:
    """Return the figures of a group, which are the same by month and by year: added up once."""
    if "@" in group:  # a user's own list may change between two questions
        return _added_up(selection, group)
    held, key = selection.period.figures, (group, selection.view.membership)
    if key not in held:
        held[key] = _added_up(selection, group)
    return held[key]


def _added_up(selection: Selection, group: str) -> Figures:
    """Return persons and nations of the group, and persons of the world, by month."""
    held = selection.rows[["month", "nation", "persons", "giving"]]
    counted = sums(only_members(held, group, selection), ["month"], selection)
    own = {month: (persons, nations) for month, persons, nations in counted.rows()}
    if group == WORLD:
        return {month: (persons, nations, persons) for month, (persons, nations) in own.items()}
    if selection.view.scope == "other":  # no report is complete: whom none lists is unknown
        return {month: (persons, nations, None) for month, (persons, nations) in own.items()}
    # In a month of which only part is known, whoever is not listed is unknown.
    return {
        month: (*own.get(month, (None, None) if month in selection.part else (0, 0)), world)
        for month, world in selection.world().items()
    }
