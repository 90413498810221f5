"""Relief: ``sulh.relief.size(disaster, place).summary()``."""

from __future__ import annotations

from sulh.api.relief import (
    Disaster,
    Match,
    Offered,
    Place,
    Sent,
    Sized,
    Team,
    daily,
    lines,
    match,
    place_named,
    read_teams,
    size,
    teams_needed,
    template,
)

__all__ = [
    "Disaster",
    "Match",
    "Offered",
    "Place",
    "Sent",
    "Sized",
    "Team",
    "daily",
    "lines",
    "match",
    "place_named",
    "read_teams",
    "size",
    "teams_needed",
    "template",
]
