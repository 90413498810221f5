"""Write edits: all or none, each against the version it was made from, each with its history.

A change is an UPDATE of the row whose version the editor saw, and a row of history, in one
transaction. Of two people who edit the same version the second is told who was first, when, and
which cells differ; nothing of his is written and nothing of the first is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from sulh.cases.problems import Problems
from sulh.registry.cells import Value
from sulh.registry.database import lock
from sulh.registry.edits import Edit, Values
from sulh.registry.models import KINDS, Change, fields, table_of
from sulh.registry.relations import check_relations, chunks, looks_around
from sulh.registry.rules import faults

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who makes a change, when (ISO 8601, UTC), and why if it is said."""

    who: str
    at: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records were added, changed, removed, and found to be the same already."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    def __str__(self) -> str:
        """Return the counts in words."""
        return (
            f"{self.added:,} added, {self.changed:,} changed, {self.removed:,} removed, "
            f"{self.same:,} the same"
        )


def as_json(values: Mapping[str, Value] | None) -> str | None:
    """Return the values of a record as they stand in its history."""
    return None if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)


def apply(
    connection: Connection, edits: Sequence[Edit], stamp: Stamp, problems: Problems
) -> Outcome:
    """Write the edits in the transaction of the connection, and note every problem.

    Where a problem is noted the caller rolls back. Kinds are written in the order in which they
    refer to each other.
    """
    if any(looks_around(edit) for edit in edits):
        lock(connection)
    counts = [0, 0, 0, 0]
    written: list[Edit] = []
    for kind in KINDS:
        own = [edit for edit in edits if edit.kind == kind]
        if own:
            batch = _Batch(connection, kind, stamp, problems)
            written += batch.write(own)
            counts = [a + b for a, b in zip(counts, batch.counts, strict=True)]
    check_relations(connection, written, problems)
    return Outcome(*counts)


class _Batch:
    """The edits of one kind of record."""

    def __init__(self, connection: Connection, kind: str, stamp: Stamp, problems: Problems) -> None:
        self.connection, self.kind, self.stamp, self.problems = connection, kind, stamp, problems
        self.table = table_of(kind)
        self.counts = [0, 0, 0, 0]
        self.changes: list[dict[str, Any]] = []

    def write(self, edits: Sequence[Edit]) -> list[Edit]:
        """Write the sound edits and their history; return all, with all values of each record."""
        names = sorted({edit.id for edit in edits})
        now, ever = self._current(names), self._last(names)
        inserts, updates, removals, written = [], [], [], []
        for edit in edits:
            row, noted = now.get(edit.id), self.problems.total
            if not edit.sound or not self._current_version(edit, row):
                written.append(replace(edit, sound=False))
                continue
            before = {name: row[name] for name in fields(self.kind)} if row else None
            after = self._after(edit, before)
            version = (
                (row["version"] + 1) if row else max(edit.version or 1, ever.get(edit.id, 0) + 1)
            )
            if before is not None and after == before:
                self.counts[3] += 1
                continue
            if self.problems.total > noted:
                written.append(replace(edit, values=after, sound=False))
                continue
            if after is None:
                removals.append(edit.id)
                self.counts[2] += 1
            elif row is None:
                inserts.append({**after, "version": version})
                self.counts[0] += 1
            else:
                updates.append({**after, "version": version, "_id": edit.id, "_seen": version - 1})
                self.counts[1] += 1
            self._remember(edit.id, version, before, after)
            written.append(replace(edit, values=after, version=version))
        self._execute(inserts, updates, removals)
        return written

    def _current(self, names: Sequence[str]) -> dict[str, Row]:
        own = self.table.columns["id"]
        found: dict[str, Row] = {}
        for part in chunks(names):
            query = select(self.table).where(own.in_(part)).with_for_update()
            found.update(
                (row["id"], dict(row)) for row in self.connection.execute(query).mappings()
            )
        return found

    def _last(self, names: Sequence[str]) -> dict[str, int]:
        """Return the last version that each name ever had, removed or not."""
        found: dict[str, int] = {}
        for part in chunks(names):
            query = (
                select(Change.record, func.max(Change.version))
                .where(Change.kind == self.kind, Change.record.in_(part))
                .group_by(Change.record)
            )
            found.update((row[0], row[1]) for row in self.connection.execute(query))
        return found

    def _after(self, edit: Edit, before: Values | None) -> Values | None:
        if edit.values is None:
            return None
        after: Values = dict.fromkeys(fields(self.kind))
        after.update(before or {})
        after.update(edit.values)
        after["id"] = edit.id
        for found, why, mend in faults(self.kind, after):
            self.problems.add(edit.file, edit.line, found, why, mend)
        return after

    def _current_version(self, edit: Edit, row: Row | None) -> bool:
        if row is None and (edit.values is not None):
            return True
        if row is not None and edit.version == row["version"]:
            return True
        if row is not None and edit.version is None and self._same(edit, row):
            return True
        self.problems.add(edit.file, edit.line, *self._told(edit, row))
        return False

    def _same(self, edit: Edit, row: Row) -> bool:
        return edit.values is not None and all(row[k] == v for k, v in edit.values.items())

    def _told(self, edit: Edit, row: Row | None) -> tuple[str, str, str]:
        if row is None:
            return (f"there is no {edit.kind} {edit.id}", "it cannot be removed", "check the name")
        if edit.version is None:
            return (
                f"{edit.kind} {edit.id} is there already, in version {row['version']}",
                "a new record must not replace another",
                "give the version you saw to change it, or choose another id",
            )
        last = self.connection.execute(
            select(Change.who, Change.at).where(
                Change.kind == self.kind,
                Change.record == edit.id,
                Change.version == row["version"],
            )
        ).first()
        by = f" by {last.who} at {last.at}" if last else ""
        mine = edit.values or {}
        differ = [f"{k}: {row[k]!r} there, {v!r} yours" for k, v in mine.items() if row[k] != v]
        return (
            f"{edit.kind} {edit.id} has version {row['version']}{by}; you changed version "
            f"{edit.version}",
            "writing yours would undo what was written since ("
            + ("; ".join(differ)[:400] or "no cell differs")
            + ")",
            "look at it as it is now and make your change again",
        )

    def _remember(
        self, name: str, version: int, before: Values | None, after: Values | None
    ) -> None:
        self.changes.append(
            {
                "at": self.stamp.at,
                "who": self.stamp.who,
                "why": self.stamp.why,
                "kind": self.kind,
                "record": name,
                "version": version,
                "before": as_json(before),
                "after": as_json(after),
            }
        )

    def _execute(
        self, inserts: list[dict[str, Any]], updates: list[dict[str, Any]], removals: list[str]
    ) -> None:
        own, version = self.table.columns["id"], self.table.columns["version"]
        if inserts:
            self.connection.execute(self.table.insert(), inserts)
        if updates:
            self.connection.execute(
                self.table.update().where(own == bindparam("_id"), version == bindparam("_seen")),
                updates,
            )
        for part in chunks(removals):
            self.connection.execute(self.table.delete().where(own.in_(part)))
        if self.changes:
            self.connection.execute(insert(Change), self.changes)
