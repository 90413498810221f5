"""Records, status, history and agenda as results: tables with units, gaps and assumptions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sulh.registry.agenda import Item, Window
from sulh.registry.files import header
from sulh.registry.hijri import SAID, hijri
from sulh.registry.models import Agreement, Post, table_of
from sulh.registry.status import agreement_status, post_status, term_on
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


def status_table(agreements: Sequence[Agreement], posts: Sequence[Post], day: dt.date) -> Result:
    """Return the status of every agreement and post as of a day, each with its reason."""
    rows = []
    for agreement in agreements:
        status, term = agreement_status(agreement, day), term_on(agreement, day)
        running = term if status.word == "in force" else None
        notice = running.notice_by.isoformat() if running and running.notice_by else None
        end = running.end.isoformat() if running else None
        about = ("agreement", agreement.id, agreement.title, agreement.parties)
        rows.append((*about, status.word, status.reason, end, notice))
    for post in posts:
        status = post_status(post, day)
        title = f"{post.service} attaché of {post.sending} in {post.receiving}"
        nations = f"{post.sending}|{post.receiving}"
        rows.append(
            ("post", post.id, title, nations, status.word, status.reason, post.leaves, None)
        )
    names = ("kind", "record", "title", "nations", "status", "reason", "ends", "notice_by")
    return Result(
        name="status",
        title=f"Status as of {day}",
        table=pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"),
        assumed=("status is computed from the dates of the record, never typed",),
    )


def records_table(kind: str, rows: Sequence[Mapping[str, Any]]) -> Result:
    """Return records of a kind as a result."""
    schema = {
        name: _NUMBERS.get(table_of(kind).columns[name].type.python_type, pl.String)
        for name in header(kind)
    }
    table = pl.DataFrame(
        [[row[name] for name in schema] for row in rows], schema=schema, orient="row"
    )
    return Result(name=kind, title=f"Records: {kind}", table=table)


def history_table(changes: Sequence[Mapping[str, Any]]) -> Result:
    """Return changes as a result: a row for each cell that differs."""
    rows = []
    for change in changes:
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
    return Result(name="history", title="Changes, the oldest first", table=table)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)
