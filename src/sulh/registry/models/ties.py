"""Agreements and their obligations, dialogues and their action items, forums."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from sulh.registry.cells import Choice, Count, Day, Nation, Period, Text
from sulh.registry.models.base import NATIONS, WORDS, Record, refers


class Agreement(Record):
    """An agreement between nations; its status is computed for a day, never typed."""

    __tablename__ = "agreement"
    heading = "agreements"
    ordered = (
        ("signed", "in_force"),
        ("in_force", "ends"),
        ("in_force", "terminated"),
        ("ends", "renewed_until"),
        ("signed", "notice_given"),
    )

    title: Mapped[str] = mapped_column(Text(), doc="title")
    parties: Mapped[str] = mapped_column(NATIONS, doc="the nations that are bound")
    bodies: Mapped[str | None] = mapped_column(Text(), doc="organisations that are party")
    kind: Mapped[str] = mapped_column(
        Choice(
            "treaty",
            "alliance",
            "defence_cooperation",
            "memorandum",
            "status_of_forces",
            "information_security",
            "cross_servicing",
            "training",
            "implementing_arrangement",
            "letter_of_assist",
            "other",
        ),
        doc="kind of instrument",
    )
    binding: Mapped[str | None] = mapped_column(Choice("yes", "no"), doc="binding in law")
    areas: Mapped[str | None] = mapped_column(WORDS, doc="areas of cooperation")
    signed: Mapped[str | None] = mapped_column(Day(), doc="signed")
    in_force: Mapped[str | None] = mapped_column(Day(), doc="entered into force")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day of the first term")
    renewal: Mapped[str | None] = mapped_column(
        Choice("none", "tacit", "express"), doc="how it is renewed at the end of its term"
    )
    renewal_period: Mapped[str | None] = mapped_column(Period(), doc="length of each renewal")
    notice_period: Mapped[str | None] = mapped_column(
        Period(), doc="notice to end it, before the end of a term"
    )
    renewed_until: Mapped[str | None] = mapped_column(Day(), doc="last day after express renewal")
    notice_given: Mapped[str | None] = mapped_column(Day(), doc="notice of its end was given")
    terminated: Mapped[str | None] = mapped_column(Day(), doc="last day before it was ended")
    parent: Mapped[str | None] = refers("agreement", index=True, doc="agreement it rests on")
    renews: Mapped[str | None] = refers("agreement", index=True, doc="agreement it takes over from")
    replaces: Mapped[str | None] = refers(
        "agreement", index=True, doc="agreement that ends when this one enters into force"
    )
    registration: Mapped[str | None] = mapped_column(Text(64), doc="number of registration")
    office: Mapped[str | None] = mapped_column(Text(120), doc="office in charge")


class Ratification(Record):
    """A party's own signature and ratification of an agreement."""

    __tablename__ = "ratification"
    heading = "ratifications"
    ordered = (("signed", "ratified"), ("ratified", "in_force"), ("in_force", "withdrawn"))

    agreement: Mapped[str] = refers("agreement", index=True, doc="agreement")
    party: Mapped[str] = mapped_column(Nation(), doc="party")
    signed: Mapped[str | None] = mapped_column(Day(), doc="signed by the party")
    how: Mapped[str | None] = mapped_column(
        Choice("ratification", "acceptance", "approval", "accession", "succession", "signature"),
        doc="how it consented to be bound",
    )
    ratified: Mapped[str | None] = mapped_column(Day(), doc="consent given or deposited")
    in_force: Mapped[str | None] = mapped_column(Day(), doc="in force for the party")
    withdrawn: Mapped[str | None] = mapped_column(Day(), doc="last day for the party")
    declarations: Mapped[str | None] = mapped_column(
        Text(2000), doc="reservations and declarations"
    )


class Obligation(Record):
    """What an agreement asks of a party, once or again and again."""

    __tablename__ = "obligation"
    heading = "obligations"
    ordered = (("due", "until"),)

    agreement: Mapped[str] = refers("agreement", index=True, doc="agreement")
    article: Mapped[str | None] = mapped_column(Text(64), doc="article")
    what: Mapped[str] = mapped_column(Text(1000), doc="what is owed")
    owed_by: Mapped[str | None] = mapped_column(NATIONS, doc="who owes it")
    owed_to: Mapped[str | None] = mapped_column(NATIONS, doc="to whom")
    due: Mapped[str] = mapped_column(Day(), doc="due, the first time")
    every: Mapped[str | None] = mapped_column(Period(), doc="due again after each such period")
    until: Mapped[str | None] = mapped_column(Day(), doc="last day on which it is owed")


