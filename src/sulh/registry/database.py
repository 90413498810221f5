"""Connections: SQLite in a file by default, PostgreSQL for a team.

SQLite runs with foreign keys, a write-ahead log and full synchronisation; a writer takes its lock
at the start, so that it never has to give up half-way. PostgreSQL runs at READ COMMITTED: a change
names the version it was made from, so a lost update cannot happen (see `sulh.registry.writing`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as Busy

from sulh.core.errors import BadRequest, StoreError, StoreMissing

VARIABLE = "SULH_REGISTRY"
WAIT_SECONDS = 30
_MAGIC = b"SQLite format 3\x00"
# One lock for all writers whose checks look at other records too, so that two changes that are
# each sound cannot make an unsound whole.
_LOCK = 0x5355_4C48


class RegistryUnavailable(StoreError):
    """The database cannot be reached or does not do what was asked."""


def place(where: str | Path | None = None) -> URL:
    """Return the address of the registry: as given, else SULH_REGISTRY, else the user's own file.

    >>> place("desk.sqlite").get_backend_name()
    'sqlite'
    """
    found = str(where or os.environ.get(VARIABLE, "") or _own())
    if "://" not in found:
        return URL.create("sqlite+pysqlite", database=found)
    try:
        url = make_url(found)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise _not_a_place(found) from error
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise _not_a_place(found)
    return url.set(drivername="sqlite+pysqlite")


def _own() -> Path:
    return Path(platformdirs.user_data_dir("sulh", appauthor=False)) / "registry.sqlite"


def _not_a_place(found: str) -> BadRequest:
    shown = found.rsplit("@", 1)[-1][:80]
    return BadRequest(
        f"{shown!r} is no place of a registry",
        "records are kept in a SQLite file or in PostgreSQL",
        "give a file, or postgresql://user@host/database",
    )


def refuse_other(url: URL, *, make: bool) -> None:
    """Raise `StoreMissing` where a file is no SQLite file or, unless it may be made, is absent."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    there = not absent(url)
    with said():
        if there and path.is_dir():
            raise StoreMissing(f"{path} is a folder", "a registry is a file", "name a file in it")
        if there and path.stat().st_size and not _is_sqlite(path):
            raise StoreMissing(
                f"{path} is no registry: it is not a SQLite file",
                "records are kept in a SQLite file or in PostgreSQL, and this file was left as "
                "it is",
                _instead(path),
            )
    if not there and not make:
        raise no_registry(str(path), _instead(path))


def absent(url: URL) -> bool:
    """Return whether the file of a registry is not there yet."""
    file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return file and not Path(str(url.database)).exists()


def no_registry(place: str, instead: str) -> StoreMissing:
    """Return the error that says that there is no registry at a place."""
    return StoreMissing(
        f"there is no registry at {place}", "this only reads one, and none was made", instead
    )


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _instead(path: Path) -> str:
    """Return what to do for want of a registry, with the files beside it that may be meant."""
    make = "`sulh registry example` and `sulh registry add` make one"
    try:
        beside = [p for p in path.absolute().parent.iterdir() if p.is_file() and p != path]
        found = {p.name: p for p in beside if _is_sqlite(p)}
    except OSError:  # no folder, or none that may be read
        found = {}
    near = get_close_matches(path.name, sorted(found), n=3, cutoff=0.6)
    named = " or ".join(str(path.with_name(name)) for name in near)
    return f"perhaps {named} is meant; {make}" if near else make


def connect(url: URL) -> Engine:
    """Return an engine on the registry; the folder of a SQLite file is made if absent."""
    if url.get_backend_name() == "postgresql":
        return _team(url)
    if url.database and url.database != ":memory:":
        with said():
            Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _team(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise BadRequest(
            "psycopg is not installed",
            "a registry in PostgreSQL needs it",
            "install sulh[team]",
        ) from error
    return create_engine(
        url, pool_pre_ping=True, pool_size=2, max_overflow=8, connect_args={"connect_timeout": 10}
    )


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transactions begin too late: a reader would become a writer half-way.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that is kept whole or not at all."""
    with said(), engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the registry."""
    with said(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        with connection.begin():
            yield connection


def lock(connection: Connection) -> None:
    """Let only this transaction change records whose checks look at others, until it ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


@contextmanager
def said() -> Iterator[None]:
    """Turn a fault of the database into an error that says what to do."""
    try:
        yield
    # What a new connection raises in its preparation is not wrapped by SQLAlchemy.
    except (DBAPIError, sqlite3.Error, Busy, OSError) as error:
        told = str(getattr(error, "orig", error)).strip().splitlines() or ["no reason given"]
        raise RegistryUnavailable(
            f"the database says: {told[0][:300]}",
            "no change was made, unless the connection broke while it was being confirmed",
            "look at the record again, and repeat the change if it is not there",
        ) from error
