"""The columns of a page, found from its heading line: no layout is known in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sulh.intake.un_monthly_pdf.vocabulary import vocabulary
from sulh.intake.un_monthly_pdf.words import Word

LINE_TOLERANCE = 4.0  # points; cells of one row sit up to 3.1 apart, rows at least 10
WRAP_REACH = 20.0  # points from one line of a wrapped cell to the next; 15 is the most yet

VisualLine = list[Word]


@dataclass
class Column:
    """A column of figures: what it counts and where its figures stand."""

    measure: str  # men, women or persons
    type: str | None  # the personnel type in a table with a column for each, else null
    at: float


@dataclass
class Layout:
    """The columns of a page; text columns by their left edge, null where there is none."""

    nation: float
    operation: float | None
    type: float | None
    columns: list[Column]
    figures_from: float  # where the columns of figures begin
    heading_base: float
    heading_lines: frozenset[int] = field(default_factory=frozenset)

    @property
    def matrix(self) -> bool:
        """Return whether each personnel type has its own column."""
        return any(column.type for column in self.columns)

    @property
    def nation_first(self) -> bool:
        """Return whether operations are listed under nations, rather than nations under them."""
        return self.operation is None or self.nation < self.operation

    @property
    def labels_to(self) -> float:
        """Return where the columns of names end."""
        return self.type if self.type is not None else self.figures_from


def visual_lines(words: list[Word]) -> list[VisualLine]:
    """Return the words in lines from the top, each line from the left."""
    lines: list[VisualLine] = []
    line: VisualLine = []
    top = 0.0
    for word in sorted(words, key=_from_the_top):
        if line and top - word.base <= LINE_TOLERANCE:
            line.append(word)
        else:
            line = [word]
            lines.append(line)
            top = word.base
    for line in lines:
        line.sort(key=_from_the_left)
    return lines


def _from_the_top(word: Word) -> float:
    return -word.base


def _from_the_left(word: Word) -> float:
    return word.left


def find_layout(lines: Sequence[VisualLine]) -> Layout | None:
    """Return the layout that the first heading line of a page gives, or none.

    A heading line names the nation and at least two columns of figures. Its words are read in the
    order of the stream, so that headings wrapped over two lines come out whole.
    """
    beginnings = vocabulary().nation_beginnings
    for index, line in enumerate(lines[:_SEARCHED_LINES]):
        if not any(word.text.lower() in beginnings for word in line):
            continue
        words, used = _heading_words(lines, index)
        layout = _layout_of(words, line[0].base, used)
        if layout is not None:
            return layout
    return None


_SEARCHED_LINES = 20


def _heading_words(lines: Sequence[VisualLine], index: int) -> tuple[list[Word], frozenset[int]]:
    line = lines[index]
    first, last = min(w.order for w in line), max(w.order for w in line)
    words, used = list(line), {index}
    for near in (index - 1, index + 1):
        if not 0 <= near < len(lines) or abs(lines[near][0].base - line[0].base) > WRAP_REACH:
            continue
        if all(first < w.order < last for w in lines[near]):
            words += lines[near]
            used.add(near)
    words.sort(key=lambda word: word.order)
    return words, frozenset(used)


class _Heading(NamedTuple):
    meaning: str
    is_type: bool
    words: int
    first: float
    last: float


def _headings(words: list[Word]) -> list[_Heading]:
    """Return the headings among ``words``, longest phrases first; others are passed over."""
    known = vocabulary()
    lowered = [word.text.lower() for word in words]
    longest = max(known.longest_type, known.longest_heading)
    found: list[_Heading] = []
    start = 0
    while start < len(words):
        end = start + 1
        for length in range(min(longest, len(words) - start), 0, -1):
            phrase = " ".join(lowered[start : start + length])
            meaning = known.headings.get(phrase) or known.types.get(phrase)
            if meaning:
                end = start + length
                is_type = phrase not in known.headings
                found.append(
                    _Heading(meaning, is_type, length, words[start].left, words[end - 1].left)
                )
                break
        start = end
    return found


def _layout_of(words: list[Word], base: float, used: frozenset[int]) -> Layout | None:
    found = _headings(words)
    if sum(heading.words for heading in found) < 0.7 * len(words):
        return None  # a title that happens to hold the same words
    matrix = sum(heading.is_type for heading in found) >= 3
    edges: dict[str, float] = {}
    columns: list[Column] = []
    for index, heading in enumerate(found):
        if heading.is_type and matrix:
            columns += _columns_of_type(found, index)
        elif heading.meaning not in _MEASURES:
            edges.setdefault(heading.meaning, heading.first)
        elif heading.meaning == "persons" or not matrix:
            columns.append(Column(heading.meaning, None, heading.last))
    if "nation" not in edges or len(columns) < 2 or not (matrix or "type" in edges):
        return None
    columns.sort(key=lambda column: column.at)
    return Layout(
        nation=edges["nation"],
        operation=edges.get("operation"),
        type=edges.get("type"),
        columns=columns,
        figures_from=columns[0].at - 15.0,
        heading_base=base,
        heading_lines=used,
    )


_MEASURES = frozenset({"men", "women", "persons"})


def _columns_of_type(found: list[_Heading], index: int) -> list[Column]:
    """Return the columns under one personnel type: of men and women, or of persons."""
    heading = found[index]
    columns: list[Column] = []
    for following in found[index + 1 :]:
        if following.is_type or following.meaning not in ("men", "women"):
            break
        columns.append(Column(following.meaning, heading.meaning, following.last))
    return columns or [Column("persons", heading.meaning, heading.first)]
