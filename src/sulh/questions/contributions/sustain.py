"""What a group's own medical units could sustain: a count times published capacities."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.facts.planning import Figure, figures
from sulh.questions.contributions.support_units import support_units
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, group_text
from sulh.result import Chart, Result
from sulh.store.reading import Store

_NUMBER = re.compile(r"\d[\d,]*")
ITEMS = {
    "level 1 outpatients": "outpatients a day, were each a clinic of level 1",
    "level 2 surgery": "operations a day, were each a hospital of level 2",
    "level 2 beds": "beds, were each a hospital of level 2",
    "level 3 surgery": "operations a day, were each a hospital of level 3",
    "level 3 beds": "beds, were each a hospital of level 3",
    "level 2 catchment, Bentiu": "persons, were each like the level 2 hospital at Bentiu",
}


def sustain(store: Store, group: str = WORLD, view: View | None = None) -> Result:
    """Return what the medical units of a group could sustain in the last year mapped.

    A row for each published capacity: ``each_low`` and ``each_high`` of one unit, ``places`` with
    a medical unit at which the group's nations stood, ``own`` of them at which no other nation
    stood, and ``low`` and ``high`` as the products with ``own``. No map gives the level of a unit.
    """
    view = view or View()
    asked = replace(view, by="year")
    counted = support_units(store, group, asked, "medical")
    if counted.table.is_empty():
        raise NotAnswerable(
            f"no place with a medical unit of {group_text(group)} in this period and scope",
            "there is no unit whose capacity could be reckoned",
            "choose another period or group",
        )
    last = counted.table.sort("year").row(-1, named=True)
    held = {one.item: one for one in figures("medical_level")}
    rows = [
        _row(held[item], meaning, last["year"], (last["places"], last["attributed_places"]))
        for item, meaning in ITEMS.items()
    ]
    names = ("year", "measure", "each_low", "each_high", "places", "own", "low", "high", "source")
    table = pl.DataFrame(rows, schema=names, orient="row")
    return Result(
        name="sustain",
        title=f"What medical units of {group_text(group)} could sustain in {last['year']}, "
        f"{view.scope_text}",
        table=table,
        origins=counted.origins,
        missing=(
            *counted.missing,
            "No map gives the level, staff or equipment of a unit; for engineering, transport and "
            "aviation units no published figure says how many persons a unit sustains.",
        ),
        assumed=(
            "Each unit is taken to have the one capacity that is named, in turn: a range, no "
            "measurement.",
            *counted.assumed,
        ),
        query=command(["sustain", group], view),
        chart=Chart("bar", "measure", "high"),
    )


def _row(figure: Figure, meaning: str, year: int, count: tuple[int, int]) -> tuple[int | str, ...]:
    low, high = span(figure.value)
    places, own = count
    return (year, meaning, low, high, places, own, own * low, own * high, figure.mark.source)


def span(text: str) -> tuple[int, int]:
    """Return the least and the most that a published figure says.

    >>> span("3 to 4"), span("over 1,600")
    ((3, 4), (1600, 1600))
    """
    found = [int(number.replace(",", "")) for number in _NUMBER.findall(text)]
    return found[0], found[-1]
