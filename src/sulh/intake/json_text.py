"""Read JSON strictly: no bombs, no doubled keys, no numbers that are none."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.text import MAX_CELL, TextTable, column_names, decode, refused

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_WRAPPERS = ("data", "value", "records", "results")


class _BadJsonError(ValueError):
    """JSON that its own grammar allows and that cannot be used."""


def looks_like_json(document: Document) -> bool:
    """Return whether the text opens with a bracket or a brace; cheap."""
    start = document.data[:256].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start[:1] in (b"[", b"{")


def read_json(document: Document) -> object:
    """Return the value of a JSON document, or raise `RefusedFile`."""
    text, _ = decode(document)
    try:
        value: object = json.loads(
            text, parse_constant=_no_constant, object_pairs_hook=_unique_keys
        )
    except RecursionError as error:
        raise _refuse(document, "brackets nested too deep") from error
    except ValueError as error:
        raise _refuse(document, str(error)[:200]) from error
    _refuse_half_characters(document, text, value)
    return value


def _refuse_half_characters(document: Document, text: str, value: object) -> None:
    """Refuse half of a character (a lone surrogate), which no text may hold and JSON can write."""
    if _SURROGATE.search(text) is None:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _refuse(document, "half of a character (a lone surrogate) in a text") from error


def _refuse(document: Document, found: str) -> RefusedFile:
    return refused(document, found, "the JSON is cut, damaged or hostile", "fetch the file again")


def _no_constant(name: str) -> float:
    raise _BadJsonError(f"{name} stands where a number should")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)
        doubled = sorted(key for key in times if times[key] > 1)
        raise _BadJsonError(f"the key {', '.join(doubled)[:100]} stands twice in one object")
    return found


def records_of(value: object) -> list[dict[str, object]] | None:
    """Return the records in a reply: a list of objects, bare or in a wrapper; None if neither.

    >>> records_of({"metadata": [], "value": [{"id": 1}]})
    [{'id': 1}]
    """
    if isinstance(value, dict):
        inner = [value[key] for key in _WRAPPERS if isinstance(value.get(key), list)]
        value = inner[0] if len(inner) == 1 else None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return None
    return value


def records_table(document: Document, records: Sequence[dict[str, object]]) -> TextTable:
    """Return records as text, one column for each key, ``line`` being the record's number.

    Whole numbers are written without a point, true and false as ``true`` and ``false``; a nested
    value refuses the document, for no public table has one.
    """
    keys = list(dict.fromkeys(key for record in records for key in record))
    names = column_names(document, keys)
    columns = [
        pl.Series(name, [_cell(document, record.get(key)) for record in records], dtype=pl.String)
        for name, key in zip(names, keys, strict=True)
    ]
    lines = pl.Series("line", range(1, len(records) + 1), dtype=pl.Int64)
    return TextTable(pl.DataFrame([*columns, lines]).with_columns(_empty_to_null()))


def _empty_to_null() -> pl.Expr:
    return pl.col(pl.String).replace("", None)


def _cell(document: Document, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str) and len(value) <= MAX_CELL:
        return value
    raise _refuse(document, f"a {type(value).__name__} or a very long text as the value of a cell")
