"""What a subject's own medical units could sustain, as far as published figures carry it."""

from __future__ import annotations

from sulh.briefing.evidence import Evidence
from sulh.briefing.model import Block, Cite, Line
from sulh.briefing.sections.tables import rows_of
from sulh.facts.planning import Figure, figures
from sulh.questions.contributions import sustain
from sulh.questions.contributions.sustain import ITEMS
from sulh.result import Result

_CLINIC, _SURGERY, _BEDS = "level 1 outpatients", "level 2 surgery", "level 2 beds"
_CATCHMENT = "level 2 catchment, Bentiu"


def sustained(e: Evidence) -> list[Block]:
    """Return a paragraph on the units of the last year mapped: a range, since no map has levels.

    Only places at which no other nation stood are counted: the units there are the subject's own.
    """
    result = e.ask(sustain, e.subject.asked, e.seen())
    if result is None:
        return []
    row = rows_of(result)[0]
    said = [
        e.say(
            "support.latest",
            year=e.language.year(row["year"]),
            places=e.figure(result, row["places"]),
            own=e.figure(result, row["own"]),
        )
    ]
    said += _capacity(e, result) if row["own"] else [e.say("support.not_known")]
    return [e.paragraph(*said, e.say("support.others_not_known"))]


def _capacity(e: Evidence, result: Result) -> list[Line]:
    held = {one.item: one for one in figures("medical_level")}
    rows = {row["measure"]: row for row in rows_of(result)}
    clinic, surgery, beds, catchment = (
        rows[ITEMS[item]] for item in (_CLINIC, _SURGERY, _BEDS, _CATCHMENT)
    )
    return [
        e.say(
            "support.capacity",
            patients=e.figure(result, clinic["low"]),
            low=e.figure(result, surgery["low"]),
            high=e.figure(result, surgery["high"]),
            few=e.figure(result, beds["low"]),
            many=e.figure(result, beds["high"]),
        ),
        _page(e, held[_SURGERY]),
        e.say(
            "support.catchment",
            served=e.figure(result, catchment["each_low"]),
            year=e.language.year(held[_CATCHMENT].since),
            persons=e.figure(result, catchment["low"]),
        ),
        _page(e, held[_CATCHMENT]),
    ]


def _page(e: Evidence, figure: Figure) -> Line:
    """Return the citation of the page that a figure was read on."""
    address = figure.address if "://" in figure.address else f"https://{figure.address}"
    return (Cite(e.fact(f"{address} ({figure.mark.source})")),)
