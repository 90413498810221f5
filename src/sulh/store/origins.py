"""The sources that figures rest on: from the catalogue, or as a user's own files name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from sulh.core.errors import UnknownName
from sulh.core.origin import Origin
from sulh.facts.catalogue import entry

if TYPE_CHECKING:
    from sulh.store.reading import Store

USER = "user"


def origins_of(store: Store, keys: Iterable[str] | None = None) -> tuple[Origin, ...]:
    """Return the sources with these keys, or all that the store rests on, sorted, each once.

    ``retrieved`` is the last day on which a file of the source was fetched, where that is known.
    """
    fetched = _fetched(store)
    wanted = set(fetched) if keys is None else set(keys)
    found: set[Origin] = set()
    for key in wanted - {USER}:
        try:
            found.add(entry(key).origin(retrieved=fetched.get(key, "")))
        except UnknownName:
            found.add(Origin(key, key, "", "", "", ""))
    if USER in wanted:
        found.update(_users(store))
    return tuple(sorted(found))


def _fetched(store: Store) -> dict[str, str]:
    rows = store.scan("files").group_by("origin").agg(pl.col("retrieved").max()).collect()
    return {key: day or "" for key, day in rows.select("origin", "retrieved").iter_rows()}


def _users(store: Store) -> list[Origin]:
    columns = ("title", "producer", "citation", "licence", "url")
    rows = store.scan("user_files").select(columns).unique().collect().fill_null("")
    return [
        Origin(USER, title, producer, citation, licence, url)
        for title, producer, citation, licence, url in rows.iter_rows()
    ]
