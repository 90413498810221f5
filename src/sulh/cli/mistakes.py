"""Natural mistakes at the command line, answered with the command that was most likely meant."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sulh.api.workbench import Workbench
from sulh.cli.contents import VERBS
from sulh.core.errors import BadRequest, SulhError

_TIME = re.compile(r"\d{4}(-\d\d)?")
_FLAGS = {"--help", "-h"}


@dataclass(frozen=True)
class _Asked:
    """A verb, its words that are no options, the options as given, and what the verb takes."""

    verb: str
    words: tuple[str, ...]
    options: tuple[str, ...]
    takes: tuple[str, ...]
    accepts: frozenset[str]

    @property
    def times(self) -> list[str]:
        return [word for word in self.words if _TIME.fullmatch(word)]

    @property
    def names(self) -> list[str]:
        return [word for word in self.words if not _TIME.fullmatch(word)]


def _asked(arguments: Sequence[str]) -> _Asked | None:
    """Return what is asked of a verb; None for another command or a call for help."""
    if not arguments or not any(arguments[0] in names for names in VERBS.values()):
        return None
    if _FLAGS & set(arguments):
        return None
    parameters = inspect.signature(getattr(Workbench, arguments[0])).parameters.values()
    takes = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY and p.name != "self"]
    words: list[str] = []
    options: list[str] = []
    rest = list(arguments[1:])
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        options.append(word)
        if "=" not in word and rest:
            options.append(rest.pop(0))
    accepts = frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    return _Asked(arguments[0], tuple(words), tuple(options), tuple(takes), accepts)


def refuse_mistakes(arguments: Sequence[str]) -> None:
    """Raise `BadRequest` for words that the verb does not take, with the command meant.

    >>> refuse_mistakes(["rank", "2020-12", "--group", "OIC"])
    """
    asked = _asked(arguments)
    if asked is None:
        return
    if len(asked.words) > len(asked.takes) or _astray(asked):
        given = " ".join(shlex.quote(word) for word in asked.words)
        takes = " ".join(name.upper() for name in asked.takes) or "nothing"
        raise BadRequest(
            f"{asked.verb} with {given}",
            f"{asked.verb} takes {takes} here, and options",
            f"write: {_meant(asked)}",
        )


def _astray(asked: _Asked) -> bool:
    """Return whether a name stands where a month is taken, or a month where a group is."""
    for name, word in zip(asked.takes, asked.words, strict=False):
        if name == "month" and not re.match(r"\d", word):
            return True
        if name == "group" and _TIME.fullmatch(word):
            return True
    return False


def _meant(asked: _Asked) -> str:
    """Return the command with each word where the verb takes it."""
    words, options = [], list(asked.options)
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
