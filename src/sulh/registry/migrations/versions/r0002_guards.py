"""Changes are only ever added, and a record is only ever written one version on.

The database itself refuses anything else, whoever asks: this package, another program, a person
at a prompt.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_RECORDS = (
    "agreement",
    "obligation",
    "followup",
    "dialogue",
    "action",
    "forum",
    "pledge",
    "requirement",
    "offer",
    "nation_limit",
    "mission_limit",
    "course",
    "seat",
    "cohort",
    "post",
    "team",
)
_KEPT = "changes are only ever added"
_COUNTED = "a record is written one version on"


def upgrade() -> None:
    """Set the guards."""
    op.create_index("ix_change_record", "change", ["kind", "record", "version"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER change_kept_{event.lower()} BEFORE {event} ON change "
            f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
        )
    for name in _RECORDS:
        op.execute(
            f'CREATE TRIGGER {name}_counted BEFORE UPDATE ON "{name}" '
            "WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id "
            f"BEGIN SELECT RAISE(ABORT, '{_COUNTED}'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION sulh_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER change_kept BEFORE UPDATE OR DELETE ON change "
        "FOR EACH ROW EXECUTE FUNCTION sulh_kept()"
    )
    op.execute(
        "CREATE TRIGGER change_kept_whole BEFORE TRUNCATE ON change "
        "FOR EACH STATEMENT EXECUTE FUNCTION sulh_kept()"
    )
    op.execute(
        "CREATE FUNCTION sulh_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id THEN "
        f"RAISE EXCEPTION '{_COUNTED}'; END IF; RETURN NEW; END $$"
    )
    for name in _RECORDS:
        op.execute(
            f'CREATE TRIGGER {name}_counted BEFORE UPDATE ON "{name}" '
            "FOR EACH ROW EXECUTE FUNCTION sulh_counted()"
        )
