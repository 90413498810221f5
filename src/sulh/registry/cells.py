"""Types of the columns of records: how a cell is read, and what is refused with which reason.

A value is a text, a whole number, a decimal or None (not known); a list is a text with ``|``
between its parts. So a record is the same in the database, in its history and in a file.
"""

from __future__ import annotations

import math
import re
from typing import Any

from sqlalchemy import BigInteger, Float, Integer, String, TypeDecorator

from sulh.cases.problems import shown
from sulh.core.errors import BadMonth
from sulh.core.months import parse_month
from sulh.facts.names import nations_named
from sulh.facts.states import by_nation, name_of
from sulh.facts.when import is_date
from sulh.registry.periods import BadPeriod, parse_period

Value = str | int | float | None
FIRST_YEAR, LAST_YEAR = 1800, 2199
MOST = 10**12
# What XML or a database cannot hold, or a line of text does not.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_KEY = re.compile(r"\w[\w.:/ \-]{0,62}\w|\w")


class BadCell(ValueError):
    """A cell that cannot be read: why, and what to do."""

    def __init__(self, why: str, mend: str) -> None:
        self.why, self.mend = why, mend
        super().__init__(f"{why}: {mend}")


class Cell(TypeDecorator[Any]):
    """A column type that reads its own cells; ``meaning`` is shown in the documentation."""

    impl = String
    cache_ok = True
    meaning = "text"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # SQLAlchemy asks each class itself whether its statements can be kept.
        cls.cache_ok = True

    def read(self, text: str) -> Value:
        """Return the value of a cell that is not empty, or raise `BadCell`."""
        raise NotImplementedError


class Text(Cell):
    """A text of at most ``most`` characters, without control characters but new line and tab."""

    def __init__(self, most: int = 300) -> None:
        self.most = most
        self.meaning = f"text, at most {most:,} characters"
        super().__init__(most)

    def read(self, text: str) -> Value:
        """Return the text as it is."""
        if len(text) > self.most:
            raise BadCell(f"it has {len(text):,} characters, more than {self.most:,}", "shorten it")
        bad = _CONTROL.search(text)
        if bad:
            raise BadCell(f"it holds the control character U+{ord(bad[0]):04X}", "take it out")
        return text


class Key(Cell):
    """An identifier: letters, digits and ``. : / - _``, at most 64 characters."""

    meaning = "identifier"

    def __init__(self) -> None:
        super().__init__(64)

    def read(self, text: str) -> Value:
        """Return the identifier."""
        if not _KEY.fullmatch(text):
            raise BadCell(
                "an identifier has 1 to 64 letters, digits and . : / - _, no spaces around it",
                "write a short name",
            )
        return text


class Day(Cell):
    """A day, or a month or year where no more is known."""

    meaning = "YYYY-MM-DD; YYYY-MM or YYYY where no more is known"

    def __init__(self) -> None:
        super().__init__(10)

    def read(self, text: str) -> Value:
        """Return the date as text."""
        if not is_date(text):
            raise BadCell("it is no day of the calendar", "write YYYY-MM-DD, YYYY-MM or YYYY")
        if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            raise BadCell(f"the year lies outside {FIRST_YEAR} to {LAST_YEAR}", "correct the date")
        return text


class Month(Cell):
    """A month."""

    meaning = "YYYY-MM"

    def __init__(self) -> None:
        super().__init__(7)

    def read(self, text: str) -> Value:
        """Return the month as text."""
        try:
            sound = parse_month(text) == text and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR
        except BadMonth:
            sound = False
        if not sound:
            raise BadCell("it is no month", "write for example 2026-07")
        return text


class Period(Cell):
    """A length of time as in ISO 8601: years, months, weeks or days."""

    meaning = "ISO 8601: P5Y, P6M, P90D"

    def __init__(self) -> None:
        super().__init__(12)

    def read(self, text: str) -> Value:
        """Return the period as text."""
        try:
            parse_period(text)
        except BadPeriod as error:
            raise BadCell(str(error), "write for example P5Y, P6M or P90D") from error
        return text


