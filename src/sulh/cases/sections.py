"""Sections of a TOML file, read value by value, each problem noted."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sulh.cases.grid import MAX_SETTINGS, read_text
from sulh.cases.problems import Problems, shown
from sulh.core.errors import BadMonth
from sulh.core.months import parse_month

LONGEST_TEXT = 200
_UNREAD = "nothing would be made of it"
_HEADING = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_ENTRY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")
_AT_LINE = re.compile(r"at line (\d+)")


def read_document(path: Path, problems: Problems) -> Section | None:
    """Return a TOML file, or None where it cannot be used, with why noted."""
    text = read_text(path, problems, MAX_SETTINGS)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = str(error)[:200]
        line = _AT_LINE.search(found)
        place = int(line[1]) if line else None
        problems.add(path.name, place, found, "it is not TOML", "mend the line that is named")
        return None
    return Section(path.name, document, problems, lines=_lines(text))


def _lines(text: str) -> Mapping[tuple[str, str], int]:
    """Return the line of each section (its name and nothing) and of each entry of one.

    >>> _lines("[case]\\nname = 1\\n[weights]\\nunmet = 1\\n")[("weights", "unmet")]
    4
    """
    section, found = "", dict[tuple[str, str], int]()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            section = heading[1]
            found.setdefault((section, ""), number)
        elif entry := _ENTRY.match(line):
            found.setdefault((section, entry[1]), number)
    return found


class Section:
    """A table of a TOML document; a missing one is noted once and then reads as empty."""

    def __init__(
        self,
        file: str,
        values: Mapping[str, Any],
        problems: Problems,
        there: bool = True,
        *,
        name: str = "",
        lines: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.file, self.values, self.problems, self.there = file, values, problems, there
        self.name, self._at = name, lines or {}

    def bad(self, found: str, why: str, mend: str, entry: str = "") -> None:
        """Note a problem of this section, or of one entry of it."""
        line = self._at.get((self.name, entry), self._at.get((self.name, "")))
        self.problems.add(self.file, line, found, why, mend)

    def section(self, name: str) -> Section:
        """Return a section, noted once if it is missing."""
        found = self.values.get(name)
        place = f"{self.name}.{name}" if self.name else name
        if isinstance(found, dict):
            return Section(self.file, found, self.problems, name=place, lines=self._at)
        self.bad(f"no section [{name}]", "the answer rests on it", f"add [{name}]")
        return Section(self.file, {}, self.problems, there=False)

    def only(self, *known: str) -> None:
        """Note every entry that is not known: nothing would be made of it."""
        for entry in self.values:
            if entry in known:
                continue
            kind = f"[{entry}]" if isinstance(self.values[entry], dict) else shown(entry)
            place = f" of [{self.name}]" if self.name else ""
            near = get_close_matches(entry, known, n=1, cutoff=0.7)
            mend = (
                f"write {near[0]}, if that is meant"
                if near
                else f"take it out; known: {', '.join(known)}"
            )
            line = self._at.get((entry, ""), self._at.get((self.name, entry)))
            self.problems.add(self.file, line, f"{kind}{place} is not known", _UNREAD, mend)

    def _value(self, name: str) -> Any:
        found = self.values.get(name)
        if found is None and self.there:
            self.bad(f"{name} is missing", "the answer rests on it", f"add {name} = …")
        return found

    def text(self, name: str) -> str:
        """Return a text of 1 to 200 letters."""
        found = self._value(name)
        if found is not None and (not isinstance(found, str) or not 0 < len(found) <= LONGEST_TEXT):
            self.bad(
                f"{name} is {shown(found)}", "it is a text of 1 to 200 letters", "name it", name
            )
        return str(found)

    def month(self, name: str) -> str:
        """Return a month, YYYY-MM."""
        found = self._value(name)
        try:
            if found is None or parse_month(str(found)) == found:
                return str(found)
        except BadMonth:
            pass
        self.bad(
            f"{name} is {shown(found)}",
            "a month is YYYY-MM",
            f'write {name} = "2026-01"',
            name,
        )
        return "2000-01"

    def number(self, name: str, least: float, most: float, *, whole: bool = False) -> float:
        """Return a number between ``least`` and ``most``."""
        found = self._value(name)
        if found is None:
            return least
        sound = isinstance(found, int if whole else int | float) and not isinstance(found, bool)
        if not sound or not math.isfinite(found) or not least <= found <= most:
            kind = "a whole number" if whole else "a number"
            self.bad(
                f"{name} is {shown(found)}",
                f"it must be {kind} from {least:g} to {most:g}",
                f"write for example {name} = {max(least, 1):g}",
                name,
            )
            return least
        return float(found) if not whole and isinstance(found, float) else found
