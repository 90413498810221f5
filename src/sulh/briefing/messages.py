"""Sentences with placeholders, plural and select forms: the part of ICU MessageFormat we need.

A message is text with ``{name}``, ``{name, plural, =0 {…} one {…} other {…}}`` and
``{name, select, key {…} other {…}}``; inside a plural ``#`` stands for the number itself. Plural
categories are those of CLDR, so Arabic may have zero, one, two, few, many and other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sulh.briefing.model import Cite, Line, Number, Part, Term, Text
from sulh.core.errors import FactsError

Value = str | int | Part | Line
_FORM = re.compile(r"\s*(=\d+|\w+)\s*\{")
_HEAD = re.compile(r"(\w+)\s*(?:,\s*(plural|select)\s*,)?\s*")


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder; ``kind`` is empty, ``plural`` or ``select``."""

    name: str
    kind: str
    forms: tuple[tuple[str, Message], ...]


Message = tuple["str | Hole", ...]


@cache
def parse(text: str) -> Message:
    """Return the message of a text; `FactsError` if its braces do not fit.

    >>> parse("in {month}")
    ('in ', Hole(name='month', kind='', forms=()))
    """
    message, end = _sequence(text, 0, inside=False)
    if end != len(text):
        raise _broken(text)
    return message


def placeholders(text: str) -> set[str]:
    """Return the names that a message asks for.

    >>> sorted(placeholders("{n, plural, one {# of {all}} other {#}}"))
    ['all', 'n']
    """

    def names(message: Message) -> Iterator[str]:
        for part in message:
            if isinstance(part, Hole):
                yield part.name
                for _, form in part.forms:
                    yield from names(form)

    return set(names(parse(text)))


def fill(text: str, values: Mapping[str, Value], category: Callable[[float], str]) -> Line:
    """Return the message with its placeholders filled.

    ``category`` maps a number to its CLDR plural category. Raises `FactsError` for a placeholder
    without a value.
    """
    return merge(_filled(parse(text), values, category, None))


def merge(parts: Iterator[Part]) -> Line:
    """Return the parts with neighbouring words joined."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + part.text)
        elif part.text or isinstance(part, Cite):
            merged.append(part)
    return tuple(merged)


def _filled(
    message: Message,
    values: Mapping[str, Value],
    category: Callable[[float], str],
    counted: Value | None,
) -> Iterator[Part]:
    for part in message:
        if isinstance(part, str):
            yield from _with_count(part, counted)
            continue
        if part.name not in values:
            raise FactsError(
                f"no value for {{{part.name}}}", "the sentence would have a hole", "pass a value"
            )
        value = values[part.name]
        if part.kind == "plural":
            form = _plural_form(part, _magnitude(value), category)
            yield from _filled(form, values, category, value)
        elif part.kind == "select":
            forms = dict(part.forms)
            yield from _filled(forms.get(_word(value), forms["other"]), values, category, counted)
        else:
            yield from _parts(value)


def _with_count(text: str, counted: Value | None) -> Iterator[Part]:
    if counted is None:
        yield Text(text)
        return
    for place, piece in enumerate(text.split("#")):
        if place:
            yield from _parts(counted)
        yield Text(piece)


def _parts(value: Value) -> Iterator[Part]:
    if isinstance(value, tuple):
        yield from value
    elif isinstance(value, Text | Term | Number | Cite):
        yield value
    else:
        yield Text(str(value))


def _magnitude(value: Value) -> float:
    if isinstance(value, Number):
        value = value.figure.value if value.figure.value is not None else 0  # type: ignore[assignment]
    if not isinstance(value, int | float):
        raise FactsError(f"{value!r} is not a number", "a plural needs one", "pass a number")
    return value


def _word(value: Value) -> str:
    return value if isinstance(value, str) else str(value)


def _plural_form(hole: Hole, number: float, category: Callable[[float], str]) -> Message:
    forms = dict(hole.forms)
    exact = f"={number:g}"
    return forms[exact] if exact in forms else forms.get(category(number), forms["other"])


def _sequence(text: str, at: int, *, inside: bool) -> tuple[Message, int]:
    parts: list[str | Hole] = []
    start = at
    while at < len(text):
        if text[at] == "{":
            if at > start:
                parts.append(text[start:at])
            hole, at = _hole(text, at + 1)
            parts.append(hole)
            start = at
        elif text[at] == "}" and inside:
            break
        elif text[at] == "}":
            raise _broken(text)
        else:
            at += 1
    if at > start:
        parts.append(text[start:at])
    return tuple(parts), at


def _hole(text: str, at: int) -> tuple[Hole, int]:
    head = _HEAD.match(text, at)
    if head is None:
        raise _broken(text)
    name, kind, at = head[1], head[2] or "", head.end()
    forms: list[tuple[str, Message]] = []
    while kind and (form := _FORM.match(text, at)):
        body, at = _sequence(text, form.end(), inside=True)
        forms.append((form[1], body))
        at += 1
    at += len(text[at:]) - len(text[at:].lstrip())
    if text[at : at + 1] != "}" or (kind and "other" not in dict(forms)):
        raise _broken(text)
    return Hole(name, kind, tuple(forms)), at + 1


def _broken(text: str) -> FactsError:
    return FactsError(
        f"the message {text!r}", "its braces do not fit, or a form 'other' is absent", "mend it"
    )