class Nation(Cell):
    """A nation by its ISO 3166-1 alpha-3 code."""

    meaning = "ISO 3166-1 alpha-3"

    def __init__(self) -> None:
        super().__init__(3)

    def read(self, text: str) -> Value:
        """Return the code."""
        if text not in by_nation():
            raise BadCell("it is no ISO 3166-1 alpha-3 code", meant(text))
        return text


def meant(text: str) -> str:
    """Return what to write for a code that there is not.

    >>> meant("TRU")
    'perhaps TUR (Türkiye) is meant'
    """
    told = " or ".join(f"{code} ({name_of(code)})" for code in near_nations(text))
    return f"perhaps {told} is meant" if told else "write for example BGD"


def near_nations(text: str) -> tuple[str, ...]:
    """Return up to three nations that a wrong code may mean: by name, then by its letters.

    >>> near_nations("TRU"), near_nations("tur"), near_nations("Turkey"), near_nations("12")
    (('TUR',), ('TUR',), ('TUR',), ())
    """
    code = text.strip().upper()
    if code in by_nation():
        return (code,)
    named = nations_named(text)
    if named or len(code) != 3:
        return named[:3]
    turned = [known for known in by_nation() if sorted(known) == sorted(code)]
    wrong = [k for k in by_nation() if sum(a != b for a, b in zip(k, code, strict=True)) == 1]
    return tuple(sorted(turned or wrong)[:3])


class Listed(Cell):
    """A list of ``part`` cells with ``|`` between them, sorted, each once."""

    def __init__(self, part: Cell, most: int = 2000) -> None:
        self.part, self.most = part, most
        self.meaning = f"{part.meaning}, several with |"
        super().__init__(most)

    def read(self, text: str) -> Value:
        """Return the list as text in its normal form."""
        if "\\|" in text:
            raise BadCell(
                "between its parts stands \\|, where | alone is meant", "leave out the \\"
            )
        parts = sorted({str(self._part(part, text)) for part in text.split("|") if part})
        joined = "|".join(parts)
        if len(joined) > self.most:
            raise BadCell(f"the list has more than {self.most:,} characters", "split the record")
        return joined or None

    def _part(self, part: str, text: str) -> Value:
        try:
            return self.part.read(part)
        except BadCell as error:
            if part == text:
                raise
            raise BadCell(
                f"of its parts {shown(part)} is wrong: {error.why}", error.mend
            ) from error


class Choice(Cell):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.meaning = ", ".join(words)
        super().__init__(40)

    def read(self, text: str) -> Value:
        """Return the word."""
        if text not in self.words:
            raise BadCell("it is not among the known words", f"write {' or '.join(self.words)}")
        return text


class Count(Cell):
    """A whole number from ``least`` to ``most``; an empty cell is unknown, not zero."""

    impl = Integer  # type: ignore[assignment]

    def __init__(self, most: int = 10**9, least: int = 0) -> None:
        self.most, self.least = most, least
        self.meaning = "whole number"
        super().__init__()
        if most >= 2**31:
            self.impl_instance = BigInteger()

    def load_dialect_impl(self, dialect: Any) -> Any:
        """Return the wide integer where the values need it."""
        return dialect.type_descriptor(BigInteger() if self.most >= 2**31 else Integer())

    def read(self, text: str) -> Value:
        """Return the number."""
        if len(text) <= 20 and re.fullmatch(r"[+-]?[0-9]+", text, re.ASCII):
            value = int(text)
            if self.least <= value <= self.most:
                return value
        raise BadCell(
            f"it must be a whole number from {self.least:,} to {self.most:,}",
            "write digits only, without separators or units",
        )


class Decimal(Cell):
    """A finite number from 0 to ``most``."""

    impl = Float  # type: ignore[assignment]
    meaning = "number"

    def __init__(self, most: float = 1e9) -> None:
        self.most = most
        super().__init__(53)

    def read(self, text: str) -> Value:
        """Return the number."""
        try:
            value = float(text) if len(text) <= 40 and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and 0 <= value <= self.most):
            raise BadCell(f"it must be a number from 0 to {self.most:g}", "write for example 0.15")
        return value
