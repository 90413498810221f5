"""A registry to test on: SQLite, and a PostgreSQL server started for the test run."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sulh.registry import Register

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

_COUNT = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """Return a running server, or skip where none can be started."""
    from benchmarks.registry.server import Server, binary

    if os.name != "posix" or binary("postgres") is None or binary("initdb") is None:
        pytest.skip("PostgreSQL is not installed: its programs postgres and initdb were not found")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with tempfile.TemporaryDirectory(prefix="sulh-pg-", dir="/tmp") as folder:
        server = Server(Path(folder) / "server")
        yield server
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty registry, on each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "desk.sqlite")
    server = request.getfixturevalue("postgresql")
    return str(server.fresh(f"test{next(_COUNT)}"))


@pytest.fixture
def desk(place: str) -> Iterator[Register]:
    """Return an empty registry on each of the two databases, with a clock that counts."""
    ticks = itertools.count()
    opened = Register.open(place, "first")
    register = Register(opened.engine, "first", lambda: f"2026-01-01T00:00:{next(ticks):02d}+00:00")
    yield register
    register.close()
