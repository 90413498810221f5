"""Errors for questions that the store cannot answer, with what it holds instead."""

from __future__ import annotations

from collections.abc import Sequence

from sulh.core.errors import NotAnswerable
from sulh.core.months import month_range
from sulh.questions.reported import reported
from sulh.questions.view import View
from sulh.questions.wording import no_members, spans
from sulh.store.reading import Store


def no_report(store: Store, view: View) -> NotAnswerable:
    """Return the error for a period and scope without any report."""
    if view.scope == "other":
        return NotAnswerable(
            "no head-counts of operations of other bodies in this period",
            "no source reports them month by month, and what is not reported is unknown, not zero",
            "import your own figures, or ask for single ones with: sulh known",
        )
    outside = view.within(reported(store).months)
    if outside:
        return NotAnswerable(
            f"no head-count of {view.scope_text} in this period",
            f"the store has operations of other bodies alone in {spans(outside)}, and what is not "
            "reported is unknown, not zero",
            "ask for those with --scope other or --scope all, or import the months",
        )
    return NotAnswerable(
        f"no report {_period(view)}",
        f"{_holdings(store, view)}; what is not reported is unknown, not zero",
        "choose one of these months, or import more: `sulh fetch` lists what can be fetched"
        if store.kind == "starter"
        else "choose another period, or import the months",
    )


def _period(view: View) -> str:
    if view.from_ is not None and view.from_ == view.to:
        return f"for {view.from_}"
    return f"from {view.from_ or 'the start'} to {view.to or 'the end'}"


def _holdings(store: Store, view: View) -> str:
    """Return in words which months a store holds."""
    held = store.months
    if not held:
        return "the store holds no month"
    if store.kind == "starter":
        return f"the starter store holds only {_decembers(held)}"
    between = view.within(month_range(held[0], held[-1]))
    gap = ", but not these months (see sulh gaps)" if between else ""
    return f"the store holds {held[0]} to {held[-1]}{gap}"


def _decembers(held: Sequence[str]) -> str:
    """Return the months of a starter store in words.

    >>> _decembers(("1990-12", "1992-12", "1993-12", "1994-07"))
    'each December from 1990 to 1993 except 1991, and 1994-07'
    """
    years = [int(month[:4]) for month in held if month.endswith("-12")]
    if not years:
        return ", ".join(held)
    lacking = [str(year) for year in range(years[0], years[-1]) if year not in years]
    said = f"each December from {years[0]} to {years[-1]}"
    said += f" except {' and '.join(lacking)}" if lacking else ""
    return said if held[-1].endswith("-12") else f"{said}, and {held[-1]}"


def nobody_asked(group: str, months: tuple[str, ...]) -> NotAnswerable:
    """Return the error for a group without members, or a state that was none, in all months."""
    told = no_members(group, [*month_range(months[0], months[-1])])[0].partition(":")[0]
    return NotAnswerable(
        told,
        "a zero would read as if somebody could have been sent",
        "choose months in which it existed, or name the states of that time",
    )
