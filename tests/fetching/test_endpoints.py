"""The table of endpoints, what users choose of it and change about it, and the run as a whole."""

from __future__ import annotations

import socket
import threading
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadMonth, BadRequest, FetchFailed, UnknownName
from sulh.facts.catalogue import catalogue
from sulh.intake.fetching import available, fetch, origin_of
from sulh.intake.fetching import sidecar as notes
from sulh.intake.fetching.endpoints import chosen, items_of, with_changes

CSV = b"PKO,year\nUNMISS,2012\n"
KEYS = {end.key: end for end in available()}


@pytest.mark.parametrize("end", available(), ids=lambda end: end.key)
def test_every_endpoint_can_be_used(end):
    assert end.title and end.evidence and end.max_mb > 0
    assert end.source in catalogue()
    assert end.licence == catalogue()[end.source].licence
    assert end.certainty in ("documented", "seen", "uncertain")
    if end.kind == "by_hand":
        assert end.by_hand and not end.default and not items_of(end)
    else:
        assert all(urlsplit(item.address).scheme == "https" for item in items_of(end))
        assert end.file and not end.by_hand
    assert (end.per_page > 0) == (end.kind == "paged_json")
    assert not (end.default and end.certainty == "uncertain")


def test_names_of_files_do_not_collide():
    names = [item.file.casefold() for end in available() for item in items_of(end)]
    assert len(names) == len(set(names))


def test_choice():
    def keys(*names):
        return [end.key for end in chosen(names, available())]

    assert "sipri_milex" not in keys()
    assert "un_hub_contributions" in keys()
    assert keys("un_hub_latest") == ["un_hub_latest"]
    assert keys("usual") == keys()
    # The four data sets, the older one that is had by hand, and the hub's own catalogue.
    assert len(keys("un_hub")) == 6
    assert keys("cow_nmc") == ["cow_nmc"]
    # An address that may have moved is asked only when it is named; the way by hand is told.
    assert keys("un_monthly_pdf") == ["un_monthly_pdf"]
    assert keys("un_monthly_pdf_2013_2014") == ["un_monthly_pdf_2013_2014"]
    with pytest.raises(UnknownName, match="un_hub_fatalities"):
        keys("un_hub", "nonsense")


def test_months_of_a_pattern():
    items = items_of(KEYS["un_monthly_pdf_2013_2014"])
    # Two years of twelve months.
    assert len(items) == 24
    assert items[6].address == "https://www.un.org/en/peacekeeping/contributors/2013/jul13_3.pdf"
    assert items[6].file == "UN_contributions_2013_07.pdf"


def changed(tmp_path: Path, text: str):
    path = tmp_path / "fetch.toml"
    path.write_text(text, encoding="utf-8")
    return {end.key: end for end in with_changes(available(), path)}


def test_pattern_of_the_user(tmp_path):
    ends = changed(
        tmp_path,
        '[un_monthly_pdf]\npattern = "https://a.org/{Month_name}-{yy}.pdf"\n'
        'from = "2024-11"\nto = "2025-02"\n',
    )
    items = items_of(ends["un_monthly_pdf"])
    assert [item.address[14:] for item in items] == [
        "November-24.pdf",
        "December-24.pdf",
        "January-25.pdf",
        "February-25.pdf",
    ]
    assert items[0].file == "un_monthly_pdf_2024_11.pdf"
    assert ends["un_monthly_pdf"] in chosen((), list(ends.values()))


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("[un_hub_latest", BadRequest, "is not TOML"),
        ("[nonsense]\naddress = 'x'", UnknownName, "nonsense"),
        ("[pact]\nsecret = 'x'", BadRequest, "can be changed"),
        ("pact = 3", BadRequest, "can be changed"),
        ("[pact]\nmax_mb = 0", BadRequest, "from 1"),
        ("[pact]\nmax_mb = true", BadRequest, "from 1"),
        ("[pact]\nhosts = 'a.org'", BadRequest, "list of texts"),
        ("[pact]\naddresses = [1]", BadRequest, "list of texts"),
    ],
)
def test_faults_in_the_users_file(tmp_path, text, error, words):
    with pytest.raises(error, match=words):
        changed(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('pattern = "https://a.org/{day}.pdf"\nfrom = "2024-01"\nto = "2024-01"', BadRequest),
        ('pattern = "https://a.org/{year}.pdf"', BadMonth),
        ('pattern = "https://a.org/{mon}.pdf"\nfrom = "2024-02"\nto = "2024-01"', BadMonth),
        ('addresses = ["https://a.org/1/x.pdf", "https://a.org/2/X.pdf"]', BadRequest),
        ('addresses = ["http://a.org/x.pdf"]', FetchFailed),
    ],
)
def test_faults_in_a_list_are_told_in_the_report(tmp_path, text, error):
    ends = changed(tmp_path, f"[un_monthly_pdf]\n{text}\n")
    with pytest.raises(error):
        items_of(ends["un_monthly_pdf"])
    report = fetch(["un_monthly_pdf"], tmp_path / "f", changes=tmp_path / "fetch.toml")
    assert [file.outcome for file in report.files] == ["failed"]
    assert report.exit_status == 2


@pytest.mark.parametrize(
    "last", ["..", "%2e%2e", "a/../../etc", ".hidden", "x%2F..%2Fy", "", "CON?"]
)
def test_names_from_addresses_stay_in_the_folder(tmp_path, last):
    ends = changed(tmp_path, f'[un_monthly_pdf]\naddresses = ["https://a.org/{last}"]\n')
    (item,) = items_of(ends["un_monthly_pdf"])
    assert (tmp_path / item.file).resolve().parent == tmp_path.resolve()
    assert not item.file.startswith(".")


