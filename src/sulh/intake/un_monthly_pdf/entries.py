"""One visual line of a page, read: names, a personnel type, figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sulh.intake.un_monthly_pdf.layout import LINE_TOLERANCE, WRAP_REACH, Layout, VisualLine
from sulh.intake.un_monthly_pdf.vocabulary import find_type
from sulh.intake.un_monthly_pdf.words import Word

_FIGURE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7}", re.ASCII)
_DATE = re.compile(r"[0-9]{1,2}[/.-][0-9A-Za-z]{1,9}[/.-][0-9]{2,4}", re.ASCII)
_FOOTER = re.compile(r"page [0-9]+ of [0-9]+|report generated", re.IGNORECASE)

Figures = tuple[int | None, ...]


@dataclass(slots=True)
class Entry:
    """What one visual line says.

    ``figures`` has a place for each column of figures, null where nothing is printed. ``label`` is
    the text beside a total. ``first`` and ``last`` are the places of the nation's words in the
    stream, ``base`` is the baseline. ``unread`` is what stands where a figure should and is none.
    """

    page: int
    line: int
    base: float
    nation: str = ""
    operation: str = ""
    type: str | None = None
    type_text: str = ""
    label: str = ""
    figures: Figures | None = None
    date: str = ""
    unread: str = ""
    ordinal: str = ""
    first: int = -1
    last: int = -1
    total: bool = False

    @property
    def data(self) -> bool:
        """Return whether the line holds figures of one nation, not a total."""
        return self.figures is not None and not self.total


def footer_text(line: VisualLine) -> str | None:
    """Return the text of a line that only numbers the page or dates the print, else none."""
    if len(line) < 3 or not any(word.text.lower() in _FOOTER_WORDS for word in line):
        return None
    text = " ".join(word.text for word in line)
    return text if _FOOTER.search(text) else None


_FOOTER_WORDS = frozenset({"page", "report"})


def read_line(line: VisualLine, layout: Layout, page: int, number: int) -> Entry:
    """Return what a line says under a layout."""
    entry = Entry(page, number, line[0].base)
    texts: list[Word] = []
    figures: list[Word] = []
    start = layout.figures_from
    for word in line:
        if word.text[0] in "0123456789":
            if word.right >= start and _FIGURE.fullmatch(word.text):
                figures.append(word)
                continue
            if _DATE.fullmatch(word.text):
                entry.date = word.text
                continue
            if word.right >= start:
                entry.unread = word.text
        texts.append(word)
    if figures:
        entry.figures = _placed(figures, layout)
    if texts:
        _name(entry, texts, layout)
    elif figures:
        entry.total = True
    return entry


def _placed(words: Sequence[Word], layout: Layout) -> Figures:
    """Return the figures by column: by order if the line is full, else by the nearest column.

    Headings are set centred over figures or flush with them; a full line shows where figures
    really stand, and the columns are moved there.
    """
    columns = layout.columns
    if len(words) == len(columns):
        for column, word in zip(columns, words, strict=True):
            column.at = word.right
        return tuple(int(word.text.replace(",", "")) for word in words)
    found: list[int | None] = [None] * len(columns)
    for word in words:
        near = min(range(len(columns)), key=lambda i: abs(columns[i].at - word.right))
        if found[near] is not None:
            return (None,) * len(columns)
        found[near] = int(word.text.replace(",", ""))
    return tuple(found)


def _name(entry: Entry, texts: list[Word], layout: Layout) -> None:
    """Sort the text of a line into nation, operation, type and label of a total."""
    if len(texts) > 1:
        texts.sort(key=_stream)
    if layout.type is not None:
        texts = _take_type(entry, texts, layout.type - _TYPE_REACH)
        if entry.type is not None and not texts:
            return
    if texts[0].text.isdigit() and texts[0].left < layout.figures_from:
        entry.ordinal = texts[0].text
        texts = texts[1:]
    figured = entry.figures is not None
    total = figured and bool(texts) and texts[0].text.lower() in _TOTAL_WORDS
    if texts and (total or min(word.left for word in texts) >= layout.labels_to - 10.0):
        entry.label = " ".join(word.text for word in texts)
    elif texts:
        _name_columns(entry, texts, layout)
    named = entry.type is not None or (layout.matrix and texts and not entry.label and not total)
    entry.total = figured and not named


_TYPE_REACH = 45.0  # points that a type may begin to the left of its heading, which may be centred
_TOTAL_WORDS = frozenset({"total", "grand"})


def _take_type(entry: Entry, texts: list[Word], start: float) -> list[Word]:
    """Take the personnel type, if any, from the words of a line; return the others."""
    phrase = find_type(tuple([word.text for word in texts]))
    if phrase is None or texts[phrase.start].left < start:
        return texts
    entry.type = phrase.meaning
    entry.type_text = " ".join(word.text for word in texts[phrase.start : phrase.end])
    return texts[: phrase.start] + texts[phrase.end :]


def _stream(word: Word) -> int:
    return word.order


def _name_columns(entry: Entry, texts: Sequence[Word], layout: Layout) -> None:
    """Share words out between the columns of nations and operations, at the middle of the two.

    A nation's name may run into the column to its right; an operation is written in capitals.
    """
    nations: Sequence[Word] = texts
    if layout.operation is not None:
        middle = (layout.nation + layout.operation) / 2
        if layout.nation_first:
            nations = [w for w in texts if w.left < middle]
            others = [w for w in texts if w.left >= middle]
            if nations and others and not all(w.text.isupper() for w in others):
                nations, others = texts, []
        else:
            others = [w for w in texts if w.left < middle]
            nations = [w for w in texts if w.left >= middle]
        entry.operation = " ".join(word.text for word in others)
    if nations:
        entry.nation = " ".join(word.text for word in nations)
        entry.first, entry.last = nations[0].order, nations[-1].order


def join_wrapped(entries: list[Entry]) -> list[Entry]:
    """Join the lines of a nation's name that is wrapped within its cell.

    Two pieces belong together if they follow each other in the stream and the second stands one
    line of text below the first. The name then belongs to the row that it starts on or is centred
    on; failing that it stands by itself, at the middle of its lines.
    """
    pieces = sorted((e for e in entries if e.nation), key=lambda e: e.first)
    gone: set[int] = set()
    index = 0
    while index + 1 < len(pieces):
        run = [pieces[index]]
        for piece in pieces[index + 1 :]:
            if not _continues(run, piece):
                break
            run.append(piece)
        index += len(run)
        if len(run) > 1:
            _merge(run, entries, gone)
    return [entry for entry in entries if id(entry) not in gone] if gone else entries


def _continues(run: Sequence[Entry], lower: Entry) -> bool:
    """Return whether a piece of text is the next line of a name; its lines are evenly spaced."""
    upper = run[-1]
    gap = upper.base - lower.base
    before = run[-2].base - upper.base if len(run) > 1 else gap
    return (
        lower.first == upper.last + 1
        and (lower.figures is None or upper.figures is None)
        and not lower.operation
        and LINE_TOLERANCE < gap <= WRAP_REACH
        and abs(gap - before) <= 2.0
    )


def _merge(run: list[Entry], entries: list[Entry], gone: set[int]) -> None:
    name = " ".join(piece.nation for piece in run)
    keeper = next((piece for piece in run if piece.figures is not None), run[0])
    middle = (run[0].base + run[-1].base) / 2
    if keeper.figures is None:
        for entry in entries:
            if entry.data and not entry.nation and abs(entry.base - middle) <= 3.0:
                keeper = entry
                break
        else:
            keeper.base = middle
    keeper.nation, keeper.first, keeper.last = name, run[0].first, run[-1].last
    gone.update(id(piece) for piece in run if piece is not keeper)
