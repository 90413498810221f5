"""Records, status, history and agenda as results: tables with units, gaps and assumptions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sulh.registry.agenda import Item, Window
from sulh.registry.files import header
from sulh.registry.hijri import SAID, hijri
from sulh.registry.models import Agreement, Post, Ratification, table_of
from sulh.registry.status import (
    Status,
    agreement_status,
    party_status,
    post_status,
    successors,
    term_on,
)
from sulh.result import Result

_NUMBERS = {int: pl.Int64, float: pl.Float64}


def agenda_table(items: Sequence[Item], window: Window, *, with_hijri: bool = False) -> Result:
    """Return an agenda as a result; ``days`` counts from the day asked about, late is negative."""
    rows = [
        {
            "day": item.day.isoformat(),
            **({"hijri": hijri(item.day)} if with_hijri else {}),
            "days": (item.day - window.as_of).days,
            "what": item.what,
            "kind": item.kind,
            "record": item.record,
            "title": item.title,
            "nations": item.nations,
            "reason": item.reason,
            "source": item.source,
        }
        for item in items
    ]
    names = ("what", "kind", "record", "title", "nations", "reason", "source")
    schema: dict[str, Any] = {"day": pl.String}
    schema |= {"hijri": pl.String} if with_hijri else {}
    schema |= {"days": pl.Int64, **dict.fromkeys(names, pl.String)}
    return Result(
        name="agenda",
        title=f"Agenda as of {window.as_of}, to {window.until}",
        table=pl.DataFrame(rows, schema=schema),
        units={"days": "days from the day asked about"},
        missing=(SAID,) if with_hijri else (),
        assumed=(
            "what was done after the day asked about counts as not done",
            "of a date known in part the first day is taken for a deadline",
        ),
    )


@dataclass(frozen=True)
class Kept:
    """The records whose status is computed; ``party`` keeps those of one nation."""

    agreements: Sequence[Agreement]
    ratifications: Sequence[Ratification] = ()
    posts: Sequence[Post] = ()
    party: str | None = None


_Row = tuple[str | None, ...]


def status_table(kept: Kept, day: dt.date) -> Result:
    """Return the status of agreements, ratifications and posts as of a day, with its reason.

    For one nation an agreement has the status that it has for that nation.
    """
    rows = [*_agreements(kept, day), *_posts(kept, day)]
    names = ("kind", "record", "title", "nations", "status", "reason", "ends", "notice_by")
    return Result(
        name="status",
        title=f"Status as of {day}" + (f", for {kept.party}" if kept.party else ""),
        table=pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"),
        assumed=("status is computed from the dates of the records, never typed",),
    )


def _agreements(kept: Kept, day: dt.date) -> Iterator[_Row]:
    followers = successors(kept.agreements)
    recorded: dict[str, dict[str, Ratification]] = {}
    for own in kept.ratifications:
        recorded.setdefault(own.agreement, {})[own.party] = own
    for agreement in kept.agreements:
        later, steps = followers.get(agreement.id, ()), recorded.get(agreement.id, {})
        if kept.party is None:
            yield _agreement(agreement, agreement_status(agreement, day, later), day)
            for party, own in steps.items():
                found = party_status(agreement, party, steps, day, later)
                about = ("ratification", own.id, f"{party}: {agreement.title}", party)
                yield (*about, found.word, found.reason, own.withdrawn, None)
        elif kept.party in agreement.parties.split("|"):
            found = party_status(agreement, kept.party, steps, day, later)
            yield _agreement(agreement, found, day)


def _agreement(agreement: Agreement, status: Status, day: dt.date) -> _Row:
    running = term_on(agreement, day) if status.word == "in force" else None
    notice = running.notice_by.isoformat() if running and running.notice_by else None
    end = running.end.isoformat() if running else None
    about = ("agreement", agreement.id, agreement.title, agreement.parties)
    return (*about, status.word, status.reason, end, notice)


def _posts(kept: Kept, day: dt.date) -> Iterator[_Row]:
    for post in kept.posts:
        nations = f"{post.sending}|{post.receiving}"
        if kept.party and kept.party not in f"{nations}|{post.also or ''}".split("|"):
            continue
        status = post_status(post, day)
        title = f"{post.service} attaché of {post.sending} in {post.receiving}"
        yield ("post", post.id, title, nations, status.word, status.reason, post.leaves, None)


def records_table(kind: str, rows: Sequence[Mapping[str, Any]], asked: str = "") -> Result:
    """Return records of a kind as a result; ``asked`` says what was searched for."""
    schema = {
        name: _NUMBERS.get(table_of(kind).columns[name].type.python_type, pl.String)
        for name in header(kind)
    }
    table = pl.DataFrame(
        [[row[name] for name in schema] for row in rows], schema=schema, orient="row"
    )
    return Result(name=kind, title=f"Records: {kind}{asked}", table=table)


def history_table(changes: Sequence[Mapping[str, Any]]) -> Result:
    """Return changes, given the oldest first, as a result: a row for each cell, newest first."""
    rows = []
    for change in reversed(changes):
        before = json.loads(change["before"] or "{}")
        after = json.loads(change["after"] or "{}")
        action = "added" if change["before"] is None else "changed"
        action = "removed" if change["after"] is None else action
        about = [change[name] for name in ("at", "who", "record", "version")]
        last = (action, change["kind"], change["why"], change["number"])
        rows += [
            (*about, name, _shown(before.get(name)), _shown(after.get(name)), *last)
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
    names = ("at", "who", "record", "version", "column", "before", "after")
    schema: dict[str, Any] = dict.fromkeys((*names, "action", "kind", "why", "number"), pl.String)
    schema |= {"number": pl.Int64, "version": pl.Int64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return Result(name="history", title="Changes, the newest first", table=table)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)
