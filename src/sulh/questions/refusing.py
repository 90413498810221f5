"""Errors for questions that the store cannot answer, with what it holds instead."""

from __future__ import annotations

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
    held = store.months
    span = f"{held[0]} to {held[-1]}" if held else "nothing"
    return NotAnswerable(
        f"no report from {view.from_ or 'the start'} to {view.to or 'the end'}",
        f"the store holds {span}, and what is not reported is unknown, not zero",
        "choose another period, or import the months",
    )


def nobody_asked(group: str, months: tuple[str, ...]) -> NotAnswerable:
    """Return the error for a group without members, or a state that was none, in all months."""
    told = no_members(group, [*month_range(months[0], months[-1])])[0].partition(":")[0]
    return NotAnswerable(
        told,
        "a zero would read as if somebody could have been sent",
        "choose months in which it existed, or name the states of that time",
    )
