"""Commands of force generation: ``sulh forces …``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from sulh.cli import asking
from sulh.cli.contents import group_app
from sulh.cli.planning import CaseArgument, GapOption, SecondsOption, WorkersOption

app = group_app("forces")


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
) -> None:
    """Write a commented example case: real missions, rates and sizes, each with its source."""
    from sulh.questions.forces.example import write_example

    for path in write_example(folder):
        typer.echo(f"wrote {path}")


@app.command("check")
def check(
    case: CaseArgument,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="Check this plan against the case too.")
    ] = None,
) -> None:
    """Report every problem of a case at once, with file, line, value and mend.

    With a plan, its score and every rule that it breaks.
    """
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.plan import read_plan, score, violations

    found = Case.read(case)
    typer.echo(
        f"{case}: sound. {len(found.requirements):,} requirements, {len(found.pledges):,} pledges, "
        f"{len(found.offers):,} offers, {found.months} months from {found.start}"
    )
    if plan is None:
        return
    read = read_plan(found, plan)
    broken = violations(found, read)
    scored = score(found, read)
    typer.echo(
        f"{plan}: {len(read.tours):,} tours, objective {scored.objective:,.0f} = "
        f"{scored.unmet_priority_months:,.2f} priority-months unmet, {scored.cost_usd:,.0f} USD, "
        f"{scored.women_short_months:,.1f} woman-months short"
    )
    for violation in broken[:50]:
        typer.echo(f"  {violation}", err=True)
    if broken:
        typer.echo(f"{plan} breaks {len(broken):,} rules", err=True)
        raise typer.Exit(1)


@app.command("plan")
def plan_(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")],
    seconds: SecondsOption = 60.0,
    gap: GapOption = 0.0,
    workers: WorkersOption = 2,
) -> None:
    """Plan a case and write the plan, its coverage, cost, reasons and a report.

    Shows the best plan, the proven bound and the gap while it runs. It ends when no plan is better,
    at the gap, at the time, or at Ctrl-C, and writes the best plan found.
    """
    from sulh.cli.planning import planning_line
    from sulh.core.errors import BadRequest
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.planning import Limits, make_plan

    started = time.monotonic()
    if output.exists() and not output.is_dir():
        raise BadRequest(f"--output {output} is a file", "six files are written", "name a folder")
    read = Case.read(case)
    with planning_line() as report:
        planned = make_plan(read, Limits(seconds, gap, workers), report, started)
    summary = planned.summary()
    planned.write(output)
    proven = "no bound" if summary["gap"] is None else f"gap {summary['gap']:.3%}"
    typer.echo(
        f"objective {summary['objective']:,.0f}, {proven}, {summary['tours']:,} tours, "
        f"{summary['seconds']:.1f} s; wrote {output}"
    )


for _name, _command in asking.COMMANDS.items():
    app.command(_name)(_command)
