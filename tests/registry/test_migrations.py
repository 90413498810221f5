"""A registry comes from empty, and from one revision to the next, with its records."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from sulh.core.errors import StoreDamaged, StoreMissing
from sulh.registry import Register
from sulh.registry.database import connect, writing
from sulh.registry.database import place as address
from sulh.registry.migrating import head, revision, scripts, upgrade
from sulh.registry.models import Base


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_an_empty_database_gets_the_tables_that_the_records_declare(place: str) -> None:
    engine = connect(address(place))
    with writing(engine) as connection:
        assert upgrade(connection) == (None, head())
    assert _differences(engine) == []
    with writing(engine) as connection:
        assert upgrade(connection) == (head(), head())
    engine.dispose()


def test_records_of_an_older_revision_are_kept(place: str) -> None:
    engine = connect(address(place))
    with writing(engine) as connection:
        upgrade(connection, "0001")
        connection.execute(
            text("INSERT INTO forum (id, title, source, version) VALUES ('F', 'Forum', 's', 1)")
        )
        connection.execute(text("UPDATE forum SET title = 'guards are not set yet'"))
    with pytest.raises(StoreMissing, match="sulh registry upgrade"):
        Register.open(place)
    with writing(engine) as connection:
        assert upgrade(connection) == ("0001", head())
    assert _differences(engine) == []
    with pytest.raises(DBAPIError, match="one version on"), engine.begin() as connection:
        connection.execute(text("UPDATE forum SET title = 'past the package'"))
    desk = Register.open(place)
    assert desk.record("forum", "F")["title"] == "guards are not set yet"
    desk.close()
    engine.dispose()


def test_a_migration_that_fails_leaves_the_old_revision(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(address(place))
    with writing(engine) as connection:
        upgrade(connection, "0001")
    module = scripts().get_revision("0002").module

    def broken() -> None:
        from alembic import op

        op.execute("CREATE TABLE half (id INTEGER)")
        raise RuntimeError("power cut")

    directory = scripts()
    monkeypatch.setattr("sulh.registry.migrating.scripts", lambda: directory)
    monkeypatch.setattr(directory.get_revision("0002").module, "upgrade", broken)
    with pytest.raises(RuntimeError), writing(engine) as connection:
        upgrade(connection)
    with engine.connect() as connection:
        assert revision(connection) == "0001"
        assert not connection.dialect.has_table(connection, "half")
    assert module is not None
    engine.dispose()


def test_a_newer_registry_is_left_alone(place: str) -> None:
    desk = Register.open(place)
    with writing(desk.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with (
        pytest.raises(StoreDamaged, match="newer version of the package"),
        writing(desk.engine) as connection,
    ):
        upgrade(connection)
    with pytest.raises(StoreMissing):
        Register.open(place)
    desk.close()


def test_revisions_form_one_line() -> None:
    found = [(r.revision, r.down_revision) for r in scripts().walk_revisions()]
    assert found == [("0002", "0001"), ("0001", None)]
