"""Edits: what is to become of records, read from cells with every problem noted at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sulh.cases.problems import BadCase, Problem, Problems, shown
from sulh.registry.cells import BadCell, Cell, Key, Value
from sulh.registry.models import KINDS, columns

Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Edit:
    """What one record is to become.

    ``values`` holds the columns that are written, None removes the record. ``version`` is the one
    that the editor saw; None says that the record is new.
    """

    kind: str
    id: str
    values: Values | None
    version: int | None = None
    file: str = "change"
    line: int | None = None
    sound: bool = True


class Refused(BadCase):
    """A change that was not made, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__("the change", problems, total)
        self.why = "nothing was written"

    def __reduce__(self) -> tuple[type[Refused], tuple[tuple[Problem, ...], int]]:  # type: ignore[override]
        return Refused, (self.problems, self.total)


@dataclass(frozen=True, slots=True)
class Cells:
    """One record as text, from a file or a command line, not read yet."""

    kind: str
    cells: Mapping[str, str]
    file: str = "command"
    line: int | None = None


def read_edits(rows: Iterable[Cells], problems: Problems) -> list[Edit]:
    """Return the edits that rows of cells ask for; note every cell that cannot be read."""
    seen: dict[tuple[str, str], Cells] = {}
    found = []
    for row in rows:
        edit = _edit(row, problems)
        first = seen.setdefault((row.kind, edit.id), row)
        if first is not row and edit.id:
            problems.add(
                row.file,
                row.line,
                f"{row.kind} {shown(edit.id)} stands in line {first.line} too",
                "it is not known which of them is meant",
                "keep one of each",
            )
            edit = replace(edit, sound=False)
        found.append(edit)
    return found


def _edit(row: Cells, problems: Problems) -> Edit:
    before = problems.total
    known = {column.name: column for column in columns(row.kind)}
    values: Values = {}
    version: int | None = None
    for name, text in row.cells.items():
        if name == "version":
            version = _version(row, text, problems)
        elif name in known:
            values[name] = _value(row, name, known[name].type, problems)
    for name, column in known.items():
        if name in ("version",) or column.nullable or values.get(name) is not None:
            continue
        if (version is None or name in row.cells) and not row.cells.get(name):
            problems.add(
                row.file, row.line, f"{name} is empty", f"every {row.kind} has one", "write it"
            )
    sound = problems.total == before
    return Edit(row.kind, row.cells.get("id", ""), values, version, row.file, row.line, sound)


def _value(row: Cells, name: str, kind: object, problems: Problems) -> Value:
    text = row.cells[name]
    if not text:
        return None
    assert isinstance(kind, Cell)
    try:
        return kind.read(text)
    except BadCell as error:
        problems.add(row.file, row.line, f"{name} is {shown(text)}", error.why, error.mend)
        return None


def _version(row: Cells, text: str, problems: Problems) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) > 0:
        return int(text)
    problems.add(
        row.file,
        row.line,
        f"version is {shown(text)}",
        "it is the number of the version that you changed",
        "leave it as it was exported, or empty for a new record",
    )
    return None


def check_kind(kind: str) -> None:
    """Raise `BadRequest` for a kind of record that there is not."""
    from sulh.core.errors import BadRequest

    if kind not in KINDS:
        raise BadRequest(
            f"{shown(kind)} is no kind of record",
            "the registry keeps " + ", ".join(KINDS),
            "name one of them",
        )


def kind_named(text: str) -> str:
    """Return the kind that a word means, in the singular or the plural.

    >>> kind_named("agreements"), kind_named("forum")
    ('agreement', 'forum')
    """
    headings = {model.heading: kind for kind, model in KINDS.items()}
    found = headings.get(text, text)
    check_kind(found)
    return found


def check_id(text: str) -> str:
    """Return an identifier, or raise `BadRequest`."""
    from sulh.core.errors import BadRequest

    try:
        return str(Key().read(text))
    except BadCell as error:
        raise BadRequest(f"the identifier is {shown(text)}", error.why, error.mend) from error
