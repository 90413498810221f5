"""Name columns alike whatever the publisher's spelling, and read CSV or JSON by them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from sulh.intake.base import Document, Flag
from sulh.intake.json_text import looks_like_json, read_json, records_of, records_table
from sulh.intake.text import TextTable, encoding_of, header, read_csv, refused

_PEEK = 65_536
_KEY = re.compile(r'"([A-Za-z][^"\\]{0,60})"\s*:')


def column_key(name: str) -> str:
    """Return the name of a column in small letters, with ``_`` for everything else.

    >>> column_key("Contributor ISO-3"), column_key("Contributor_ISO-3")
    ('contributor_iso_3', 'contributor_iso_3')
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def keys_of(document: Document) -> frozenset[str]:
    """Return the keys of the columns, from the head of a CSV or JSON document; cheap."""
    if not looks_like_json(document):
        return frozenset(column_key(name) for name in header(document))
    start = document.data[:_PEEK]
    encoding = encoding_of(start)
    text = start.decode(encoding, errors="replace") if encoding else ""
    return frozenset(column_key(name) for name in _KEY.findall(text))


def read_rows(document: Document, wanted: Iterable[str]) -> tuple[TextTable, bool]:
    """Return the rows of a CSV or JSON document with keys as column names, and whether it is JSON.

    Raises `RefusedFile` for a document that holds no rows, two columns of one key, or not all the
    columns ``wanted``.
    """
    is_json = looks_like_json(document)
    table = _json_rows(document) if is_json else read_csv(document)
    keys = [column_key(name) for name in table.frame.columns]
    if len(set(keys)) < len(keys) or not all(keys):
        raise refused(
            document,
            "columns whose names differ only in case or signs, or have no letters",
            "it is not known which of them is meant",
            "give each column its own name",
        )
    if table.frame.is_empty():
        raise refused(document, "a header without rows", "it holds no figures", "fetch it again")
    frame = table.frame.rename(dict(zip(table.frame.columns, keys, strict=True)))
    _require(document, frame, wanted)
    return TextTable(frame, table.flags), is_json


def _json_rows(document: Document) -> TextTable:
    records = records_of(read_json(document))
    if records is None:
        raise refused(
            document,
            "JSON without a list of records",
            "rows are objects in a list, bare or under data or value",
            "fetch the data set again",
        )
    return records_table(document, records)


def _require(document: Document, frame: pl.DataFrame, wanted: Iterable[str]) -> None:
    """Raise `RefusedFile` where columns are missing."""
    missing = sorted(set(wanted) - set(frame.columns))
    if missing:
        raise refused(
            document,
            f"no column {', '.join(missing)}",
            "the rows cannot be understood without it",
            "fetch the file again",
        )


def unread_columns(frame: pl.DataFrame, known: Iterable[str]) -> tuple[Flag, ...]:
    """Return a note on columns that a source does not use, so that nothing is left in silence."""
    extra = sorted(set(frame.columns) - set(known) - {"line"})
    if not extra:
        return ()
    return (Flag("columns_not_used", f"not used: {', '.join(extra)[:500]}", "note"),)
