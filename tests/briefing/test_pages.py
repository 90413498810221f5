"""Every page that a fact was read on has a name to read, never a bare host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from sulh.briefing.pages import page_of
from sulh.facts.known import contributions_known, gender_targets
from sulh.facts.mandates import tasks_of
from sulh.facts.operations import operations


def sources() -> list[str]:
    found = [entry.mark.source for entry in operations().values()]
    found += [task.mark.source for name in operations() for task in tasks_of(name)]
    found += [known.mark.source for known in contributions_known()]
    found += [target.mark.source for target in gender_targets()]
    return sorted({source for source in found if source})


def test_no_page_is_called_by_its_host() -> None:
    for source in sources():
        page = page_of(source)
        host = (urlsplit(page.address).hostname or "?").removeprefix("www.")
        assert page.title, source
        assert page.title != host, source
        assert "DPPADPOSS" not in page.title, source


def test_an_address_with_brackets_is_whole() -> None:
    page = page_of("https://en.m.wikisource.org/wiki/Page:UN_Resolution_2366_(2017).djvu/2")
    assert page.address.endswith("_(2017).djvu/2")
    assert page.title == "Wikisource, Security Council resolution 2366 (2017)"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("https://www.a.example/x/one-two-three-99999.html", "a.example, One two three"),
        ("https://a.example/x (a note)", "a note, a.example"),
        ("https://a.example/", "a.example"),
        ("A book of 1999", "A book of 1999"),
    ],
)
def test_a_page_that_is_not_listed(source: str, title: str) -> None:
    assert page_of(source).title == title
