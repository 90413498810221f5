"""The lines of GDELT event files, read in one pass over their bytes.

GDELT 1.0 has 57 columns, from April 2013 58; GDELT 2.0 has 61. What is counted stands in the same
place in all three: column 1 the event's number, 2 its day, 8 and 18 the nations, 27 the code.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sulh.methods.simulation.compiling import allocating
from sulh.questions.cooperation.events.signs import WIDTH, ends_at, lowest, number_set, tabs_at

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

FIRST_YEAR = 1900
NATIONS = 26**3 + 1
FAMILIES = 32
CODES = 20_000  # a code of up to four digits, with a 1 before it
MOST_IDS = 2**32
SOUND, WRONG_WIDTH, NO_NUMBER, NO_DAY, NO_CODE = 0, 1, 2, 3, 4

_TAB, _NEWLINE, _RETURN, _ZERO, _A = 9, 10, 13, 48, 65
# The tabulators after the number, after the day, and around the two nations and the code.
_BOUNDS = (1, 2, 7, 8, 17, 18, 26, 27)
_ONE = np.uint64(1)
_TENS = (1, 10, 100, 1_000, 10_000)


@allocating
def _number(data: Bytes, start: int, end: int) -> int:
    """Return the digits as a number, -1 where there are none, other signs, or more than 11."""
    if end <= start or end - start > 11:
        return -1
    value = 0
    for place in range(start, end):
        digit = data[place] - _ZERO
        if digit > 9:
            return -1
        value = value * 10 + digit
    return value


@allocating
def _nation(data: Bytes, start: int, end: int) -> int:
    """Return three capital letters as a number from 1, else 0."""
    if end - start != 3:
        return 0
    value = 0
    for place in range(start, end):
        letter = data[place] - _A
        if letter > 25:
            return 0
        value = value * 26 + letter
    return value + 1


@allocating
def _month(day: int) -> int:
    """Return months since January 1900 of a day written YYYYMMDD, or -1."""
    year, month, date = day // 10000, day // 100 % 100, day % 100
    if year < FIRST_YEAR or year > 2100 or month < 1 or month > 12 or date < 1 or date > 31:
        return -1
    return (year - FIRST_YEAR) * 12 + month - 1


@allocating
def read_lines(
    data: Bytes, narrow: bool, families: NDArray[np.int8], ids: Ints, keys: Ints, states: Bytes
) -> int:
    """Read whole lines into ``ids``, ``keys`` and ``states``; return how many lines there were.

    ``narrow`` is true for GDELT 1.0. A line that is not sound has its kind of damage as state; a
    key packs month, both nations and family, each 0 where the line has none. Tabulators are found
    64 bytes at a time; only those that bound a cell to be read are placed, the others counted.
    """
    marks = np.zeros(len(_BOUNDS), dtype=np.int64)
    line, bound = 0, 0
    start: Any = 0
    column: Any = 0
    for base in range(0, len(data), WIDTH):
        tabs, ends = _signs(data, base)
        while True:
            here = tabs & ((ends & (~ends + _ONE)) - _ONE)  # those of the line that is being read
            while bound < len(_BOUNDS) and np.int64(number_set(here)) >= _BOUNDS[bound] - column:
                for _ in range(_BOUNDS[bound] - column - 1):
                    here &= here - _ONE
                marks[bound] = base + np.int64(lowest(here))
                here &= here - _ONE
                column = _BOUNDS[bound]
                bound += 1
            column += np.int64(number_set(here))
            if not ends:
                break
            place = base + np.int64(lowest(ends))
            if place - start > 1 or (place > start and data[start] != _RETURN):
                width = column + 1
                fits = 57 <= width <= 58 if narrow else width == 61
                states[line], ids[line], keys[line] = WRONG_WIDTH, -1, -1
                if fits:
                    states[line], ids[line], keys[line] = _read_one(data, start, marks, families)
                line += 1
            tabs &= ~(ends ^ (ends - _ONE))
            ends &= ends - _ONE
            start, column, bound = place + 1, 0, 0
    return line


@allocating
def _signs(data: Bytes, base: int) -> tuple[Any, Any]:
    """Return the tabulators and the ends of lines in 64 bytes, or in those that are left."""
    if base + WIDTH <= len(data):
        return tabs_at(data, base), ends_at(data, base)
    tabs = ends = np.uint64(0)
    for place in range(base, len(data)):
        bit = _ONE << np.uint64(place - base)
        if data[place] == _TAB:
            tabs |= bit
        elif data[place] == _NEWLINE:
            ends |= bit
    return tabs, ends


@allocating
def _read_one(
    data: Bytes, start: int, marks: Ints, families: NDArray[np.int8]
) -> tuple[int, int, int]:
    """Return the state of a line, and its number and key if it is sound."""
    number = _number(data, start, marks[0])
    if number < 0 or number >= MOST_IDS:
        return NO_NUMBER, -1, -1
    month = _month(_number(data, marks[0] + 1, marks[1]))
    if month < 0:
        return NO_DAY, -1, -1
    code = _number(data, marks[6] + 1, marks[7])
    digits = marks[7] - marks[6] - 1
    if code < 0 or digits < 2 or digits > 4:
        return NO_CODE, -1, -1
    first = _nation(data, marks[2] + 1, marks[3])
    second = _nation(data, marks[4] + 1, marks[5])
    family = families[_TENS[digits] + code]
    return SOUND, number, ((month * NATIONS + first) * NATIONS + second) * FAMILIES + family


def pack(month: int, first: int, second: int, family: int) -> int:
    """Return the key of a month, two nations and a family."""
    return ((month * NATIONS + first) * NATIONS + second) * FAMILIES + family


def month_number(day: str) -> int:
    """Return months since January 1900 of a day written YYYY-MM-DD, or -1.

    >>> month_number("1901-02-28"), month_number("1901-13-01")
    (13, -1)
    """
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return -1
    return (found.year - FIRST_YEAR) * 12 + found.month - 1 if found.year >= FIRST_YEAR else -1


def nation_number(code: str) -> int:
    """Return three capital letters as a number from 1.

    >>> nation_number("AAA"), nation_number("ZZZ") == 26**3
    (1, True)
    """
    first, second, third = (ord(letter) - _A for letter in code)
    return (first * 26 + second) * 26 + third + 1


def unpack(keys: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the months, first nations, second nations and families of keys."""
    rest, family = np.divmod(keys, FAMILIES)
    rest, second = np.divmod(rest, NATIONS)
    month, first = np.divmod(rest, NATIONS)
    return month, first, second, family


def month_text(month: int) -> str:
    """Return a month as text.

    >>> month_text((2016 - 1900) * 12 + 6)
    '2016-07'
    """
    return f"{FIRST_YEAR + month // 12:04d}-{month % 12 + 1:02d}"


def nation_text(nation: int) -> str:
    """Return the three letters of a number from 1, or "" for 0.

    >>> nation_text(1), nation_text(26**3)
    ('AAA', 'ZZZ')
    """
    if nation == 0:
        return ""
    value = nation - 1
    return "".join(chr(_A + value // 26**place % 26) for place in (2, 1, 0))


def any_array(size: int, dtype: Any) -> NDArray[Any]:
    """Return an array whose values do not matter yet."""
    return np.empty(size, dtype=dtype)
