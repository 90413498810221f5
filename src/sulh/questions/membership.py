"""Members of a group over the months of a question, as spans to join with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import polars as pl

from sulh.core.months import month_end, shift_month
from sulh.facts.groups import groups, members, named_in, seats
from sulh.facts.states import by_nation

_SPANS = {"nation": pl.String, "first": pl.String, "last": pl.String}


@dataclass(frozen=True)
class Membership:
    """Who belongs to a group when.

    ``spans`` has the columns nation, first, last (months, both included; a nation may have several
    spans); ``empty`` are the months in which the group has no members.
    """

    spans: pl.DataFrame
    empty: tuple[str, ...]

    def by_month(self, months: Iterable[str]) -> dict[str, set[str]]:
        """Return the members in each of ``months``."""
        rows = self.spans.rows()
        return {
            month: {nation for nation, first, last in rows if first <= month <= last}
            for month in months
        }


def members_on(group: str, month: str, membership: str) -> tuple[str, ...]:
    """Return the members of a group, or of an expression of groups, in a month, sorted."""
    found = members(group, on=month, membership="today" if membership == "today" else "dated")
    return tuple(sorted(found))


def membership_of(group: str, months: tuple[str, ...], membership: str) -> Membership:
    """Return the members of a group over ``months``, which are in order."""
    if "@" in group:  # a user's own list may change between two questions
        return _membership(group, months, membership)
    return _remembered(group, months, membership)


def members_by_month(group: str, months: tuple[str, ...], membership: str) -> pl.DataFrame:
    """Return the members of a group in each month: columns month, nation."""
    spans = membership_of(group, months, membership).spans
    return (
        pl.DataFrame({"month": months}, schema={"month": pl.String})
        .join(spans, how="cross")
        .filter(pl.col("month").is_between(pl.col("first"), pl.col("last")))
        .select("month", "nation")
        .sort("month", "nation")
    )


def memberless(group: str, months: tuple[str, ...], membership: str) -> tuple[str, ...]:
    """Return the months in which a group has no members, such as those before it was founded."""
    return membership_of(group, months, membership).empty


def _membership(group: str, months: tuple[str, ...], membership: str) -> Membership:
    """Ask once for each stretch of months between two changes of any group that is named."""
    spans: list[tuple[str, str, str]] = []
    since: dict[str, str] = {}
    empty: list[str] = []
    previous = ""
    state = _state(group, membership)
    for _, stretch in groupby(months, key=state):
        same = list(stretch)
        found = set(members_on(group, same[0], membership))
        spans += [(nation, since.pop(nation), previous) for nation in sorted(since.keys() - found)]
        since |= dict.fromkeys(found - since.keys(), same[0])
        empty += [] if found else same
        previous = same[-1]
    spans += [(nation, first, previous) for nation, first in sorted(since.items())]
    return Membership(pl.DataFrame(spans, schema=_SPANS, orient="row"), tuple(empty))


_remembered = lru_cache(maxsize=64)(_membership)


def _state(group: str, membership: str) -> Callable[[str], tuple[int, int]]:
    """Return a function of a month that is constant while nothing in the expression changes.

    The present-day members of a group are the same in every month; a state still has its dates.
    """
    named, alone = named_in(group)
    if membership == "today":
        named = frozenset()
    spans = [seat.valid for key in named for seat in seats()[key]]
    spans += [state.valid for nation in alone for state in by_nation()[nation]]
    founded = [groups()[key].founded[:7] for key in named]
    starts = sorted([span.first_day[:7] for span in spans] + founded)
    ends = sorted(_first_without(span.last_day) for span in spans if span.end)

    def state(month: str) -> tuple[int, int]:
        return bisect_right(starts, month), bisect_right(ends, month)

    return state


def _first_without(last_day: str) -> str:
    """Return the first month at whose end a span is over.

    >>> _first_without("2012-02-29"), _first_without("2012-02-28")
    ('2012-03', '2012-02')
    """
    month = last_day[:7]
    return shift_month(month, 1) if last_day == month_end(month).isoformat() else month