class Followup(Record):
    """That an obligation was met on one of the days on which it was due."""

    __tablename__ = "followup"
    heading = "followups"

    obligation: Mapped[str] = refers("obligation", index=True, doc="obligation")
    due: Mapped[str] = mapped_column(Day(), doc="the day it was due")
    done: Mapped[str] = mapped_column(Day(), doc="the day it was met")
    evidence: Mapped[str | None] = mapped_column(Text(1000), doc="what shows it")


class Dialogue(Record):
    """A dialogue, staff talks or a visit."""

    __tablename__ = "dialogue"
    heading = "dialogues"
    ordered = (("begins", "ends"),)

    title: Mapped[str] = mapped_column(Text(), doc="title")
    kind: Mapped[str] = mapped_column(
        Choice("dialogue", "staff_talks", "committee", "visit", "exercise", "other"), doc="kind"
    )
    level: Mapped[str | None] = mapped_column(
        Choice("head_of_state", "minister", "chief_of_staff", "senior_official", "staff"),
        doc="level",
    )
    participants: Mapped[str] = mapped_column(NATIONS, doc="nations that take part")
    host: Mapped[str | None] = mapped_column(Nation(), doc="host")
    begins: Mapped[str | None] = mapped_column(Day(), doc="first day")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day")
    place: Mapped[str | None] = mapped_column(Text(120), doc="place")
    topics: Mapped[str | None] = mapped_column(WORDS, doc="topics")
    outcome: Mapped[str | None] = mapped_column(Text(2000), doc="what came of it")
    agreement: Mapped[str | None] = refers("agreement", index=True, doc="agreement it serves")


class Action(Record):
    """An action item of a dialogue."""

    __tablename__ = "action"
    heading = "actions"

    dialogue: Mapped[str] = refers("dialogue", index=True, doc="dialogue")
    what: Mapped[str] = mapped_column(Text(1000), doc="what is to be done")
    owner: Mapped[str | None] = mapped_column(Nation(), doc="nation that does it")
    office: Mapped[str | None] = mapped_column(Text(120), doc="office in charge")
    due: Mapped[str | None] = mapped_column(Day(), doc="due")
    done: Mapped[str | None] = mapped_column(Day(), doc="done")


class Exercise(Record):
    """An exercise of two nations or more; its hosts and observers stand beside who takes part."""

    __tablename__ = "exercise"
    heading = "exercises"
    ordered = (("begins", "ends"),)

    title: Mapped[str] = mapped_column(Text(), doc="title")
    edition: Mapped[str | None] = mapped_column(Text(64), doc="edition")
    kind: Mapped[str] = mapped_column(
        Choice(
            *("field", "command_post", "table_top", "naval", "air", "special_forces"),
            *("peacekeeping", "medical", "disaster_relief", "other"),
        ),
        doc="kind",
    )
    participants: Mapped[str] = mapped_column(NATIONS, doc="nations that take part")
    hosts: Mapped[str | None] = mapped_column(NATIONS, doc="nations that host it")
    observers: Mapped[str | None] = mapped_column(NATIONS, doc="nations that observe")
    bodies: Mapped[str | None] = mapped_column(Text(), doc="organisations that take part")
    begins: Mapped[str | None] = mapped_column(Day(), doc="first day")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day")
    place: Mapped[str | None] = mapped_column(Text(120), doc="place")
    persons: Mapped[int | None] = mapped_column(Count(10_000_000), doc="persons in all")
    topics: Mapped[str | None] = mapped_column(WORDS, doc="topics")
    outcome: Mapped[str | None] = mapped_column(Text(2000), doc="what came of it")
    agreement: Mapped[str | None] = refers("agreement", index=True, doc="agreement it serves")


class Forum(Record):
    """A meeting of many nations, at which pledges may be made."""

    __tablename__ = "forum"
    heading = "forums"
    ordered = (("begins", "ends"),)

    title: Mapped[str] = mapped_column(Text(), doc="title")
    edition: Mapped[str | None] = mapped_column(Text(64), doc="edition")
    host: Mapped[str | None] = mapped_column(Nation(), doc="host")
    place: Mapped[str | None] = mapped_column(Text(120), doc="place")
    begins: Mapped[str | None] = mapped_column(Day(), doc="first day")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day")
    nations: Mapped[int | None] = mapped_column(Count(500), doc="nations that took part")
    pledging: Mapped[int | None] = mapped_column(Count(500), doc="nations that pledged")
