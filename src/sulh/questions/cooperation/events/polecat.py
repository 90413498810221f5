"""The lines of POLECAT files: events of the PLOVER scheme, with a header of 40 names.

Source: Scarborough et al. (2023). Some published files have a name too many in the header, or empty
cells at the end of every line. An event may have several nations on either side, parted by ``;``
or ``|``, as ISO alpha-3 codes or as names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import combinations, product

import numpy as np

from sulh.core.errors import RefusedFile, SulhError
from sulh.facts.names import resolve_nation
from sulh.facts.table import read_table
from sulh.questions.cooperation.events.families import families
from sulh.questions.cooperation.events.lines import (
    NO_CODE,
    NO_DAY,
    NO_NUMBER,
    WRONG_WIDTH,
    month_number,
    nation_number,
    pack,
)
from sulh.questions.cooperation.events.tally import POLECAT, SHOWN, Tally, Task

_START = b"Event ID\tEvent Date\t"
_MARK = b"\xef\xbb\xbf"
_NEEDED = (
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Contexts",
    "Actor Country",
    "Recipient Country",
)
_TOO_MANY = frozenset({"Headline", "Event Text", "Feed", "Story ID"})
_KEPT = 2**16
_NOT_SO = frozenset({"historical", "hypothetical", "negation"})


def is_polecat(block: bytes) -> bool:
    """Return whether a file that begins so is one of POLECAT."""
    return block.removeprefix(_MARK).startswith(_START)


def count_polecat(task: Task, blocks: Iterator[bytes]) -> Tally:
    """Return the tally of a file from its blocks of whole lines, the header first."""
    return _Polecat(task).run(blocks)


class _Polecat:
    """The state of one pass over a file."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.seen: set[int] = set()
        self.keys: list[int] = []
        self.marks: list[int] = []
        self.lines = self.repeated = 0
        self.damaged: dict[int, int] = {}
        self.damaged_lines: list[int] = []
        self.odd: dict[str, int] = {}
        self.places: dict[int, tuple[int, ...] | None] = {}

    def run(self, blocks: Iterator[bytes]) -> Tally:
        header: tuple[str, ...] = ()
        line = 0
        for block in blocks:
            for text in block.split(b"\n")[:-1]:
                line += 1
                if not header:
                    header = _header(self.task.path, text)
                elif text.strip():
                    self.lines += 1
                    self._read(text.rstrip(b"\r").split(b"\t"), header, line)
        return Tally(
            self.task.path,
            np.array(self.keys, dtype=np.int64),
            np.ones(len(self.keys), dtype=np.int64),
            marks=np.array(self.marks, dtype=np.int64),
            source=POLECAT,
            lines=self.lines,
            repeated=self.repeated,
            damaged=self.damaged,
            damaged_lines=tuple(self.damaged_lines),
            odd=self.odd,
        )

    def _read(self, cells: list[bytes], header: tuple[str, ...], line: int) -> None:
        width = _width(cells, header)
        if width not in self.places:
            self.places[width] = _places(header, width)
        places = self.places[width]
        if places is None:
            self._damage(WRONG_WIDTH, line)
            return
        name = cells[places[0]].strip()
        day, kind, mode, contexts, actor, recipient = (_text(cells[place]) for place in places[1:])
        month = _month(day)
        if not name:
            self._damage(NO_NUMBER, line)
        elif month < 0:
            self._damage(NO_DAY, line)
        elif not kind:
            self._damage(NO_CODE, line)
        else:
            mark = int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)
            if mark in self.seen:
                self.repeated += 1
                return
            self.seen.add(mark)
            family = family_number(kind, mode, contexts)
            year = day[:4]
            pairs = self._pairs(kind, self._nations(actor, year), self._nations(recipient, year))
            self.keys += (pack(month, first, second, family) for first, second in pairs)
            self.marks += [mark] * len(pairs)

    def _nations(self, text: str, year: str) -> tuple[int, ...]:
        found, odd = _sides(text, year)
        for name in odd:
            self.odd[name] = self.odd.get(name, 0) + 1
        return found

    def _pairs(
        self, kind: str, first: tuple[int, ...], second: tuple[int, ...]
    ) -> list[tuple[int, int]]:
        """Return the pairs of an event; those who meet without a host are all on one side."""
        asked = self.task.sides
        if asked == (True, True) and kind == "CONSULT" and not second and len(first) > 1:
            return list(combinations(first, 2))
        firsts = first if asked[0] and first else (0,)
        seconds = second if asked[1] and second else (0,)
        return list(product(firsts, seconds))

    def _damage(self, kind: int, line: int) -> None:
        self.damaged[kind] = self.damaged.get(kind, 0) + 1
        if len(self.damaged_lines) < SHOWN:
            self.damaged_lines.append(line)


