"""What a record is as of a day, and why; pure functions that never ask for today's date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sulh.registry.models import Agreement, Obligation, Post, Ratification
from sulh.registry.periods import Span, first_day, last_day, parse_period, shift

_NEVER = dt.date.max
_MONTH_DAYS = 30.436875  # of the Gregorian calendar, on average


@dataclass(frozen=True, slots=True)
class Status:
    """A word, and the reason that a reader can check against the record."""

    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Term:
    """The term that runs on a day: its last day, and the last day for notice before it.

    ``renewals`` counts how often the agreement had been renewed by then. Where a date is known in
    part, its first day is taken for a deadline: too early is safe, too late is not.
    """

    end: dt.date
    notice_by: dt.date | None
    renewals: int


def successors(agreements: Iterable[Agreement]) -> Mapping[str, Sequence[Agreement]]:
    """Return the agreements that replace another, by the one they replace."""
    found: dict[str, list[Agreement]] = {}
    for agreement in agreements:
        if agreement.replaces:
            found.setdefault(agreement.replaces, []).append(agreement)
    return found


def replacement(later: Sequence[Agreement]) -> tuple[dt.date, Agreement] | None:
    """Return the day from which an agreement is replaced, and by which of the later ones.

    An agreement replaces another from its entry into force on, also after its own end; one that
    is only signed replaces nothing yet.
    """
    dated = [(first_day(one.in_force), one) for one in later if one.in_force]
    return min(dated, key=lambda pair: (pair[0], pair[1].id), default=None)


def agreement_status(agreement: Agreement, day: dt.date, later: Sequence[Agreement] = ()) -> Status:
    """Return the status of an agreement on a day; ``later`` are the agreements that replace it.

    The words are ``planned``, ``signed``, ``in force``, ``replaced``, ``expired``, ``ended`` and
    ``undated``. One that had ended before another entered into force stays ended.

    >>> old, new = Agreement(in_force="2001"), Agreement(id="NEW", in_force="2020-05-01")
    >>> print(agreement_status(old, dt.date(2020, 5, 1), [new]).reason)
    replaced by NEW, in force since 2020-05-01
    """
    taken = replacement(later)
    if taken is not None and taken[0] <= day:
        before = _own_status(agreement, taken[0] - dt.timedelta(days=1))
        if before.word not in ("ended", "expired"):
            return Status(
                "replaced", f"replaced by {taken[1].id}, in force since {taken[1].in_force}"
            )
    return _own_status(agreement, day)


def _own_status(agreement: Agreement, day: dt.date) -> Status:
    """Return the status that the dates of an agreement give it.

    >>> pact = Agreement(signed="2010-03-01", in_force="2011-01-01", ends="2015-12-31",
    ...     renewal="tacit", renewal_period="P5Y", notice_period="P6M")
    >>> print(_own_status(pact, dt.date(2020, 6, 1)).reason)
    in force since 2011-01-01; first term to 2015-12-31, renewed once in silence, to 2020-12-31
    """
    if agreement.signed and day < first_day(agreement.signed):
        return Status("planned", f"signed only on {agreement.signed}")
    if agreement.in_force is None:
        if agreement.signed is None:
            return Status("undated", "neither signed nor in_force is known")
        return Status("signed", f"signed {agreement.signed}; no entry into force is recorded")
    if day < first_day(agreement.in_force):
        return Status("signed", f"enters into force on {agreement.in_force}")
    if agreement.terminated and day > last_day(agreement.terminated):
        return Status("ended", f"terminated, last day {agreement.terminated}")
    since = f"in force since {agreement.in_force}"
    ended = ended_by_notice(agreement)
    if ended and day > ended:
        return Status("ended", f"notice given on {agreement.notice_given}, last day {ended}")
    return _in_term(agreement, day, since)


def party_status(
    agreement: Agreement,
    party: str,
    recorded: Mapping[str, Ratification],
    day: dt.date,
    later: Sequence[Agreement] = (),
) -> Status:
    """Return the status of an agreement for one party, by the party's own dates.

    ``recorded`` holds the agreement's ratifications by party. Where none is recorded the
    agreement's dates speak; where only others' are, it is ``not known``. The words are those of
    an agreement, and ``ratified``, ``withdrawn`` and ``not known``.

    >>> pact = Agreement(parties="IDN|MYS", signed="2017", in_force="2019-04-01")
    >>> own = Ratification(signed="2017", how="accession", ratified="2020-02-11")
    >>> print(party_status(pact, "MYS", {"MYS": own}, dt.date(2020, 1, 1)).reason)
    signed 2017, not ratified before 2020-02-11
    >>> party_status(pact, "MYS", {"MYS": own}, dt.date(2020, 2, 11)).word
    'in force'
    """
    whole = agreement_status(agreement, day, later)
    if whole.word in ("replaced", "expired", "ended") or not recorded:
        return whole
    own = recorded.get(party)
    if own is None:
        told = f"{len(recorded)} of others are recorded, none of {party}"
        return Status("not known", f"{told}; the agreement itself: {whole.reason}")
    if own.withdrawn and day > last_day(own.withdrawn):
        return Status("withdrawn", f"withdrew, last day {own.withdrawn}")
    if own.in_force and day < first_day(own.in_force):
        return Status("ratified", f"in force for it only on {own.in_force}")
    consent = own.in_force or own.ratified
    if consent is None or day < first_day(consent):
        return _unratified(own, day)
    how = f"{own.how or 'ratification'} {own.ratified}" if own.ratified else "its own date"
    if whole.word != "in force" and not own.in_force:
        return Status("ratified", f"{how}; the agreement itself: {whole.reason}")
    since = f"in force for it since {own.in_force}" if own.in_force else whole.reason
    return Status("in force", f"{how}; {since}")


def _unratified(own: Ratification, day: dt.date) -> Status:
    if own.signed and day >= first_day(own.signed):
        later = f" before {own.ratified}" if own.ratified else ""
        return Status("signed", f"signed {own.signed}, not ratified{later}")
    if own.signed or own.ratified:
        return Status("planned", f"no step of its own by that day, {own.signed or own.ratified}")
    return Status("undated", "no date of its own is known")


def _in_term(agreement: Agreement, day: dt.date, since: str) -> Status:
    term = term_on(agreement, day)
    if term is None:
        return Status("in force", f"{since}; no end is agreed")
    if day > term.end:
        how = {
            "none": "it is not renewed",
            "express": "no renewal is recorded",
            None: "nothing is known of a renewal",
        }[agreement.renewal if agreement.renewal != "tacit" else "none"]
        return Status("expired", f"{since}; its term ended on {term.end} and {how}")
    if agreement.renewed_until:
        return Status("in force", f"{since}; renewed expressly to {agreement.renewed_until}")
    if not term.renewals:
        return Status("in force", f"{since}; first term to {agreement.ends}")
    times = "once" if term.renewals == 1 else f"{term.renewals} times"
    return Status(
        "in force",
        f"{since}; first term to {agreement.ends}, renewed {times} in silence, to {term.end}",
    )


def ended_by_notice(agreement: Agreement) -> dt.date | None:
    """Return the last day of an agreement of which notice was given, or None.

    With a term: the end of the first term whose deadline the notice met. Without: the notice
    period after the day of the notice.
    """
    if not agreement.notice_given:
        return None
    given = first_day(agreement.notice_given)
    span = parse_period(agreement.notice_period) if agreement.notice_period else Span(0, 0)
    if not agreement.ends:
        return shift(given, span)
    return next(
        (end for _, end in _ends(agreement, given) if shift(end, span.times(-1)) >= given), None
    )


def _ends(agreement: Agreement, near: dt.date) -> Iterator[tuple[int, dt.date]]:
    """Yield the ends of the terms, each with its number from 0, from two before ``near`` on.

    Each is counted from the first end: months are of unequal length and would drift.
    """
    first = last_day(agreement.renewed_until or agreement.ends or "")
    if agreement.renewal != "tacit" or not agreement.renewal_period:
        yield 0, first
        return
    span = parse_period(agreement.renewal_period)
    length = span.months * _MONTH_DAYS + span.days
    # Whole terms of the mean length, and two fewer since months differ from the mean.
    number = max(int((near - first).days / length) - 2, 0)
    while True:
        end = shift(first, span.times(number))
        yield number, end
        if end >= _NEVER:
            return
        number += 1


def term_on(agreement: Agreement, day: dt.date) -> Term | None:
    """Return the term that runs on a day, or the last one; None for an agreement without end."""
    if not agreement.ends:
        return None
    span = parse_period(agreement.notice_period) if agreement.notice_period else None
    ended = ended_by_notice(agreement)
    wanted = min(day, ended) if ended else day
    found = (0, _NEVER)
    for found in _ends(agreement, wanted):
        if found[1] >= wanted:
            break
    number, end = found
    return Term(end, shift(end, span.times(-1)) if span else None, number)


def occurrences(obligation: Obligation, until: dt.date) -> Iterator[dt.date]:
    """Yield the days on which an obligation is due, up to a day, both ends included.

    >>> plan = Obligation(due="2024-12-01", every="P1Y", until="2026-12-31")
    >>> [str(day) for day in occurrences(plan, dt.date(2030, 1, 1))]
    ['2024-12-01', '2025-12-01', '2026-12-01']
    """
    first = first_day(obligation.due)
    last = min(until, last_day(obligation.until)) if obligation.until else until
    if first > last:
        return
    yield first
    if not obligation.every:
        return
    span = parse_period(obligation.every)
    # A period has a day at least, so that there are no more than days in the range.
    for count in range(1, (last - first).days + 1):
        day = shift(first, span.times(count))
        if day > last:
            return
        yield day


def post_status(post: Post, day: dt.date) -> Status:
    """Return the status of a tour at a post on a day."""
    if post.leaves and day > last_day(post.leaves):
        return Status("ended", f"left {post.leaves}")
    if post.arrives and day >= first_day(post.arrives):
        known = f", to {post.leaves}" if post.leaves else "; no end is set"
        return Status("held", f"since {post.arrives}{known}")
    if post.approved and day >= first_day(post.approved):
        return Status("approved", f"approved {post.approved}, not arrived")
    if post.asked and day >= first_day(post.asked):
        return Status("asked", f"approval asked {post.asked}, not given")
    return Status("planned", "no step is recorded by that day")
