"""Replay the history and hold it against the records: nothing lost, nothing without a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sulh.registry.database import reading
from sulh.registry.models import KINDS, Change, fields
from sulh.registry.register import Register

SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was replayed, and every place where history and records do not agree."""

    records: int
    changes: int
    faults: tuple[str, ...]


def verify(register: Register) -> Verified:
    """Return whether each record is what its changes made it, step by step.

    Each change must begin where the one before it ended, versions must rise by one while a record
    lives, and the last change must be the record as it stands.
    """
    faults: list[str] = []
    last: dict[tuple[str, str], tuple[int, str | None]] = {}
    count = 0
    with reading(register.engine) as connection:
        query = select(Change.__table__).order_by(Change.kind, Change.record, Change.version)
        for change in connection.execution_options(yield_per=5_000).execute(query).mappings():
            count += 1
            faults += _step(change, last)
        records = 0
        for kind, model in KINDS.items():
            for row in connection.execute(select(model.__table__)).mappings():
                records += 1
                faults += _stands(kind, row, last.pop((kind, row["id"]), None))
    faults += [
        f"{kind} {name} is gone without a trace" for (kind, name), (_, a) in last.items() if a
    ]
    return Verified(records, count, tuple(faults[:SHOWN]))


def _step(change: Any, last: dict[tuple[str, str], tuple[int, str | None]]) -> Iterator[str]:
    key = (change["kind"], change["record"])
    version, state = last.get(key, (None, None))
    if change["before"] != state and _known(change["before"]) != _known(state):
        yield f"{key[0]} {key[1]}, version {change['version']} does not begin where the last ended"
    if version is not None and change["version"] != version + 1 and state is not None:
        yield f"{key[0]} {key[1]} jumps from version {version} to {change['version']}"
    last[key] = (change["version"], change["after"])


def _stands(kind: str, row: Any, last: tuple[int, str | None] | None) -> Iterator[str]:
    if last is None or last[1] is None:
        yield f"{kind} {row['id']} is there without a change that added it"
        return
    version, state = last
    if row["version"] != version:
        yield f"{kind} {row['id']} has version {row['version']}, its last change {version}"
    if {name: row[name] for name in fields(kind) if row[name] is not None} != _known(state):
        yield f"{kind} {row['id']} is not what its last change made it"


def _known(state: str | None) -> dict[str, Any] | None:
    """Return what is known of a record: a column that came later is absent, not empty."""
    if state is None:
        return None
    return {name: value for name, value in json.loads(state).items() if value is not None}
