"""Every change is kept, and nobody's change is lost."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.registry import Cells, Refused, Register, example_records, verify

PACT = {
    "id": "A1",
    "title": "Pact",
    "parties": "PAK|SAU",
    "kind": "alliance",
    "signed": "2025-09",
    "source": "a page",
}


def test_a_change_keeps_who_when_before_and_after(desk: Register) -> None:
    desk.add("agreement", **PACT)
    second = Register(desk.engine, "second", desk.clock)
    second.change("agreement", "A1", 1, title="Defence pact")
    second.remove("agreement", "A1", 2, "entered twice")
    found = desk.history("agreement", "A1")
    assert [(c["who"], c["at"][-8:-6], c["version"], c["why"]) for c in found] == [
        ("first", "00", 1, None),
        ("second", "01", 2, None),
        ("second", "02", 3, "entered twice"),
    ]
    assert found[0]["before"] is None
    assert json.loads(found[1]["before"])["title"] == "Pact"
    assert json.loads(found[1]["after"])["title"] == "Defence pact"
    assert found[2]["before"] == found[1]["after"]
    assert found[2]["after"] is None
    assert desk.rows("agreement") == []
    assert verify(desk).faults == ()


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(desk: Register) -> None:
    desk.add("agreement", **PACT)
    desk.change("agreement", "A1", 1, title="By the first", notes="kept")
    with pytest.raises(Refused) as told:
        Register(desk.engine, "second", desk.clock).change(
            "agreement", "A1", 1, title="By the second"
        )
    said = str(told.value)
    assert "version 2 by first at 2026-01-01T00:00:01+00:00; you changed version 1" in said
    assert "'By the first' there, 'By the second' yours" in said
    row = desk.record("agreement", "A1")
    assert (row["title"], row["notes"], row["version"]) == ("By the first", "kept", 2)


def test_a_record_that_is_there_is_not_replaced_by_a_new_one(desk: Register) -> None:
    desk.add("agreement", **PACT)
    with pytest.raises(Refused, match="is there already, in version 1"):
        desk.add("agreement", **PACT | {"title": "Another"})
    assert desk.add("agreement", **PACT).same == 1
    assert len(desk.history()) == 1


def test_a_name_used_again_goes_on_counting(desk: Register) -> None:
    desk.add("agreement", **PACT)
    desk.remove("agreement", "A1", 1)
    desk.add("agreement", **PACT)
    assert desk.record("agreement", "A1")["version"] == 3
    assert verify(desk).faults == ()


def test_the_database_itself_keeps_the_history(desk: Register) -> None:
    desk.add("agreement", **PACT)
    for statement, why in (
        ("UPDATE change SET who = 'nobody'", "only ever added"),
        ("DELETE FROM change", "only ever added"),
        ("UPDATE agreement SET title = 'x'", "one version on"),
        ("UPDATE agreement SET id = 'A2', version = 2", "one version on"),
    ):
        with pytest.raises(DBAPIError, match=why), desk.engine.begin() as connection:
            connection.execute(text(statement))
    if desk.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="only ever"), desk.engine.begin() as connection:
            connection.execute(text("TRUNCATE change"))


def test_a_change_past_the_package_is_found(desk: Register) -> None:
    desk.write(example_records())
    assert (verify(desk).records, verify(desk).changes, verify(desk).faults) == (33, 33, ())
    with desk.engine.begin() as connection:
        connection.execute(
            text("UPDATE forum SET place = 'Bonn', version = 2 WHERE id = 'PKM-2025'")
        )
        connection.execute(text("DELETE FROM cohort WHERE id = 'CCCPA-2018'"))
    assert verify(desk).faults == (
        "forum PKM-2025 has version 2, its last change 1",
        "forum PKM-2025 is not what its last change made it",
        "cohort CCCPA-2018 is gone without a trace",
    )


def test_a_dry_run_says_the_same_and_leaves_nothing(desk: Register) -> None:
    rows = example_records()
    assert desk.write(rows, dry_run=True) == desk.write(rows)
    assert len(desk.history()) == 33


def test_what_others_rest_on_cannot_be_removed(desk: Register) -> None:
    desk.write(example_records())
    with pytest.raises(Refused, match="is named by seat"):
        desk.remove("course", "CIPS-UNMO-2014", 1)
    with pytest.raises(NotAnswerable, match="there is no forum 'NONE'"):
        desk.remove("forum", "NONE", 1)
    with pytest.raises(NotAnswerable, match="there is no forum"):
        desk.record("forum", "NONE")
    with pytest.raises(BadRequest, match="no kind of record"):
        desk.rows("forums; DROP TABLE forum")


def test_many_writers_at_once_lose_nothing(place: str) -> None:
    # 8 writers add 1 to a number 5 times each, looking again whenever they are told: 8 * 5 = 40.
    first = Register.open(place, "first")
    first.add("forum", id="F", title="t", nations="0", source="s")

    def count(name: str) -> None:
        desk = Register.open(place, name)
        done = 0
        while done < 5:
            seen = desk.record("forum", "F")
            try:
                desk.change("forum", "F", seen["version"], nations=str(seen["nations"] + 1))
                done += 1
            except Refused:
                continue
        desk.close()

    writers = [threading.Thread(target=count, args=(f"writer {n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert first.record("forum", "F")["nations"] == 40
    assert first.record("forum", "F")["version"] == 41
    assert verify(first).faults == ()
    assert len(first.history("forum", "F")) == 41
    first.close()


def test_all_or_nothing(desk: Register) -> None:
    rows = [Cells("agreement", PACT, "a.csv", 2), Cells("agreement", {"id": "A2"}, "a.csv", 3)]
    with pytest.raises(Refused) as told:
        desk.write(rows)
    assert [p.line for p in told.value.problems] == [3, 3, 3, 3]
    assert desk.rows("agreement") == []
    assert desk.history() == []


def test_two_who_fill_one_post_at_the_same_moment(place: str) -> None:
    # Each change is sound by itself; without a lock both could be written.
    own = {"sending": "TUR", "receiving": "QAT", "service": "army", "source": "s"}
    Register.open(place).close()
    for year in range(2000, 2005):
        ready = threading.Barrier(2)
        told: list[str] = []

        def fill(name: str, arrives: str, ready: threading.Barrier, told: list[str]) -> None:
            desk = Register.open(place, name)
            ready.wait()
            try:
                row = {**own, "arrives": arrives, "leaves": arrives[:4] + "-12-31", "id": name}
                desk.write([Cells("post", row)])
                told.append("written")
            except Refused as refused:
                told.append(str(refused))
            desk.close()

        both = [
            threading.Thread(target=fill, args=(f"P{year}{n}", f"{year}-0{n}-01", ready, told))
            for n in (1, 2)
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert sorted(said == "written" for said in told) == [False, True]
        assert any("two persons would hold one army post" in said for said in told)


def test_opened_by_many_at_once_for_the_first_time(place: str) -> None:
    faults: list[BaseException] = []

    def first() -> None:
        try:
            desk = Register.open(place)
            desk.rows("forum")
            desk.close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=first) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
