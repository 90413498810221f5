"""Months as people write them, and as sulh takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = 3
_BREAK = r"[\s,./-]*"
_NAMED = re.compile(rf"([^\W\d_]+){_BREAK}(\d{{4}})|(\d{{4}}){_BREAK}([^\W\d_]+)")
_NUMBERED = re.compile(r"(\d{4})[./-](\d\d?)(?:[./-]\d\d?)?|(\d\d?)[./-](\d{4})")


def month_said(text: str, *, short: bool = False) -> str | None:
    """Return the month that a text means, or None; ``short`` takes names of three letters too.

    >>> month_said("December 2020"), month_said("12/2020"), month_said("2020-12-31")
    ('2020-12', '2020-12', '2020-12')
    >>> month_said("Mar 2020"), month_said("Mar 2020", short=True), month_said("Mali 2020")
    (None, '2020-03', None)
    """
    if named := _NAMED.fullmatch(text.strip()):
        name, year = named[1] or named[4], named[2] or named[3]
        return _dated(year, _number(name.casefold(), short=short))
    if numbered := _NUMBERED.fullmatch(text.strip()):
        return _dated(numbered[1] or numbered[4], int(numbered[2] or numbered[3]))
    return None


def _number(name: str, *, short: bool) -> int:
    least = _SHORT if short or name == "may" else _SHORT + 1
    fits = [at for at, one in enumerate(_NAMES, 1) if one.startswith(name) and len(name) >= least]
    return fits[0] if len(fits) == 1 else 0


def _dated(year: str, month: int) -> str | None:
    return f"{year}-{month:02d}" if month in range(1, 13) else None


def with_months(words: Sequence[str], *, short: bool = False) -> tuple[str, ...]:
    """Return words with each month that one or two of them mean, as sulh takes it.

    >>> with_months(["OIC", "December", "2020"])
    ('OIC', '2020-12')
    """
    found: list[str] = []
    rest = list(words)
    while rest:
        pair = month_said(" ".join(rest[:2]), short=short) if len(rest) > 1 else None
        if pair is not None:
            found.append(pair)
            del rest[:2]
        else:
            word = rest.pop(0)
            found.append(month_said(word, short=short) or word)
    return tuple(found)
