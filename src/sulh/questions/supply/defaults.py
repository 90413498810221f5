"""The defaults of a new case of supply, and the page that says what each rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sulh.core.errors import BadRequest
from sulh.facts.planning import figures
from sulh.questions.laydown import Laydown


@cache
def defaults() -> dict[str, Any]:
    """Return the defaults, each with the fact or assumption that it rests on."""
    shipped = files("sulh.questions.supply").joinpath("defaults.toml")
    return tomllib.loads(shipped.read_text(encoding="utf-8"))


def climate_of(name: str) -> Mapping[str, Any]:
    """Return what a climate changes, or raise `BadRequest`."""
    known = {entry["climate"]: entry for entry in defaults()["climate"]}
    if name not in known:
        raise BadRequest(
            f"--climate is {name[:40]!r}",
            "the planning figures know " + ", ".join(known),
            "name one of them, or leave it out",
        )
    return dict(known[name])


def water_of(climate: Mapping[str, Any]) -> float:
    """Return kg of water a person and day: the default, more or less by what is drunk.

    >>> water_of(climate_of("arid")), water_of(climate_of("temperate"))
    (84.8, 78.0)
    """
    need = next(row for row in defaults()["needs"] if row["commodity"] == "water")
    more = climate["sustaining_litres"] - climate_of("tropical")["sustaining_litres"]
    return round(float(need["kg_per_person_day"] + more), 1)


def readme(stands: Laydown, entry: str, road_factor: float, climate: str | None = None) -> str:
    """Return the page of a case made from a lay-down."""
    counted = (
        f"{stands.reported:,} uniformed persons of {stands.reported_month}, spread over the places "
        "as the map's estimates are"
        if stands.reported is not None
        else "the map's estimates, in standard sizes of units: no head-counts"
    )
    left_out = f" Without coordinates, left out: {', '.join(stands.unplaced)}."
    lines = [
        f"# Supply of {stands.operation}, as it stood in {stands.month}",
        "",
        f"{stands.sites.height} places from the deployment map of {stands.month}; persons: "
        f"{counted}.{left_out if stands.unplaced else ''}",
        "",
        f"Supplies come in at {entry}. Roads are great circles times {road_factor:g}, an "
        "assumption: put in real distances where they are known. `water_made_here` in places.csv "
        "is the share of the water that is made on site.",
        "",
        f"Needs are those of a {climate} climate; seasons.csv has what changes by month."
        if climate
        else "Needs are the same in all climates and seasons; `--climate` would change them.",
        "",
        *(f"- {origin.citation}" for origin in stands.origins),
        "- Airfields: the package airportsdata (MIT).",
        "",
        "| Figure | Value | Rests on |",
        "|---|---|---|",
        *_sources(),
        "",
    ]
    return "\n".join(lines)


def _sources() -> list[str]:
    rows = []
    for section, held in defaults().items():
        for entry in held if isinstance(held, list) else [held]:
            name = f"{section} {entry.get('commodity', entry.get('climate', ''))}".strip()
            value = ", ".join(
                f"{key} {value:g}" for key, value in entry.items() if isinstance(value, int | float)
            )
            rows.append(f"| {name} | {value} | {rests_on(entry)} |")
    return rows


def rests_on(entry: Mapping[str, Any]) -> str:
    """Return what a default rests on: a figure with its source and grade, or an assumption."""
    parts = [
        f"{fact.item}: {fact.value} {fact.unit} ({fact.mark.source}; grade {fact.mark.grade})"
        for fact in figures(entry.get("topic", "none"))
        if fact.item == entry["item"]
    ]
    parts += [entry["note"]] if "note" in entry else []
    parts += [f"**assumption**: {entry['assumption']}"] if "assumption" in entry else []
    return "; ".join(parts)
