"""Set algebra over named sets: a small language, read left to right."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sulh.core.errors import BadRequest, UnknownName

LookUp = Callable[[str], frozenset[str]]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<sign>[|&,()])
    | (?P<minus>[-−–—](?=\s|\(|$))
    | @"(?P<quoted_file>(?:[^"]|"")+)" | @(?P<file>[^\s|&,()]+)
    | "(?P<quoted>[^"]*)"
    | (?P<word>[^\s|&,()"@]+(?:[^\S\n]+(?![-−–—](?:[\s(]|$))[^\s|&,()"@]+)*)
    )""",
    re.VERBOSE,
)
_MOST_NESTED = 50
_MOST_BYTES = 1_000_000
_UNSEEN, _UNFIT = {"Cf", "Cc", "Cs", "Co", "Cn"}, {"Cc", "Cs", "Co", "Cn"}
_DASHES = "-−–—"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _bad(expression: str, at: int, found: str, mend: str) -> BadRequest:
    return BadRequest(
        f"{found} at position {at + 1} of {expression!r}",
        "the expression cannot be read",
        mend,
    )


def unseen_in(text: str, kinds: set[str] = _UNSEEN) -> str | None:
    """Return the name of the first character that does not show or that a terminal obeys.

    >>> unseen_in("O\u200bIC"), unseen_in("Côte d’Ivoire")
    ('ZERO WIDTH SPACE (U+200B)', None)
    """
    for sign in text:
        if unicodedata.category(sign) in kinds and sign not in "\t\n\r":
            return f"{unicodedata.name(sign, 'a control character')} (U+{ord(sign):04X})"
    return None


def _refuse_unseen(expression: str, token: _Token) -> None:
    """Refuse what a reader of the answer would not see: two names would look like one.

    The name of a file may hold the joiners that Persian and Hindi need.
    """
    found = unseen_in(token.text) if token.kind == "word" else None
    if found:
        raise _bad(expression, token.at, found, "write it without this character")
    if token.kind == "word" and (token.text[:1] in _DASHES or token.text[-1:] in _DASHES):
        mend = "write a difference with spaces on both sides of the sign: OIC - AU"
        raise _bad(expression, token.at, repr(token.text), mend)


def tokens(expression: str) -> list[_Token]:
    """Return the tokens of an expression, or raise `BadRequest` with the position.

    >>> [(token.kind, token.text) for token in tokens("OIC - Guinea-Bissau")]
    [('word', 'OIC'), ('-', '-'), ('word', 'Guinea-Bissau')]
    """
    found: list[_Token] = []
    if unfit := unseen_in(expression, _UNFIT):
        at = next(n for n, sign in enumerate(expression) if unseen_in(sign, _UNFIT))
        raise _bad(expression, at, unfit, "write it without this character")
    at = 0
    while expression[at:].strip():
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            start = at + len(expression[at:]) - len(expression[at:].lstrip())
            raise _bad(
                expression,
                start,
                f"{expression[start]!r}",
                "use names, | & , - and parentheses; put other names in double quotes",
            )
        kind = match.lastgroup
        text = match.group(kind).strip()
        start = match.start(kind)
        if kind in {"sign", "minus"}:
            found.append(
                _Token("-" if kind == "minus" else text, "-" if kind == "minus" else text, start)
            )
        elif kind in {"file", "quoted_file"}:
            name = text.replace('""', '"') if kind == "quoted_file" else text
            found.append(_Token("file", name, start))
        else:
            found.append(_Token("word", text, start))
        _refuse_unseen(expression, found[-1])
        at = match.end()
    return found


