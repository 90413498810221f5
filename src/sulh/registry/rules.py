"""Rules within one record: order of dates, counts that are parts of others, what needs what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from sulh.facts.states import by_nation
from sulh.registry.cells import Value
from sulh.registry.models import KINDS
from sulh.registry.periods import first_day, last_day

Fault = tuple[str, str, str]


def faults(kind: str, values: dict[str, Value]) -> Iterator[Fault]:
    """Yield what is wrong with a record: what was found, why it matters, how to mend it.

    >>> [found for found, *_ in faults("dialogue", {"begins": "2025-05", "ends": "2025-04-30"})]
    ['begins is 2025-05 and ends is 2025-04-30']
    """
    model = KINDS[kind]
    for early, late in model.ordered:
        first, last = values.get(early), values.get(late)
        if first and last and first_day(str(first)) > last_day(str(last)):
            yield (
                f"{early} is {first} and {late} is {last}",
                f"{late} lies before {early}",
                "correct one of them",
            )
    for chain in model.nested:
        yield from _nested(chain, values)
    yield from _OWN.get(kind, _none)(values)


def _nested(chain: tuple[str, ...], values: dict[str, Value]) -> Iterator[Fault]:
    known = [(name, values[name]) for name in chain if values.get(name) is not None]
    for (whole, most), (part, count) in pairwise(known):
        if int(count or 0) > int(most or 0):
            yield (
                f"{part} is {count} and {whole} is {most}",
                f"{part} is a part of {whole}",
                "correct one of them; leave what is not known empty",
            )


def _none(_values: dict[str, Value]) -> Iterator[Fault]:
    yield from ()


def _agreement(values: dict[str, Value]) -> Iterator[Fault]:
    parties = str(values.get("parties") or "").split("|")
    if len(parties) < 2 and parties != [""] and not values.get("bodies"):
        yield (
            f"parties is {parties[0]}",
            "an agreement has two parties or more",
            "add the other nation, or the organisation under bodies",
        )
    if values.get("renewal") in ("tacit", "express") and not values.get("ends"):
        yield (
            f"renewal is {values['renewal']} and ends is empty",
            "what is renewed has a term that ends",
            "write the last day of the first term",
        )
    if values.get("renewal") == "tacit" and not values.get("renewal_period"):
        yield (
            "renewal is tacit and renewal_period is empty",
            "without it no later end can be computed",
            "write for example P1Y",
        )
    if values.get("renewed_until") and values.get("renewal") != "express":
        yield (
            f"renewed_until is {values['renewed_until']} and renewal is {values.get('renewal')}",
            "only an express renewal has a day that somebody agreed to",
            "write renewal express, or leave renewed_until empty",
        )
    if values.get("notice_given") and not values.get("ends") and not values.get("notice_period"):
        yield (
            f"notice_given is {values['notice_given']}, notice_period and ends are empty",
            "the day on which the agreement ends cannot be computed",
            "write one of them, or the day under terminated",
        )
    if values.get("id") is not None and values.get("id") in (
        values.get("parent"),
        values.get("renews"),
        values.get("replaces"),
    ):
        yield (f"{values['id']} names itself", "it cannot rest on itself", "name another agreement")


def _exercise(values: dict[str, Value]) -> Iterator[Fault]:
    taking_part = _nations(values, "participants")
    if len(taking_part) == 1 and not values.get("bodies"):
        yield (
            f"participants is {values['participants']}",
            "an exercise that is kept here is of two nations or more",
            "add the other nations, or the organisation under bodies",
        )
    both = sorted(taking_part & _nations(values, "observers"))
    if both:
        yield (
            f"{', '.join(both)} stands under participants and under observers",
            "a nation takes part or observes",
            "take it out of one of them",
        )


def _nations(values: dict[str, Value], column: str) -> set[str]:
    return {nation for nation in str(values.get(column) or "").split("|") if nation}


def _post(values: dict[str, Value]) -> Iterator[Fault]:
    if values.get("sending") is not None and values.get("sending") == values.get("receiving"):
        yield (
            f"sending and receiving are both {values['sending']}",
            "an attaché is accredited to another nation",
            "correct one of them",
        )


def _pledge(values: dict[str, Value]) -> Iterator[Fault]:
    if not values.get("what") and not values.get("capability"):
        yield (
            "what and capability are empty",
            "it is not said what is pledged",
            "write one of them",
        )


def _nation_limit(values: dict[str, Value]) -> Iterator[Fault]:
    if values.get("id") not in by_nation():
        yield (
            f"id is {values.get('id')}",
            "it is the ISO 3166-1 alpha-3 code of the nation",
            "write for example BGD",
        )


_OWN: dict[str, Callable[[dict[str, Value]], Iterator[Fault]]] = {
    "agreement": _agreement,
    "exercise": _exercise,
    "post": _post,
    "pledge": _pledge,
    "nation_limit": _nation_limit,
}
