"""Commands of relief: ``sulh relief …``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sulh.cli.contents import group_app

app = group_app("relief")


@app.command("teams")
def teams_(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
) -> None:
    """Write a template of the file of teams, its rows marked as examples."""
    from sulh.questions.relief.teams import write_template

    for path in write_template(folder):
        typer.echo(f"wrote {path}")


@app.command("size")
def size_(
    people: Annotated[int, typer.Option("--people", min=1, max=100_000_000, help="People.")],
    place: Annotated[
        str, typer.Option("--place", help="Town of an airfield, or LATITUDE,LONGITUDE.")
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=1_000, help="Days of relief.")] = 30,
    injured: Annotated[
        int, typer.Option("--injured", min=0, help="Of the people, injured at the start.")
    ] = 0,
    teams: Annotated[
        Path | None, typer.Option("--teams", help="File of teams to match with.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Only teams of the members of this group.")
    ] = None,
    on: Annotated[str, typer.Option("--on", help="Month of the group's membership.")] = "2025-12",
    aircraft: Annotated[
        int, typer.Option("--aircraft", min=0, max=1_000, help="Aircraft for the teams' lift.")
    ] = 2,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for summary and report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Size relief by Sphere and WHO standards; match it with teams and say what stays uncovered.

    What rests on an assumption is marked as one in the report.
    """
    from sulh.core.errors import BadRequest
    from sulh.questions.places import place_named
    from sulh.questions.relief.needs import Disaster
    from sulh.questions.relief.outputs import Offered, size

    if group is not None and teams is None:
        raise BadRequest(
            "--group without --teams", "there are no teams to choose from", "give --teams FILE"
        )
    offered = Offered(teams, group, on, aircraft) if teams is not None else None
    sized = size(Disaster(people, days, injured), place_named(place), offered)
    told = sized.summary()
    if output is not None:
        sized.write(output)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _lines(told):
        typer.echo(line)
    if output is not None:
        typer.echo(f"wrote {output}")


def _lines(held: dict[str, Any]) -> list[str]:
    out = [f"{held['people']:,} people at {held['place']} for {held['days']} days need:"]
    out += [f"  note: {note}" for note in held["notes"]]
    for row in held["needs"]:
        amount = f"{row['amount']:,.{0 if row['amount'] >= 100 or row['amount'] % 1 == 0 else 1}f}"
        tonnes = f" ({row['tonnes']:,.0f} t)" if row["tonnes"] else ""
        out.append(f"  {row['what']}: {amount} {row['unit']}{tonnes}")
    teams = ", ".join(f"{count} {kind}" for kind, count in held["teams_needed"].items())
    out.append(f"Teams that would meet it, least to lift: {teams}")
    if "match" not in held:
        return out
    found = held["match"]
    for row in found["sent"]:
        lift = f"{row['flights']} flights" if row["flights"] else "road"
        out.append(
            f"  {row['team']} ({row['nation']}, {row['kind']}, {row['registered']}): "
            f"day {row['works_from_day']} to {row['to_day']}, {lift}"
        )
    shares = ", ".join(f"{key} {share:.0%}" for key, share in found["uncovered_mean"].items())
    out.append(f"Uncovered on average: {shares}")
    if found["examples_only"]:
        out.append("The teams are example rows: no nation has registered them.")
    return out
