"""Pledged against deployed: a forum's pledges beside what contributions show afterwards."""

from __future__ import annotations

import polars as pl

from sulh.core.months import month_of, shift_month
from sulh.registry.models import Forum, Pledge
from sulh.registry.periods import last_day
from sulh.result import Result

COLUMNS = (
    "nation",
    "pledges",
    "persons_pledged",
    "unsized",
    "fulfilled",
    "before",
    "after",
    "change",
    "highest",
    "highest_month",
)
_SCHEMA = dict.fromkeys(COLUMNS, pl.Int64) | {"nation": pl.String, "highest_month": pl.String}


def pledged(
    forum: Forum, pledges: list[Pledge], contributions: pl.DataFrame, months: int = 24
) -> Result:
    """Return for each nation that pledged at a forum what it deployed before and afterwards.

    ``contributions`` has ``month, nation, persons`` (persons deployed on the last day of the
    month, all operations and types); ``months`` is how many months after the forum count. A month
    without a row of a nation that the table covers otherwise is zero; a month that the table does
    not cover at all is unknown. Nothing says that a change came of the pledge.
    """
    at = _month(forum)
    by_month = contributions.group_by("month", "nation").agg(pl.col("persons").sum())
    covered = sorted(set(contributions["month"].to_list()))
    after = [m for m in covered if at is not None and at < m <= shift_month(at, months)]
    known = {(m, n): p for m, n, p in by_month.select("month", "nation", "persons").iter_rows()}
    own = [pledge for pledge in pledges if pledge.forum == forum.id]
    rows = [
        _row(nation, own, _Seen(at if at in covered else None, after, known))
        for nation in sorted({pledge.nation for pledge in own})
    ]
    missing: tuple[str, ...] = (
        () if after else (f"no contributions are known after {at or 'the forum'}",)
    )
    if not own:
        add = f"`sulh registry add pledge forum={forum.id} nation=…` records one"
        missing = (f"The registry holds no pledge made at {forum.id}; {add}.", *missing)
    return Result(
        name="pledged",
        title=f"Pledged at {forum.title} and deployed in the {months} months after",
        table=pl.DataFrame(rows, schema=_SCHEMA, orient="row"),
        units={"persons_pledged": "persons", "before": "persons", "after": "persons"},
        missing=missing,
        assumed=(
            "pledged persons are units times strength; pledges that do not say both are unsized",
            f"after is the last month known, {after[-1] if after else 'none'}; before is that of "
            "the forum",
            "a pledge may concern other things, and a change may have other causes",
        ),
    )


class _Seen:
    """What the contributions show around a forum."""

    def __init__(self, at: str | None, after: list[str], known: dict[tuple[str, str], int]) -> None:
        self.at, self.after, self.known = at, after, known

    def on(self, month: str | None, nation: str) -> int | None:
        """Return the persons of a nation in a month that is covered; None in any other."""
        return None if month is None else self.known.get((month, nation), 0)


def _month(forum: Forum) -> str | None:
    day = forum.ends or forum.begins
    return month_of(last_day(day)) if day else None


def _row(nation: str, pledges: list[Pledge], seen: _Seen) -> tuple[object, ...]:
    own = [pledge for pledge in pledges if pledge.nation == nation]
    sizes = [p.units * p.strength for p in own if p.units is not None and p.strength is not None]
    before = seen.on(seen.at, nation)
    after = seen.on(seen.after[-1], nation) if seen.after else None
    highest = max(
        ((seen.on(month, nation) or 0, month) for month in reversed(seen.after)),
        key=lambda pair: pair[0],
        default=(None, None),
    )
    return (
        nation,
        len(own),
        sum(sizes) if sizes else None,
        len(own) - len(sizes),
        sum(1 for pledge in own if pledge.fulfilled),
        before,
        after,
        after - before if after is not None and before is not None else None,
        *highest,
    )
