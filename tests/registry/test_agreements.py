"""Agreements that replace others, and what they are for each party: days worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from sulh.api.registry import make_agenda, status_of
from sulh.cli.app import run
from sulh.registry import Cells, Refused, Register
from sulh.registry.force_case import case_files
from sulh.registry.models import Agreement, Ratification
from sulh.registry.status import agreement_status, party_status

_DAY = dt.date.fromisoformat
OLD = {"id": "OLD", "title": "Pact of 1995", "parties": "IDN|MYS", "kind": "treaty", "source": "s"}
NEW = OLD | {"id": "NEW", "title": "Pact of 2018", "replaces": "OLD"}


@pytest.mark.parametrize(
    ("old", "new", "day", "word"),
    [
        ({"in_force": "1995"}, {"in_force": "2018-05-01"}, "2018-04-30", "in force"),
        ({"in_force": "1995"}, {"in_force": "2018-05-01"}, "2018-05-01", "replaced"),
        # The later one ends: the older does not come back to life.
        (
            {"in_force": "1995"},
            {"in_force": "2018-05-01", "ends": "2020"},
            "2025-01-01",
            "replaced",
        ),
        # Only signed, or its dates unknown: nothing is replaced yet.
        ({"in_force": "1995"}, {"signed": "2018-05-01"}, "2025-01-01", "in force"),
        ({"in_force": "1995"}, {}, "2025-01-01", "in force"),
        # It had ended by itself a day before, or on the very eve.
        (
            {"in_force": "1995", "ends": "2018-04-29"},
            {"in_force": "2018-05-01"},
            "2019-01-01",
            "expired",
        ),
        (
            {"in_force": "1995", "ends": "2018-04-30"},
            {"in_force": "2018-05-01"},
            "2019-01-01",
            "replaced",
        ),
        (
            {"in_force": "1995", "terminated": "2010"},
            {"in_force": "2018-05-01"},
            "2019-01-01",
            "ended",
        ),
        # It never entered into force.
        ({"signed": "1995"}, {"in_force": "2018-05-01"}, "2019-01-01", "replaced"),
    ],
)
def test_replaced_as_of_a_day(
    old: dict[str, str], new: dict[str, str], day: str, word: str
) -> None:
    later = [Agreement(id="NEW", **new)]
    assert agreement_status(Agreement(**old), _DAY(day), later).word == word


def test_of_two_that_replace_one_the_first_in_force_counts() -> None:
    later = [Agreement(id="B", in_force="2019-01-01"), Agreement(id="A", in_force="2018-01-01")]
    found = agreement_status(Agreement(in_force="1995"), _DAY("2020-01-01"), later)
    assert (found.word, found.reason) == ("replaced", "replaced by A, in force since 2018-01-01")


def test_an_agreement_and_the_one_that_replaces_it_in_one_go(desk: Register) -> None:
    # The one that names the other is written first: the reference is checked at the end.
    desk.write(
        [
            Cells("agreement", NEW | {"id": "A", "replaces": "Z"}),
            Cells("agreement", OLD | {"id": "Z"}),
        ]
    )
    assert desk.record("agreement", "A")["replaces"] == "Z"
    with pytest.raises(Refused, match="Z is named by agreement A"):
        desk.remove("agreement", "Z", 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"id": "A", "replaces": "A"}], "names itself"),
        ([{"id": "A", "replaces": "B"}, {"id": "B", "replaces": "A"}], r"circle: .* \(replaces\)"),
        ([{"id": "A", "replaces": "B"}, {"id": "B", "renews": "A"}], "renews and replaces"),
        ([{"id": "A", "replaces": "GONE"}], "there is no agreement of that name"),
        (
            [{"id": "A", "in_force": "1990", "replaces": "B"}, {"id": "B", "signed": "1995-02"}],
            "cannot replace one that came after it",
        ),
    ],
)
def test_replacements_that_cannot_be(desk: Register, rows: list[dict[str, str]], said: str) -> None:
    with pytest.raises(Refused, match=said):
        desk.write([Cells("agreement", OLD | row) for row in rows])
    assert desk.history() == []


def test_a_date_changed_later_is_held_against_the_replacement(desk: Register) -> None:
    desk.write(
        [
            Cells("agreement", OLD | {"signed": "1995"}),
            Cells("agreement", NEW | {"in_force": "2018"}),
        ]
    )
    with pytest.raises(Refused, match="cannot replace one that came after it"):
        desk.change("agreement", "OLD", 1, signed="2019")


def test_the_agenda_says_the_replacement_and_no_end_after_it(desk: Register) -> None:
    desk.write(
        [
            Cells(
                "agreement",
                OLD | {"in_force": "1995", "ends": "2018-12-31", "notice_period": "P1M"},
            ),
            Cells("agreement", NEW | {"signed": "2018-01-01", "in_force": "2018-05-01"}),
            Cells(
                "obligation",
                {"id": "PLAN", "agreement": "OLD", "what": "plan", "due": "2018-04-01"}
                | {"every": "P1M", "source": "s"},
            ),
        ]
    )
    items = make_agenda(desk, "2018-04-01", "2019-12-31").items
    assert [(str(item.day), item.record, item.what) for item in items] == [
        ("2018-04-01", "PLAN", "due"),
        ("2018-05-01", "NEW", "enters into force"),
        ("2018-05-01", "OLD", "is replaced"),
    ]


def test_an_offer_under_an_agreement_ends_with_its_replacement(desk: Register) -> None:
    desk.write(
        [
            Cells("agreement", OLD | {"in_force": "1995"}),
            Cells("agreement", NEW | {"in_force": "2018-05-01"}),
            Cells(
                "offer",
                {
                    "id": "LIFT",
                    "provider": "MYS",
                    "kind": "airlift",
                    "agreement": "OLD",
                    "uses": "1",
                }
                | {
                    "first_month": "2018-01",
                    "last_month": "2018-12",
                    "cost_usd": "0",
                    "source": "s",
                },
            ),
        ]
    )
    (row,) = case_files(desk).tables["partners.csv"].splitlines()[1:]
    assert "2018-01,2018-04" in row


PACT = Agreement(id="P", parties="IDN|MYS|TUR", signed="2017-09-20", in_force="2019-04-01")


def _own(**dates: str) -> dict[str, Ratification]:
    return {"MYS": Ratification(agreement="P", party="MYS", **dates)}


@pytest.mark.parametrize(
    ("recorded", "day", "word"),
    [
        ({}, "2019-04-01", "in force"),  # nothing is recorded of anybody: the agreement's own dates
        (_own(signed="2017-09-20"), "2030-01-01", "signed"),
        (_own(signed="2017-09-20", ratified="2018-02-01"), "2018-01-31", "signed"),
        (_own(signed="2017-09-20", ratified="2018-02-01"), "2018-02-01", "ratified"),
        (_own(signed="2017-09-20", ratified="2018-02-01"), "2019-04-01", "in force"),
        (_own(ratified="2020-02-01"), "2019-12-31", "planned"),
        (_own(ratified="2020-02-01", in_force="2020-05-01"), "2020-04-30", "ratified"),
        (_own(ratified="2020-02-01", in_force="2020-05-01"), "2020-05-01", "in force"),
        (_own(ratified="2020-02-01", withdrawn="2024-06-30"), "2024-06-30", "in force"),
        (_own(ratified="2020-02-01", withdrawn="2024-06-30"), "2024-07-01", "withdrawn"),
        (_own(), "2024-07-01", "undated"),
    ],
)
def test_an_agreement_for_one_party(recorded: dict[str, Ratification], day: str, word: str) -> None:
    assert party_status(PACT, "MYS", recorded, _DAY(day)).word == word


def test_a_party_of_which_nothing_is_recorded_is_not_known() -> None:
    found = party_status(PACT, "TUR", _own(ratified="2018"), _DAY("2020-01-01"))
    assert found.word == "not known"
    assert found.reason.startswith("1 of others are recorded, none of TUR")


def test_an_agreement_that_ended_binds_no_party() -> None:
    gone = Agreement(parties="IDN|MYS", in_force="2001", terminated="2010")
    assert party_status(gone, "MYS", _own(ratified="2000"), _DAY("2011-01-01")).word == "ended"
    assert party_status(gone, "MYS", _own(ratified="2000"), _DAY("2010-01-01")).word == "in force"


OWN = {"id": "R", "agreement": "OLD", "party": "MYS", "source": "s"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"party": "TUR"}, "only a party ratifies"),
        ({"agreement": "GONE"}, "there is no agreement of that name"),
        ({"signed": "2001", "ratified": "2000"}, "ratified lies before signed"),
        ({"ratified": "2001", "in_force": "2000"}, "in_force lies before ratified"),
        ({"in_force": "2001", "withdrawn": "2000"}, "withdrawn lies before in_force"),
        ({"ratified": "9999"}, "outside 1800 to 2199"),
        ({"in_force": "1994"}, "binds nobody before it is in force"),
    ],
)
def test_a_ratification_that_cannot_be(desk: Register, more: dict[str, str], said: str) -> None:
    desk.write([Cells("agreement", OLD | {"in_force": "1995"})])
    with pytest.raises(Refused, match=said):
        desk.write([Cells("ratification", OWN | more)])


def test_a_party_ratifies_once_and_stays_a_party(desk: Register) -> None:
    desk.write([Cells("agreement", OLD), Cells("ratification", OWN)])
    with pytest.raises(Refused, match="counted twice"):
        desk.write([Cells("ratification", OWN | {"id": "R2"})])
    with pytest.raises(Refused, match="only a party ratifies"):
        desk.change("agreement", "OLD", 1, parties="IDN|TUR")


def test_status_of_all_and_of_one_nation(desk: Register) -> None:
    desk.write(
        [
            Cells("agreement", OLD | {"in_force": "1995"}),
            Cells("agreement", OLD | {"id": "OTHER", "parties": "PAK|SAU"}),
            Cells("ratification", OWN | {"signed": "1995"}),
        ]
    )
    day = _DAY("2020-01-01")
    every = status_of(desk, day).table.select("kind", "record", "status").rows()
    assert every == [
        ("agreement", "OLD", "in force"),
        ("ratification", "R", "signed"),
        ("agreement", "OTHER", "undated"),
    ]
    assert status_of(desk, day, "MYS").table.select("record", "status").rows() == [
        ("OLD", "signed")
    ]
    assert status_of(desk, day, "IDN").table.select("record", "status").rows() == [
        ("OLD", "not known")
    ]


GAMES = {"id": "E", "title": "Ex", "kind": "naval", "participants": "BGD|PAK", "source": "s"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"participants": "PAK"}, "of two nations or more"),
        ({"observers": "PAK|TUR"}, "PAK stands under participants and under observers"),
        ({"begins": "2025-02-10", "ends": "2025-02-09"}, "ends lies before begins"),
        ({"begins": "9999-01-01"}, "outside 1800 to 2199"),
        ({"hosts": "XXX"}, "no ISO 3166-1 alpha-3 code"),
        ({"persons": "-1"}, "whole number from 0"),
    ],
)
def test_an_exercise_that_cannot_be(desk: Register, more: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        desk.write([Cells("exercise", GAMES | more)])
    desk.write([Cells("exercise", GAMES | {"hosts": "PAK", "begins": "2025-02-07"})])
    (item,) = make_agenda(desk, "2025-02-01").items
    assert (str(item.day), item.what, item.reason) == ("2025-02-07", "begins", "naval")


def test_records_are_found_by_nation_and_by_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = str(tmp_path / "desk.sqlite")
    desk = Register.open(where)
    first = OLD | {"title": "Coopération militaire, Malaysia – Türkiye", "parties": "MYS|TUR"}
    desk.write(
        [
            Cells("agreement", first),
            Cells("agreement", OLD | {"id": "B", "title": "Military cooperation"}),
            Cells("agreement", OLD | {"id": "C", "parties": "PAK|SAU", "notes": "100 % a_b 'x'"}),
            Cells(
                "course",
                {"id": "K", "title": "t", "kind": "staff", "provider": "MYS"} | {"source": "s"},
            ),
        ]
    )
    assert [row["id"] for row in desk.find("agreement", "MYS")] == ["B", "OLD"]
    assert [row["id"] for row in desk.find("agreement", "MYS", "MILITAIRE cooperation")] == ["OLD"]
    assert [row["id"] for row in desk.find("agreement", text="turkiye")] == ["OLD"]
    # Signs that a database takes for a pattern or for its own language are no more than signs.
    assert [row["id"] for row in desk.find("agreement", text="100 %")] == ["C"]
    assert desk.find("agreement", text="' OR 1=1 --") == []
    assert [row["id"] for row in desk.find("course", "MYS")] == ["K"]
    desk.close()
    words = ["registry", "list", "agreements", "--party", "MYS", "--search", "cooperation"]
    assert run([*words, "--registry", where, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "B" in json.dumps(told)
    for bad in (["--party", "ZZZ"], ["--party", "'; DROP"], ["--search", "%"]):
        assert run(["registry", "list", "agreement", *bad, "--registry", where]) == 2
    assert run(["registry", "list", "followup", "--party", "MYS", "--registry", where]) == 2
    assert "name no nation" in capsys.readouterr().err
