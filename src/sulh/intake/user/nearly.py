"""Say what keeps a table that is almost the template, or a user's own, from being read."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from sulh.core.errors import RefusedFile, SulhError
from sulh.intake.base import Document
from sulh.intake.text import header
from sulh.intake.user import template
from sulh.intake.workbook import is_workbook, open_workbook

_SHARE = 0.5  # of the table's columns, and of the template's required ones
_CORE = frozenset({"month", "nation", "persons"})


def column_names_of(document: Document) -> tuple[str, ...]:
    """Return the names in the first row of a CSV file or of a workbook's first sheet."""
    if not is_workbook(document.data):
        return tuple(header(document))
    try:
        return tuple(open_workbook(document).sheet().texts(1).values())
    except RefusedFile:
        return ()


def nearly(document: Document) -> RefusedFile | None:
    """Return the error for a table that most likely was meant for the template, else None.

    It is taken for one if half of its columns and half of the template's required columns agree,
    or if it has months, nations and persons under the template's names.
    """
    try:
        names = column_names_of(document)
    except SulhError:
        return None
    ours = set(names) & template.names()
    required = template.required()
    meant = len(ours) >= _SHARE * len(names) and len(ours & required) >= _SHARE * len(required)
    if not names or not (meant or ours >= _CORE):
        return None
    told = [_misnamed(name, names) for name in names if name not in template.names()]
    told += [
        f"it has no column {name!r}, which is required"
        for name in sorted(required - set(names))
        if not any(f"{name!r}" in one for one in told)
    ]
    return RefusedFile(
        f"{document.name} is almost the template for your own data: {'; '.join(told)}",
        "a column that is not understood would be lost in silence",
        "correct the names of the columns, or " + mapping_file(document.name),
    )


def mapping_file(name: str) -> str:
    """Return how to have a table read whose columns have other names."""
    return (
        f"write a mapping file {Path(name).stem}.sulh.toml beside it that says what its columns "
        "mean (`sulh template FOLDER` writes an example)"
    )


def _misnamed(name: str, names: tuple[str, ...]) -> str:
    """Say of a column that is none of the template's which one it may be."""
    plain = re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")
    absent = sorted(template.names() - set(names))
    near = get_close_matches(plain, absent, n=1, cutoff=0.7)
    return f"column {name!r:.60}" + (
        f" should be {near[0]!r}" if near else " is none of the template's"
    )
