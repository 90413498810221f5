"""Months whose reports are copied, incomplete or partial, so that they give no share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sulh.questions.wording import count_of, spans
from sulh.store.beside import COPIED, LACKING, MONTH_CODES, WOMEN
from sulh.store.checks.remarks import FigureRemark, figure_remarks
from sulh.store.reading import Store

TOLERANCE = 0.005
"""Rows that differ from the printed total by more than this part of it lack reports."""


@dataclass(frozen=True)
class Difference:
    """What the rows of a month add up to, and the total that a source prints."""

    rows: int
    printed: int

    @property
    def part(self) -> float:
        """Return the difference as a part of the printed total."""
        return abs(self.rows - self.printed) / self.printed


@dataclass(frozen=True)
class Doubts:
    """Months that are not what they should be.

    ``copied`` months repeat the month before; ``partial`` ones rest on a user's own data, which
    need not hold every nation; ``differing`` ones do not add up to the printed total; of those in
    ``women`` the source prints a number of women that is not plausible. ``lacking`` months cannot
    be all that was reported: they give no total of the world either.
    """

    copied: frozenset[str]
    partial: frozenset[str]
    differing: dict[str, Difference]
    women: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    @cached_property
    def part(self) -> frozenset[str]:
        """Return the months that need not list every nation: who is absent is unknown."""
        return self.lacking | self.partial

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """Return the months whose rows differ from the printed total by more than `TOLERANCE`."""
        return frozenset(m for m, found in self.differing.items() if found.part > TOLERANCE)

    @cached_property
    def without_share(self) -> frozenset[str]:
        """Return all months that give no share."""
        return self.copied | self.incomplete | self.part

    def notes_on_women(self, months: Iterable[str]) -> tuple[str, ...]:
        """Return the sentence on months whose women are not plausible, for tables with women."""
        return on_women(self.women & frozenset(months))

    def notes(self, months: Iterable[str]) -> list[str]:
        """Return what is wrong with any of ``months``, one sentence for each fault."""
        asked = frozenset(months)
        said = []
        if copied := self.copied & asked:
            said.append(
                f"In {spans(copied)} the source repeats the month before instead of a report: "
                "no share."
            )
        if partial := self.partial & asked:
            said.append(
                f"{spans(partial)} rests on data of your own, maybe not all: no total of the "
                "world, no share."
            )
        if lacking := self.lacking & asked:
            said.append(
                f"The store holds only part of what was reported for {spans(lacking)}, or a figure "
                "that cannot be right: no total of the world, no share. See sulh gaps."
            )
        short = sorted(self.incomplete & asked)
        for month in short:
            found = self.differing[month]
            said.append(
                f"In {month} the rows add up to {found.rows:,}, the printed total is "
                f"{found.printed:,}: reports are missing, no share."
            )
        if small := {m: d for m, d in self.differing.items() if m in asked and m not in short}:
            worst = max(abs(found.rows - found.printed) for found in small.values())
            said.append(
                f"In {spans(small)} the rows differ from the printed total, by at most "
                f"{count_of(worst, 'person')}."
            )
        return said


@dataclass(frozen=True)
class _Read:
    """What imports remarked: on whole months, by month, origin and code; and on figures."""

    flagged: list[tuple[str, str, str]]
    remarks: tuple[FigureRemark, ...]


@lru_cache(maxsize=8)
def _read(store: Store) -> _Read:
    beside = store.beside
    flagged = [
        (str(month), str(origin), str(code))
        for month, origin, code, *_ in beside.told
        if code in MONTH_CODES
    ]
    return _Read(flagged, figure_remarks(beside.told))


@lru_cache(maxsize=8)
def doubts(store: Store) -> Doubts:
    """Return the months of a store that are copied, partial or do not add up.

    Rows are held against the total that their own source prints, else against the first by key.
    """
    read = _read(store)
    printed: dict[str, dict[str, int]] = {}
    for month, origin, persons, _ in store.beside.printed:
        printed.setdefault(month, {})[origin] = persons
    differing = {}
    for month, origin, persons in store.beside.chosen:
        totals = printed.get(month)
        total = totals.get(origin, next(iter(totals.values()))) if totals else persons
        if total != persons:
            differing[month] = Difference(persons, total)
    flagged = {(month, _family(origin), code) for month, origin, code in read.flagged}
    lacking = {(month, origin) for month, origin, code in read.flagged if code == LACKING}
    said = [(month, _family(origin)) for month, origin, _ in store.beside.chosen]
    return Doubts(
        frozenset(month for month, family in said if (month, family, COPIED) in flagged),
        frozenset(month for month, family in said if family == "user"),
        differing,
        frozenset(month for month, family in said if (month, family, WOMEN) in flagged),
        frozenset(month for month, origin, _ in store.beside.chosen if (month, origin) in lacking),
    )


def remarks(store: Store) -> tuple[FigureRemark, ...]:
    """Return what the imports of a store remarked on figures."""
    return _read(store).remarks


@lru_cache(maxsize=8)
def women_in_doubt(store: Store) -> frozenset[tuple[str, str]]:
    """Return month and origin of the reports whose number of women is not plausible."""
    flagged = _read(store).flagged
    return frozenset((month, origin) for month, origin, code in flagged if code == WOMEN)


def on_women(months: Iterable[str]) -> tuple[str, ...]:
    """Return the sentence on months whose women are not plausible, if there are any.

    >>> on_women(["2020-08"])
    ('In 2020-08 the women that the source prints are not plausible; they are as printed.',)
    """
    text = spans(months)
    if not text:
        return ()
    return (f"In {text} the women that the source prints are not plausible; they are as printed.",)


def _family(origin: str) -> str:
    return origin.partition("_")[0]


@lru_cache(maxsize=8)
def printed_world(store: Store) -> dict[str, tuple[int, int | None]]:
    """Return persons and nations of the world by month as printed, UN operations of all kinds.

    Where several sources print a total, the first by key is given.
    """
    found: dict[str, tuple[int, int | None]] = {}
    for month, _, persons, nations in store.beside.printed:
        found.setdefault(month, (persons, nations))
    return found


def printed_by(store: Store, months: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of the sources of the totals that `printed_world` gives for months."""
    first: dict[str, str] = {}
    for month, origin, _, _ in store.beside.printed:
        first.setdefault(month, origin)
    return tuple(sorted({first[month] for month in months if month in first}))
