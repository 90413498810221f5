"""The agenda: days worked out by hand, the calendar read back, the feed on this machine only."""

from __future__ import annotations

import datetime as dt
import http.client
import threading
from pathlib import Path

import pytest
from icalendar import Calendar

from sulh.api.registry import make_agenda
from sulh.cli.app import run
from sulh.core.errors import BadRequest
from sulh.registry import Cells, Register
from sulh.registry.hijri import RANGE, hijri
from sulh.registry.serving import PATH, feed

PACT = {
    "id": "PACT",
    "title": "Pact; with, commas",
    "parties": "QAT|TUR",
    "kind": "defence_cooperation",
    "signed": "2010-03-01",
    "in_force": "2011-01-01",
    "ends": "2015-12-31",
    "renewal": "tacit",
    "renewal_period": "P2Y",
    "notice_period": "P6M",
    "source": "s",
}


@pytest.fixture
def book(desk: Register) -> Register:
    source = {"source": "s"}
    rows = [
        Cells("agreement", PACT),
        Cells(
            "agreement",
            {
                **{"id": "OLD", "title": "Old", "parties": "BGD|IDN", "kind": "memorandum"},
                **{"in_force": "2001-01-01", "ends": "2020-12-31", "renewal": "express"},
                **{"notice_period": "P1Y", **source},
            },
        ),
        Cells(
            "obligation",
            {
                **{"id": "PLAN", "agreement": "PACT", "what": "annual plan", "due": "2019-12-01"},
                **{"article": "4", "every": "P1Y", **source},
            },
        ),
        Cells(
            "followup",
            {
                "id": "P19",
                "obligation": "PLAN",
                "due": "2019-12-01",
                "done": "2019-11-20",
                **source,
            },
        ),
        Cells(
            "dialogue",
            {
                **{"id": "TALK", "title": "Staff talks", "kind": "staff_talks", "place": "Doha"},
                **{"participants": "QAT|TUR", "begins": "2020-10-05", **source},
            },
        ),
        Cells(
            "action",
            {"id": "ACT", "dialogue": "TALK", "what": "list of courses"}
            | {"owner": "TUR", "due": "2020-11-01", "done": "2020-11-20", **source},
        ),
        Cells("forum", {"id": "FORUM", "title": "Ministerial", "begins": "2019-03", **source}),
        Cells(
            "pledge",
            {"id": "PLE", "nation": "IDN", "forum": "FORUM", "kind": "training"}
            | {"what": "a course", "due": "2020-06-30", **source},
        ),
        Cells(
            "course",
            {"id": "CRS", "title": "Attaché course", "kind": "attache"}
            | {"provider": "TUR", "apply_by": "2020-11-15", "begins": "2020-12-01", **source},
        ),
        Cells(
            "seat",
            {"id": "S1", "course": "CRS", "nation": "QAT", "offered": "3", "accepted": "1"}
            | source,
        ),
        Cells(
            "post",
            {"id": "ATT", "sending": "TUR", "receiving": "QAT", "service": "defence"}
            | {"arrives": "2018-09-01", "leaves": "2020-12-10", **source},
        ),
        Cells(
            "post",
            {"id": "ATT2", "sending": "TUR", "receiving": "QAT", "service": "defence"}
            | {"arrives": "2020-12-31", **source},
        ),
    ]
    desk.write(rows)
    return desk


def test_what_falls_due(book: Register) -> None:
    made = make_agenda(book, "2020-11-10", "2021-07-31")
    found = [(str(item.day), item.record, item.what) for item in made.items]
    assert found == [
        ("2020-06-30", "PLE", "overdue"),
        ("2020-11-01", "ACT", "overdue"),
        ("2020-11-15", "CRS", "last day to apply"),
        ("2020-12-01", "CRS", "begins"),
        ("2020-12-01", "PLAN", "due"),
        ("2020-12-10", "ATT", "tour ends"),
        ("2020-12-31", "OLD", "expires"),
        ("2021-06-30", "PACT", "last day for notice"),
    ]
    reasons = {item.record: item.reason for item in made.items}
    assert reasons["OLD"] == "its term ends; the last day for notice was 2019-12-31"
    assert reasons["PACT"] == (
        "P6M before its term ends on 2021-12-31, then renewed by P2Y in silence"
    )
    # From 11 to 30 December nobody is there: 20 days.
    assert reasons["ATT"] == "the next arrives on 2020-12-31: a gap of 20 days"
    assert reasons["CRS"] == "attache course; offered and not accepted: QAT 2"
    assert reasons["PLE"] == "pledged at Ministerial"


