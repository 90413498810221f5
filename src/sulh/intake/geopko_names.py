"""The columns of Geo-PKO in the words of this project, and how its cells are read."""

from __future__ import annotations

import re

from sulh.core.months import month_at

# our column -> the column of the raw file (1 present, 0 absent)
UNITS = {
    "infantry": "inf",
    "formed_police_unit": "fpu",
    "engineering": "eng",
    "signals": "sig",
    "transport": "trans",
    "riverine": "riv",
    "medical": "med",
    "maintenance": "maint",
    "reconnaissance": "recon",
    "aviation": "avia",
    "helicopter_support": "he.sup",
    "demining": "demining",
    "unmanned_aircraft": "uav",
    "armour": "armor",
    "special_forces": "sf",
    "military_police": "mp",
    "reserve": "res",
    "force_protection": "fp",
    "other_units": "other.type",
}
PRESENCE = {"observers": "unmo.dummy", "police": "unpol.dummy", "liaison_officers": "lo"}
MISSING = ("NA", "Na", "unknown", "Unknown")
UNNAMED = ("unknown", "tcc name unknown", "tcc unknown")
GROUPS = ("multinational", "mutinational", "caricom", "un")

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WORD = re.compile(r"[a-z]+|\d+")


def is_unnamed(name: str) -> bool:
    """Return whether the source says that it does not know the contributor.

    >>> is_unnamed("TCC name unknown"), is_unnamed("Ghana")
    (True, False)
    """
    return name.strip().lower() in UNNAMED


def is_group(name: str) -> bool:
    """Return whether the source names a group of nations and no nation.

    >>> is_group("Mutinational"), is_group("Mali")
    (True, False)
    """
    return name.strip().lower() in GROUPS


def month_of_map(year: str, month: str) -> tuple[str | None, bool]:
    """Return the month of a map and whether it was chosen out of a range (then its last month).

    A month is written as a number, a name, the first letters of a name, or a range of those.

    >>> month_of_map("2017", "6"), month_of_map("1999", "Sept-Oct"), month_of_map("1999", "NA")
    (('2017-06', False), ('1999-10', True), (None, False))
    """
    if not re.fullmatch(r"(19|20)\d\d", year.strip()):
        return None, False
    words = _WORD.findall(month.lower())
    numbers = [_number(word) for word in words]
    if not 1 <= len(numbers) <= 2 or None in numbers:
        return None, False
    last = numbers[-1] or 0
    return month_at(int(year) * 12 + last - 1), len(numbers) == 2


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else None
    found = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    return found[0] if len(word) >= 3 and len(found) == 1 else None
