"""Which agreement another replaces, ratification by party, and exercises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_AGREEMENT = "REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED"
_COUNTED = "a record is written one version on"


def upgrade() -> None:
    """Add the column and the tables, with the guards that the other records have."""
    # Written out, since SQLite cannot add a constraint to a table that is there, and a copy of the
    # table would lose its guard.
    op.execute(f"ALTER TABLE agreement ADD COLUMN replaces VARCHAR(64) {_AGREEMENT}")
    op.create_index("ix_agreement_replaces", "agreement", ["replaces"])
    _ratifications()
    _exercises()
    for name in ("ratification", "exercise"):
        _guard(name)


def _refers() -> sa.ForeignKey:
    return sa.ForeignKey("agreement.id", deferrable=True, initially="DEFERRED")


def _record(name: str, *own: sa.Column[str] | sa.Column[int]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(64), primary_key=True),
        *own,
        sa.Column("source", sa.String(1000), nullable=False),
        sa.Column("notes", sa.String(10000)),
        sa.Column("version", sa.Integer(), sa.CheckConstraint("version > 0"), nullable=False),
    )


def _ratifications() -> None:
    _record(
        "ratification",
        sa.Column("agreement", sa.String(64), _refers(), nullable=False, index=True),
        sa.Column("party", sa.String(3), nullable=False),
        sa.Column("signed", sa.String(10)),
        sa.Column("how", sa.String(40)),
        sa.Column("ratified", sa.String(10)),
        sa.Column("in_force", sa.String(10)),
        sa.Column("withdrawn", sa.String(10)),
        sa.Column("declarations", sa.String(2000)),
    )


def _exercises() -> None:
    _record(
        "exercise",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("edition", sa.String(64)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("participants", sa.String(2000), nullable=False),
        sa.Column("hosts", sa.String(2000)),
        sa.Column("observers", sa.String(2000)),
        sa.Column("bodies", sa.String(300)),
        sa.Column("begins", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("place", sa.String(120)),
        sa.Column("persons", sa.Integer()),
        sa.Column("topics", sa.String(2000)),
        sa.Column("outcome", sa.String(2000)),
        sa.Column("agreement", sa.String(64), _refers(), index=True),
    )


def _guard(name: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f'CREATE TRIGGER {name}_counted BEFORE UPDATE ON "{name}" '
            "FOR EACH ROW EXECUTE FUNCTION sulh_counted()"
        )
        return
    op.execute(
        f'CREATE TRIGGER {name}_counted BEFORE UPDATE ON "{name}" '
        "WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id "
        f"BEGIN SELECT RAISE(ABORT, '{_COUNTED}'); END"
    )