class _Reader:
    """A recursive-descent reader of one expression."""

    def __init__(self, expression: str, look_up: LookUp) -> None:
        self.expression = expression
        self.look_up = look_up
        self.tokens = tokens(expression)
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def fail(self, wanted: str) -> BadRequest:
        if self.peek() == "end":
            return _bad(self.expression, len(self.expression), "the end", f"give {wanted} there")
        token = self.tokens[self.at]
        return _bad(self.expression, token.at, repr(token.text), f"give {wanted} there")

    def whole(self) -> frozenset[str]:
        found = self.listed()
        if self.peek() != "end":
            raise self.fail("one of | & , - or nothing")
        return found

    def listed(self) -> frozenset[str]:
        found = self.joined()
        while self.peek() == ",":
            self.take()
            found |= self.joined()
        return found

    def joined(self) -> frozenset[str]:
        found = self.common()
        while self.peek() in {"|", "-"}:
            if self.take().kind == "|":
                found |= self.common()
            else:
                found -= self.common()
        return found

    def common(self) -> frozenset[str]:
        found = self.single()
        while self.peek() == "&":
            self.take()
            found &= self.single()
        return found

    def single(self) -> frozenset[str]:
        kind = self.peek()
        if kind == "(":
            return self.nested()
        if kind == "file":
            return self.from_file(self.take())
        if kind != "word":
            raise self.fail("a group, a nation, @file or a parenthesis")
        return self.named(self.take())

    def nested(self) -> frozenset[str]:
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise self.fail("fewer nested parentheses")
        self.take()
        found = self.listed()
        if self.peek() != ")":
            raise self.fail("a closing parenthesis")
        self.take()
        self.depth -= 1
        return found

    def named(self, token: _Token) -> frozenset[str]:
        try:
            return self.look_up(token.text)
        except UnknownName as error:
            raise UnknownName(
                f"{error.found} (position {token.at + 1} of {self.expression!r})",
                error.why,
                error.mend,
            ) from error

    def from_file(self, token: _Token) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for place, text in listed_in(Path(token.text)):
            try:
                found |= self.look_up(text)
            except UnknownName as error:
                raise UnknownName(f"{error.found} ({place})", error.why, error.mend) from error
        return found


def evaluate(expression: str, look_up: LookUp) -> frozenset[str]:
    """Return the set that an expression means; ``look_up`` gives the set of a name.

    >>> sets = {"A": frozenset("xy"), "B": frozenset("yz")}
    >>> sorted(evaluate("(A | B) - (A & B)", sets.__getitem__))
    ['x', 'z']
    """
    if not expression.strip():
        raise BadRequest("an empty expression", "it names no nations", "write for example OIC")
    return _Reader(expression, look_up).whole()


def listed_in(path: Path) -> list[tuple[str, str]]:
    """Return (place, name) of every nation or group in a user's own list.

    A list is text with one name a line (``#`` begins a comment), CSV with a column ``nation``, or
    TOML with ``nations = [...]``. Raises `BadRequest` if the file cannot be read as one.
    """
    try:
        found = _names_in(path, _text_of(path))
    except (OSError, ValueError, csv.Error) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise _unreadable(path, why) from error
    if not found:
        raise BadRequest(f"the list {path} is empty", "it names no nations", "add some")
    for place, name in found:
        if unseen := unseen_in(name):
            raise BadRequest(
                f"{unseen} in {name!r} ({place})", "it does not show", "write the name without it"
            )
    return found


def _text_of(path: Path) -> str:
    """Return the text of a list; a device or a pipe might never end."""
    if path.exists() and not path.is_file():
        raise _unreadable(path, "it is a folder, a device or a pipe, not a file")
    if path.stat().st_size > _MOST_BYTES:
        raise _unreadable(path, f"it is larger than {_MOST_BYTES / 1e6:.0f} MB")
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8-sig")


def _unreadable(path: Path, why: str) -> BadRequest:
    return BadRequest(
        f"the list {path} cannot be read: {why}",
        "the group is taken from that file",
        "give the path of a text, CSV or TOML file in UTF-8",
    )


def _names_in(path: Path, text: str) -> list[tuple[str, str]]:
    if path.suffix.lower() == ".toml":
        return _names_in_toml(path, text)
    lines = text.splitlines()
    header = next(csv.reader(lines[:1]), [])
    columns = [cell.strip().casefold() for cell in header]
    if "nation" in columns:
        at = columns.index("nation")
        rows = enumerate(csv.reader(lines[1:]), start=2)
        return [
            (f"{path} line {n}", row[at].strip())
            for n, row in rows
            if len(row) > at and row[at].strip()
        ]
    bare = ((n, line.split("#", 1)[0].strip()) for n, line in enumerate(lines, start=1))
    return [(f"{path} line {n}", name) for n, name in bare if name]


def _names_in_toml(path: Path, text: str) -> list[tuple[str, str]]:
    try:
        listed = tomllib.loads(text).get("nations")
    except tomllib.TOMLDecodeError as error:
        raise BadRequest(
            f"the list {path} is not TOML ({error})", "the group is taken from it", "mend it"
        ) from error
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise BadRequest(
            f"the list {path} has no nations = [...]",
            "a TOML list names its nations so",
            'write for example nations = ["BGD", "PAK"]',
        )
    return [(f"{path} entry {n}", name) for n, name in enumerate(listed, start=1)]