def test_a_past_day_is_seen_as_it_was(book: Register) -> None:
    # On 25 November the action of 1 November had been done, on the 20th.
    later = make_agenda(book, "2020-11-25", "2020-11-30")
    assert [item.record for item in later.items] == ["PLE"]
    # The plan of 2019 was handed in early; on the day before that it still stood open.
    before = make_agenda(book, "2019-11-19", "2019-12-31")
    assert ("PLAN", "due") in {(item.record, item.what) for item in before.items}
    after = make_agenda(book, "2019-11-20", "2019-12-31")
    assert "PLAN" not in {item.record for item in after.items}


def test_too_late_for_notice_is_said(book: Register) -> None:
    made = make_agenda(book, "2021-07-01", "2022-01-31")
    (item,) = [item for item in made.items if item.record == "PACT"]
    assert (str(item.day), item.what) == ("2021-12-31", "is renewed in silence")
    assert item.reason.endswith("the last day for notice was 2021-06-30")


def test_a_long_look_ahead_sees_every_term(book: Register) -> None:
    made = make_agenda(book, "2020-01-01", "2025-12-31")
    found = [(str(i.day), i.what) for i in made.items if i.record == "PACT"]
    assert found == [
        ("2021-06-30", "last day for notice"),
        ("2021-12-31", "is renewed in silence"),
        ("2023-06-30", "last day for notice"),
        ("2023-12-31", "is renewed in silence"),
        ("2025-06-30", "last day for notice"),
        ("2025-12-31", "is renewed in silence"),
    ]


def test_the_calendar_says_the_same(book: Register) -> None:
    made = make_agenda(book, "2020-11-10", "2021-07-31", hijri=True)
    content = made.calendar()
    assert content == make_agenda(book, "2020-11-10", "2021-07-31", hijri=True).calendar()
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [item.day for item in made.items]
    assert len({str(event["uid"]) for event in events}) == len(events)
    last = events[-1]
    assert str(last["summary"]) == "last day for notice: Pact; with, commas"
    assert "Hijri: 1442-11-20" in str(last["description"])
    assert [alarm.decoded("trigger").days for alarm in last.walk("VALARM")] == [-30, -7]
    assert events[0].walk("VALARM") == []
    # Whether it is late or not, a calendar must know it again.
    later = Calendar.from_ical(make_agenda(book, "2021-12-05", "2021-12-06").calendar())
    plan = [str(e["uid"]) for e in events if "annual plan" in str(e["summary"])]
    assert plan[0] in {str(event["uid"]) for event in later.walk("VEVENT")}


def test_hijri_days_of_the_umm_al_qura_calendar() -> None:
    # 1 Muharram 1446 was 7 July 2024, 1 Ramadan 1445 was 11 March 2024.
    assert hijri(dt.date(2024, 7, 7)) == "1446-01-01"
    assert hijri(dt.date(2024, 3, 11)) == "1445-09-01"
    for edge, step in zip(RANGE, (-1, 1), strict=True):
        assert hijri(edge) is not None
        assert hijri(edge + dt.timedelta(days=step)) is None


def test_the_commands(
    book: Register, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["agenda", "--registry", place, "--as-of", "2020-11-10", "--until", "2020-12-31"]
    assert run([*words, "--hijri", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "day,hijri,days,what,kind,record,title,nations,reason,source"
    assert lines[1].startswith("2020-06-30,1441-11-09,-133,overdue,pledge,PLE,a course,IDN,")
    assert run([*words, "--ics", str(tmp_path / "a.ics")]) == 0
    assert len(Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")) == 7
    assert run(["agenda", "--registry", place, "--as-of", "tomorrow"]) == 2
    assert run([*words[:5], "--until", "2019-01-01"]) == 2


def test_a_day_that_is_none(desk: Register) -> None:
    with pytest.raises(BadRequest, match="--until is '2020-13-01'"):
        make_agenda(desk, "2020-01-01", "2020-13-01")
    with pytest.raises(BadRequest, match="longer than fifty years"):
        make_agenda(desk, "2020-01-01", "9999-12-31")


def _ask(port: int, path: str, host: str, method: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Content-Type", ""), answer.read()


def test_the_feed_answers_this_machine_alone(book: Register) -> None:
    def make() -> bytes:
        return make_agenda(book, "2020-11-10").calendar()

    with feed(make) as server:
        host, port = server.server_address[:2]
        assert host == "127.0.0.1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            own = f"localhost:{port}"
            status, kind, content = _ask(port, PATH, own)
            assert (status, kind, content) == (200, "text/calendar; charset=utf-8", make())
            assert _ask(port, PATH, own, "HEAD")[::2] == (200, b"")
            assert _ask(port, "/", own)[0] == 404
            # A page elsewhere that lets its name point here is turned away.
            assert _ask(port, PATH, f"elsewhere.example:{port}")[0] == 403
            assert _ask(port, PATH, own, "POST")[0] == 501
        finally:
            server.shutdown()
            thread.join()
