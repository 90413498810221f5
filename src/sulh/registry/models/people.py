"""Courses, seats, alumni by cohort, attachés' posts, medical and relief teams."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from sulh.registry.cells import MOST, Choice, Count, Day, Key, Nation, Text
from sulh.registry.models.base import NATIONS, WORDS, Record, refers


class Course(Record):
    """A course for attachés, staff officers, peacekeepers or medical personnel."""

    __tablename__ = "course"
    heading = "courses"
    ordered = (("apply_by", "begins"), ("begins", "ends"))

    title: Mapped[str] = mapped_column(Text(), doc="title")
    kind: Mapped[str] = mapped_column(
        Choice("attache", "staff", "peacekeeping", "medical", "language", "other"), doc="kind"
    )
    provider: Mapped[str] = mapped_column(Nation(), doc="nation that holds it")
    school: Mapped[str | None] = mapped_column(Text(), doc="school")
    recognition: Mapped[str | None] = mapped_column(Text(), doc="who recognises it")
    language: Mapped[str | None] = mapped_column(WORDS, doc="language")
    apply_by: Mapped[str | None] = mapped_column(Day(), doc="last day to apply")
    begins: Mapped[str | None] = mapped_column(Day(), doc="first day")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day")
    capacity: Mapped[int | None] = mapped_column(Count(100_000), doc="seats in all")
    agreement: Mapped[str | None] = refers("agreement", index=True, doc="agreement it rests on")


class Seat(Record):
    """A nation's seats on a course; four counts that are kept apart."""

    __tablename__ = "seat"
    heading = "seats"
    nested = (("offered", "accepted", "filled", "graduated", "women"),)

    course: Mapped[str] = refers("course", index=True, doc="course")
    nation: Mapped[str] = mapped_column(Nation(), doc="nation that is offered them")
    offered: Mapped[int | None] = mapped_column(Count(100_000), doc="offered")
    accepted: Mapped[int | None] = mapped_column(Count(100_000), doc="accepted")
    filled: Mapped[int | None] = mapped_column(Count(100_000), doc="filled")
    graduated: Mapped[int | None] = mapped_column(Count(100_000), doc="graduated")
    women: Mapped[int | None] = mapped_column(Count(100_000), doc="women who graduated")
    cost_usd: Mapped[int | None] = mapped_column(Count(MOST), doc="cost")


class Cohort(Record):
    """Alumni of a course by nation, year and band of rank: counts, no names."""

    __tablename__ = "cohort"
    heading = "cohorts"
    nested = (("persons", "in_contact"), ("persons", "women"))

    course: Mapped[str | None] = refers("course", index=True, doc="course")
    school: Mapped[str | None] = mapped_column(Text(), doc="school, where no course is named")
    nation: Mapped[str | None] = mapped_column(Nation(), doc="nation; empty: several")
    year: Mapped[int | None] = mapped_column(Count(2199, 1800), doc="year of graduation")
    rank_band: Mapped[str | None] = mapped_column(
        Choice("other_ranks", "junior_officer", "field_officer", "general", "civilian"),
        doc="band of rank",
    )
    persons: Mapped[int | None] = mapped_column(Count(1_000_000), doc="persons")
    women: Mapped[int | None] = mapped_column(Count(1_000_000), doc="women among them")
    in_contact: Mapped[int | None] = mapped_column(Count(1_000_000), doc="still in contact")


class Post(Record):
    """A tour at an attaché's post, with its accreditation."""

    __tablename__ = "post"
    heading = "posts"
    ordered = (("asked", "approved"), ("approved", "arrives"), ("arrives", "leaves"))

    sending: Mapped[str] = mapped_column(Nation(), doc="sending nation")
    receiving: Mapped[str] = mapped_column(Nation(), doc="receiving nation")
    also: Mapped[str | None] = mapped_column(NATIONS, doc="nations of cross-accreditation")
    service: Mapped[str] = mapped_column(
        Choice("defence", "army", "navy", "air", "police", "assistant"), doc="service"
    )
    seat: Mapped[str | None] = mapped_column(Key(), doc="which of several such posts")
    asked: Mapped[str | None] = mapped_column(Day(), doc="approval asked")
    approved: Mapped[str | None] = mapped_column(Day(), doc="approval given")
    arrives: Mapped[str | None] = mapped_column(Day(), doc="arrives")
    leaves: Mapped[str | None] = mapped_column(Day(), doc="leaves")


class Team(Record):
    """A medical or relief team abroad, with what it had and did."""

    __tablename__ = "team"
    heading = "teams"
    ordered = (("begins", "ends"),)

    nation: Mapped[str] = mapped_column(Nation(), doc="nation that sends it")
    kind: Mapped[str] = mapped_column(
        Choice("field_hospital", "medical_team", "relief_team", "other"), doc="kind"
    )
    level: Mapped[str | None] = mapped_column(Choice("1", "2", "3", "4"), doc="level of the UN")
    receiving: Mapped[str | None] = mapped_column(Nation(), doc="nation in which it works")
    place: Mapped[str | None] = mapped_column(Text(120), doc="place")
    begins: Mapped[str | None] = mapped_column(Day(), doc="first day")
    ends: Mapped[str | None] = mapped_column(Day(), doc="last day")
    beds: Mapped[int | None] = mapped_column(Count(100_000), doc="beds")
    intensive_beds: Mapped[int | None] = mapped_column(Count(100_000), doc="beds, intensive care")
    doctors: Mapped[int | None] = mapped_column(Count(100_000), doc="doctors")
    nurses: Mapped[int | None] = mapped_column(Count(100_000), doc="nurses")
    staff: Mapped[int | None] = mapped_column(Count(100_000), doc="persons in all")
    consultations: Mapped[int | None] = mapped_column(Count(), doc="consultations")
    patients: Mapped[int | None] = mapped_column(Count(), doc="patients")
    operations: Mapped[int | None] = mapped_column(Count(), doc="operations")
    prescriptions: Mapped[int | None] = mapped_column(Count(), doc="prescriptions")
    tonnes: Mapped[int | None] = mapped_column(Count(), doc="tonnes of relief goods")
    counted_to: Mapped[str | None] = mapped_column(Day(), doc="day up to which is counted")
