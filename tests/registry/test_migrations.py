"""A registry comes from empty, and from one revision to the next, with its records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from sulh.core.errors import StoreDamaged, StoreMissing
from sulh.registry import Register, verify
from sulh.registry.database import connect, writing
from sulh.registry.database import place as address
from sulh.registry.migrating import head, revision, scripts, upgrade
from sulh.registry.models import Base


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = list(compare_metadata(context, Base.metadata))
        if connection.dialect.name == "sqlite":
            # Of a column that was added later SQLite does not tell that its reference is deferred;
            # `test_an_agreement_and_the_one_that_replaces_it_in_one_go` shows that it is.
            found = [one for one in found if not _is_reference(one, "agreement", "replaces")]
        return found


def _is_reference(difference: Any, table: str, column: str) -> bool:
    what, one = difference[0], difference[1]
    return what in ("remove_fk", "add_fk") and (one.table.name, [*one.column_keys]) == (
        table,
        [column],
    )


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


def test_agreements_of_the_revision_before_can_be_replaced_and_are_verified(place: str) -> None:
    engine = connect(address(place))
    # As the package wrote them before a record could say what it replaces.
    old = {"id": "OLD", "title": "t", "parties": "IDN|MYS", "kind": "treaty", "source": "s"}
    with writing(engine) as connection:
        upgrade(connection, "0002")
        names = ", ".join(old)
        marks = ", ".join(f":{name}" for name in old)
        connection.execute(
            text(f"INSERT INTO agreement ({names}, version) VALUES ({marks}, 1)"), old
        )
        connection.execute(
            text(
                "INSERT INTO change (at, who, kind, record, version, after) "
                "VALUES ('2026', 'w', 'agreement', 'OLD', 1, :after)"
            ),
            {"after": json.dumps({**old, "parent": None, "renews": None})},
        )
    with writing(engine) as connection:
        assert upgrade(connection) == ("0002", head())
    desk = Register.open(place)
    assert verify(desk).faults == ()
    desk.change("agreement", "OLD", 1, title="changed afterwards")
    desk.add("agreement", **{**old, "id": "NEW"}, replaces="OLD")
    desk.add("ratification", id="R", agreement="OLD", party="MYS", source="s")
    assert verify(desk).faults == ()
    for table, column in (("agreement", "replaces"), ("exercise", "agreement")):
        assert column in {one["name"] for one in inspect(engine).get_columns(table)}
    for table in ("agreement", "ratification"):
        with pytest.raises(DBAPIError, match="one version on"), engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET source = 'past the package'"))
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
    assert found == [("0003", "0002"), ("0002", "0001"), ("0001", None)]
