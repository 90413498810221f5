"""Which of the registered teams to send, and what stays uncovered day by day.

Binary x_td: team t works from day d on, for its stay; short u_sd of service s on day d:

    minimise   sum_sd u_sd / need_s + small sum_td tonnes_t x_td
    cover      u_sd + sum_t gives_ts [t works on d] >= need_s
    once       sum_d x_td <= 1,   d not before the team can be there
    lift       sum over t that work by d of aircraft-hours_t <= aircraft hours_per_day d
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest
from sulh.methods.programs import Program, Variables, solve
from sulh.questions.places import Place
from sulh.questions.relief.needs import Disaster, daily
from sulh.questions.relief.standards import SERVICES, standards
from sulh.questions.relief.teams import Journey, Team, journey

_TIE = 1e-5
_MOST_CHOICES = 200_000


@dataclass(frozen=True)
class Sent:
    """A team that is sent: from which day it works to which, and how it comes."""

    team: Team
    first: int
    last: int
    journey: Journey


@dataclass(frozen=True)
class Match:
    """Teams sent and left at home, the uncovered share by day and service, and the bound.

    ``uncovered`` has the columns day, then a service each: the share of the need not met.
    """

    sent: tuple[Sent, ...]
    left: tuple[Team, ...]
    uncovered: pl.DataFrame
    objective: float
    bound: float


def match(
    disaster: Disaster, place: Place, teams: Sequence[Team], aircraft: int = 2, seconds: float = 30
) -> Match:
    """Return the choice of teams that leaves least uncovered, each need and day counting alike."""
    needs = {service: need for service, need in daily(disaster).items() if need > 0}
    journeys = [journey(team, place) for team in teams]
    starts = [
        (t, day)
        for t, team in enumerate(teams)
        for day in range(1, disaster.days + 1)
        if day > team.ready_days + journeys[t].days
    ]
    if len(starts) > _MOST_CHOICES:
        raise BadRequest(
            f"{len(teams):,} teams over {disaster.days:,} days",
            f"more than {_MOST_CHOICES:,} choices are no question that ends",
            "ask for fewer days, or leave out teams that come too late",
        )
    program = Program()
    x = program.add_variables(
        *("x", np.arange(len(starts)), [_TIE * teams[t].tonnes / 1000 for t, _ in starts]),
        (0.0, 1.0),
        whole=True,
    )
    once = program.add_rows("once", np.arange(len(teams)), 1.0)
    program.enter(once.start + np.array([t for t, _ in starts], dtype=int), x.places, 1.0)
    _cover(program, (teams, starts, x), needs, disaster.days)
    _lift(program, (journeys, starts, x), aircraft, disaster.days)
    answer = solve(program, time_limit=seconds, mip_rel_gap=1e-6)
    values = answer.values if answer.values is not None else np.zeros(program.size)
    sent = tuple(
        Sent(teams[t], day, min(day + teams[t].stay_days - 1, disaster.days), journeys[t])
        for (t, day), place_ in zip(starts, x.places, strict=True)
        if values[place_] > 0.5
    )
    gone = {one.team.key for one in sent}
    left = tuple(team for team in teams if team.key not in gone)
    short = uncovered(disaster, sent)
    total = sum(short[service].sum() for service in needs)
    return Match(sent, left, short, float(total), max(0.0, answer.bound))


Choices = tuple[Sequence[Team], Sequence[tuple[int, int]], Variables]


def _cover(program: Program, choices: Choices, needs: dict[str, float], days: int) -> None:
    teams, starts, x = choices
    for service, need in needs.items():
        short = program.add_variables(f"short of {service}", np.arange(days), 1.0, (0.0, 1.0))
        rows = program.add_rows(f"cover of {service}", np.arange(days), -1.0)
        program.enter(rows.rows, short.places, -1.0)
        for (t, day), place in zip(starts, x.places, strict=True):
            gives = teams[t].kind.gives[service]
            if gives:
                span = np.arange(day - 1, min(day - 1 + teams[t].stay_days, days))
                program.enter(rows.start + span, place, -gives / need)


def _lift(
    program: Program,
    choices: tuple[Sequence[Journey], Sequence[tuple[int, int]], Variables],
    aircraft: int,
    days: int,
) -> None:
    journeys, starts, x = choices
    lift = standards()["lift"]
    ready = np.maximum(np.arange(1, days + 1) - int(lift["setup_days"]), 0)
    rows = program.add_rows(
        "lift", np.arange(days), ready * float(aircraft * lift["hours_per_day"])
    )
    for (t, day), place in zip(starts, x.places, strict=True):
        if journeys[t].hours():
            span = np.arange(day - 1, days)
            program.enter(rows.start + span, place, journeys[t].hours())


def uncovered(disaster: Disaster, sent: Sequence[Sent]) -> pl.DataFrame:
    """Return the share of each need that no team meets, by day."""
    days, needs = np.arange(1, disaster.days + 1), daily(disaster)
    columns: dict[str, object] = {"day": days}
    for service in SERVICES:
        given = np.zeros(disaster.days)
        for one in sent:
            given[one.first - 1 : one.last] += one.team.kind.gives[service]
        need = needs[service]
        columns[service] = np.clip(1 - given / need, 0, 1) if need else np.zeros(disaster.days)
    return pl.DataFrame(columns)
