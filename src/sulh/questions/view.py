"""The user's view: period, breakdown, scope and membership of a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sulh.core.errors import BadMonth, BadRequest
from sulh.core.months import parse_month

SCOPES = {
    "un": "UN peacekeeping operations and special political missions",
    "peacekeeping": "UN peacekeeping operations only",
    "political": "UN special political missions only",
    "other": "operations of other bodies only",
    "all": "operations of the UN and of other bodies",
}
MEMBERSHIP = {
    "dated": "members as of each month",
    "today": "present-day members in every month",
}
SUMS = {"sum", "total", "add", "cumulative"}
Over = Literal["mean", "end", "person_months"]


@dataclass(frozen=True)
class View:
    """What part of the data to look at, and how.

    ``from_`` and ``to`` are months, both included, or None for the ends of the data. ``by`` names
    breakdowns separated by commas. ``scope`` is a key of `SCOPES`, ``membership`` one of
    `MEMBERSHIP`. Raises `BadMonth` or `BadRequest`.

    >>> View(from_="2000-01", by="year, nation").dimensions
    ('year', 'nation')
    """

    from_: str | None = None
    to: str | None = None
    by: str | None = None
    scope: str = "un"
    membership: str = "dated"

    def __post_init__(self) -> None:
        """Check the options together."""
        months = [parse_month(month) for month in (self.from_, self.to) if month is not None]
        if len(months) == 2 and months[1] < months[0]:
            raise BadMonth(
                f"the period runs from {self.from_} to {self.to}",
                "its end lies before its start",
                "give the earlier month first",
            )
        if self.by is not None and not self.dimensions:
            raise BadRequest(
                f"by is {self.by!r}", "it names no breakdown", "name one, or leave it out"
            )
        _one_of("scope", self.scope, tuple(SCOPES))
        _one_of("membership", self.membership, tuple(MEMBERSHIP))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the breakdowns asked for, in order."""
        return tuple(part.strip() for part in (self.by or "").split(",") if part.strip())

    def dimensions_of(self, allowed: tuple[str, ...], *, stock: bool = True) -> tuple[str, ...]:
        """Return the breakdowns, or raise `BadRequest` for one that the question does not offer.

        Of a ``stock`` a sum is refused with the reason; a flow may be added.
        """
        for dimension in self.dimensions:
            if stock and dimension in SUMS:
                raise no_sum(dimension)
            _one_of("by", dimension, allowed)
        if len(set(self.dimensions)) < len(self.dimensions):
            raise BadRequest(
                f"the breakdown {self.by!r} names one twice",
                "each breakdown makes one column",
                "name each once",
            )
        return self.dimensions

    def within(self, months: Iterable[str]) -> tuple[str, ...]:
        """Return the months of the period, in the order given."""
        if self.from_ is None and self.to is None:
            return tuple(months)
        first, last = self.from_ or "0000", self.to or "9999"
        return tuple(month for month in months if first <= month <= last)

    def holds(self, scope: str | None) -> bool:
        """Return whether rows of a scope are asked for; those without one are the UN's totals.

        >>> View().holds(None), View(scope="other").holds("peacekeeping")
        (True, False)
        """
        if self.scope == "all":
            return True
        return scope != "other" if self.scope == "un" else scope == self.scope

    @property
    def scope_text(self) -> str:
        """Return the scope in words."""
        return SCOPES[self.scope]


def no_sum(asked: str) -> BadRequest:
    """Return the error for anybody who wants to add head-counts over months."""
    return BadRequest(
        f"{asked!r} of persons over months",
        "a monthly head-count is a stock: added over months it counts the same persons again",
        "ask for the mean, the end of the period, or person_months under that name",
    )


def check_over(how: str) -> Over:
    """Return how to condense months, or raise `BadRequest`; a sum is refused with the reason.

    >>> check_over("mean")
    'mean'
    """
    if how in SUMS:
        raise no_sum(how)
    _one_of("over", how, ("mean", "end", "person_months"))
    return how  # type: ignore[return-value]


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise BadRequest(
            f"{option} is {value!r}",
            f"{option} takes {', '.join(allowed) or 'no value here'}",
            "choose one of these",
        )


def one_breakdown(view: View, allowed: tuple[str, ...]) -> str | None:
    """Return the breakdown of a question that takes one at a time, or raise `BadRequest`."""
    asked = view.dimensions_of(allowed)
    if len(asked) > 1:
        raise BadRequest(
            f"the breakdowns {', '.join(asked)}",
            "this question takes one breakdown at a time",
            f"choose one of {', '.join(allowed)}",
        )
    return asked[0] if asked else None
