"""What a subject's own medical units could sustain, as far as published figures carry it."""

from __future__ import annotations

import re

from sulh.briefing.evidence import Evidence
from sulh.briefing.model import Block, Cite, Line
from sulh.briefing.sections.tables import rows_of
from sulh.facts.planning import Figure, figures
from sulh.questions.contributions import support_units
from sulh.result import Result

_NUMBER = re.compile(r"\d[\d,]*")
_CLINIC, _SURGERY, _BEDS = "level 1 outpatients", "level 2 surgery", "level 2 beds"
_CATCHMENT = "level 2 catchment, Bentiu"


def sustain(e: Evidence, year: int) -> list[Block]:
    """Return a paragraph on the units of a year: a range, since no map gives the level of a unit.

    Only places at which no other nation stood are counted: the units there are the subject's own.
    """
    view = e.seen(from_=f"{year}-01", to=f"{year}-12", by="unit")
    result = e.ask(support_units, e.subject.asked, view)
    row = next((row for row in rows_of(result) if row["unit"] == "medical"), None)
    if result is None or row is None:
        return []
    own = row["attributed_places"]
    said = [
        e.say(
            "support.latest",
            year=e.language.year(year),
            places=e.figure(result, row["places"]),
            own=e.figure(result, own),
        )
    ]
    said += _capacity(e, result, own) if own else [e.say("support.not_known")]
    return [e.paragraph(*said, e.say("support.others_not_known"))]


def _capacity(e: Evidence, result: Result, own: int) -> list[Line]:
    held = {one.item: one for one in figures("medical_level")}
    patients, _ = _span(held[_CLINIC])
    low, high = _span(held[_SURGERY])
    few, many = _span(held[_BEDS])
    served, _ = _span(held[_CATCHMENT])
    return [
        e.say(
            "support.capacity",
            patients=e.figure(result, own * patients),
            low=e.figure(result, own * low),
            high=e.figure(result, own * high),
            few=e.figure(result, own * few),
            many=e.figure(result, own * many),
        ),
        _page(e, held[_SURGERY]),
        e.say(
            "support.catchment",
            served=e.figure(result, served),
            year=e.language.year(held[_CATCHMENT].since),
            persons=e.figure(result, own * served),
        ),
        _page(e, held[_CATCHMENT]),
    ]


def _span(figure: Figure) -> tuple[int, int]:
    """Return the least and the most of a figure such as ``3 to 4`` or ``over 1,600``."""
    found = [int(number.replace(",", "")) for number in _NUMBER.findall(figure.value)]
    return found[0], found[-1]


def _page(e: Evidence, figure: Figure) -> Line:
    """Return the citation of the page that a figure was read on."""
    address = figure.address if "://" in figure.address else f"https://{figure.address}"
    return (Cite(e.fact(f"{address} ({figure.mark.source})")),)
