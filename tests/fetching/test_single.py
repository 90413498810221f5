"""One file from one address: kept, continued, checked, refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import tomllib
import zipfile

import pytest

from sulh.facts.catalogue import entry

CSV = b"PKO,year,tasks\n" + b"".join(b"UNMISS,%d,%d\n" % (year, year * 7) for year in range(2000))
STRONG = {"ETag": '"v1"'}


def ranged(reply, body, etag='"v1"'):
    """Return a publisher that honours Range and If-Range."""

    def answer(question):
        start = question.headers.get("Range")
        if start and question.headers.get("If-Range") == etag:
            first = int(start.removeprefix("bytes=").rstrip("-"))
            span = {"Content-Range": f"bytes {first}-{len(body) - 1}/{len(body)}", "ETag": etag}
            return reply(body[first:], 206, headers=span)
        if question.headers.get("If-None-Match") == etag:
            return reply(status=304, headers={"ETag": etag})
        return reply(body, headers={"ETag": etag})

    return answer


def test_file_and_origin(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, headers=STRONG)]
    desk.point("pact", "/p.csv")
    (file,) = desk.run("pact").files
    assert file.outcome == "fetched", file.message
    assert file.path.read_bytes() == CSV
    origin = tomllib.loads((desk.folder / f"{file.path.name}.origin.toml").read_text())
    assert origin["address"] == site.base + "/p.csv"
    assert origin["retrieved"] == "2025-01-02"
    assert origin["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert origin["bytes"] == len(CSV)
    assert (origin["etag"], origin["source"]) == ('"v1"', "pact")
    assert origin["licence"] == entry("pact").licence
    assert sorted(p.name for p in desk.folder.iterdir() if not p.name.startswith(".")) == [
        "PACT2_mission-year.csv",
        "PACT2_mission-year.csv.origin.toml",
    ]


def test_name_of_the_program_is_all_that_is_told(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV)]
    desk.point("pact", "/p.csv")
    desk.run("pact", client=None)
    (question,) = site.asked
    name, _, version = question.headers["User-Agent"].partition("/")
    assert name == "sulh"
    assert version.replace(".", "").isalnum()
    assert not {"Cookie", "Authorization", "Referer", "From"} & set(question.headers)


def test_unchanged_is_not_transferred_again(desk, site, reply):
    site.pages["/p.csv"] = ranged(reply, CSV)
    desk.point("pact", "/p.csv")
    desk.run("pact")
    (file,) = desk.run("pact").files
    assert file.outcome == "unchanged"
    assert site.asked[1].headers["If-None-Match"] == '"v1"'
    assert file.path.read_bytes() == CSV


def test_same_bytes_without_marks_are_unchanged(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV)]
    desk.point("pact", "/p.csv")
    assert [desk.run("pact").files[0].outcome for _ in range(2)] == ["fetched", "unchanged"]


def test_new_version_replaces_the_old_one(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, headers=STRONG), reply(CSV + b"UNTSO,1,2\n")]
    desk.point("pact", "/p.csv")
    desk.run("pact")
    (file,) = desk.run("pact").files
    assert file.outcome == "fetched"
    assert file.path.read_bytes().endswith(b"UNTSO,1,2\n")


def test_file_altered_by_the_user_is_not_overwritten(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV)]
    desk.point("pact", "/p.csv")
    path = desk.run("pact").paths[0]
    path.write_bytes(b"mine,own\n1,2\n")
    (file,) = desk.run("pact").files
    assert file.outcome == "failed"
    assert "never overwrites" in file.message
    assert path.read_bytes() == b"mine,own\n1,2\n"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_passing_faults_are_asked_again(desk, site, reply, status):
    site.pages["/p.csv"] = [reply(b"", status), reply(b"", status), reply(CSV)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").files[0].outcome == "fetched"
    # First wait 1 s, then 2 s, each cut to between a half and the whole.
    assert [0.5 <= desk.slept[0] <= 1, 1 <= desk.slept[1] <= 2, len(desk.slept)] == [True, True, 2]


def test_patience_ends(desk, site, reply):
    site.pages["/p.csv"] = [reply(b"", 500)]
    desk.point("pact", "/p.csv")
    report = desk.run("pact")
    assert "after 5 attempts" in report.files[0].message
    assert (len(site.asked), len(desk.slept), report.exit_status) == (5, 4, 2)


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("Thu, 02 Jan 2025 10:00:30 GMT", 30.0)]
)
def test_retry_after_is_honoured(desk, site, reply, value, seconds):
    site.pages["/p.csv"] = [reply(b"", 429, headers={"Retry-After": value}), reply(CSV)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").files[0].outcome == "fetched"
    assert desk.slept == [seconds]


def test_too_long_a_wait_is_told_instead_of_slept(desk, site, reply):
    site.pages["/p.csv"] = [reply(b"", 429, headers={"Retry-After": "86400"}), reply(CSV)]
    desk.point("pact", "/p.csv")
    assert "wait 86400 seconds" in desk.run("pact").files[0].message
    assert desk.slept == []


def test_not_found_is_not_asked_again(desk, site):
    desk.point("pact", "/gone.csv")
    (file,) = desk.run("pact").files
    assert "status 404" in file.message
    assert len(site.asked) == 1


def test_cut_transfer_is_continued(desk, site, reply):
    whole = ranged(reply, CSV)
    first = [reply(CSV, headers=STRONG, cut=5000)]
    site.pages["/p.csv"] = lambda q: first.pop() if first else whole(q)
    desk.point("pact", "/p.csv")
    (file,) = desk.run("pact").files
    assert file.path.read_bytes() == CSV
    again = site.asked[1].headers
    assert (again["Range"], again["If-Range"]) == ("bytes=5000-", '"v1"')


def test_reset_connection_is_asked_again(desk, site, reply):
    whole = ranged(reply, CSV)
    first = [reply(CSV, headers=STRONG, cut=5000, reset=True)]
    site.pages["/p.csv"] = lambda q: first.pop() if first else whole(q)
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    assert len(site.asked) == 2


def test_next_run_continues(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, headers=STRONG, cut=5000), reply(b"", 500)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").files[0].outcome == "failed"
    part = desk.folder / "PACT2_mission-year.csv.part"
    assert part.stat().st_size == 5000
    site.pages["/p.csv"] = ranged(reply, CSV)
    (file,) = desk.run("pact").files
    assert site.asked[-1].headers["Range"] == "bytes=5000-"
    assert file.path.read_bytes() == CSV
    assert not part.exists()


def test_changed_version_is_not_glued_to_the_old_part(desk, site, reply):
    new = CSV.replace(b"UNMISS", b"UNAMID")
    first = [reply(CSV, headers=STRONG, cut=5000)]
    whole = ranged(reply, new, etag='"v2"')
    site.pages["/p.csv"] = lambda q: first.pop() if first else whole(q)
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == new


def test_part_of_another_version_is_refused_though_the_server_ignores_the_condition(
    desk, site, reply
):
    new = CSV.replace(b"UNMISS", b"UNAMID")

    def careless(question):
        start = question.headers.get("Range")
        if not start:
            return reply(new, headers={"ETag": '"v2"'})
        first = int(start.removeprefix("bytes=").rstrip("-"))
        span = {"Content-Range": f"bytes {first}-{len(new) - 1}/{len(new)}", "ETag": '"v2"'}
        return reply(new[first:], 206, headers=span)

    first = [reply(CSV, headers=STRONG, cut=5000)]
    site.pages["/p.csv"] = lambda q: first.pop() if first else careless(q)
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == new


def test_range_from_elsewhere_is_refused(desk, site, reply):
    # As many bytes as are wanting, but from another place.
    wrong = {"Content-Range": f"bytes 4000-{len(CSV) - 1001}/{len(CSV)}", "ETag": '"v1"'}
    replies = [
        reply(CSV, headers=STRONG, cut=5000),
        reply(CSV[4000:-1000], 206, headers=wrong),
        reply(CSV, headers=STRONG),
    ]
    site.pages["/p.csv"] = replies
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV


def test_rest_may_come_in_several_ranges(desk, site, reply):
    def miserly(question):
        first = int(question.headers["Range"].removeprefix("bytes=").rstrip("-"))
        piece = CSV[first : first + 9000]
        span = f"bytes {first}-{first + len(piece) - 1}/{len(CSV)}"
        return reply(piece, 206, headers={"Content-Range": span, **STRONG})

    first = [reply(CSV, headers=STRONG, cut=5000)]
    site.pages["/p.csv"] = lambda q: first.pop() if first else miserly(q)
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    # The cut one, then pieces of 9,000 bytes.
    assert len(site.asked) == 1 + -(-(len(CSV) - 5000) // 9000)


def test_weak_mark_starts_again(desk, site, reply):
    weak = {"ETag": 'W/"v1"'}
    site.pages["/p.csv"] = [reply(CSV, headers=weak, cut=5000), reply(CSV, headers=weak)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    assert "Range" not in site.asked[1].headers


@pytest.mark.parametrize(
    ("changed", "continued"),
    [("Wed, 01 Jan 2025 10:00:00 GMT", True), ("Thu, 02 Jan 2025 10:00:00 GMT", False)],
)
def test_date_of_change_continues_only_if_it_is_older_than_the_reply(
    desk, site, reply, changed, continued
):
    dated = {"Last-Modified": changed}
    site.pages["/p.csv"] = [reply(CSV, headers=dated, cut=5000), reply(CSV, headers=dated)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    assert ("Range" in site.asked[1].headers) is continued


def test_416_starts_again(desk, site, reply):
    site.pages["/p.csv"] = [
        reply(CSV, headers=STRONG, cut=5000),
        reply(b"", 416),
        reply(CSV, headers=STRONG),
    ]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV


def test_announced_length_is_kept_to(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, length=len(CSV) + 10, cut=len(CSV)), reply(CSV)]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    assert len(site.asked) == 2


def test_unannounced_table_must_end_its_last_line(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV[:5003], length=None)]
    desk.point("pact", "/p.csv")
    assert "last line does not end" in desk.run("pact").files[0].message
    assert not list(desk.folder.glob("*.csv*"))


def test_silence_ends_by_the_time_limit(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, hold=True)]
    desk.point("pact", "/p.csv")
    desk.set(read_seconds=0.05, attempts=2)
    assert "ReadTimeout" in desk.run("pact").files[0].message


def test_trickle_ends_by_the_least_speed(desk, site, reply):
    clock = iter(range(0, 10**9, 40))
    site.pages["/p.csv"] = [reply(CSV[:100])]
    desk.point("pact", "/p.csv")
    desk.set(seconds=lambda: float(next(clock)), attempts=1)
    # The clock leaps 40 s at every look: 100 bytes in 40 s are fewer than 200 a second.
    assert "100 bytes in 40 seconds" in desk.run("pact").files[0].message


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"<!DOCTYPE html><title>Sorry, moved</title>", "text/html", "sends 'text/html'"),
        (b"<!DOCTYPE html><title>Sorry, moved</title>", "text/csv", "a web page (Sorry, moved)"),
        (b"\xef\xbb\xbf <html><body>x", "text/csv", "a web page (no title)"),
        (b"%PDF-1.4 x", "text/csv", "begin with b'%PDF"),
        (CSV, "image/png", "sends 'image/png'"),
        (b"", "text/csv", "begin with b''"),
        (b"Not found\n", "text/csv", "one column"),
    ],
)
def test_wrong_content_is_refused(desk, site, reply, body, kind, words):
    site.pages["/p.csv"] = [reply(body, kind=kind)]
    desk.point("pact", "/p.csv")
    (file,) = desk.run("pact").files
    assert words in file.message
    assert len(site.asked) == 1
    assert not list(desk.folder.glob("*.csv*"))


def test_workbook(desk, site, reply):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    data = whole.getvalue()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    site.pages["/s.xlsx"] = [reply(data[:60], kind=kind), reply(data, kind=kind)]
    desk.point("sipri_milex", "/s.xlsx")
    assert "without its directory" in desk.run("sipri_milex").files[0].message
    assert desk.run("sipri_milex").paths[0].read_bytes() == data


def test_reports_whose_addresses_the_user_lists(desk, site, reply):
    pdf = b"%PDF-1.5\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
    site.pages["/a%20b.pdf"] = [reply(pdf, kind="application/pdf")]
    site.pages["/cut.pdf"] = [reply(pdf[:20], kind="application/pdf")]
    listed = ", ".join(f'"{site.base}/{name}"' for name in ("a%20b.pdf", "cut.pdf", "none.pdf"))
    desk.write(f"[un_monthly_pdf]\naddresses = [{listed}]\n")
    report = desk.run("un_monthly_pdf")
    assert [file.outcome for file in report.files] == ["fetched", "failed", "failed"]
    assert report.paths[0].name == "a_20b.pdf"
    assert "without its end mark" in report.files[1].message
    assert report.exit_status == 1


@pytest.mark.parametrize("announced", [True, False])
def test_oversize_is_refused(desk, site, reply, announced):
    big = b"a,b\n" * 300_000
    site.pages["/p.csv"] = [reply(big, length=-1 if announced else None)]
    desk.point("pact", "/p.csv", "max_mb = 1")
    (file,) = desk.run("pact").files
    assert "at most 1,000,000" in file.message
    assert not list(desk.folder.glob("*.csv*"))


@pytest.mark.parametrize("size", [60, -4])
def test_packed_reply_is_unpacked_and_a_cut_one_is_noticed(desk, site, reply, size):
    packed = {"Content-Encoding": "gzip", **STRONG}
    site.pages["/p.csv"] = [
        reply(gzip.compress(CSV)[:size], headers=packed),
        reply(gzip.compress(CSV), headers=packed),
    ]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").paths[0].read_bytes() == CSV
    assert "Range" not in site.asked[1].headers


def test_packed_bomb_is_refused(desk, site, reply):
    bomb = gzip.compress(b"a,b\n" * 5_000_000)
    assert len(bomb) < 100_000
    site.pages["/p.csv"] = [reply(bomb, headers={"Content-Encoding": "gzip"})]
    desk.point("pact", "/p.csv", "max_mb = 1")
    assert "at most 1,000,000" in desk.run("pact").files[0].message


def test_unknown_packing_is_refused(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, headers={"Content-Encoding": "br"})]
    desk.point("pact", "/p.csv")
    assert "packed as 'br'" in desk.run("pact").files[0].message


def test_not_modified_without_condition_is_refused(desk, site, reply):
    site.pages["/p.csv"] = [reply(status=304)]
    desk.point("pact", "/p.csv")
    assert "without condition" in desk.run("pact").files[0].message


def test_progress_is_told(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV)]
    desk.point("pact", "/p.csv")
    told = []
    desk.run("pact", progress=told.append)
    assert (told[-1].bytes, told[-1].expected, told[-1].endpoint) == (len(CSV), len(CSV), "pact")


def test_clock_dates_a_reply_without_date(desk, site, reply):
    site.pages["/p.csv"] = [reply(CSV, headers={"Date": "no date"})]
    desk.point("pact", "/p.csv")
    assert desk.run("pact").files[0].retrieved == "2025-03-04"
