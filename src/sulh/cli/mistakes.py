"""Natural mistakes at the command line, answered with the command that was most likely meant."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from sulh.cli.answering import SHARED, is_verb, parameters_of
from sulh.cli.months_said import with_months
from sulh.core.errors import BadRequest, SulhError

_TIME = re.compile(r"\d{4}(-\d\d)?")
_MONTH = re.compile(r"\d{4}-\d\d")
_FLAGS = {"--help", "-h"}
_SAID = {"month": "MONTH (YYYY-MM)"}


@dataclass(frozen=True)
class _Option:
    """An option as it was written, its name in the signature, and its value if it has one."""

    written: tuple[str, ...]
    name: str
    value: str | None


@dataclass(frozen=True)
class _Asked:
    """A verb, its words that are no options, the options as given, and what the verb takes.

    ``needs`` are the arguments that must be given, ``kinds`` the types of the options' values by
    name.
    """

    verb: str
    words: tuple[str, ...]
    options: tuple[_Option, ...]
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    kinds: Mapping[str, Any]

    @property
    def accepts(self) -> frozenset[str]:
        return frozenset(self.kinds)

    @property
    def times(self) -> list[str]:
        return [word for word in self.words if _TIME.fullmatch(word)]

    @property
    def names(self) -> list[str]:
        return [word for word in self.words if not _TIME.fullmatch(word)]


def _asked(arguments: Sequence[str]) -> _Asked | None:
    """Return what is asked of a verb; None for another command or a call for help."""
    if not arguments or not is_verb(arguments[0]):
        return None
    if _FLAGS & set(arguments):
        return None
    parameters = parameters_of(arguments[0])
    kinds = {p.name: p.kind for p in parameters if p.option} | dict(SHARED)
    words: list[str] = []
    options: list[_Option] = []
    rest = list(arguments[1:])
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            words.append(word)
        else:
            options.append(_option(word, rest, kinds))
    return _Asked(
        arguments[0],
        tuple(words),
        tuple(options),
        tuple(p.name for p in parameters if not p.option),
        tuple(p.name for p in parameters if p.needed and not p.option),
        kinds,
    )


def _option(word: str, rest: list[str], kinds: Mapping[str, Any]) -> _Option:
    """Return an option; its value is taken from the words that follow, if it has one there."""
    flag, equals, value = word.partition("=")
    name = flag.removeprefix("--")
    name = f"{name}_" if f"{name}_" in kinds else name.replace("-", "_")
    if equals:
        return _Option((word,), name, value)
    if not rest or kinds.get(name) is bool or kinds.get(name.removeprefix("no_")) is bool:
        return _Option((word,), name, None)
    value = rest.pop(0)
    return _Option((word, value), name, value)


def refuse_mistakes(arguments: Sequence[str]) -> None:
    """Raise `BadRequest` for words that the verb does not take, with the command meant.

    >>> refuse_mistakes(["rank", "2020-12", "--group", "OIC"])
    """
    asked = _asked(arguments)
    if asked is None:
        return
    _refuse_options(asked)
    meant = replace(asked, words=with_months(asked.words, short=asked.takes == ("month",)))
    if len(asked.words) > len(asked.takes) or _astray(asked) or _astray(meant):
        given = " ".join(shlex.quote(word) for word in asked.words)
        takes = " ".join(_SAID.get(name, name.upper()) for name in asked.takes) or "nothing"
        raise BadRequest(
            f"{asked.verb} with {given}",
            f"{asked.verb} takes {takes} here, and options",
            f"write: {_meant(meant)}",
        )
    if len(asked.words) < len(asked.needs):
        raise BadRequest(
            f"{asked.verb}: no {asked.needs[len(asked.words)].upper()} is given",
            "the question is of one",
            f"write for example: {_example(asked.verb)}",
        )


def _refuse_options(asked: _Asked) -> None:
    """Refuse an option that the verb does not have, and a value that is none of its choices."""
    for option in asked.options:
        flag = option.written[0].partition("=")[0]
        name = option.name.removeprefix("no_")
        if flag.startswith("--") and flag != "--" and {option.name, name}.isdisjoint(asked.kinds):
            known = sorted(f"--{one.rstrip('_').replace('_', '-')}" for one in asked.kinds)
            near = get_close_matches(flag, known, 1)
            raise BadRequest(
                f"{asked.verb} with {flag}",
                f"its options are {', '.join(known)}",
                f"write {near[0]} if that is meant, or leave it out"
                if near
                else "leave it out, or choose one of these",
            )
        choices = _choices(asked.kinds.get(option.name))
        if choices and option.value is not None and option.value not in choices:
            raise BadRequest(
                f"{flag} is {option.value!r}",
                f"it takes {', '.join(choices)}",
                "choose one of these",
            )


def _choices(kind: Any) -> tuple[str, ...]:
    for one in (kind, *get_args(kind)):
        if get_origin(one) is Literal:
            return tuple(map(str, get_args(one)))
    return ()


def _example(verb: str) -> str:
    import tomllib
    from importlib.resources import files

    text = files("sulh.cli").joinpath("examples.toml").read_text(encoding="utf-8")
    example = tomllib.loads(text)[verb]
    return str([*example.get("run", ()), *example.get("see", ())][0])


def _astray(asked: _Asked) -> bool:
    """Return whether what stands where a month is taken is none, or a month where a group is."""
    for name, word in zip(asked.takes, asked.words, strict=False):
        if name == "month" and not _MONTH.fullmatch(word):
            return True
        if name == "group" and _TIME.fullmatch(word):
            return True
    return False


def _meant(asked: _Asked) -> str:
    """Return the command with each word where the verb takes it."""
    words: list[str] = []
    options = [word for option in asked.options for word in option.written]
    names = _joined(asked) if asked.names else ""
    if names and set(asked.takes) - {"month"}:
        words.append(names)
    elif names and "group" in asked.accepts:
        options = ["--group", names, *options]
    elif not names and "group" in asked.takes:
        words.append("WORLD")
    times = asked.times
    if times and "month" in asked.takes:
        words.append(_last_month(times[0]))
    elif times and "from_" in asked.accepts:
        options = ["--from", _first_month(times[0]), "--to", _last_month(times[-1]), *options]
    elif times and "month" in asked.accepts:
        options = ["--month", _last_month(times[0]), *options]
    return shlex.join(["sulh", asked.verb, *words, *options])


def _joined(asked: _Asked) -> str:
    """Return several words as one name (Sierra Leone), or as a list of groups and nations."""
    whole = " ".join(asked.names)
    single = not {"group"} & ({*asked.takes} | asked.accepts)
    return whole if single or _is(_group, whole) else ", ".join(asked.names)


def _first_month(text: str) -> str:
    return text if len(text) > 4 else f"{text}-01"


def _last_month(text: str) -> str:
    return text if len(text) > 4 else f"{text}-12"


def _group(text: str) -> object:
    from sulh.facts.groups import named_in

    return named_in(text)


def _nation(text: str) -> object:
    from sulh.facts.groups import named_in
    from sulh.questions.ground import nation_named

    if named_in(text)[0]:
        raise BadRequest(text, "it is a group", "ask for a group")
    return nation_named(text)


def _operation(text: str) -> object:
    from sulh.facts.operations import resolve_operation

    return resolve_operation(text, on="2025-12")


def _is(ask: Callable[[str], object], text: str) -> bool:
    try:
        ask(text)
    except SulhError:
        return False
    return True


def hint(arguments: Sequence[str]) -> str | None:
    """Return the command that asks about the first word, if another verb is the one for it.

    >>> hint(["nation", "OIC"]), hint(["contributions", "MINUSCA"])
    ('sulh contributions OIC', 'sulh operation MINUSCA')
    """
    asked = _asked(arguments)
    if asked is None or not asked.words:
        return None
    first = asked.words[0]
    wanted = {"nation": "nation", "operation": "operation", "strength": "operation"}
    kind = wanted.get(asked.verb, "group")
    for other, ask, verb in (
        ("operation", _operation, "operation"),
        ("nation", _nation, "nation"),
        ("group", _group, "contributions"),
    ):
        if other != kind and _is(ask, first):
            return shlex.join(["sulh", verb, first])
    return None
