"""What is pledged, required and offered: what force generation reads."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from sulh.registry.cells import MOST, Choice, Count, Day, Decimal, Key, Month, Nation, Text
from sulh.registry.models.base import NATIONS, WORDS, Record, refers


class Pledge(Record):
    """What a nation pledges, at a forum or not; with a capability it serves force generation."""

    __tablename__ = "pledge"
    heading = "pledges"
    ordered = (("made", "fulfilled"), ("available_from", "available_to"))
    nested = (("strength", "women"),)

    nation: Mapped[str] = mapped_column(Nation(), index=True, doc="nation that pledges")
    forum: Mapped[str | None] = refers("forum", index=True, doc="forum at which it was made")
    what: Mapped[str | None] = mapped_column(Text(1000), doc="what is pledged, in words")
    kind: Mapped[str] = mapped_column(
        Choice("uniformed", "training", "technology", "women", "medical", "money", "other"),
        doc="kind",
    )
    made: Mapped[str | None] = mapped_column(Day(), doc="the day it was made")
    due: Mapped[str | None] = mapped_column(Day(), doc="the day by which it is due")
    fulfilled: Mapped[str | None] = mapped_column(Day(), doc="the day on which it was fulfilled")
    capability: Mapped[str | None] = mapped_column(Key(), doc="capability")
    units: Mapped[int | None] = mapped_column(Count(1000, 1), doc="identical units")
    strength: Mapped[int | None] = mapped_column(Count(1_000_000, 1), doc="persons in a unit")
    women: Mapped[int | None] = mapped_column(Count(1_000_000), doc="women in a unit")
    readiness: Mapped[str | None] = mapped_column(Key(), doc="level of readiness")
    available_from: Mapped[str | None] = mapped_column(Month(), doc="first month")
    available_to: Mapped[str | None] = mapped_column(Month(), doc="last month")
    tour_months: Mapped[int | None] = mapped_column(Count(600, 1), doc="length of a tour")
    reset_months: Mapped[int | None] = mapped_column(Count(600), doc="months between tours")
    max_tours: Mapped[int | None] = mapped_column(Count(1000), doc="most tours of a unit")
    languages: Mapped[str | None] = mapped_column(WORDS, doc="languages")
    excluded_missions: Mapped[str | None] = mapped_column(WORDS, doc="caveats")
    needs: Mapped[str | None] = mapped_column(WORDS, doc="support it needs")
    monthly_cost_usd: Mapped[int | None] = mapped_column(Count(MOST), doc="cost a month")
    move_cost_usd: Mapped[int | None] = mapped_column(Count(MOST), doc="cost of a move")


class Requirement(Record):
    """What a mission needs, month by month."""

    __tablename__ = "requirement"
    heading = "requirements"
    ordered = (("first_month", "last_month"),)

    mission: Mapped[str] = mapped_column(Key(), doc="mission")
    capability: Mapped[str] = mapped_column(Key(), doc="capability")
    units: Mapped[int] = mapped_column(Count(1000, 1), doc="units at the same time")
    first_month: Mapped[str] = mapped_column(Month(), doc="first month")
    last_month: Mapped[str] = mapped_column(Month(), doc="last month")
    priority: Mapped[float] = mapped_column(Decimal(), doc="weight of a unit-month")
    languages: Mapped[str | None] = mapped_column(WORDS, doc="a unit has one of them")


class Offer(Record):
    """Support that a partner offers; it is open while its agreement is in force."""

    __tablename__ = "offer"
    heading = "offers"
    ordered = (("first_month", "last_month"),)

    provider: Mapped[str] = mapped_column(Nation(), doc="nation that offers")
    agreement: Mapped[str | None] = refers("agreement", index=True, doc="agreement it rests on")
    kind: Mapped[str] = mapped_column(Choice("airlift", "equipment", "training"), doc="kind")
    capability: Mapped[str | None] = mapped_column(Key(), doc="capability; empty: any")
    recipients: Mapped[str | None] = mapped_column(NATIONS, doc="nations; empty: any")
    uses: Mapped[int] = mapped_column(Count(1_000_000), doc="tours it supports in all")
    first_month: Mapped[str] = mapped_column(Month(), doc="first month")
    last_month: Mapped[str] = mapped_column(Month(), doc="last month")
    cost_usd: Mapped[int] = mapped_column(Count(MOST), doc="cost of a tour")


class NationLimit(Record):
    """A nation's ceilings in any one month; its ``id`` is the code of the nation."""

    __tablename__ = "nation_limit"
    heading = "nation_limits"

    max_personnel: Mapped[int | None] = mapped_column(Count(1_000_000), doc="persons")
    max_missions: Mapped[int | None] = mapped_column(Count(1000), doc="missions")


class MissionLimit(Record):
    """A mission's limit on any one nation and its target for women; ``id`` is the mission."""

    __tablename__ = "mission_limit"
    heading = "mission_limits"

    max_personnel_per_nation: Mapped[int | None] = mapped_column(Count(1_000_000), doc="persons")
    women_target: Mapped[float | None] = mapped_column(Decimal(1.0), doc="share of women")
