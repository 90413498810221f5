"""The agenda: what expires, what notice falls due before it, what was promised and not done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sulh.registry.models import (
    Action,
    Agreement,
    Course,
    Dialogue,
    Exercise,
    Followup,
    Forum,
    Obligation,
    Pledge,
    Post,
    Seat,
)
from sulh.registry.periods import first_day, last_day, parse_period, shift
from sulh.registry.status import (
    agreement_status,
    ended_by_notice,
    occurrences,
    post_status,
    replacement,
    successors,
    term_on,
)

if TYPE_CHECKING:
    from sulh.registry.register import Register


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to see to. ``day`` is when it is due; before the day asked about it is late."""

    day: dt.date
    what: str
    kind: str
    record: str
    title: str
    nations: str
    reason: str
    source: str


@dataclass(frozen=True)
class Book:
    """The records that an agenda is made from."""

    agreements: list[Agreement] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    followups: list[Followup] = field(default_factory=list)
    dialogues: list[Dialogue] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    forums: list[Forum] = field(default_factory=list)
    pledges: list[Pledge] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)

    @classmethod
    def of(cls, register: Register) -> Book:
        """Return the records of a registry."""
        return cls(
            register.records(Agreement),
            register.records(Obligation),
            register.records(Followup),
            register.records(Dialogue),
            register.records(Action),
            register.records(Forum),
            register.records(Pledge),
            register.records(Course),
            register.records(Seat),
            register.records(Post),
            register.records(Exercise),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The day of which the agenda speaks, and the last day that it looks ahead to."""

    as_of: dt.date
    until: dt.date

    def holds(self, day: dt.date) -> bool:
        """Return whether a day lies in the window."""
        return self.as_of <= day <= self.until


def agenda(book: Book, window: Window) -> list[Item]:
    """Return the items, by day. What is overdue stands first, whenever it was due.

    Only what was known to be done by ``as_of`` counts as done: the agenda of a past day is what
    it was then.
    """
    makers: tuple[Callable[[Book, Window], Iterable[Item]], ...] = (
        _agreements,
        _obligations,
        _actions,
        _pledges,
        _meetings,
        _courses,
        _posts,
    )
    found = [item for make in makers for item in make(book, window)]
    return sorted(found, key=lambda item: (item.day, item.kind, item.record, item.what))


def _agreements(book: Book, window: Window) -> Iterator[Item]:
    renewed = {a.renews for a in book.agreements if a.renews and a.signed}
    followers = successors(book.agreements)
    for agreement in book.agreements:
        later = followers.get(agreement.id, ())
        status = agreement_status(agreement, window.as_of, later)
        item = _of("agreement", agreement.id, agreement.title, agreement.parties, agreement.source)
        if status.word == "signed" and agreement.in_force:
            starts = first_day(agreement.in_force)
            if window.holds(starts):
                yield item(starts, "enters into force", status.reason)
        if status.word == "in force":
            yield from _replaced(agreement, window, item, later)
            yield from _ends(agreement, _before(window, later), item, agreement.id in renewed)


def _before(window: Window, later: Sequence[Agreement]) -> Window:
    """Return the part of a window before an agreement is replaced; nothing ends after."""
    taken = replacement(later)
    if taken is None or taken[0] > window.until:
        return window
    return Window(window.as_of, taken[0] - dt.timedelta(days=1))


def _replaced(
    agreement: Agreement,
    window: Window,
    item: Callable[[dt.date, str, str], Item],
    later: Sequence[Agreement],
) -> Iterator[Item]:
    taken = replacement(later)
    if taken is None or not window.holds(taken[0]):
        return
    eve = agreement_status(agreement, taken[0] - dt.timedelta(days=1))
    if eve.word == "in force":
        yield item(taken[0], "is replaced", f"{taken[1].id} enters into force")


def _ends(
    agreement: Agreement, window: Window, item: Callable[[dt.date, str, str], Item], followed: bool
) -> Iterator[Item]:
    if agreement.terminated:
        ends = first_day(agreement.terminated)
        if window.holds(ends):
            yield item(ends, "ends", "it was terminated")
        return
    ended = ended_by_notice(agreement)
    if ended:
        if window.holds(ended):
            yield item(ended, "ends", f"notice was given on {agreement.notice_given}")
        return
    term = term_on(agreement, window.as_of)
    while (term is not None and term.end <= window.until) or (
        term is not None and term.notice_by is not None and term.notice_by <= window.until
    ):
        tacit = agreement.renewal == "tacit"
        after = f", then renewed by {agreement.renewal_period} in silence" if tacit else ""
        if term.notice_by is not None and window.holds(term.notice_by):
            yield item(
                term.notice_by,
                "last day for notice",
                f"{agreement.notice_period} before its term ends on {term.end}{after}",
            )
        if term.end <= window.until:
            late = term.notice_by is not None and term.notice_by < window.as_of
            told = f"; the last day for notice was {term.notice_by}" if late else ""
            taken = "; an agreement that renews it is signed" if followed else ""
            word = "is renewed in silence" if tacit else "expires"
            yield item(term.end, word, f"its term ends{after}{told}{taken}")
        later = term_on(agreement, term.end + dt.timedelta(days=1))
        term = later if tacit and later is not None and later.end > term.end else None


def _obligations(book: Book, window: Window) -> Iterator[Item]:
    by_id = {agreement.id: agreement for agreement in book.agreements}
    followers = successors(book.agreements)
    met: dict[tuple[str, str], Followup] = {}
    for followup in book.followups:
        if first_day(followup.done) <= window.as_of:
            met[(followup.obligation, first_day(followup.due).isoformat())] = followup
    for obligation in book.obligations:
        agreement = by_id.get(obligation.agreement)
        later = followers.get(obligation.agreement, ())
        nations = obligation.owed_by or (agreement.parties if agreement else "")
        item = _of("obligation", obligation.id, obligation.what, nations, obligation.source)
        for day in occurrences(obligation, window.until):
            if (obligation.id, day.isoformat()) in met or not _owed(agreement, day, later):
                continue
            where = f"agreement {obligation.agreement}" + (
                f", article {obligation.article}" if obligation.article else ""
            )
            yield item(day, _due(day, window), where)


def _owed(agreement: Agreement | None, day: dt.date, later: Sequence[Agreement]) -> bool:
    """Return whether the agreement binds on the day; an undated one is taken to."""
    bound = ("in force", "undated")
    return agreement is None or agreement_status(agreement, day, later).word in bound


def _due(day: dt.date, window: Window) -> str:
    return "overdue" if day < window.as_of else "due"


def _actions(book: Book, window: Window) -> Iterator[Item]:
    titles = {dialogue.id: dialogue for dialogue in book.dialogues}
    for action in book.actions:
        dialogue = titles.get(action.dialogue)
        done = action.done and first_day(action.done) <= window.as_of
        due = first_day(action.due) if action.due else None
        if done or due is None or due > window.until:
            continue
        nations = action.owner or (dialogue.participants if dialogue else "")
        item = _of("action", action.id, action.what, nations, action.source)
        yield item(due, _due(due, window), f"dialogue {dialogue.title if dialogue else '?'}")


def _pledges(book: Book, window: Window) -> Iterator[Item]:
    forums = {forum.id: forum.title for forum in book.forums}
    for pledge in book.pledges:
        done = pledge.fulfilled and first_day(pledge.fulfilled) <= window.as_of
        due = first_day(pledge.due) if pledge.due else None
        if done or due is None or due > window.until:
            continue
        item = _of(
            "pledge",
            pledge.id,
            pledge.what or pledge.capability or "",
            pledge.nation,
            pledge.source,
        )
        at = f"pledged at {forums[pledge.forum]}" if pledge.forum in forums else "pledged"
        yield item(due, _due(due, window), at + (f", {pledge.made}" if pledge.made else ""))


def _meetings(book: Book, window: Window) -> Iterator[Item]:
    for dialogue in book.dialogues:
        if dialogue.begins and window.holds(first_day(dialogue.begins)):
            item = _of(
                "dialogue", dialogue.id, dialogue.title, dialogue.participants, dialogue.source
            )
            place = f" in {dialogue.place}" if dialogue.place else ""
            yield item(first_day(dialogue.begins), "begins", f"{dialogue.kind}{place}")
    for exercise in book.exercises:
        if exercise.begins and window.holds(first_day(exercise.begins)):
            about = (exercise.title, exercise.participants, exercise.source)
            item = _of("exercise", exercise.id, *about)
            place = f" in {exercise.place}" if exercise.place else ""
            yield item(first_day(exercise.begins), "begins", f"{exercise.kind}{place}")
    for forum in book.forums:
        if forum.begins and window.holds(first_day(forum.begins)):
            item = _of("forum", forum.id, forum.title, forum.host or "", forum.source)
            yield item(first_day(forum.begins), "begins", f"forum in {forum.place or '?'}")


def _courses(book: Book, window: Window) -> Iterator[Item]:
    seats: dict[str, list[Seat]] = {}
    for seat in book.seats:
        seats.setdefault(seat.course, []).append(seat)
    for course in book.courses:
        item = _of("course", course.id, course.title, course.provider, course.source)
        if course.apply_by and window.holds(first_day(course.apply_by)):
            yield item(first_day(course.apply_by), "last day to apply", f"{course.kind} course")
        if not course.begins or not window.holds(first_day(course.begins)):
            continue
        known = [
            (seat.nation, seat.offered - (seat.accepted or 0))
            for seat in seats.get(course.id, ())
            if seat.offered is not None
        ]
        free = [f"{nation} {count}" for nation, count in known if count > 0]
        told = f"; offered and not accepted: {', '.join(free)}" if free else ""
        yield item(first_day(course.begins), "begins", f"{course.kind} course{told}")


def _posts(book: Book, window: Window) -> Iterator[Item]:
    by_post: dict[tuple[str, str, str, str | None], list[Post]] = {}
    for post in book.posts:
        key = (post.sending, post.receiving, post.service, post.seat)
        by_post.setdefault(key, []).append(post)
    for held in by_post.values():
        starts = sorted(first_day(post.arrives) for post in held if post.arrives)
        for post in held:
            title = f"{post.service} attaché of {post.sending} in {post.receiving}"
            nations = f"{post.sending}|{post.receiving}"
            item = _of("post", post.id, title, nations, post.source)
            if post.leaves and post_status(post, window.as_of).word == "held":
                yield from _handover(last_day(post.leaves), starts, window, item)
            asked = first_day(post.asked) if post.asked else None
            answered = post.approved and first_day(post.approved) <= window.as_of
            if asked and not answered and asked <= window.as_of and not post.arrives:
                reminder = shift(asked, parse_period("P3M"))
                if reminder <= window.until:
                    yield item(reminder, "approval not given", f"asked on {post.asked}")


def _handover(
    leaves: dt.date,
    starts: list[dt.date],
    window: Window,
    item: Callable[[dt.date, str, str], Item],
) -> Iterator[Item]:
    if not window.holds(leaves):
        return
    following = next((start for start in starts if start >= leaves), None)
    if following is None:
        yield item(leaves, "tour ends", "nobody is named to follow")
    else:
        gap = max((following - leaves).days - 1, 0)
        told = f"a gap of {gap} days" if gap else "no gap"
        yield item(leaves, "tour ends", f"the next arrives on {following}: {told}")


def _of(
    kind: str, record: str, title: str, nations: str, source: str
) -> Callable[[dt.date, str, str], Item]:
    def made(day: dt.date, what: str, reason: str) -> Item:
        return Item(day, what, kind, record, title, nations, reason, source)

    return made
