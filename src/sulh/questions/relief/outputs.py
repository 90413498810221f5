"""What the answer on relief holds, as JSON, CSV and a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sulh.cases.page import fill
from sulh.cases.writing import write_all
from sulh.core.errors import BadRequest
from sulh.questions.ground import members_on, names_of
from sulh.questions.places import Place, remote
from sulh.questions.relief import standards
from sulh.questions.relief.match import Match, match
from sulh.questions.relief.needs import Disaster, daily, lines, sorties, teams_needed
from sulh.questions.relief.teams import EXAMPLE, Team, read_teams
from sulh.result.formats import to_csv


@dataclass(frozen=True)
class Sized:
    """What is needed at a place and, where teams were given, which could meet it."""

    disaster: Disaster
    place: Place
    group: str | None
    on: str
    matched: Match | None
    outside: tuple[Team, ...]

    def summary(self) -> dict[str, Any]:
        """Return the answer as ``summary.json`` holds it."""
        needed = teams_needed(daily(self.disaster))
        tonnes = sum(line.tonnes for line in lines(self.disaster))
        carried = sum(standards.kinds()[key].tonnes * count for key, count in needed.items())
        far = remote(self.place.name, self.place.latitude, self.place.longitude)
        told: dict[str, Any] = {
            "people": self.disaster.people,
            "injured": self.disaster.injured,
            "days": self.disaster.days,
            "place": self.place.name,
            "latitude": self.place.latitude,
            "longitude": self.place.longitude,
            "airfield": self.place.airfield,
            "notes": [far] if far else [],
            "needs": [
                {"what": one.what, "amount": one.amount, "unit": one.unit, "tonnes": one.tonnes}
                for one in lines(self.disaster)
            ],
            "teams_needed": needed,
            "tonnes_of_relief": tonnes,
            "tonnes_of_teams": carried,
            "flights": sorties(tonnes + carried),
        }
        return told if self.matched is None else {**told, "match": self._told(self.matched)}

    def _told(self, found: Match) -> dict[str, Any]:
        mean = found.uncovered.mean().drop("day").row(0, named=True)
        last = found.uncovered.drop("day").row(-1, named=True)
        return {
            "group": self.group,
            "members_as_of": self.on if self.group else None,
            "examples_only": any(one.team.registered == EXAMPLE for one in found.sent),
            "sent": [
                {
                    **{"team": one.team.key, "nation": one.team.nation},
                    **{"kind": one.team.kind.key, "registered": one.team.registered},
                    **{"works_from_day": one.first, "to_day": one.last},
                    **{"by": one.journey.mode, "km": round(one.journey.km)},
                    "flights": one.journey.flights,
                }
                for one in sorted(found.sent, key=lambda one: (one.first, one.team.key))
            ],
            "left": [team.key for team in found.left],
            "outside_the_group": [team.key for team in self.outside],
            "uncovered_mean": mean,
            "uncovered_on_last_day": last,
            "bound": found.bound,
            "objective": found.objective,
        }

    def write(self, folder: str | Path) -> list[Path]:
        """Write ``summary.json``, ``uncovered.csv`` (with teams) and ``report.html``."""
        told = self.summary()
        contents = {
            "summary.json": (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode(),
            "report.html": self.report(told).encode(),
        }
        if self.matched is not None:
            contents["uncovered.csv"] = to_csv(self.matched.uncovered).encode()
        return write_all(Path(folder), contents)

    def report(self, told: dict[str, Any]) -> str:
        """Return the report as HTML."""
        nations = [one["nation"] for one in told.get("match", {}).get("sent", [])]
        return fill(
            "sulh.questions.relief",
            {
                "told": told,
                "kinds": standards.kinds(),
                "services": standards.SERVICES,
                "standards": standards.table(),
                "names": names_of(nations),
                "uncovered": self.matched.uncovered.to_dicts() if self.matched else [],
            },
        )


def size(disaster: Disaster, place: Place, offered: Offered | None = None) -> Sized:
    """Return what is needed and, for teams offered, which to send and what stays uncovered.

    Raises `BadRequest` where more are injured than there are people.
    """
    if disaster.injured > disaster.people:
        raise BadRequest(
            f"{disaster.injured:,} injured of {disaster.people:,} people",
            "the injured are counted among the people in need",
            "give as many people as are injured, or more, or mend the number",
        )
    if offered is None:
        return Sized(disaster, place, None, "", None, ())
    teams: Sequence[Team] = read_teams(offered.file)
    outside: tuple[Team, ...] = ()
    if offered.group is not None:
        members = set(members_on(offered.group, offered.on, "dated"))
        outside = tuple(team for team in teams if team.nation not in members)
        teams = [team for team in teams if team.nation in members]
    found = match(disaster, place, teams, offered.aircraft)
    return Sized(disaster, place, offered.group, offered.on, found, outside)


@dataclass(frozen=True, slots=True)
class Offered:
    """Teams on offer: the file, the group whose members count (None: all), and aircraft."""

    file: Path
    group: str | None = None
    on: str = "2025-12"
    aircraft: int = 2
