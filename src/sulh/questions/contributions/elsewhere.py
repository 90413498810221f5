"""Evidence of service beside head-counts: places on maps, and cited facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from sulh.facts.known import Known, contributions_known, known_of
from sulh.facts.operations import operations
from sulh.questions.ground import names_of
from sulh.questions.membership import members_on
from sulh.questions.reported import reported
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, group_text
from sulh.result import Result
from sulh.store.reading import Store

_OF_PLACES = ("month", "operation", "troops", "origin")
SERVING = {"troops", "personnel", "police", "military", "battalion"}
_KNOWN = {
    **dict.fromkeys(("nation", "name", "operation", "measure"), pl.String),
    "value": pl.Int64,
    **dict.fromkeys(("qualifier", "start", "end", "place", "body"), pl.String),
    "verified": pl.Boolean,
    "source": pl.String,
}


@lru_cache(maxsize=64)
def on_maps(store: Store, nation: str) -> tuple[tuple[str, str, float | None, set[str]], ...]:
    """Return operation, month, troops and origins of the places at which maps show a nation.

    In order of month, the places of an operation added up; troops are null where any place's are.
    """
    if not store.has("deployment_contributors"):
        return ()
    shown = store.scan("deployment_contributors").select("nation", *_OF_PLACES).collect()
    places: dict[tuple[str, str], list[tuple[float | None, str]]] = {}
    for month, operation, *told in (
        shown.filter(pl.col("nation") == nation).select(_OF_PLACES).iter_rows()
    ):
        places.setdefault((month, operation), []).append((told[0], told[1]))
    return tuple(
        (operation, month, _sum_if_known(troops for troops, _ in found), {key for _, key in found})
        for (month, operation), found in sorted(places.items())
    )


def _sum_if_known(numbers: Iterable[float | None]) -> float | None:
    """Return the sum, None if any part of it is unknown.

    >>> _sum_if_known([1.0, 2.0]), _sum_if_known([1.0, None])
    (3.0, None)
    """
    listed = [*numbers]
    known = [number for number in listed if number is not None]
    return sum(known) if len(known) == len(listed) else None


def served_by_place(
    store: Store, nation: str, view: View
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return operations at whose places maps show the nation, in months without head-counts by
    operation; with the keys of the sources.

    ``peak`` is the largest sum over the places of a month, where the source gives a number for
    each; it counts troops at mapped places only.
    """
    first, last = view.from_ or "", view.to or "9999"
    there = [row for row in on_maps(store, nation) if first <= row[1] <= last]
    told = reported(store).told
    places: dict[str, list[tuple[str, float | None]]] = {}
    for operation, month, troops, _ in there:
        if month not in told:
            places.setdefault(operation, []).append((month, troops))
    found = [_by_place(operation, months) for operation, months in places.items()]
    return found, tuple({key for *_, keys in there for key in keys}) if found else ()


def _by_place(operation: str, months: Sequence[tuple[str, float | None]]) -> dict[str, Any]:
    known = [(troops, month) for month, troops in months if troops is not None]
    peak = max((troops for troops, _ in known), default=None)
    return {
        "operation": operation,
        "first_month": months[0][0],
        "last_month": months[-1][0],
        "months": len({month for month, _ in months}),
        "peak": None if peak is None else int(peak),
        "peak_month": next((month for troops, month in known if troops == peak), None),
        "personnel_types": "troops",
        "evidence": "places",
    }


def known_elsewhere(nation: str) -> list[dict[str, Any]]:
    """Return the operations in which cited facts show a nation's military or police personnel.

    Dates are as exact as the source: a year, a month or a day; an empty end was not seen.
    """
    by_operation: dict[str, list[Known]] = {}
    for each in known_of(nation):
        if each.operation and each.measure in SERVING:
            by_operation.setdefault(each.operation, []).append(each)
    return [_by_facts(operation, facts) for operation, facts in by_operation.items()]


def _by_facts(operation: str, facts: Sequence[Known]) -> dict[str, Any]:
    values = [each.value for each in facts if each.value is not None]
    peak = max(values, default=None)
    return {
        "operation": operation,
        "first_month": min((e.valid.start for e in facts if e.valid.start), default=None),
        "last_month": max((e.valid.end for e in facts if e.valid.end), default=None),
        "months": None,
        "peak": peak,
        "peak_month": next((e.valid.start or None for e in facts if e.value == peak), None)
        if values
        else None,
        "personnel_types": "|".join(sorted({each.measure for each in facts})),
        "evidence": "facts",
    }


def known(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return contributions known from single cited pages, operations of other bodies included.

    Columns: nation, name, operation, measure, value, qualifier, start, end, place, body, verified,
    source. These figures differ in kind and date: they are never added to head-counts.
    """
    view = view or View()
    members = None if group == WORLD else members_on(group, view.to or "2025-12", "today")
    bodies = {key: entry.body for key, entry in operations().items()}
    rows = [
        (
            each.nation or None,
            names_of([each.nation])[each.nation] if each.nation else "all nations",
            each.operation or None,
            each.measure,
            each.value,
            each.qualifier,
            each.valid.start or None,
            each.valid.end or None,
            each.place or None,
            bodies.get(each.operation),
            each.verified("value"),
            each.mark.source,
        )
        for each in contributions_known()
        if (members is None or each.nation in members) and _during(each, view)
    ]
    return Result(
        name="known",
        title=f"Contributions known from single sources: {group_text(group)}",
        table=pl.DataFrame(rows, schema=_KNOWN, orient="row"),
        origins=store.origins(["facts"]),
        missing=("A nation that is not listed may well have contributed: these are single facts.",),
        assumed=(
            "Figures differ in kind and date; they are not added to head-counts or to each other.",
            *([] if members is None else [f"Membership of {group}: present-day members."]),
        ),
        query=command(["known", group], View(view.from_, view.to)),
    )


def _during(each: Known, view: View) -> bool:
    first, last = each.valid.first_day, each.valid.last_day
    return (view.from_ is None or last >= view.from_) and (view.to is None or first[:7] <= view.to)