def test_by_hand_is_told_and_nothing_is_asked(desk, site):
    report = desk.run("bara_hultman", "un_monthly_pdf")
    assert {file.outcome for file in report.files} == {"by_hand"}
    assert all(file.message for file in report.files)
    assert (site.asked, report.exit_status) == ([], 2)


def test_failure_does_not_stop_the_others(desk, site, reply):
    site.pages["/good.csv"] = [reply(CSV)]
    desk.write(
        f'[ipi_gender]\naddress = "{site.base}/bad.csv"\n[pact]\naddress = "{site.base}/good.csv"\n'
    )
    report = desk.run("ipi_gender", "pact")
    assert [file.outcome for file in report.files] == ["failed", "fetched"]
    assert (len(report.paths), len(report.failed), report.exit_status) == (1, 1, 1)


def test_all_had(desk, site, reply):
    site.pages["/good.csv"] = [reply(CSV)]
    desk.point("pact", "/good.csv")
    report = desk.run("pact")
    assert report.exit_status == 0
    assert "fetch.toml" in report.files[0].message


def test_second_run_in_the_same_folder_is_refused(desk):
    desk.folder.mkdir()
    with FileLock(desk.folder / ".fetch.lock"), pytest.raises(FetchFailed, match="another run"):
        desk.run("bara_hultman")


def test_folder_that_is_a_file(desk):
    desk.folder.write_text("x")
    with pytest.raises(FetchFailed, match="cannot be made"):
        desk.run("bara_hultman")


def test_file_that_cannot_be_written_is_told(desk, site, reply):
    site.pages["/good.csv"] = [reply(CSV)]
    desk.point("pact", "/good.csv")
    (desk.folder / "PACT2_mission-year.csv.part").mkdir(parents=True)
    (file,) = desk.run("pact").files
    assert "cannot be written" in file.message


def test_one_connection_at_a_time(desk, site, reply):
    inside = threading.Semaphore(1)
    crowded = []

    def answer(question):
        if not inside.acquire(blocking=False):
            crowded.append(question)
            return reply(CSV)
        # Time for a second request to come in, if there were one.
        site.end.wait(0.05)
        inside.release()
        return reply(CSV)

    for name in ("a", "b", "c"):
        site.pages[f"/{name}.csv"] = answer
    desk.write(
        "[pact]\naddresses = ["
        + ", ".join(f'"{site.base}/{name}.csv"' for name in ("a", "b", "c"))
        + "]\n"
    )
    assert len(desk.run("pact", client=None).paths) == 3
    assert not crowded


def test_unreachable_host_is_asked_for_one_file_only(desk, site):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{closed.getsockname()[1]}"
        desk.write(f'[pact]\naddresses = ["{host}/a.csv", "{host}/b.csv"]\n')
        report = desk.run("pact")
    assert "no connection after 3 attempts" in report.files[0].message
    assert "not asked again" in report.files[1].message
    assert len(desk.slept) == 2


def test_origin_of_a_file(desk, site, reply):
    site.pages["/good.csv"] = [reply(CSV)]
    desk.point("pact", "/good.csv")
    path = desk.run("pact").paths[0]
    origin = origin_of(path)
    assert origin is not None
    assert (origin.source, origin.endpoint, origin.bytes) == ("pact", "pact", len(CSV))
    for altered in (CSV + b"UNTSO,2013\n", CSV.replace(b"2012", b"2013")):
        path.write_bytes(altered)
        assert origin_of(path) is None


def test_importing_asks_nobody(monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a client was made without a fetch")

    monkeypatch.setattr("httpx.Client", forbidden)
    assert available()
    assert chosen((), available())


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(texts, texts, st.integers(0, 10**12), st.lists(texts, max_size=3))
def test_origin_is_read_back_as_written(tmp_path_factory, address, etag, size, marks):
    path = tmp_path_factory.mktemp("origin") / "x.origin.toml"
    written = notes.OriginFile(
        address, "s", "e", "l", "2025-01-02", "0" * 64, size, etag, page_etags=tuple(marks)
    )
    notes.write(path, written)
    assert notes.read(path, notes.OriginFile) == written or not all((address, size))


@given(st.binary(max_size=80))
def test_any_bytes_as_origin_are_survived(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("origin") / "x.origin.toml"
    path.write_bytes(data)
    assert notes.read(path, notes.OriginFile) is None


@pytest.mark.parametrize(
    "line", ["bytes = '3'", "address = 3", "page_etags = [1]", "page_etags = 'x'", "more = 1"]
)
def test_origin_of_another_form_is_not_trusted(tmp_path, line):
    path = tmp_path / "x.origin.toml"
    good = notes.OriginFile("https://a.org/x", "s", "e", "l", "2025-01-02", "0" * 64, 3, "t")
    notes.write(path, good)
    name = line.split(" = ")[0]
    kept = [row for row in path.read_text().splitlines() if not row.startswith(f"{name} =")]
    path.write_text("\n".join([*kept, line]) + "\n")
    assert tomllib.loads(path.read_text())
    assert notes.read(path, notes.OriginFile) is None


def test_the_list_names_what_stands_for_several(capsys: pytest.CaptureFixture[str]) -> None:
    from sulh.cli.app import run

    assert run(["fetch"]) == 0
    told = capsys.readouterr().out
    line = next(line for line in told.splitlines() if line.startswith("  geopko: "))
    named = tuple(line.removeprefix("  geopko: ").split(", "))
    assert named == tuple(end.key for end in chosen(["geopko"], available()))
    assert all(word in told for word in ("documented:", "seen:", "uncertain:"))
