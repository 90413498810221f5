"""What a course is about, by its title: the rules of the table ``training_topics``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sulh.facts.table import read_table

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rule:
    """A title that ``pattern`` matches, and ``unless`` does not, has the topic."""

    topic: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def fits(self, title: str) -> bool:
        """Return whether the rule speaks of a title."""
        return bool(self.pattern.search(title)) and not (
            self.unless is not None and self.unless.search(title)
        )


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried."""
    return tuple(
        Rule(
            row["topic"],
            re.compile(row["pattern"], re.IGNORECASE),
            re.compile(row["unless"], re.IGNORECASE) if row["unless"] else None,
        )
        for row in read_table("training_topics")
    )


@cache
def topics() -> tuple[str, ...]:
    """Return the topics in the order of the table, ``other`` last."""
    return (*dict.fromkeys(rule.topic for rule in rules()), OTHER)


def topic_of(title: str | None) -> str:
    """Return the topic of a course: that of the first rule that fits, else ``other``.

    >>> topic_of("African Defense Attaché Seminar"), topic_of("TRAUMA NURSING CARE MET")
    ('attache', 'medical')
    >>> topic_of("LAPTOP MEDIA FOR TRAINERS"), topic_of(None)
    ('other', 'other')
    """
    text = (title or "").replace("&#233;", "é")
    return next((rule.topic for rule in rules() if rule.fits(text)), OTHER)


def topics_of(titles: Iterable[str | None]) -> list[str]:
    """Return the topic of each course."""
    return [topic_of(title) for title in titles]
