"""The words of a verb, read without the library that reads every manner of words.

Loading typer, with pydantic under it, takes longer than most questions. What is written plainly,
arguments and options as ``--name value`` or ``--name=value``, is read here and means what typer
would make of it; help, an abbreviation, a mistake and everything else are left to typer, which
says what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from sulh.cli.answering import SHARED, Parameter, is_verb, parameters_of

_NOT_READ = object()


def read(words: Sequence[str]) -> dict[str, Any] | None:
    """Return the value of every argument and option of a verb, or None if typer must read them.

    >>> asked = read(["rank", "2020-12", "--group", "OIC"])
    >>> asked["month"], asked["group"], asked["scope"], asked["format"]
    ('2020-12', 'OIC', 'un', 'table')
    >>> read(["rank", "--help"]) is None and read(["rank", "--scope", "moon"]) is None
    True
    """
    if not words or not is_verb(words[0]):
        return None
    own = parameters_of(words[0])
    split = _split(words[1:], {p.flag: p.name for p in own if p.option})
    arguments = [p for p in own if not p.option]
    if split is None or not _fits(arguments, split[0]):
        return None
    given = {p.name: word for p, word in zip(arguments, split[0], strict=False)} | split[1]
    kinds = {p.name: p.kind for p in own} | dict(SHARED)
    values = {name: _value(kinds[name], word) for name, word in given.items()}
    if _NOT_READ in values.values():
        return None
    place = os.environ.get("SULH_STORE")
    shared = {"store": Path(place) if place else None, "format": "table"}
    unsaid = {p.name: p.default for p in own} | dict.fromkeys(SHARED) | shared
    return unsaid | values


def _split(words: Sequence[str], flags: dict[str, str]) -> tuple[list[str], dict[str, str]] | None:
    """Return the arguments, and the options by name; None if an option is not written plainly."""
    names = flags | {f"--{name}": name for name in SHARED}
    arguments: list[str] = []
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            arguments.append(word)
            continue
        flag, equals, value = word.partition("=")
        name = names.get(flag)
        if name is None or name in options or not (equals or rest):
            return None
        options[name] = value if equals else rest.pop(0)
        if options[name].startswith("-"):
            return None
    return arguments, options


def _fits(arguments: Sequence[Parameter], words: Sequence[str]) -> bool:
    """Return whether there are words for the arguments that must be given, and no more of them."""
    needed = sum(argument.needed for argument in arguments)
    return needed <= len(words) <= len(arguments)


def _value(kind: Any, word: str) -> Any:
    """Return the value that a word stands for, or `_NOT_READ` for a kind or word left to typer.

    >>> _value(Path | None, "here") == Path("here"), _value(Literal["un", "all"] | None, "all")
    (True, 'all')
    >>> [_value(kind, "1") is _NOT_READ for kind in (bool, int, list[str], Literal["un"])]
    [True, True, True, True]
    """
    one = next((part for part in get_args(kind) if part is not type(None)), kind)
    if get_origin(kind) is Literal:
        one = kind
    if get_origin(one) is Literal:
        return word if word in get_args(one) else _NOT_READ
    if get_origin(kind) is list:
        return _NOT_READ
    return word if one is str else Path(word) if one is Path else _NOT_READ
