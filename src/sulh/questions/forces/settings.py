"""Read ``case.toml``: name, horizon, rate, lead months and weights of a case."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sulh.core.errors import BadMonth
from sulh.core.months import parse_month
from sulh.questions.forces.grid import MAX_SETTINGS, read_text
from sulh.questions.forces.problems import Problems, shown
from sulh.questions.forces.records import Weights

FILE = "case.toml"
LONGEST_HORIZON = 600


@dataclass(frozen=True)
class Settings:
    """What ``case.toml`` says. ``personnel_month_usd`` is one rate for every uniformed person."""

    name: str
    start: str
    months: int
    personnel_month_usd: float
    lead_months: Mapping[str, int]
    weights: Weights


def read_settings(path: Path, problems: Problems) -> Settings | None:
    """Return the settings of a case, or None where they cannot be used, with why noted."""
    before = problems.total
    text = read_text(path, problems, MAX_SETTINGS)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.add(FILE, None, str(error)[:200], "it is not TOML", "mend the line that is named")
        return None
    settings = _settings(_Section(document, problems))
    return settings if problems.total == before else None


def _settings(file: _Section) -> Settings:
    case, rates, weights = file.section("case"), file.section("rates"), file.section("weights")
    return Settings(
        name=case.text("name"),
        start=case.month("start"),
        months=int(case.number("months", 1, LONGEST_HORIZON, whole=True)),
        personnel_month_usd=rates.number("personnel_month_usd", 0, 1e9),
        lead_months=_leads(file.section("lead_months")),
        weights=Weights(
            unmet=weights.number("unmet", 0, 1e12),
            cost_usd=weights.number("cost_usd", 0, 1e12),
            women=weights.number("women", 0, 1e12),
        ),
    )


def _leads(section: _Section) -> dict[str, int]:
    if section.there and not section.values:
        section.bad("[lead_months] is empty", "readiness levels have no lead", 'write "rdl" = 2')
    return {
        level: int(section.number(level, 0, LONGEST_HORIZON, whole=True))
        for level in section.values
    }


class _Section:
    """A table of a TOML document; a missing one is noted once and then reads as empty."""

    def __init__(self, values: Mapping[str, Any], problems: Problems, there: bool = True) -> None:
        self.values, self.problems, self.there = values, problems, there

    def bad(self, found: str, why: str, mend: str) -> None:
        self.problems.add(FILE, None, found, why, mend)

    def section(self, name: str) -> _Section:
        found = self.values.get(name)
        if isinstance(found, dict):
            return _Section(found, self.problems)
        self.bad(f"no section [{name}]", "the plan rests on it", f"add [{name}]")
        return _Section({}, self.problems, there=False)

    def _value(self, name: str) -> Any:
        found = self.values.get(name)
        if found is None and self.there:
            self.bad(f"{name} is missing", "the plan rests on it", f"add {name} = …")
        return found

    def text(self, name: str) -> str:
        found = self._value(name)
        if found is not None and (not isinstance(found, str) or not 0 < len(found) <= 200):
            self.bad(f"{name} is {shown(found)}", "it is a text of 1 to 200 letters", "name it")
        return str(found)

    def month(self, name: str) -> str:
        found = self._value(name)
        try:
            if found is None or parse_month(str(found)) == found:
                return str(found)
        except BadMonth:
            pass
        self.bad(f"{name} is {shown(found)}", "a month is YYYY-MM", f'write {name} = "2026-01"')
        return "2000-01"

    def number(self, name: str, least: float, most: float, *, whole: bool = False) -> float:
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
