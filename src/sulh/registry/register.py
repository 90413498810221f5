"""A registry: open it, look at records, change them, see what was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sulh.cases.problems import Problems, shown
from sulh.core.errors import NotAnswerable, StoreMissing
from sulh.registry import migrating, writing
from sulh.registry.database import connect, no_registry, place, reading, refuse_other
from sulh.registry.database import writing as transaction
from sulh.registry.edits import Cells, Edit, Refused, check_id, check_kind, read_edits
from sulh.registry.models import Change, Record, fields, table_of
from sulh.registry.searching import matching
from sulh.registry.writing import Outcome, Stamp

Kind = TypeVar("Kind", bound=Record)


def now() -> str:
    """Return the time of the clock, in UTC; only stamps of changes use it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


class _Undo(Exception):
    """Ends a transaction that must leave nothing behind."""


@dataclass(frozen=True)
class Register:
    """An open registry. ``who`` signs the changes; ``clock`` gives their time."""

    engine: Engine
    who: str = "unknown"
    clock: Callable[[], str] = now

    @classmethod
    def open(
        cls, where: str | Path | None = None, who: str = "unknown", *, make: bool = True
    ) -> Register:
        """Open a registry, made if there is none; with ``make=False`` that is refused.

        ``where`` is a file or the address of a PostgreSQL database; None: SULH_REGISTRY, else the
        user's own file. Raises `StoreMissing` for one that is not there or no registry, and for
        one that must be upgraded first.
        """
        found = place(where)
        refuse_other(found, make=make)
        engine = connect(found)
        with reading(engine) as connection:
            at = migrating.revision(connection)
        if at is None and not make:
            engine.dispose()
            raise no_registry(found.render_as_string(), "name another, or add a first record")
        if at is None:
            with transaction(engine) as connection:
                migrating.upgrade(connection)
        elif at != migrating.head():
            raise StoreMissing(
                f"the registry has revision {at}, the package {migrating.head()}",
                "its tables differ",
                "make a copy, then run `sulh registry upgrade`",
            )
        return cls(engine, who)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def apply(
        self,
        edits: Sequence[Edit],
        why: str | None = None,
        *,
        dry_run: bool = False,
        problems: Problems | None = None,
    ) -> Outcome:
        """Make all changes or none; raise `Refused` with every problem, those given first.

        A dry run does the same and takes it back.
        """
        problems = problems or Problems()
        outcome = Outcome()
        try:
            with transaction(self.engine) as connection:
                try:
                    stamp = Stamp(self.who, self.clock(), why)
                    outcome = writing.apply(connection, edits, stamp, problems)
                except IntegrityError as error:
                    _unsound(edits, error, problems)
                if problems.total:
                    raise Refused(problems.kept, problems.total)
                if dry_run:
                    raise _Undo
        except _Undo:
            pass
        return outcome

    def write(
        self, rows: Iterable[Cells], why: str | None = None, *, dry_run: bool = False
    ) -> Outcome:
        """Read cells and apply them; every problem of every cell is reported at once."""
        problems = Problems()
        edits = read_edits(rows, problems)
        return self.apply(edits, why, dry_run=dry_run, problems=problems)

    def add(self, kind: str, /, why: str | None = None, **cells: str) -> Outcome:
        """Add a record given by its cells."""
        check_kind(kind)
        return self.write([Cells(kind, cells)], why)

    def change(self, kind: str, name: str, version: int, /, **cells: str) -> Outcome:
        """Change cells of the version of a record that you saw."""
        return self.change_cells(Cells(kind, {"id": name, "version": str(version), **cells}))

    def change_cells(self, cells: Cells, why: str | None = None) -> Outcome:
        """Change the record that cells name; raise `NotAnswerable` if it is not there."""
        self.record(cells.kind, cells.cells["id"])
        return self.write([cells], why)

    def remove(self, kind: str, name: str, version: int, why: str | None = None) -> Outcome:
        """Remove the version of a record that you saw; its history stays."""
        check_kind(kind)
        self.record(kind, check_id(name))
        return self.apply([Edit(kind, name, None, version)], why)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return all records of a kind, by identifier, with their versions."""
        check_kind(kind)
        table = table_of(kind)
        with reading(self.engine) as connection:
            found = connection.execute(select(table).order_by(table.columns["id"])).mappings()
            return [{name: row[name] for name in (*fields(kind), "version")} for row in found]

    def find(
        self, kind: str, party: str | None = None, text: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the records of a kind that name a nation and hold every word of a text."""
        return [dict(row) for row in matching(kind, self.rows(kind), party, text)]

    def records(self, model: type[Kind]) -> list[Kind]:
        """Return all records of a kind as typed objects, by identifier, detached."""
        with reading(self.engine) as connection, Session(connection) as session:
            found = list(session.scalars(select(model).order_by(model.id)))
            session.expunge_all()
            return found

    def record(self, kind: str, name: str) -> dict[str, Any]:
        """Return one record, or raise `NotAnswerable`."""
        check_kind(kind)
        table = table_of(kind)
        with reading(self.engine) as connection:
            row = (
                connection.execute(select(table).where(table.columns["id"] == name))
                .mappings()
                .first()
            )
        if row is None:
            raise self._absent(kind, name)
        return {column: row[column] for column in (*fields(kind), "version")}

    def _absent(self, kind: str, name: str) -> NotAnswerable:
        ids = [row["id"] for row in self.rows(kind)]
        folded = {one.casefold(): one for one in ids}
        near = get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
        return NotAnswerable(
            f"there is no {kind} {shown(name)}",
            f"the registry holds {len(ids):,} of this kind",
            (f"perhaps {' or '.join(folded[one] for one in near)} is meant; " if near else "")
            + f"see `sulh registry list {kind}`",
        )

    def history(self, kind: str | None = None, name: str | None = None) -> list[dict[str, Any]]:
        """Return the changes of a record, of a kind or of all, the oldest first."""
        query = select(Change.__table__).order_by(Change.number)
        if kind is not None:
            check_kind(kind)
            query = query.where(Change.kind == kind)
        if name is not None:
            query = query.where(Change.record == name)
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _unsound(edits: Sequence[Edit], error: IntegrityError, problems: Problems) -> None:
    """Say what only the database could see: another person was faster, or a reference is gone."""
    told = str(error.orig).strip().splitlines()[0][:200]
    first: Mapping[str, Any] = {"file": edits[0].file, "line": edits[0].line} if edits else {}
    problems.add(
        first.get("file") or "change",
        first.get("line"),
        told,
        "another change was faster, or a record that is named is not there",
        "look at the records again and repeat the change",
    )
