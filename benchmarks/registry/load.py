"""Many writers on one registry, the server killed in between, and a checker that counts.

``python -m benchmarks.registry`` runs it on a PostgreSQL server of its own.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from sulh.core.errors import StoreError
from sulh.facts.states import by_nation
from sulh.registry import Edit, Refused, Register, verify
from sulh.registry.database import reading
from sulh.registry.edits import Values
from sulh.registry.models import Change

if TYPE_CHECKING:
    from benchmarks.registry.server import Server

HOT = 200


@dataclass(frozen=True)
class Load:
    """How much load: agreements there beforehand, writers, seconds; killed halfway."""

    agreements: int = 100_000
    writers: int = 50
    seconds: float = 60.0
    seed: int = 5


@dataclass
class Done:
    """What writers were told: confirmed, refused as too late, or cut off without an answer."""

    confirmed: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    refused: int = 0


@dataclass(frozen=True)
class Report:
    """What the checker counted."""

    records: int
    changes: int
    confirmed: int
    doubtful: int
    doubtful_kept: int
    refused: int
    faults: tuple[str, ...]
    fill_seconds: float
    write_seconds: float


def agreements(count: int) -> list[Edit]:
    """Return so many agreements between pairs of nations, the same ones every time."""
    nations = sorted(by_nation())
    pairs = list(combinations(nations, 2))
    found = []
    for number in range(count):
        parties = "|".join(pairs[number % len(pairs)])
        year = 1950 + number % 70
        values: Values = {
            "id": f"A{number:06d}",
            "title": f"Agreement {number} of {parties}",
            "parties": parties,
            "kind": ("memorandum", "treaty", "defence_cooperation")[number % 3],
            "signed": f"{year}-03-01",
            "in_force": f"{year}-09-01",
            "ends": f"{year + 5}-08-31",
            "renewal": ("tacit", "none")[number % 2],
            "renewal_period": ("P5Y", None)[number % 2],
            "notice_period": "P6M",
            "source": "made up for measuring",
            "notes": "0",
        }
        found.append(Edit("agreement", f"A{number:06d}", values))
    return found


def run(server: Server, address: str, load: Load, *, kill: bool = True) -> Report:
    """Fill a registry, let the writers loose, kill the server halfway, and count."""
    desk = Register.open(address, "filler")
    started = time.monotonic()
    desk.apply(agreements(load.agreements))
    filled = time.monotonic() - started
    desk.close()
    done = [Done() for _ in range(load.writers)]
    ends = time.monotonic() + load.seconds
    threads = [
        threading.Thread(target=_write, args=(address, number, ends, load, done[number]))
        for number in range(load.writers)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    if kill:
        time.sleep(load.seconds / 2)
        server.kill()
        server.start()
    for thread in threads:
        thread.join()
    return _check(address, done, filled, time.monotonic() - started)


def _write(address: str, number: int, ends: float, load: Load, done: Done) -> None:
    chance = random.Random(f"{load.seed} {number}")
    step = 0
    desk: Register | None = None
    while time.monotonic() < ends:
        step += 1
        token = f"{number}-{step}"
        asked = False
        try:
            desk = desk or Register.open(address, f"writer {number}")
            edits = _edits(desk, token, min(load.agreements, HOT), chance)
            asked = True
            desk.apply(edits, token)
            done.confirmed.add(token)
        except Refused:
            done.refused += 1
        except StoreError:
            # Cut off: it may have been kept or not. The checker looks.
            if asked:
                done.doubtful.add(token)
            time.sleep(0.1)
    if desk is not None:
        desk.close()


def _edits(desk: Register, token: str, hot: int, chance: random.Random) -> list[Edit]:
    """Return a count by one on a record that many want, or three new records that hang together."""
    name = f"A{chance.randrange(hot):06d}"
    if chance.random() < 0.2:
        own: Values = {"id": f"N{token}", "title": token, "parties": "PAK|SAU", "kind": "treaty"}
        parts: list[Values] = [
            {"id": f"N{token}:{n}", "agreement": f"N{token}", "what": token, "due": "2030-01-01"}
            for n in (1, 2)
        ]
        return [
            Edit("agreement", f"N{token}", own | {"source": "s"}),
            *(Edit("obligation", str(part["id"]), part | {"source": "s"}) for part in parts),
        ]
    seen = desk.record("agreement", name)
    return [Edit("agreement", name, {"notes": str(int(seen["notes"]) + 1)}, seen["version"])]


def _check(address: str, done: list[Done], filled: float, written: float) -> Report:
    desk = Register.open(address, "checker")
    verified = verify(desk)
    confirmed = set[str]().union(*(d.confirmed for d in done))
    doubtful = set[str]().union(*(d.doubtful for d in done))
    with reading(desk.engine) as connection:
        rows = connection.execute(
            select(Change.why, Change.record, Change.before, Change.after).where(
                Change.why.is_not(None)
            )
        ).all()
    found = Counter(row.why for row in rows)
    faults = list(verified.faults)
    faults += [f"{token} was confirmed and is lost" for token in confirmed - found.keys()]
    faults += [f"{token} was refused and is there" for token in found.keys() - confirmed - doubtful]
    new = {row.why for row in rows if row.before is None}
    for token, count in found.items():
        if count != (3 if token in new else 1):
            faults.append(f"{token} is there by half: {count} changes")
    counts = Counter(row.record for row in rows if row.before is not None)
    for name, count in islice(counts.items(), None):
        stands = int(desk.record("agreement", name)["notes"])
        if stands != count:
            faults.append(f"{name} counts {stands} after {count} changes: an update was lost")
    desk.close()
    return Report(
        records=verified.records,
        changes=verified.changes,
        confirmed=len(confirmed),
        doubtful=len(doubtful),
        doubtful_kept=len(doubtful & found.keys()),
        refused=sum(d.refused for d in done),
        faults=tuple(faults),
        fill_seconds=round(filled, 2),
        write_seconds=round(written, 2),
    )


def as_text(report: Report) -> str:
    """Return a report as JSON."""
    return json.dumps(vars(report), indent=1)
