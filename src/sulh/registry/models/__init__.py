"""The records: what each holds, declared once. Files, checks, history and pages follow from it.

A record is one row, so that its version, its history and its line in a file are the same thing.
Parts that have a life of their own (an obligation, an action item, a seat) are records that name
the record they belong to.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Table

from sulh.registry.models.base import Base, Change, Record
from sulh.registry.models.capabilities import MissionLimit, NationLimit, Offer, Pledge, Requirement
from sulh.registry.models.people import Cohort, Course, Post, Seat, Team
from sulh.registry.models.ties import (
    Action,
    Agreement,
    Dialogue,
    Exercise,
    Followup,
    Forum,
    Obligation,
    Ratification,
)

__all__ = [
    "KINDS",
    "Action",
    "Agreement",
    "Base",
    "Change",
    "Cohort",
    "Course",
    "Dialogue",
    "Exercise",
    "Followup",
    "Forum",
    "MissionLimit",
    "NationLimit",
    "Obligation",
    "Offer",
    "Pledge",
    "Post",
    "Ratification",
    "Record",
    "Requirement",
    "Seat",
    "Team",
    "columns",
    "fields",
    "table_of",
]

KINDS: dict[str, type[Record]] = {
    model.__tablename__: model
    for model in (
        Agreement,
        Ratification,
        Obligation,
        Followup,
        Dialogue,
        Action,
        Exercise,
        Forum,
        Pledge,
        Requirement,
        Offer,
        NationLimit,
        MissionLimit,
        Course,
        Seat,
        Cohort,
        Post,
        Team,
    )
}


def table_of(kind: str) -> Table:
    """Return the table of a kind of record."""
    return cast("Table", KINDS[kind].__table__)


def columns(kind: str) -> tuple[Column[Any], ...]:
    """Return the columns of a kind of record, in the order of its files."""
    return tuple(table_of(kind).columns)


@cache
def fields(kind: str) -> tuple[str, ...]:
    """Return the columns that a record of a kind is written with, without its version.

    >>> fields("action")
    ('id', 'dialogue', 'what', 'owner', 'office', 'due', 'done', 'source', 'notes')
    """
    return tuple(column.name for column in columns(kind) if column.name != "version")
