"""The open gaps of a plan in words, from the table that explains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sulh.core.months import month_index
from sulh.questions.forces.case import Case
from sulh.questions.forces.reasons import PHRASES

_SAID, _NAMED = 5, 6
_AT, _ELSEWHERE, _THERE = "busy at ", "busy at another", "busy there"
_PART, _OF_WHOLE = "part of ", "part of another"


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of months in which a requirement misses the same number of units."""

    requirement: str
    mission: str
    capability: str
    priority: float
    first_month: str
    last_month: str
    missing: int
    points: float
    reasons: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def title(self) -> str:
        """Return what is missing and when."""
        units = f"{self.missing} {counted(self.capability, self.missing)}"
        when = f"in {self.first_month}"
        if self.last_month != self.first_month:
            when = f"from {self.first_month} to {self.last_month}"
        return f"{self.mission} lacks {units} {when}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Return why, pledge by pledge: what binds each in most months, the nearest first."""
        if not self.reasons:
            return ("No nation pledges this capability.",)
        said = [
            f"{_sentence(_phrase(reason))}: {', '.join(pledges[:_NAMED])}"
            + (f" and {len(pledges) - _NAMED} more" if len(pledges) > _NAMED else "")
            for reason, pledges in self.reasons[:_SAID]
        ]
        rest = sum(len(pledges) for _, pledges in self.reasons[_SAID:])
        if rest:
            said.append(f"Other combinations: {rest} pledge{'s' if rest > 1 else ''}")
        return tuple(said)


def named(code: str) -> str:
    """Return a code as words.

    >>> named("utility_helicopter_unit"), named("isr_unit"), named("infantry_battalion")
    ('utility helicopter', 'isr', 'infantry battalion')
    """
    return code.removesuffix("_unit").replace("_", " ")


def counted(code: str, number: int) -> str:
    """Return what a code is called, for one or several.

    >>> counted("formed_police_unit", 2), counted("infantry_company", 2), counted("isr_unit", 1)
    ('formed police units', 'infantry companies', 'isr unit')
    """
    name = code.replace("_", " ")
    if number == 1:
        return name
    return f"{name[:-1]}ies" if name.endswith("ny") else f"{name}s"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _phrase(reason: str) -> str:
    """Return the reasons in short.

    >>> _phrase("readiness|busy at another")
    'not ready in time, busy elsewhere'
    >>> _phrase("busy there")
    'serving there in other months'
    """
    kinds = ("busy" if part == _ELSEWHERE else part for part in reason.split("|"))
    return ", ".join(dict.fromkeys(PHRASES[kind] for kind in kinds))


def open_gaps(case: Case, explained: pl.DataFrame) -> list[Gap]:
    """Return the gaps of a plan, the heaviest first, from the table of `explain`."""
    found = [gap for rows in explained.partition_by("requirement") for gap in _runs(case, rows)]
    return sorted(found, key=lambda gap: (-gap.points, gap.requirement, gap.first_month))


def _runs(case: Case, rows: pl.DataFrame) -> Iterator[Gap]:
    """Yield the gaps of one requirement: consecutive months that miss the same units."""
    requirement = case.requirement_of[rows["requirement"][0]]
    months = rows.unique(["month", "missing"]).sort("month")
    runs: list[list[tuple[str, int]]] = []
    for month, missing in months.select("month", "missing").iter_rows():
        after = bool(runs) and month_index(month) == month_index(runs[-1][-1][0]) + 1
        if after and missing == runs[-1][-1][1]:
            runs[-1].append((month, missing))
        else:
            runs.append([(month, missing)])
    for run in runs:
        first, last, missing = run[0][0], run[-1][0], run[0][1]
        within = rows.filter(
            pl.col("month") >= first, pl.col("month") <= last, pl.col("pledge").is_not_null()
        )
        yield Gap(
            requirement=requirement.key,
            mission=requirement.mission,
            capability=requirement.capability,
            priority=requirement.priority,
            first_month=first,
            last_month=last,
            missing=missing,
            points=case.weights.unmet * requirement.priority * missing * len(run),
            reasons=_bound(within),
        )


def _bound(rows: pl.DataFrame) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the pledges by what binds each in most months, for the rows of one requirement.

    Those that the fewest things keep from serving come first, then the largest group.
    """
    counted: dict[str, Counter[str]] = {}
    columns = ("requirement", "pledge", "nation", "reason")
    for own, pledge, nation, reason in rows.select(columns).iter_rows():
        counted.setdefault(f"{pledge} ({nation})", Counter())[_kind(reason, own)] += 1
    groups: dict[str, list[str]] = {}
    for pledge, reasons in counted.items():
        most = min(reasons.items(), key=lambda item: (-item[1], item[0]))[0]
        groups.setdefault(most, []).append(pledge)
    ordered = sorted(groups.items(), key=_nearest)
    return tuple((reason, tuple(pledges)) for reason, pledges in ordered)


def _nearest(group: tuple[str, list[str]]) -> tuple[int, int, str]:
    reason, pledges = group
    return reason.count("|"), -len(pledges), reason


def _kind(reason: str, own: str) -> str:
    """Return a reason without the place where a unit is busy: at the requirement itself, or not.

    Nor with the name of what it is a part of.

    >>> _kind("reset|busy at R1|busy at R2", "R3"), _kind("part of C1|busy at R1", "R1")
    ('reset|busy at another', 'part of another|busy there')
    """
    kinds = [_OF_WHOLE if part.startswith(_PART) else part for part in reason.split("|")]
    places = [part.removeprefix(_AT) for part in kinds if part.startswith(_AT)]
    kinds = [part for part in kinds if not part.startswith(_AT)]
    kinds += [_THERE if place == own else _ELSEWHERE for place in places]
    return "|".join(dict.fromkeys(kinds))
