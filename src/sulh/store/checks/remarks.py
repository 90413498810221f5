"""Remarks that bear on published figures: what an import doubted, answers say too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import polars as pl

OVERRULED = "own_not_used"
"""Code of the remark that figures of a user's own gave way to a publisher's."""

CORRECTED = "corrected"
"""Code of the remark that a declared correction was applied."""

_ELSEWHERE = (
    *("copied_month", "not_whole", "total_differs", "missing_month", "women_not_plausible"),
    *("fall_and_return", "rise_and_return", "correction_stale", "place_differs"),
)
"""Codes that gaps and answers tell in words of their own, or that touch no figure."""

_UNHEARD = ("files_differ", "same_rows")
_Row = tuple[str | int | None, ...]
_COLUMNS = ("month", "origin", "code", "file", "name", "page", "line", "message")


@dataclass(frozen=True, order=True, slots=True)
class FigureRemark:
    """A remark on published figures of a month: from which file and place, and what it says."""

    month: str
    origin: str
    code: str
    place: str
    message: str


def remark_rows(flags: pl.DataFrame, also: Sequence[str] = ()) -> list[_Row]:
    """Return the rows of ``flags`` that `figure_remarks` asks for, and those of codes ``also``."""
    wanted = {CORRECTED, *_UNHEARD, *also}
    rows = flags.select("severity", *_COLUMNS).rows()
    return [
        row
        for severity, *rest in rows
        if (row := tuple(rest))[0] is not None
        and row[1] is not None
        and (row[2] in wanted or (severity in ("doubt", "refused") and row[2] not in _ELSEWHERE))
    ]


def figure_remarks(
    rows: Iterable[_Row],
) -> tuple[FigureRemark, ...]:
    """Return doubts, refusals of rows and corrections among the rows of `remark_rows`, in order.

    Left out are files for which another of the same source speaks in the month.
    """
    listed = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    unheard = {
        (row["file"], row["month"])
        for row in listed
        if row["code"] in _UNHEARD and str(row["message"]).startswith("contributions")
    }
    return tuple(
        sorted(
            FigureRemark(
                str(row["month"]),
                str(row["origin"]),
                str(row["code"]),
                _place(row),
                str(row["message"]),
            )
            for row in listed
            if row["code"] not in _UNHEARD
            and row["code"] not in _ELSEWHERE
            and (row["file"], row["month"]) not in unheard
        )
    )


def bearing_on(
    remarks: Iterable[FigureRemark], used: Set[tuple[str, str]]
) -> tuple[FigureRemark, ...]:
    """Return the remarks on published figures, of which ``used`` holds month and origin.

    What gave way is of a month of another origin.
    """
    months = {month for month, _ in used}
    return tuple(
        each
        for each in remarks
        if (each.month, each.origin) in used or (each.code == OVERRULED and each.month in months)
    )


def _place(row: dict[str, str | int | None]) -> str:
    """Return name, page and line of a file as text, nothing where no file is named."""
    parts = [f"{name} {row[name]}" for name in ("page", "line") if row[name] is not None]
    return ", ".join([str(row["name"]), *parts]) if row["name"] else ""
