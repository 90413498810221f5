"""Months that a view asks for: which are answered, and what is told beside all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from sulh.core.months import month_range
from sulh.questions.quality import Doubts, doubts, printed_world, remarks
from sulh.questions.remarked import remark_notes
from sulh.questions.reported import Reported, civilian_months, reported
from sulh.questions.view import View
from sulh.questions.wording import count_of, spans
from sulh.store.reading import Store

Figures = dict[str, tuple[int | None, int | None, int | None]]
"""Persons and nations of a group, and persons of the world, by month; None where unknown."""


@dataclass(frozen=True, eq=False)
class Period:
    """Months of a view, whatever group is asked for; what is told of them is found once.

    Parameters
    ----------
    store
        The store.
    view
        The view.
    known
        What the store reports.
    months
        Months that can be answered.
    unscoped
        Months with reports that give no operation, so that the scope cannot be told.
    absent
        Months without any report.
    origins
        Keys of the sources.
    figures
        Persons and nations of groups, and persons of the world, by month, that were asked for.
    """

    store: Store
    view: View
    known: Reported
    months: tuple[str, ...]
    unscoped: tuple[str, ...]
    absent: tuple[str, ...]
    origins: tuple[str, ...]
    figures: dict[tuple[str, str], Figures] = field(default_factory=dict)

    @property
    def doubts(self) -> Doubts:
        """Return the months of the store that are copied, partial or do not add up."""
        return doubts(self.store)

    @cached_property
    def doubtful(self) -> tuple[str, ...]:
        """Return what is wrong with any of the months, one sentence for each fault."""
        return tuple(self.doubts.notes(self.months))

    @cached_property
    def part(self) -> frozenset[str]:
        """Return the months that need not list every nation: who is absent there is unknown.

        Of other bodies no month does, and nobody asks for a whole of them.
        """
        if self.view.scope == "other":
            return frozenset()
        known = self.doubts.part
        if self.view.scope == "all":
            known |= set(self.known.months) - set(self.known.un)
        return known & set(self.months)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """Return what imports doubted in the figures of the months."""
        months, origins = set(self.months), set(self.origins)
        pairs = {(m, key) for m, key in self.known.pairs if m in months and key in origins}
        return remark_notes(remarks(self.store), pairs)

    @cached_property
    def absence(self) -> tuple[str, ...]:
        """Return the sentence on months without any report, if there are any."""
        said = thin(self.store, self.view)
        printed = printed_world(self.store) if self.store.kind == "starter" else {}
        silent = [m for m in self.absent if m.endswith("-12") or m not in printed]
        if not silent:
            return said
        return (
            *said,
            f"No report for {count_of(len(silent), 'month')}: {spans(silent)}."
            " A month with missing reports gives no share.",
        )


def period_of(store: Store, view: View, *, civilians: bool = False) -> Period:
    """Return the months of a view, with those of civilian personnel if these are asked for."""
    return _period(store, View(view.from_, view.to, scope=view.scope), civilians)


@lru_cache(maxsize=64)
def _period(store: Store, view: View, civilians: bool) -> Period:
    known = reported(store)
    own = dict(civilian_months(store)) if civilians and view.scope != "other" else {}
    months = view.within(sorted({*_told(known, view), *own}))
    unscoped: tuple[str, ...] = ()
    if view.scope in ("peacekeeping", "political"):
        unscoped = tuple(month for month in months if month in known.untold)
    return Period(
        store=store,
        view=view,
        known=known,
        months=tuple(month for month in months if month not in unscoped),
        unscoped=unscoped,
        absent=_absent(store, view, months),
        origins=_origins(view, known, unscoped, own),
    )


def _told(known: Reported, view: View) -> tuple[str, ...]:
    """Return the months of the reports; of other bodies those that a user's files speak of."""
    if view.scope != "other":
        return known.months if view.scope == "all" else known.un
    return tuple(sorted({month for month, scope, _ in known.voices if scope == "other"}))


def _origins(
    view: View, known: Reported, unscoped: tuple[str, ...], civilians: dict[str, str]
) -> tuple[str, ...]:
    asked = set(view.within(month for month, _, _ in known.voices)) - set(unscoped)
    keys = {key for month, scope, key in known.voices if month in asked and view.holds(scope)}
    return tuple(sorted(keys | {civilians[month] for month in view.within(civilians)}))


def thin(store: Store, view: View) -> tuple[str, ...]:
    """Return the sentence on the months that the small store leaves out, if any were asked for."""
    asked_for_one = view.from_ is not None and view.from_ == view.to
    if store.kind != "starter" or asked_for_one:
        return ()
    return (
        "The starter store holds each December and the latest month only: import the "
        "monthly files for the months between.",
    )


def totals_within(store: Store, view: View) -> tuple[str, ...]:
    """Return the months of the view for which a source prints the world's total."""
    return view.within(printed_world(store)) if view.scope == "un" else ()


def _absent(store: Store, view: View, months: tuple[str, ...]) -> tuple[str, ...]:
    """Return months without a report between the first and the last month of the question.

    Of the small store, which is meant to hold Decembers, these are Decembers.
    """
    if view.scope == "other":
        return ()
    every = store.kind != "starter"
    known = months or totals_within(store, view)
    if not known:
        return ()
    there = set(months)
    wanted = _calendar(view.from_ or known[0], view.to or known[-1])
    return tuple(m for m in wanted if m not in there and (every or m.endswith("-12")))


@lru_cache(maxsize=64)
def _calendar(first: str, last: str) -> tuple[str, ...]:
    return tuple(month_range(first, last))
