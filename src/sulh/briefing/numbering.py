"""Number sources and commands in the order in which the document first uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sulh.briefing.model import (
    Block,
    Cite,
    Document,
    Drawing,
    Line,
    Number,
    Part,
    Query,
    Section,
    Support,
    Table,
    lines_of,
)
from sulh.core.origin import Origin

_SENTENCE_END = re.compile(r"[.؟!] ")


def commands_in(sections: tuple[Section, ...]) -> Iterator[str]:
    """Yield the command of every table, drawing and figure, in reading order."""
    for section in sections:
        for block in section.blocks:
            support = _support(block)
            if support and support.query:
                yield support.query
            yield from (n.figure.query for n in _numbers(block) if n.figure.query)


def origins_used(sections: tuple[Section, ...], known: Mapping[str, Origin]) -> tuple[Origin, ...]:
    """Return the origins that the sections cite, in order of first use."""
    keys: dict[str, None] = {}
    for section in sections:
        for block in section.blocks:
            for line in lines_of(block):
                for part in line:
                    keys.update(dict.fromkeys(_citations(part)))
            support = _support(block)
            if support:
                keys.update(dict.fromkeys(support.citations))
    return tuple(known[key] for key in keys)


def queries_used(sections: tuple[Section, ...]) -> tuple[Query, ...]:
    """Return the commands in order of first use, each with the figures it recomputes."""
    figures: dict[str, dict[tuple[str, str], None]] = {
        command: {} for command in commands_in(sections)
    }
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                continue  # a table shows its own figures beside its command
            for number in _numbers(block):
                if number.figure.query:
                    entry = (number.text, number.figure.month)
                    figures[number.figure.query][entry] = None
    return tuple(
        Query(place, command, tuple(found))
        for place, (command, found) in enumerate(figures.items(), start=1)
    )


def marks(document: Document, citations: Iterable[str]) -> list[int]:
    """Return the numbers of sources, in order."""
    return sorted(document.numbers[key] for key in citations)


def shared_with_next(line: Line, place: int) -> bool:
    """Return whether the next figure of the sentence rests on the same sources."""
    own, between = line[place], ""
    for part in line[place + 1 :]:
        if isinstance(part, Number):
            same = isinstance(own, Number) and own.figure.citations == part.figure.citations
            return same and not _SENTENCE_END.search(between)
        between += part.text
    return False


def _citations(part: Part) -> tuple[str, ...]:
    if isinstance(part, Number):
        return part.figure.citations
    return part.citations if isinstance(part, Cite) else ()


def _support(block: Block) -> Support | None:
    return block.support if isinstance(block, Table | Drawing) else None


def _numbers(block: Block) -> Iterator[Number]:
    for line in lines_of(block):
        yield from (part for part in line if isinstance(part, Number))
