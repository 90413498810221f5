"""Tables of the records and of their changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _refers(kind: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{kind}.id", deferrable=True, initially="DEFERRED")


def _record(name: str, *own: sa.Column[str] | sa.Column[int] | sa.Column[float]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(64), primary_key=True),
        *own,
        sa.Column("source", sa.String(1000), nullable=False),
        sa.Column("notes", sa.String(10000)),
        sa.Column("version", sa.Integer(), sa.CheckConstraint("version > 0"), nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    _agreements()
    _meetings()
    _capabilities()
    _people()
    _teams()
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.String(1000)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.String()),
        sa.Column("after", sa.String()),
    )


def _agreements() -> None:
    _record(
        "agreement",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("parties", sa.String(2000), nullable=False),
        sa.Column("bodies", sa.String(300)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("binding", sa.String(40)),
        sa.Column("areas", sa.String(2000)),
        sa.Column("signed", sa.String(10)),
        sa.Column("in_force", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("renewal", sa.String(40)),
        sa.Column("renewal_period", sa.String(12)),
        sa.Column("notice_period", sa.String(12)),
        sa.Column("renewed_until", sa.String(10)),
        sa.Column("notice_given", sa.String(10)),
        sa.Column("terminated", sa.String(10)),
        sa.Column("parent", sa.String(64), _refers("agreement"), index=True),
        sa.Column("renews", sa.String(64), _refers("agreement"), index=True),
        sa.Column("registration", sa.String(64)),
        sa.Column("office", sa.String(120)),
    )
    _record(
        "obligation",
        sa.Column("agreement", sa.String(64), _refers("agreement"), nullable=False, index=True),
        sa.Column("article", sa.String(64)),
        sa.Column("what", sa.String(1000), nullable=False),
        sa.Column("owed_by", sa.String(2000)),
        sa.Column("owed_to", sa.String(2000)),
        sa.Column("due", sa.String(10), nullable=False),
        sa.Column("every", sa.String(12)),
        sa.Column("until", sa.String(10)),
    )
    _record(
        "followup",
        sa.Column("obligation", sa.String(64), _refers("obligation"), nullable=False, index=True),
        sa.Column("due", sa.String(10), nullable=False),
        sa.Column("done", sa.String(10), nullable=False),
        sa.Column("evidence", sa.String(1000)),
    )


def _meetings() -> None:
    _record(
        "dialogue",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40)),
        sa.Column("participants", sa.String(2000), nullable=False),
        sa.Column("host", sa.String(3)),
        sa.Column("begins", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("place", sa.String(120)),
        sa.Column("topics", sa.String(2000)),
        sa.Column("outcome", sa.String(2000)),
        sa.Column("agreement", sa.String(64), _refers("agreement"), index=True),
    )
    _record(
        "action",
        sa.Column("dialogue", sa.String(64), _refers("dialogue"), nullable=False, index=True),
        sa.Column("what", sa.String(1000), nullable=False),
        sa.Column("owner", sa.String(3)),
        sa.Column("office", sa.String(120)),
        sa.Column("due", sa.String(10)),
        sa.Column("done", sa.String(10)),
    )
    _record(
        "forum",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("edition", sa.String(64)),
        sa.Column("host", sa.String(3)),
        sa.Column("place", sa.String(120)),
        sa.Column("begins", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("nations", sa.Integer()),
        sa.Column("pledging", sa.Integer()),
    )


def _capabilities() -> None:
    _record(
        "pledge",
        sa.Column("nation", sa.String(3), nullable=False, index=True),
        sa.Column("forum", sa.String(64), _refers("forum"), index=True),
        sa.Column("what", sa.String(1000)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("made", sa.String(10)),
        sa.Column("due", sa.String(10)),
        sa.Column("fulfilled", sa.String(10)),
        sa.Column("capability", sa.String(64)),
        sa.Column("units", sa.Integer()),
        sa.Column("strength", sa.Integer()),
        sa.Column("women", sa.Integer()),
        sa.Column("readiness", sa.String(64)),
        sa.Column("available_from", sa.String(7)),
        sa.Column("available_to", sa.String(7)),
        sa.Column("tour_months", sa.Integer()),
        sa.Column("reset_months", sa.Integer()),
        sa.Column("max_tours", sa.Integer()),
        sa.Column("languages", sa.String(2000)),
        sa.Column("excluded_missions", sa.String(2000)),
        sa.Column("needs", sa.String(2000)),
        sa.Column("monthly_cost_usd", sa.BigInteger()),
        sa.Column("move_cost_usd", sa.BigInteger()),
    )
    _record(
        "requirement",
        sa.Column("mission", sa.String(64), nullable=False),
        sa.Column("capability", sa.String(64), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("priority", sa.Float(53), nullable=False),
        sa.Column("languages", sa.String(2000)),
    )
    _record(
        "offer",
        sa.Column("provider", sa.String(3), nullable=False),
        sa.Column("agreement", sa.String(64), _refers("agreement"), index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("capability", sa.String(64)),
        sa.Column("recipients", sa.String(2000)),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("cost_usd", sa.BigInteger(), nullable=False),
    )
    _record(
        "nation_limit",
        sa.Column("max_personnel", sa.Integer()),
        sa.Column("max_missions", sa.Integer()),
    )
    _record(
        "mission_limit",
        sa.Column("max_personnel_per_nation", sa.Integer()),
        sa.Column("women_target", sa.Float(53)),
    )


def _people() -> None:
    _record(
        "course",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(3), nullable=False),
        sa.Column("school", sa.String(300)),
        sa.Column("recognition", sa.String(300)),
        sa.Column("language", sa.String(2000)),
        sa.Column("apply_by", sa.String(10)),
        sa.Column("begins", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("capacity", sa.Integer()),
        sa.Column("agreement", sa.String(64), _refers("agreement"), index=True),
    )
    _record(
        "seat",
        sa.Column("course", sa.String(64), _refers("course"), nullable=False, index=True),
        sa.Column("nation", sa.String(3), nullable=False),
        sa.Column("offered", sa.Integer()),
        sa.Column("accepted", sa.Integer()),
        sa.Column("filled", sa.Integer()),
        sa.Column("graduated", sa.Integer()),
        sa.Column("women", sa.Integer()),
        sa.Column("cost_usd", sa.BigInteger()),
    )
    _record(
        "cohort",
        sa.Column("course", sa.String(64), _refers("course"), index=True),
        sa.Column("school", sa.String(300)),
        sa.Column("nation", sa.String(3)),
        sa.Column("year", sa.Integer()),
        sa.Column("rank_band", sa.String(40)),
        sa.Column("persons", sa.Integer()),
        sa.Column("women", sa.Integer()),
        sa.Column("in_contact", sa.Integer()),
    )


def _teams() -> None:
    _record(
        "post",
        sa.Column("sending", sa.String(3), nullable=False),
        sa.Column("receiving", sa.String(3), nullable=False),
        sa.Column("also", sa.String(2000)),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("seat", sa.String(64)),
        sa.Column("asked", sa.String(10)),
        sa.Column("approved", sa.String(10)),
        sa.Column("arrives", sa.String(10)),
        sa.Column("leaves", sa.String(10)),
    )
    _record(
        "team",
        sa.Column("nation", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40)),
        sa.Column("receiving", sa.String(3)),
        sa.Column("place", sa.String(120)),
        sa.Column("begins", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("beds", sa.Integer()),
        sa.Column("intensive_beds", sa.Integer()),
        sa.Column("doctors", sa.Integer()),
        sa.Column("nurses", sa.Integer()),
        sa.Column("staff", sa.Integer()),
        sa.Column("consultations", sa.Integer()),
        sa.Column("patients", sa.Integer()),
        sa.Column("operations", sa.Integer()),
        sa.Column("prescriptions", sa.Integer()),
        sa.Column("tonnes", sa.Integer()),
        sa.Column("counted_to", sa.String(10)),
    )
