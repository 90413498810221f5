"""The words of the reports: personnel types and headings, from ``vocabulary.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple


class Vocabulary(NamedTuple):
    """Phrases in lower case, and the length in words of the longest of each kind."""

    types: Mapping[str, str]
    headings: Mapping[str, str]
    longest_type: int
    longest_heading: int
    nation_beginnings: frozenset[str]  # first words of the headings over nations


@cache
def vocabulary() -> Vocabulary:
    """Return the words of the reports."""
    text = files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    types, headings = tables["types"], tables["headings"]
    return Vocabulary(
        types,
        headings,
        max(len(phrase.split()) for phrase in types),
        max(len(phrase.split()) for phrase in headings),
        frozenset(p.split()[0] for p, meaning in headings.items() if meaning == "nation"),
    )


class Phrase(NamedTuple):
    """A phrase found in a list of words: where it starts, where it ends, what it means."""

    start: int
    end: int
    meaning: str


@lru_cache(maxsize=4096)
def find_type(words: tuple[str, ...]) -> Phrase | None:
    """Return the longest personnel type in ``words``, the last one if several are as long.

    >>> find_type(("Republic", "of", "Korea", "Experts", "on", "Mission"))
    Phrase(start=3, end=6, meaning='experts_on_mission')
    """
    known = vocabulary()
    lowered = [word.lower() for word in words]
    for length in range(min(known.longest_type, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            meaning = known.types.get(" ".join(lowered[start : start + length]))
            if meaning:
                return Phrase(start, start + length, meaning)
    return None
