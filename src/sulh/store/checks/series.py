"""What a series of months betrays by itself: copies, holes, a fall and a return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import polars as pl

from sulh.core.months import month_index, month_range, shift_month

_LEAST = 300
_LEFT = 0.1
_LONGEST = 12
_STEEP = ((20, 1_000), (8, 2_000))  # times as many as before, and so many persons at least
MOST = 20_000  # persons of one nation in a month; the most yet is 11,135 (Pakistan, 1994)


def missing_months(months: Iterable[str]) -> tuple[str, ...]:
    """Return the months between the first and the last that do not occur.

    >>> missing_months(["2016-10", "2016-12"])
    ('2016-11',)
    """
    found = set(months)
    if not found:
        return ()
    return tuple(month for month in month_range(min(found), max(found)) if month not in found)


def repeated_months(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the months whose rows equal, in all ``columns``, those of the month just before.

    ``frame`` has the column ``month``; the order of rows does not matter. Compare all nations
    together: one nation may well send the same persons in two months.

    >>> frame = pl.DataFrame({"month": ["1990-11", "1990-12"], "persons": [10329, 10329]})
    >>> repeated_months(frame, ["persons"])
    ('1990-12',)
    """
    rows = frame.select("month", pl.struct(columns).alias("row")).sort("month", "row")
    by_month = {
        month: part["row"].to_list()
        for (month,), part in rows.group_by("month", maintain_order=True)
    }
    return tuple(
        str(month)
        for month, held in by_month.items()
        if held == by_month.get(shift_month(str(month), -1))
    )


def falls_and_returns(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the falls of a series that come back within a year, in months, of one nation each.

    ``frame`` has ``nation``, ``month`` and ``persons``, one row a nation and month; a month in
    which others report and the nation does not counts as 0. A fall is a step from at least 300
    persons to at most a tenth of them; a return is a step to between half and double of what there
    was, after at most 12 months, all of them below a tenth. Units that rotate leave no such hole,
    so that it is more likely one of the reports.

    The result has ``nation, first, last, before, lowest, after``.
    """
    return _found(frame, _holes, min, "lowest")


def rises_and_returns(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rises of a series that go back within a year, or that no nation ever reached.

    ``frame`` is that of `falls_and_returns`. A rise is a step to at least 20 times what there was
    and 1,000 persons, or 8 times and 2,000; it goes back to at most double of what there was. More
    than 20,000 persons of one nation are a rise whatever came after. Beside a fall it is the return
    from that. The result has ``nation, first, last, before, highest, after``.
    """
    return _found(frame, _peaks, max, "highest")


def _found(
    frame: pl.DataFrame,
    spans_of: Callable[[Sequence[int]], list[tuple[int, int]]],
    extreme: Callable[[Iterable[int]], int],
    name: str,
) -> pl.DataFrame:
    """Return the spans of each nation's months, with what was before, between and after."""
    months = sorted(frame["month"].unique().to_list())
    place = {month: at for at, month in enumerate(months)}
    # Lists, because a table with a column for each month takes longer to make than to look through.
    series: dict[str, list[int]] = {}
    for nation, month, persons in frame.select("nation", "month", "persons").iter_rows():
        series.setdefault(nation, [0] * len(months))[place[month]] += persons or 0
    found = [
        (
            nation,
            months[start],
            months[end - 1],
            values[start - 1] if start else 0,
            extreme(values[start:end]),
            values[end] if end < len(values) else 0,
        )
        for nation, values in sorted(series.items())
        for start, end in spans_of(values)
        # Months without any report lie between these too: count by the calendar.
        if month_index(months[min(end, len(months) - 1)]) - month_index(months[start]) <= _LONGEST
        or extreme(values[start:end]) > MOST
    ]
    figures = dict.fromkeys(("before", name, "after"), pl.Int64)
    text = dict.fromkeys(("nation", "first", "last"), pl.String)
    return pl.DataFrame(found, schema={**text, **figures}, orient="row")


def _holes(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return the start and the end (excluded) of every fall that returns."""
    found = []
    place = 1
    while place < len(values):
        before = values[place - 1]
        end = place
        while end < len(values) and before >= _LEAST and values[end] <= _LEFT * before:
            end += 1
        if place < end < len(values) and before <= 2 * values[end] <= 4 * before:
            found.append((place, end))
        place = max(end, place + 1)
    return found


def _peaks(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return the start and the end (excluded) of every rise that goes back or is out of range."""
    if not values or max(values) < _STEEP[0][1]:
        return []
    holes = [(start, end) for start, end in _holes(values) if end - start <= _LONGEST]
    beside = {place for start, end in holes for place in (start - 1, end)}
    found = []
    place = 0
    while place < len(values):
        before = values[place - 1] if place else 0
        end = place
        while end < len(values) and (
            values[end] > MOST or (before and _steep(values[end], before))
        ):
            end += 1
        back = end < len(values) and values[end] <= 2 * before
        vast = max(values[place:end], default=0) > MOST
        if end > place and (vast or back) and not beside & set(range(place, end)):
            found.append((place, end))
        place = max(end, place + 1)
    return found


def _steep(value: int, before: int) -> bool:
    return any(value >= times * before and value >= least for times, least in _STEEP)
