"""Which addresses are asked, where redirects may lead, and what is never told."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import pytest

from sulh.core.errors import FetchFailed
from sulh.intake.fetching.addresses import checked, is_loopback, shown

CSV = b"PKO,year\nUNMISS,2012\n"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.csv",
        "ftp://example.org/a.csv",
        "file:///etc/passwd",
        "https://user@example.org/a.csv",
        "https://user:hush@example.org/a.csv",
        "http://127.0.0.1.example.org/a.csv",
        "http://10.0.0.1/a.csv",
        "https:///a.csv",
        "https://[::1/a.csv",
        "https://example.org:notaport/a.csv",
        "a.csv",
        "",
    ],
)
def test_refused_addresses(address):
    with pytest.raises(FetchFailed) as caught:
        checked(address)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://example.org/a", "http://127.0.0.1:8/a", "http://[::1]/a"]
)
def test_allowed_addresses(address):
    assert checked(address) == address


@pytest.mark.parametrize(
    ("host", "here"), [("localhost", True), ("::1", True), ("0.0.0.0", False), ("local", False)]
)
def test_loopback(host, here):
    assert is_loopback(host) is here


def test_shown_address_has_no_secret():
    assert shown("https://u:p@h.org:8443/x?key=p#p") == "https://h.org:8443/x"
    assert "p@" not in shown("https://u:p@[h.org/x")


def sent_on(reply, target, status=302):
    return [reply(b"", status, headers={"Location": target})]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_within_the_host_is_followed(desk, site, reply, status):
    site.pages["/old"] = sent_on(reply, "new.csv", status)
    site.pages["/new.csv"] = [reply(CSV)]
    desk.point("pact", "/old")
    assert desk.run("pact").paths[0].read_bytes() == CSV


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("https://elsewhere.example/a.csv", "only 127.0.0.1 may serve"),
        ("http://elsewhere.example/a.csv", "only https is asked"),
        ("file:///etc/passwd", "is no address"),
        ("ftp://127.0.0.1/a.csv", "uses ftp"),
        ("//user:hush@127.0.0.1/a.csv", "carries a user"),
        ("http://[", "cannot be read"),
        ("/old", "in a circle"),
    ],
)
def test_redirect_that_is_not_followed(desk, site, reply, target, words):
    site.pages["/old"] = sent_on(reply, target)
    desk.point("pact", "/old")
    (file,) = desk.run("pact").files
    assert words in file.message
    assert "hush" not in file.message
    assert len(site.asked) == 1


def test_wide_circle_of_redirects_ends(desk, site, reply):
    for number in range(20):
        site.pages[f"/{number}"] = sent_on(reply, f"/{number + 1}")
    desk.point("pact", "/0")
    assert "redirect number 6" in desk.run("pact").files[0].message
    assert len(site.asked) == 6


def test_redirect_to_a_host_that_the_user_allows(desk, site, reply):
    port = urlsplit(site.base).port
    site.pages["/old"] = sent_on(reply, f"http://localhost:{port}/new.csv")
    site.pages["/new.csv"] = [reply(CSV)]
    desk.point("pact", "/old")
    assert "only 127.0.0.1" in desk.run("pact").files[0].message
    desk.point("pact", "/old", 'hosts = ["localhost"]')
    assert desk.run("pact").files[0].outcome == "fetched"


def test_query_of_an_address_is_not_told(desk, site, reply, caplog):
    site.pages["/p.csv"] = [reply(b"", 403)]
    desk.point("pact", "/p.csv?token=hush")
    with caplog.at_level(logging.DEBUG, logger="sulh"):
        (file,) = desk.run("pact").files
    assert "hush" not in file.message + file.address + caplog.text.replace("httpx", "")
