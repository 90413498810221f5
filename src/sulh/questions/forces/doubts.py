"""What a case may say and looks like a slip: a warning each, with file, line, value and mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from statistics import median

from sulh.cases.problems import Problem, shown
from sulh.core.months import month_at, month_index
from sulh.questions.forces.records import Offer, Pledge, Requirement
from sulh.questions.forces.settings import Settings

NEEDS, PLEDGES, OFFERS = "requirements.csv", "pledges.csv", "partners.csv"
OUT_OF_LINE = 100
"""How many times the middle priority a priority may be before it is doubted."""
MOST_COMPARED = 250_000
"""How many pairs of names are compared at most to find one that is meant."""


@dataclass(frozen=True)
class Stated:
    """What the files of a case state, and the line of each record by file and identifier."""

    settings: Settings
    requirements: tuple[Requirement, ...]
    pledges: tuple[Pledge, ...]
    offers: tuple[Offer, ...]
    lines: Mapping[tuple[str, str], int]

    def doubt(self, file: str, key: str, found: str, why: str, mend: str) -> Problem:
        """Return a doubt about a record."""
        return Problem(file, self.lines.get((file, key)), found, why, mend)


def doubts(stated: Stated) -> tuple[Problem, ...]:
    """Return every doubt about a case; a case with doubts is planned all the same."""
    return tuple(
        doubt
        for family in (_nothing, _capabilities, _languages, _needs, _windows, _priorities)
        for doubt in family(stated)
    )


def _nothing(stated: Stated) -> Iterator[Problem]:
    """Doubt a case that asks for nothing, or in which nothing is pledged."""
    if not stated.requirements:
        why = "nothing is asked for, so there is nothing to plan and any plan is the best"
        yield Problem(NEEDS, None, "no requirement", why, "add a row for each need")
    if not stated.pledges:
        why = "nobody pledges anything, so every need stays open"
        yield Problem(PLEDGES, None, "no pledge", why, "add a row for each pledge")


def _capabilities(stated: Stated) -> Iterator[Problem]:
    """Doubt what is asked or supported and nobody pledges, and what is pledged by a near name."""
    asked = _firsts((r.capability, r.key) for r in stated.requirements)
    pledged = _firsts((p.capability, p.key) for p in stated.pledges)
    offered = _firsts((o.capability or "", o.key) for o in stated.offers if o.capability)
    families: tuple[tuple[str, dict[str, str], dict[str, str], str, bool], ...] = (
        (NEEDS, asked, pledged, "no pledge has it, so the need stays open", True),
        (PLEDGES, pledged, asked, "no requirement asks for it, so the unit stays at home", False),
        (OFFERS, offered, pledged, "no pledge has it, so the offer supports nobody", True),
    )
    for file, names, known, why, always in families:
        few = len(names) * len(known) <= MOST_COMPARED
        for name, key in names.items():
            near = get_close_matches(name, known, n=1, cutoff=0.8) if few else []
            if name not in known and (always or near):
                yield stated.doubt(file, key, f"capability is {shown(name)}", why, _meant(near))


def _languages(stated: Stated) -> Iterator[Problem]:
    """Doubt what is no code of a language, and what is asked and no pledge has."""
    asked = _firsts((code, r.key) for r in stated.requirements for code in sorted(r.languages))
    spoken = _firsts((code, p.key) for p in stated.pledges for code in sorted(p.languages))
    known = _codes() if asked or spoken else frozenset()
    for file, names in ((NEEDS, asked), (PLEDGES, spoken)):
        for code, key in names.items():
            found = f"languages has {shown(code)}"
            if code not in known:
                near = [code.lower()] if code.lower() in known else []
                mend = _meant(near) if near else "write the code, for example en, fr or ar"
                yield stated.doubt(file, key, found, "it is no ISO 639 code of a language", mend)
            elif file == NEEDS and code not in spoken:
                why = "no pledge has it, so it lets nobody serve"
                yield stated.doubt(file, key, found, why, "correct the code, or leave it")


def _codes() -> frozenset[str]:
    from babel import Locale

    return frozenset(str(code) for code in Locale("en").languages if "_" not in str(code))


def _needs(stated: Stated) -> Iterator[Problem]:
    """Doubt months of a need that lie before the case, and a need that lies after it."""
    start, last = stated.settings.start, _last_month(stated)
    for need in stated.requirements:
        span = f"first_month is {need.first_month} and last_month is {need.last_month}"
        if need.first_month > last:
            why = f"the case ends in {last}, so nothing is asked for"
            mend = "correct the months, or lengthen the case"
            yield stated.doubt(NEEDS, need.key, span, why, mend)
        elif need.first < 0:
            missed = min(need.last + 1, 0) - need.first
            months = "1 month" if missed == 1 else f"{missed} months"
            why = f"the case starts in {start}; {months} before it count as not covered"
            mend = f"begin it in {start}, or the case in {need.first_month}"
            if need.last < 0:
                mend = "leave it out, or correct the months"
            yield stated.doubt(NEEDS, need.key, span, why, mend)


def _windows(stated: Stated) -> Iterator[Problem]:
    """Doubt pledges and offers that are open in no month of the case."""
    last = _last_month(stated)
    span = f"the case runs from {stated.settings.start} to {last}"
    for pledge in stated.pledges:
        if pledge.earliest > pledge.latest:
            found = f"available_from is {pledge.available_from}"
            if pledge.available_to:
                found += f" and available_to is {pledge.available_to}"
            why = f"with readiness {pledge.readiness} no month is left; {span}"
            mend = "correct the months or the readiness"
            yield stated.doubt(PLEDGES, pledge.key, found, why, mend)
    for offer in stated.offers:
        if offer.last < 0 or offer.first >= stated.settings.months:
            found = f"first_month is {offer.first_month} and last_month is {offer.last_month}"
            yield stated.doubt(OFFERS, offer.key, found, span, "correct the months")


def _priorities(stated: Stated) -> Iterator[Problem]:
    """Doubt a priority that outweighs, or is outweighed by, the others beyond all measure."""
    if len(stated.requirements) < 2:
        return
    middle = median(need.priority for need in stated.requirements)
    for need in stated.requirements:
        if not middle / OUT_OF_LINE <= need.priority <= middle * OUT_OF_LINE:
            found = f"priority is {need.priority:g}"
            times = max(need.priority / middle, middle / need.priority)
            more = "above" if need.priority > middle else "below"
            why = f"it lies {times:,.0f} times {more} the middle one of the case, {middle:g}"
            yield stated.doubt(
                NEEDS, need.key, found, why, "correct it, or leave it if it is meant"
            )


def _last_month(stated: Stated) -> str:
    return month_at(month_index(stated.settings.start) + stated.settings.months - 1)


def _firsts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the first record of each name."""
    found: dict[str, str] = {}
    for name, key in pairs:
        found.setdefault(name, key)
    return found


def _meant(near: list[str]) -> str:
    return f"write {near[0]}, if that is meant" if near else "correct the name, or leave it"
