"""What an import doubted or corrected, as notes of the answers whose figures it is about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import polars as pl

from sulh.questions.reported import reported
from sulh.questions.wording import count_of, spans
from sulh.store.checks.remarks import OVERRULED, doubtful_remarks
from sulh.store.reading import Store

_FEW = 3
_LONGEST = 400


@lru_cache(maxsize=8)
def remarks(store: Store) -> pl.DataFrame:
    """Return the remarks on published figures: see `sulh.store.checks.remarks`."""
    used = reported(store).world.select("month", "origin").unique()
    return doubtful_remarks(store.scan("flags"), used.lazy())


def remark_notes(store: Store, months: Iterable[str], origins: Iterable[str]) -> tuple[str, ...]:
    """Return what imports remarked on the figures of ``months`` that are of ``origins``.

    A few are told in full, more of them by number and kind.
    """
    asked = remarks(store).filter(pl.col("month").is_in(list(months)))
    if asked.is_empty():
        return ()
    overruled = pl.col("code") == OVERRULED
    found = asked.filter(~overruled & pl.col("origin").is_in(list(origins)))
    return (*_overruled(asked.filter(overruled)), *_doubted(found))


def _overruled(rows: pl.DataFrame) -> Iterable[str]:
    if rows.height > _FEW:
        yield (
            f"In {spans(rows['month'].unique())} figures of your own differ from a publisher's and "
            "do not count: see sulh gaps --kind remark."
        )
        return
    for month, message in rows.select("month", "message").iter_rows():
        yield f"{month}: {_ended(message)}"


def _doubted(rows: pl.DataFrame) -> Iterable[str]:
    said = rows.group_by("code", "place", "message").agg(pl.col("month").unique().sort())
    if said.height > _FEW:
        months = rows["month"].unique().sort().to_list()
        kinds = rows.group_by("code").len().sort("len", "code", descending=[True, False])
        listed = ", ".join(f"{code.replace('_', ' ')} ({n:,})" for code, n in kinds.iter_rows())
        where = spans(months) if len(months) <= _FEW else f"{months[0]} to {months[-1]}"
        yield (
            "The import doubted or corrected figures of "
            f"{count_of(len(months), 'month')} ({where}): {listed}. See sulh gaps --kind remark."
        )
        return
    for _, place, message, months in said.sort("month", "code", "place", "message").iter_rows():
        of = f" ({place})" if place else ""
        yield f"Remark of the import, {spans(months)}{of}: {_ended(message)}"


def _ended(message: str) -> str:
    """Return a message that ends as a sentence does, cut if it is very long.

    >>> _ended("the rows do not add up")
    'the rows do not add up.'
    """
    short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]} …"
    return short if short.endswith((".", "…")) else f"{short}."
