"""Sections of a TOML file, read value by value, each problem noted."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sulh.cases.grid import MAX_SETTINGS, read_text
from sulh.cases.problems import Problems, shown
from sulh.core.errors import BadMonth
from sulh.core.months import parse_month

LONGEST_TEXT = 200


def read_document(path: Path, problems: Problems) -> Section | None:
    """Return a TOML file, or None where it cannot be used, with why noted."""
    text = read_text(path, problems, MAX_SETTINGS)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.add(
            path.name, None, str(error)[:200], "it is not TOML", "mend the line that is named"
        )
        return None
    return Section(path.name, document, problems)


class Section:
    """A table of a TOML document; a missing one is noted once and then reads as empty."""

    def __init__(
        self, file: str, values: Mapping[str, Any], problems: Problems, there: bool = True
    ) -> None:
        self.file, self.values, self.problems, self.there = file, values, problems, there

    def bad(self, found: str, why: str, mend: str) -> None:
        """Note a problem of this section."""
        self.problems.add(self.file, None, found, why, mend)

    def section(self, name: str) -> Section:
        """Return a section, noted once if it is missing."""
        found = self.values.get(name)
        if isinstance(found, dict):
            return Section(self.file, found, self.problems)
        self.bad(f"no section [{name}]", "the answer rests on it", f"add [{name}]")
        return Section(self.file, {}, self.problems, there=False)

    def _value(self, name: str) -> Any:
        found = self.values.get(name)
        if found is None and self.there:
            self.bad(f"{name} is missing", "the answer rests on it", f"add {name} = …")
        return found

    def text(self, name: str) -> str:
        """Return a text of 1 to 200 letters."""
        found = self._value(name)
        if found is not None and (not isinstance(found, str) or not 0 < len(found) <= LONGEST_TEXT):
            self.bad(f"{name} is {shown(found)}", "it is a text of 1 to 200 letters", "name it")
        return str(found)

    def month(self, name: str) -> str:
        """Return a month, YYYY-MM."""
        found = self._value(name)
        try:
            if found is None or parse_month(str(found)) == found:
                return str(found)
        except BadMonth:
            pass
        self.bad(f"{name} is {shown(found)}", "a month is YYYY-MM", f'write {name} = "2026-01"')
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
            )
            return least
        return float(found) if not whole and isinstance(found, float) else found