def _header(path: str, line: bytes) -> tuple[str, ...]:
    names = tuple(_text(cell) for cell in line.removeprefix(_MARK).rstrip(b"\r").split(b"\t"))
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise RefusedFile(
            f"{path}: a header of POLECAT without {', '.join(missing)}",
            "events cannot be told apart without it",
            "fetch the file again",
        )
    while not names[-1]:
        names = names[:-1]
    return names


def _width(cells: list[bytes], header: tuple[str, ...]) -> int:
    """Return the number of cells, without the empty ones beyond the header."""
    width = len(cells)
    while width > len(header) and not cells[width - 1].strip():
        width -= 1
    return width


def _places(header: tuple[str, ...], width: int) -> tuple[int, ...] | None:
    """Return where the cells needed stand in a line of ``width``, or None if it does not fit."""
    fewer = tuple(name for name in header if name not in _TOO_MANY)
    for names in (header, fewer):
        if len(names) == width:
            return tuple(names.index(name) for name in _NEEDED)
    return None


_month = lru_cache(maxsize=_KEPT)(month_number)


@lru_cache(maxsize=_KEPT)
def _text(cell: bytes) -> str:
    try:
        text = cell.decode()
    except UnicodeDecodeError:
        text = cell.decode("latin-1")
    return text.strip().strip('"')


@cache
def _rules() -> tuple[tuple[str, str, str, int], ...]:
    return tuple(
        (row["type"], row["mode"], row["context"], families().index(row["family"]) + 1)
        for row in read_table("polecat_families")
    )


@lru_cache(maxsize=_KEPT)
def family_number(kind: str, mode: str, contexts: str) -> int:
    """Return the number of the family of an event, 0 for none.

    What is told as past, supposed or denied is no event of its day and has no family.

    >>> families()[family_number("AID", "", "military; peacekeeping") - 1]
    'peacekeeping_supply'
    """
    told = {part.strip() for part in contexts.split(";")}
    how = {part.strip().removeprefix(f"{kind}-") for part in mode.split(";")}
    if told & _NOT_SO:
        return 0
    for rule, needed, about, family in _rules():
        if rule == kind and needed in {"", *how} and about in {"", *told}:
            return family
    return 0


@lru_cache(maxsize=_KEPT)
def _sides(text: str, year: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the nations of one side of an event, each once, and what is none."""
    found, odd = [], []
    for part in text.replace("|", ";").split(";"):
        if (bare := part.strip()) and bare != "None":
            if number := _nation(bare, year):
                found.append(number)
            else:
                odd.append(bare)
    return tuple(dict.fromkeys(found)), tuple(odd)


@lru_cache(maxsize=_KEPT)
def _nation(text: str, year: str) -> int:
    """Return the number of a nation written as a code or a name, 0 if it is none."""
    code = text if len(text) == 3 and text.isupper() else None
    try:
        found = resolve_nation(None if code else text, code, on=year)
    except SulhError:
        return 0
    return nation_number(found.nation)
