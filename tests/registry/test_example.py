"""The example holds public facts as their pages gave them; the page on the registry names all."""

from __future__ import annotations

from pathlib import Path

from sulh.facts.groups import members
from sulh.registry import KINDS, Register, example_records, verify
from sulh.registry.models import Agreement, Seat, columns
from sulh.registry.status import agreement_status


def test_every_record_has_its_page(desk: Register) -> None:
    desk.write(example_records(), "example")
    for kind in KINDS:
        for row in desk.rows(kind):
            assert "." in row["source"], f"{kind} {row['id']} names no page"
    assert verify(desk).records == 33


def test_figures_are_those_of_the_pages(desk: Register) -> None:
    desk.write(example_records())
    assert desk.record("forum", "PKM-2025")["pledging"] == 74
    # 9 participants from abroad and 22 from Pakistan; how many were offered was not said.
    seats = {seat.nation: seat for seat in desk.records(Seat)}
    assert seats["PAK"].filled == 22
    assert sum(seat.filled or 0 for seat in seats.values()) == 31
    assert {seat.offered for seat in seats.values()} == {None}
    zaatari = desk.record("team", "MAR-ZAATARI")
    assert (zaatari["consultations"], zaatari["prescriptions"]) == (1_044_459, 797_479)
    # 41 major and 16 minor operations.
    assert desk.record("team", "JOR-GAZA-78")["operations"] == 41 + 16
    pact = next(a for a in desk.records(Agreement) if a.id == "SMDA-2025")
    assert set(pact.parties.split("|")) <= set(members("OIC", on="2025-09"))


def test_what_a_page_did_not_say_stays_open(desk: Register) -> None:
    import datetime as dt

    desk.write(example_records())
    for agreement in desk.records(Agreement):
        status = agreement_status(agreement, dt.date(2026, 1, 1))
        assert status.word == "signed"
        assert "no entry into force is recorded" in status.reason


def test_the_page_names_every_kind(root: Path) -> None:
    text = (root / "docs" / "registry.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"`{kind}`" in text
        assert all(column.doc or column.name == "version" for column in columns(kind))
