"""The sources that figures rest on: from the catalogue, or as a user's own files name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from sulh.core.errors import UnknownName
from sulh.core.origin import Origin
from sulh.core.printing import printable
from sulh.facts.catalogue import entry

USER = "user"


def origins_of(
    fetched: Mapping[str, str],
    user_files: Callable[[], pl.LazyFrame],
    keys: Iterable[str] | None = None,
) -> tuple[Origin, ...]:
    """Return the sources with these keys, or all that a store rests on, sorted, each once.

    ``fetched`` is the day on which each was fetched last, ``user_files`` gives its table of that
    name.
    """
    wanted = set(fetched) if keys is None else set(keys)
    found: set[Origin] = set()
    for key in wanted - {USER}:
        try:
            found.add(entry(key).origin(retrieved=fetched.get(key, "")))
        except UnknownName:
            found.add(Origin(key, key, "", "", "", ""))
    if USER in wanted:
        found.update(_users(user_files()))
    return tuple(sorted(found))


def _users(user_files: pl.LazyFrame) -> list[Origin]:
    columns = ("title", "producer", "citation", "licence", "url")
    rows = user_files.select(columns).unique().collect().fill_null("")
    return [
        Origin(USER, title, producer, citation, licence, url)
        for title, producer, citation, licence, url in (map(printable, row) for row in rows.rows())
    ]
