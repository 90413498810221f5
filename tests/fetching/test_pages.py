"""A list served page by page becomes one whole file, or none."""

from __future__ import annotations

import gzip
import json
import tomllib
from urllib.parse import parse_qs, urlsplit

import pytest

from sulh.intake.base import Document
from sulh.intake.un_hub import SOURCES

ROWS = [{"id": n, "nation": f"Nation {n} é", "women": None, "lat": 250.0} for n in range(1, 24)]
HUB = "un_hub_fatalities"
FILE = "DPPADPOSS-FATALITIES.json"


def api(reply, rows, **habits):
    """Return an API; ``habits`` are the ways in which APIs differ."""

    def answer(question):
        query = {k: int(v[0]) for k, v in parse_qs(urlsplit(question.path).query).items()}
        size = min(query["per_page"], habits.get("most", 10**9))
        start = (query["page_num"] - habits.get("first", 1)) * size
        if habits.get("all_at_once"):
            start, size = 0, len(rows)
        if habits.get("ignores_number"):
            start = 0
        if start < 0:
            return reply(b"no such page", 400, "text/plain")
        if habits.get("clamps"):
            start = min(start, (len(rows) - 1) // size * size)
        found = rows[start : start + size]
        if not found and habits.get("not_found"):
            return reply(b"{}", 404, "application/json")
        value = {habits["wrap"]: found} if "wrap" in habits else found
        data = json.dumps(value).encode()
        headers = {}
        if habits.get("marks"):
            headers["ETag"] = f'"{hash(data)}"'
            if question.headers.get("If-None-Match") == headers["ETag"]:
                return reply(status=304, headers=headers)
        if habits.get("packs"):
            data, headers["Content-Encoding"] = gzip.compress(data), "gzip"
        return reply(data, kind="application/json; charset=utf-8", headers=headers)

    return answer


def numbers(site):
    return [int(parse_qs(urlsplit(q.path).query)["page_num"][0]) for q in site.asked]


def kept(report):
    return json.loads(report.paths[0].read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "habits",
    [
        {},
        {"not_found": True},
        {"clamps": True},
        {"wrap": "data"},
        {"wrap": "value"},
        {"all_at_once": True},
        {"packs": True},
        {"marks": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("count", [1, 9, 10, 11, 20, 23])
def test_pages_make_the_whole_list(desk, site, reply, habits, count):
    if habits.get("clamps") and count == 10:
        pytest.skip("one full page served twice cannot be told from an API that ignores page_num")
    if habits.get("all_at_once") and count == 10:
        pytest.skip("as above: ten records at every page number")
    site.pages["/f"] = api(reply, ROWS[:count], **habits)
    desk.point(HUB, "/f", "per_page = 10")
    report = desk.run(HUB)
    assert report.files[0].outcome == "fetched", report.files[0].message
    assert kept(report) == ROWS[:count]
    assert report.files[0].records == count


def test_one_record_a_line_and_origin(desk, site, reply):
    site.pages["/f"] = api(reply, ROWS)
    desk.point(HUB, "/f", "per_page = 10")
    path = desk.run(HUB).paths[0]
    assert path.name == FILE
    # 23 records, the two brackets, nothing else.
    assert len(path.read_text(encoding="utf-8").splitlines()) == 23 + 2
    origin = tomllib.loads((desk.folder / f"{FILE}.origin.toml").read_text(encoding="utf-8"))
    assert (origin["records"], origin["per_page"]) == (23, 10)
    assert origin["retrieved"] == "2025-01-02"


@pytest.mark.parametrize("count", [10, 20, 23])
def test_full_page_again_and_again_is_refused(desk, site, reply, count):
    site.pages["/f"] = api(reply, ROWS[:count], ignores_number=True)
    desk.point(HUB, "/f", "per_page = 10")
    (file,) = desk.run(HUB).files
    assert "do not make one whole list" in file.message
    assert not list(desk.folder.glob("*.json*"))


@pytest.mark.parametrize("count", [11, 20, 23])
def test_pages_counted_from_nought_are_noticed(desk, site, reply, count):
    site.pages["/f"] = api(reply, ROWS[:count], first=0)
    desk.point(HUB, "/f", "per_page = 10")
    (file,) = desk.run(HUB).files
    assert "page 0 holds 10 records" in file.message
    assert not list(desk.folder.glob("*.json*"))


def test_publisher_that_caps_the_page_is_followed(desk, site, reply):
    site.pages["/f"] = api(reply, ROWS, most=4)
    desk.point(HUB, "/f", "per_page = 10")
    report = desk.run(HUB)
    assert kept(report) == ROWS
    assert "per_page=4" in site.asked[-1].path


def test_skipping_cap_is_followed_without_loss(desk, site, reply):
    # This API gives at most 4 records but counts its pages by the number asked for.
    def answer(question):
        query = {k: int(v[0]) for k, v in parse_qs(urlsplit(question.path).query).items()}
        start = (query["page_num"] - 1) * query["per_page"]
        rows = ROWS[start : start + min(4, query["per_page"])]
        return reply(json.dumps(rows).encode(), kind="application/json")

    site.pages["/f"] = answer
    desk.point(HUB, "/f", "per_page = 10")
    assert kept(desk.run(HUB)) == ROWS


def test_list_that_shifts_while_it_is_read_is_refused(desk, site, reply):
    later = [{"id": 0, "nation": "new", "women": None, "lat": 1.0}, *ROWS]
    before, after = api(reply, ROWS), api(reply, later)
    site.pages["/f"] = lambda q: before(q) if "page_num=1" in q.path else after(q)
    desk.point(HUB, "/f", "per_page = 10")
    (file,) = desk.run(HUB).files
    assert "1 of the 10 records of page 2 again" in file.message
    assert not list(desk.folder.glob("*.json*"))


def test_list_renewed_while_it_is_read_is_refused(desk, site, reply):
    new = [{**row, "women": 1} for row in ROWS]
    before, after = api(reply, ROWS), api(reply, new)
    asked = []

    def answer(question):
        asked.append(question)
        return before(question) if len(asked) == 1 else after(question)

    site.pages["/f"] = answer
    desk.point(HUB, "/f", "per_page = 10")
    assert "first page changed" in desk.run(HUB).files[0].message
    assert kept(desk.run(HUB)) == new


def failing_at(reply, page, fault, rows=ROWS):
    whole = api(reply, rows)

    def answer(question):
        return fault if f"page_num={page}" in question.path else whole(question)

    return answer


def test_next_run_goes_on_with_the_page(desk, site, reply):
    site.pages["/f"] = failing_at(reply, 2, reply(b"", 503))
    desk.point(HUB, "/f", "per_page = 10")
    assert "status 503" in desk.run(HUB).files[0].message
    assert (desk.folder / f"{FILE}.part").is_file()
    site.asked.clear()
    site.pages["/f"] = api(reply, ROWS)
    assert kept(desk.run(HUB)) == ROWS
    # The first page is asked before and after, to see that the list is still the same, and
    # page 0, to see that it is not the first one.
    assert numbers(site) == [1, 2, 3, 4, 0, 1]
    assert not list(desk.folder.glob("*.part*"))


def test_next_run_starts_again_if_the_list_has_changed(desk, site, reply):
    site.pages["/f"] = failing_at(reply, 3, reply(b"", 503))
    desk.point(HUB, "/f", "per_page = 10")
    desk.run(HUB)
    new = [{**row, "women": 1} for row in ROWS]
    site.pages["/f"] = api(reply, new)
    assert kept(desk.run(HUB)) == new


@pytest.mark.parametrize("harm", ["cut", "noise", "gone", "state"])
def test_damaged_rest_of_a_run_does_no_harm(desk, site, reply, harm):
    site.pages["/f"] = failing_at(reply, 3, reply(b"", 503))
    desk.point(HUB, "/f", "per_page = 10")
    desk.run(HUB)
    part, state = desk.folder / f"{FILE}.part", desk.folder / f"{FILE}.part.toml"
    if harm == "cut":
        part.write_bytes(part.read_bytes()[:50])
    elif harm == "noise":
        part.write_bytes(part.read_bytes() + b',\n{"id": 99')
    elif harm == "gone":
        part.unlink()
    else:
        state.write_text("per_page = [")
    site.pages["/f"] = api(reply, ROWS)
    assert kept(desk.run(HUB)) == ROWS


def test_cut_page_is_asked_again(desk, site, reply):
    whole = api(reply, ROWS)
    data = json.dumps(ROWS[:10]).encode()
    first = [reply(data, kind="application/json", cut=100)]
    site.pages["/f"] = lambda q: first.pop() if first else whole(q)
    desk.point(HUB, "/f", "per_page = 10")
    assert kept(desk.run(HUB)) == ROWS


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (json.dumps(ROWS[:10]).encode()[:-20], "application/json", "the JSON is cut"),
        (b'{"error": "down"}', "application/json", "without a list of records"),
        (b"[1, 2]", "application/json", "without a list of records"),
        (b"[]", "application/json", "an empty list"),
        (b"<html><title>Login</title>", "application/json", "a web page (Login)"),
        (b"<html><title>Login</title>", "text/html", "sends 'text/html'"),
        (b"id,nation\n1,France\n", "text/plain", "begin with b'id,nation"),
    ],
)
def test_what_is_no_list_is_refused(desk, site, reply, data, kind, words):
    site.pages["/f"] = [reply(data, kind=kind)]
    desk.point(HUB, "/f", "per_page = 10")
    (file,) = desk.run(HUB).files
    assert words in file.message
    assert len(site.asked) == 1
    assert not list(desk.folder.glob("*.json"))


def test_list_that_is_not_there_is_told(desk):
    desk.point(HUB, "/gone", "per_page = 10")
    assert "status 404" in desk.run(HUB).files[0].message


def test_unchanged_pages_are_not_sent_again(desk, site, reply):
    site.pages["/f"] = api(reply, ROWS, marks=True)
    desk.point(HUB, "/f", "per_page = 10")
    desk.run(HUB)
    site.asked.clear()
    (file,) = desk.run(HUB).files
    assert (file.outcome, file.records) == ("unchanged", 23)
    assert all("If-None-Match" in question.headers for question in site.asked)


@pytest.mark.parametrize("count", [20, 23])
def test_appended_record_is_noticed(desk, site, reply, count):
    site.pages["/f"] = api(reply, ROWS[: count - 1], marks=True)
    desk.point(HUB, "/f", "per_page = 10")
    desk.run(HUB)
    site.pages["/f"] = api(reply, ROWS[:count], marks=True)
    report = desk.run(HUB)
    assert report.files[0].outcome == "fetched"
    assert kept(report) == ROWS[:count]


def test_same_list_without_marks_is_unchanged(desk, site, reply):
    site.pages["/f"] = api(reply, ROWS)
    desk.point(HUB, "/f", "per_page = 10")
    assert [desk.run(HUB).files[0].outcome for _ in range(2)] == ["fetched", "unchanged"]


def test_all_pages_together_are_limited(desk, site, reply):
    rows = [{"id": n, "text": "x" * 3000} for n in range(500)]
    site.pages["/f"] = api(reply, rows)
    desk.point(HUB, "/f", "per_page = 100\nmax_mb = 1")
    assert "at most 1,000,000" in desk.run(HUB).files[0].message
    assert not list(desk.folder.glob("*.json*"))


def test_address_of_the_page_is_polite(desk, site, reply):
    site.pages["/f"] = api(reply, ROWS)
    desk.point(HUB, "/f", "per_page = 10")
    desk.set(pause=0.5)
    desk.run(HUB)
    # Six questions to one host, the clock standing still: five pauses of half a second.
    assert numbers(site) == [1, 2, 3, 4, 0, 1]
    assert desk.slept == [0.5, 0.5, 0.5, 0.5, 0.5]


@pytest.mark.shared
@pytest.mark.parametrize("habits", [{}, {"packs": True}, {"most": 1000}, {"not_found": True}])
def test_real_fatalities_come_through_whole(desk, site, reply, shared_data, habits):
    data = (shared_data / "un_hub" / "dppadposs-fatalities-json.json").read_bytes()
    rows = json.loads(data)
    site.pages["/f"] = api(reply, rows, **habits)
    desk.point(HUB, "/f", "per_page = 2000")
    report = desk.run(HUB)
    assert kept(report) == rows
    # The publisher's list of November 2023 has 4,350 rows.
    assert report.files[0].records == 4350


@pytest.mark.shared
def test_import_recognises_what_was_fetched(desk, site, reply, shared_data):
    data = (shared_data / "un_hub" / "dppadposs-fatalities-json.json").read_bytes()
    site.pages["/f"] = api(reply, json.loads(data))
    desk.point(HUB, "/f", "per_page = 2000")
    fetched = Document("fetched", desk.run(HUB).paths[0].read_bytes())
    published = Document("published", data)
    (source,) = [source for source in SOURCES if source.recognises(fetched)]
    ours, theirs = source.parse(fetched), source.parse(published)
    assert ours.rows == theirs.rows > 4000
    assert all(table.equals(theirs.tables[name]) for name, table in ours.tables.items())
