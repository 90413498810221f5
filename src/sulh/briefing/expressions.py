"""A group expression in words: "OIC members outside the League of Arab States"."""

from __future__ import annotations

from typing import Literal

from sulh.briefing.language import Language, group_name
from sulh.briefing.model import Line, Text
from sulh.core.errors import AmbiguousName, BadRequest, UnknownName
from sulh.facts.expression import tokens
from sulh.facts.groups import group_named
from sulh.questions.ground import nation_named

Role = Literal["subject", "of", "full"]
_MOST = 6
_JOINED = {"&": "both", "|": "either", ",": "either"}


def nations_of(expression: str) -> tuple[str, ...]:
    """Return the codes of a short list of nations, or nothing for any other expression.

    >>> nations_of("EGY, Jordan"), nations_of("OIC, EGY")
    (('EGY', 'JOR'), ())
    """
    words, signs = _parts(expression)
    codes = tuple(_nation(word) for word in words)
    simple = 0 < len(codes) <= _MOST and all(codes) and signs <= {",", "|"}
    return tuple(dict.fromkeys(code for code in codes if code)) if simple else ()


def in_words(language: Language, expression: str, role: Role) -> Line | None:
    """Return a list of nations, or two groups set against each other, in words; else None.

    >>> from sulh.briefing.model import plain
    >>> plain(in_words(Language.of("en"), "OIC - ARAB_LEAGUE", "subject") or ())
    'OIC members outside the League of Arab States'
    >>> plain(in_words(Language.of("fr"), "EGY, JOR", "of") or ())
    'de l’Égypte et de la Jordanie'
    """
    nations = nations_of(expression)
    if nations:
        return _listed(language, nations, role)
    words, signs = _parts(expression)
    first = _group(words[0]) if words else None
    if first is None or len(words) != 2 or len(signs) != 1:
        return None
    sign, second, nation = signs.pop(), _group(words[1]), _nation(words[1])
    form = "of" if role == "full" else "short"
    if sign == "-" and second is None and nation:
        name = group_name(language, first, form) or first
        other = language.running(nation)
        return language.say(f"subject.other_{role}", first=name, second=other)
    if second is None:
        return None
    if sign == "-":
        first_name = group_name(language, first, form) or first
        second_name = group_name(language, second) or second
        return language.say(f"subject.without_{role}", first=first_name, second=second_name)
    names = [group_name(language, group) or group for group in (first, second)]
    return language.say(f"subject.{_JOINED[sign]}_{role}", first=names[0], second=names[1])


def _listed(language: Language, nations: tuple[str, ...], role: Role) -> Line:
    if role == "of" and language.code == "en":
        listed = language.join([language.running(nation) for nation in nations])
        return (Text(f"of {listed}"),)
    form: Literal["of", "subject"] = "of" if role == "of" else "subject"
    return (Text(language.join([language.running(nation, form) for nation in nations])),)


def _parts(expression: str) -> tuple[list[str], set[str]]:
    """Return the names of an expression without parentheses and its signs; nothing for others."""
    try:
        found = tokens(expression)
    except BadRequest:
        return [], set()
    kinds = ["word" if place % 2 == 0 else "sign" for place in range(len(found))]
    sound = all(
        (each.kind == "word") == (kind == "word") and each.kind not in ("file", "(", ")")
        for each, kind in zip(found, kinds, strict=True)
    )
    if not sound or len(found) % 2 == 0:
        return [], set()
    return [each.text for each in found[::2]], {each.text for each in found[1::2]}


def _group(text: str) -> str | None:
    try:
        return group_named(text).group
    except (UnknownName, AmbiguousName):
        return None


def _nation(text: str) -> str | None:
    try:
        return None if _group(text) else nation_named(text)
    except (UnknownName, AmbiguousName):
        return None
