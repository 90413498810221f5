"""What a store reports, read once: persons by nation and month, and the months there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from sulh.questions.held import AGAIN, Held
from sulh.questions.labels import labels_of, marked, pairs_of
from sulh.questions.view import View
from sulh.store.condensing import CIVILIAN
from sulh.store.reading import Store

_KNOWN_AGAIN = pl.col("again")


@dataclass(frozen=True)
class Reported:
    """Uniformed personnel by month, nation and scope, and the months of the reports.

    Parameters
    ----------
    table
        The rows of ``nation_months`` in order of month, nation and scope, with ``again``: whether
        the row before is of the same nation and month, and ``giving``: 1 on one row of each nation
        with persons in a month, so that its sum counts nations.
    world
        Month, scope, origin and persons of all nations.
    voices
        Month, scope and origin of the rows of ``world``.
    months
        Months of the reports.
    un
        Months of the reports on UN operations.
    untold
        Months in which a row has no known operation, so that its scope cannot be told.
    told
        Months in which a row has one.
    pairs
        Month and origin of the reports.
    others
        Whether any row is of an operation of another body; then ``giving`` serves no sum over
        scopes.
    """

    table: Held
    world: tuple[tuple[str, str | None, str, int], ...]
    voices: tuple[tuple[str, str | None, str], ...]
    months: tuple[str, ...]
    un: tuple[str, ...]
    untold: frozenset[str]
    told: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    others: bool


@lru_cache(maxsize=8)
def reported(store: Store) -> Reported:
    """Return what a store reports; a store never changes, so that it is read once."""
    rows, world = store.coded("nation_months"), store.beside.world
    voices = tuple(row[:3] for row in world)
    untold = frozenset(month for month, scope, _ in voices if scope is None)
    told = frozenset(month for month, scope, _ in voices if scope is not None)
    return Reported(
        table=Held.of(rows.with_columns(giving("persons", AGAIN), again=AGAIN)),
        world=tuple(world),
        voices=voices,
        months=tuple(sorted(untold | told)),
        un=tuple(sorted({month for month, scope, _ in voices if scope != "other"})),
        untold=untold,
        told=told,
        pairs=frozenset((month, origin) for month, _, origin in voices),
        others=any(scope == "other" for _, scope, _ in voices),
    )


def giving(column: str, again: pl.Expr = _KNOWN_AGAIN) -> pl.Expr:
    """Return 1 on one row of each nation with persons in a month: their sum counts nations.

    A nation's rows of a month follow one another in the table (`Reported`); of two (peacekeeping,
    political) the second counts only if the first does not.
    """
    there = pl.col(column).fill_null(0) > 0
    counted = (again & there.shift()).fill_null(value=False)
    return (there & ~counted).cast(pl.Int64).alias("giving")


@lru_cache(maxsize=2)
def contributions(store: Store) -> Held:
    """Return the table ``contributions``, read once."""
    return Held.of(store.coded("contributions"))


def contributions_of(
    store: Store, column: str, value: str, view: View, *where: pl.Expr
) -> pl.DataFrame:
    """Return the contributions of one nation or operation in a period, uniformed personnel only."""
    rows = contributions(store).within(view)
    return rows.filter(marked(rows[column], [value]), *uniformed(rows), *where)


def uniformed(rows: pl.DataFrame) -> list[pl.Expr]:
    """Return which rows are not of civilian personnel; nothing if none can be."""
    if CIVILIAN not in labels_of(rows["personnel_type"]):
        return []
    return [~marked(rows["personnel_type"], [CIVILIAN])]


@lru_cache(maxsize=8)
def civilian_months(store: Store) -> tuple[tuple[str, str], ...]:
    """Return the months with civilian personnel and the sources that report it."""
    rows = contributions(store).rows
    if not uniformed(rows):
        return ()
    civilians = rows.filter(marked(rows["personnel_type"], [CIVILIAN]))
    return tuple(sorted(pairs_of(civilians, "month", "origin")))
