"""Search among records: by nation, and by words in any of their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sulh.cases.problems import shown
from sulh.core.errors import BadRequest
from sulh.facts.normalise import name_key
from sulh.facts.states import by_nation
from sulh.registry.cells import Listed, Nation, meant
from sulh.registry.models import columns, fields

Row = Mapping[str, Any]


def nation_columns(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind of record that name nations.

    >>> nation_columns("exercise")
    ('participants', 'hosts', 'observers')
    """
    return tuple(
        column.name
        for column in columns(kind)
        if isinstance(column.type, Nation)
        or (isinstance(column.type, Listed) and isinstance(column.type.part, Nation))
    )


def matching(kind: str, rows: Iterable[Row], party: str | None, text: str | None) -> Iterator[Row]:
    """Yield the records that name a nation and hold every word of a text, in whatever order.

    Case, accents and punctuation do not matter, the same on every database; a word may be the
    beginning or a part of a longer one. Raises `BadRequest` for a nation that there is not, a kind
    that names none, and a text without a letter or digit.
    """
    named = nation_columns(kind)
    if party is not None and (party not in by_nation() or not named):
        raise BadRequest(
            f"--party is {shown(party)}",
            f"records of the kind {kind} name no nation"
            if party in by_nation()
            else "it is no ISO 3166-1 alpha-3 code",
            "leave it out" if party in by_nation() else meant(party),
        )
    words = name_key(text).split() if text is not None else []
    if text is not None and not words:
        raise BadRequest(
            f"--search is {shown(text)}", "it has no letter or digit to look for", "write a word"
        )
    for row in rows:
        nations = {code for name in named for code in str(row[name] or "").split("|")}
        if party is not None and party not in nations:
            continue
        if words:
            held = name_key(" ".join(str(row[name]) for name in fields(kind) if row[name]))
            if not all(word in held for word in words):
                continue
        yield row
