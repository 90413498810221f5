"""The document as data: sections of blocks, and figures that know where they come from.

Nothing here knows a file format; three renderers read the same `Document`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sulh.core.origin import Origin


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit, its month, the keys of its sources and the command that recomputes it.

    ``unit`` is one of `sulh.briefing.language.UNITS`; ``month`` is ``YYYY-MM``, a year, a period or
    empty; ``citations`` are keys of origins.
    """

    value: float | int | str | None
    unit: str
    month: str
    citations: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words without a figure in them."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A name in another script or direction than the sentence, to be isolated (an acronym, say)."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as it is written in a sentence or a cell."""

    text: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cite:
    """Marks of sources that stand for themselves, as in a column of sources."""

    citations: tuple[str, ...]
    text: str = ""


Part = Text | Term | Number | Cite
Line = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``role`` is ``body``, ``lead`` or ``note``."""

    line: Line
    role: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of lines."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure set large, with what it counts and a remark."""

    figure: Number
    label: str
    remark: Line = ()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures set large, side by side."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """What a table or a chart rests on: keys of origins and the command that recomputes it."""

    citations: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``kind`` decides how it is aligned."""

    title: str
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; a cell is a line, an empty one is not reported."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    support: Support
    note: Line = ()


@dataclass(frozen=True)
class Drawing:
    """A chart or a map: a Vega-Lite specification, and in words what it shows."""

    name: str
    caption: str
    description: str
    spec: dict[str, Any] = field(repr=False)
    support: Support
    note: Line = ()


Block = Paragraph | Heading | Bullets | KeyFigures | Table | Drawing


@dataclass(frozen=True)
class Section:
    """A heading with its blocks; ``key`` names it in links."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A command, and the figures (as written, with their months) that it recomputes."""

    number: int
    command: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Document:
    """The whole document, ready for a renderer.

    ``labels`` are the few words that renderers add (contents, source, page); ``numbers`` gives
    the mark of each origin's key, ``queries`` the commands in order of first use.
    """

    lang: str
    direction: Literal["ltr", "rtl"]
    title: str
    subtitle: Line
    sections: tuple[Section, ...]
    origins: tuple[Origin, ...]
    queries: tuple[Query, ...]
    labels: dict[str, str]
    kind: str = "full"

    @property
    def numbers(self) -> dict[str, int]:
        """Return the mark of each origin, from 1, in order of first use."""
        return {origin.key: place for place, origin in enumerate(self.origins, start=1)}

    @property
    def query_numbers(self) -> dict[str, int]:
        """Return the number of each command."""
        return {query.command: query.number for query in self.queries}

    def figures(self) -> Iterator[Figure]:
        """Yield every figure of the document in reading order."""
        for number in numbers_in(self.sections):
            yield number.figure


def lines_of(block: Block) -> Iterator[Line]:
    """Yield the lines of a block in reading order."""
    if isinstance(block, Paragraph):
        yield block.line
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, KeyFigures):
        for item in block.items:
            yield (item.figure,)
            yield item.remark
    elif isinstance(block, Table):
        for row in block.rows:
            yield from row
        yield block.note
    elif isinstance(block, Drawing):
        yield block.note


def numbers_in(sections: tuple[Section, ...]) -> Iterator[Number]:
    """Yield every figure as written, in reading order."""
    for section in sections:
        for block in section.blocks:
            for line in lines_of(block):
                yield from (part for part in line if isinstance(part, Number))


def plain(line: Line) -> str:
    """Return the words of a line without marks.

    >>> plain((Text("served in "), Term("UNPROFOR")))
    'served in UNPROFOR'
    """
    return "".join(part.text for part in line)


def weight(table: Table, place: int) -> int:
    """Return how wide a column wants to be, in letters: its longest cell, within limits.

    The longest word of the head, set in bold, is not to be broken.
    """
    cells = [len(plain(row[place])) for row in table.rows]
    head = round(1.3 * max(len(word) for word in table.columns[place].title.split()))
    return 3 + max(head, 6, min(max(cells, default=0), 22))
