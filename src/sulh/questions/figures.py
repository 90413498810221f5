"""Planning figures as results: what is known of a topic, with source and grade."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import UnknownName
from sulh.facts.planning import fatality_rates, figures, topics
from sulh.questions.listings import FACTS, MARKS
from sulh.questions.wording import count_of
from sulh.result import Result

_RATES = "fatality_rate"


def planning(topic: str | None = None, find: str | None = None) -> Result:
    """Return the topics, or the figures of one as their sources print them.

    ``find`` keeps the figures whose item, operation or note has these words. Columns: item, value
    (text, null where none was found), unit, grade, verified, from, topic, source, address, note;
    for `fatality_rate` operation (null: all of the UN), from, to, cause, deaths, person_years,
    rate per 1,000 person-years, months_interpolated, grade, source. Raises `UnknownName`.
    """
    if topic is None and find is None:
        return _topics()
    if topic is not None and topic not in topics():
        raise UnknownName(
            f"{topic!r} is no topic of planning figures",
            "a figure is found by its topic",
            f"choose one of {', '.join(topics())}; --find looks for words in all of them",
        )
    rates = topic == _RATES
    table = _rates(find) if rates else _figures(topic, find)
    if table.is_empty():
        raise UnknownName(
            f"{find!r} occurs in no planning figure" + (f" of {topic}" if topic else ""),
            "an empty list would read as if nothing were needed",
            "use fewer words, or see `sulh planning` for the topics",
        )
    return Result(
        name="planning",
        title=f"Planning figures: {topics()[topic]}" if topic else "Planning figures",
        table=table,
        units={"rate": "deaths per 1,000 person-years"} if rates else {},
        origins=(FACTS,),
        missing=() if rates else _not_found(table),
        assumed=(MARKS, *(_OF_RATES if rates else _OF_FIGURES)),
    )


_OF_FIGURES = ("Figures of grade R are unverified: no result rests on one without saying so.",)
_OF_RATES = (
    "Uniformed personnel only; person-years are monthly strengths, added and divided by twelve.",
    "Cause other: self-inflicted, unknown or to be determined.",
)


def _topics() -> Result:
    held = {topic: figures(topic) for topic in topics()}
    rows = [
        {
            "topic": topic,
            "about": about,
            "figures": len(held[topic]) if topic != _RATES else len(fatality_rates()),
            "unverified": sum(bool(f.value) and not f.mark.verified("value") for f in held[topic]),
            "not_found": sum(not f.value for f in held[topic]),
        }
        for topic, about in topics().items()
    ]
    return Result("planning", "Topics of planning figures", pl.DataFrame(rows), origins=(FACTS,))


def _figures(topic: str | None, find: str | None) -> pl.DataFrame:
    rows = [
        {
            "item": one.item,
            "value": one.value or None,
            "unit": one.unit,
            "grade": one.mark.grade,
            "verified": one.mark.verified("value"),
            "from": one.since,
            "topic": one.topic,
            "source": one.mark.source,
            "address": one.address,
            "note": one.mark.note,
        }
        for one in figures(topic)
        if _speaks_of(find, one.item, one.unit, one.mark.note)
    ]
    kinds = {name: pl.Boolean if name == "verified" else pl.String for name in _COLUMNS}
    return pl.DataFrame(rows, schema=kinds)


_COLUMNS = (
    *("item", "value", "unit", "grade", "verified"),
    *("from", "topic", "source", "address", "note"),
)


def _rates(find: str | None) -> pl.DataFrame:
    rows = [
        {
            "operation": one.operation or None,
            "from": one.start,
            "to": one.end,
            "cause": one.cause,
            "deaths": one.deaths,
            "person_years": one.person_years,
            "rate": one.rate,
            "months_interpolated": one.months_interpolated,
            "grade": one.mark.grade,
            "source": one.mark.source,
        }
        for one in fatality_rates()
        if _speaks_of(find, one.operation or "UN all", one.start, one.cause)
    ]
    return pl.DataFrame(rows)


def _speaks_of(find: str | None, *texts: str) -> bool:
    """Return whether every word looked for occurs in one of the texts."""
    held = " ".join(texts).casefold()
    return all(word in held for word in (find or "").casefold().split())


def _not_found(table: pl.DataFrame) -> tuple[str, ...]:
    number = table["value"].null_count()
    if not number:
        return ()
    return (f"{count_of(number, 'figure')} looked for and not found: put in what you know.",)
