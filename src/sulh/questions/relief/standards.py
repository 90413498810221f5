"""The standards that needs and teams are reckoned with, and what each rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sulh.facts.planning import figures

SERVICES = ("outpatients", "operations", "beds", "litres")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of team and what one gives a day: visits, major operations, beds, litres of water."""

    key: str
    title: str
    gives: Mapping[str, float]
    persons: int
    tonnes: float


@cache
def standards() -> dict[str, Any]:
    """Return the standards as shipped."""
    text = files("sulh.questions.relief").joinpath("standards.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of team by key."""
    return {
        row["kind"]: Kind(
            row["kind"],
            row["title"],
            {service: float(row[service]) for service in SERVICES},
            row["persons"],
            float(row["tonnes"]),
        )
        for row in standards()["kinds"]
    }


def value(need: str) -> float:
    """Return the value of a standard.

    >>> value("water"), value("latrines")
    (15.0, 20.0)
    """
    return float(standards()["needs"][need]["value"])


def rests_on(entry: Mapping[str, Any]) -> str:
    """Return what an entry rests on: a figure with its source and grade, or an assumption."""
    parts = [
        f"{fact.item}: {fact.value} {fact.unit} ({fact.mark.source}; grade {fact.mark.grade})"
        for fact in figures(entry.get("topic", "none"))
        if fact.item == entry["item"]
    ]
    parts += [f"assumption: {entry['assumption']}"] if "assumption" in entry else []
    return "; ".join(parts)


def table() -> list[tuple[str, str, str]]:
    """Return every standard with its value and what it rests on."""
    rows = [
        (name.replace("_", " "), f"{entry['value']:g} {entry['unit']}", rests_on(entry))
        for name, entry in standards()["needs"].items()
    ]
    for row in standards()["kinds"]:
        gives = ", ".join(f"{row[s]:,g} {s}" for s in SERVICES if row[s])
        shown = f"{gives} a day; {row['persons']} persons, {row['tonnes']:g} t"
        rows.append((row["title"], shown, rests_on(row)))
    lift = standards()["lift"]
    shown = f"{lift['payload_t']} t over {lift['km']:,} km at {lift['kmh']} km/h"
    return [*rows, (f"lift by {lift['aircraft']}", shown, rests_on(lift))]
