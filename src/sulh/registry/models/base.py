"""What all records have, and the history of their changes."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sulh.registry.cells import Key, Listed, Nation, Text

NATIONS = Listed(Nation())
WORDS = Listed(Key())


class Base(DeclarativeBase):
    """The metadata of the registry."""


class Record(Base):
    """What all records have. ``version`` counts the changes; an editor names the one he saw."""

    __abstract__ = True
    heading: ClassVar[str]
    # Pairs of columns of which the first must not lie after the second.
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    # Columns of counts of which each is part of the one before it.
    nested: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: Mapped[str] = mapped_column(
        Key(), primary_key=True, sort_order=-10, doc="identifier, yours to choose"
    )
    source: Mapped[str] = mapped_column(Text(1000), sort_order=90, doc="where it is from")
    notes: Mapped[str | None] = mapped_column(Text(10_000), sort_order=91, doc="anything else")
    version: Mapped[int] = mapped_column(
        Integer, CheckConstraint("version > 0"), sort_order=99, doc="how often it was written"
    )


def refers(kind: str, **options: Any) -> Any:
    """Return a column that names a record of a kind; checked when the change is complete."""
    return mapped_column(
        Key(), ForeignKey(f"{kind}.id", deferrable=True, initially="DEFERRED"), **options
    )


class Change(Base):
    """One change: who, when, what was before and what is after. Rows are only ever added."""

    __tablename__ = "change"
    # Two changes cannot both make one version of a record.
    __table_args__ = (Index("ix_change_record", "kind", "record", "version", unique=True),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(200))
    why: Mapped[str | None] = mapped_column(String(1000))
    kind: Mapped[str] = mapped_column(String(40))
    record: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    before: Mapped[str | None] = mapped_column(String)
    after: Mapped[str | None] = mapped_column(String)
