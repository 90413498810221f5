"""Bring a registry to the revision that this version of the package reads and writes."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sulh.core.errors import StoreDamaged
from sulh.registry.database import lock


def scripts() -> ScriptDirectory:
    """Return the migrations shipped in the package."""
    return ScriptDirectory(str(files("sulh.registry").joinpath("migrations")))


def head() -> str:
    """Return the newest revision.

    >>> head()
    '0003'
    """
    return str(scripts().get_current_head())


def revision(connection: Connection) -> str | None:
    """Return the revision of a database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> tuple[str | None, str | None]:
    """Bring a database to a revision; return the one before and the one after.

    Runs in the transaction of the connection. Raises `StoreDamaged` for a database that a newer
    version of the package has written.
    """
    lock(connection)
    directory = scripts()
    before = revision(connection)
    known = {script.revision for script in directory.walk_revisions()}
    if before is not None and before not in known:
        raise StoreDamaged(
            f"the registry has revision {before!r}, which this version does not know",
            "a newer version of the package has written it",
            "install the newer version",
        )

    def steps(current: Any, _context: object) -> Any:
        return directory._upgrade_revs(to, current)

    context = EnvironmentContext(Config(), directory, fn=steps, destination_rev=to)
    with context:
        context.configure(connection=connection)
        context.run_migrations()
    return before, revision(connection)
