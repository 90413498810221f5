"""What the pages are called that facts were read on."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from sulh.core.origin import Origin

_FEW_WORDS = 3
_CODE = re.compile(r" \(DPPADPOSS-[A-Z-]+\)")


def page_of(source: str) -> Origin:
    """Return the first source of a fact as an origin with a title to read.

    >>> page_of("https://en.wikipedia.org/wiki/EUFOR; another").title
    'Wikipedia, article on EUFOR'
    >>> page_of("https://news.example/2020/troops-go-home-in-may-123456.html").title
    'news.example, Troops go home in may'
    """
    first = source.split("; ", maxsplit=1)[0].strip()
    found = re.search(r"https?://(?:[^\s()]|\([^\s()]*\))+", first)
    if found is None:
        title = _toml()["names"].get(first, first)
        return Origin(first, title, "", title, "", "")
    address = found.group()
    title = _toml()["pages"].get(address) or _title(first, address)
    return Origin(first, title, "", title, "", address)


def named(origin: Origin) -> Origin:
    """Return an origin without the code that its publisher's catalogue adds to its title."""
    return replace(
        origin,
        title=_CODE.sub("", origin.title),
        citation=_CODE.sub("", origin.citation),
    )


def _title(source: str, address: str) -> str:
    """Return a title from what is noted beside an address, or else from the address itself."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    noted = source.replace(address, "").strip(" ()")
    if noted:
        return f"{noted}, {host}"
    for piece in reversed(parts.path.split("/")):
        words = re.sub(r"[-_+]+", " ", re.sub(r"\.\w{2,5}$", "", unquote(piece)))
        words = re.sub(r"( \w*\d{5,}\w*)+$", "", words).strip()
        if len(words.split()) >= _FEW_WORDS:
            return f"{host}, {words[0].upper()}{words[1:]}"
    return host


@cache
def _toml() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("texts", "pages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
