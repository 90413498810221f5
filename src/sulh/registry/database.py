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
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as Busy

from sulh.core.errors import BadRequest, StoreError

VARIABLE = "SULH_REGISTRY"
WAIT_SECONDS = 30
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
