"""Relief in Python: what people need, and which teams could give it.

>>> from sulh import relief
>>> told = relief.size(relief.Disaster(80_000, 30), relief.place_named("21.19,92.14")).summary()
>>> told["teams_needed"]
{'emt_1_fixed': 3, 'emt_2': 4, 'water_unit': 6}
"""

from __future__ import annotations

from sulh.questions.places import Place, place_named
from sulh.questions.relief.match import Match, Sent, match
from sulh.questions.relief.needs import Disaster, daily, lines, teams_needed
from sulh.questions.relief.outputs import Offered, Sized, size
from sulh.questions.relief.teams import Team, read_teams
from sulh.questions.relief.teams import write_template as template

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
