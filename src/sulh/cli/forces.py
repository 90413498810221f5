"""Commands of force generation: ``sulh forces …``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sulh.cli import asking
from sulh.cli.contents import group_app
from sulh.cli.planning import CaseArgument, GapOption, SecondsOption, WorkersOption

if TYPE_CHECKING:
    from sulh.questions.forces.outputs import Planned

app = group_app("forces")


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
    with_chains: Annotated[
        bool, typer.Option("--with-chains", help="With a smart pledge and a combined unit.")
    ] = False,
) -> None:
    """Write a commented example case: real missions, rates and sizes, each with its source."""
    from sulh.questions.forces.example import write_example

    for path in write_example(folder, with_chains=with_chains):
        typer.echo(f"wrote {path}")


@app.command("check")
def check(
    case: CaseArgument,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="Check this plan against the case too.")
    ] = None,
) -> None:
    """Report every problem of a case at once, with file, line, value and mend.

    What is allowed and looks like a slip is a warning, and the case is sound all the same. With a
    plan, its score and every rule that it breaks.
    """
    from sulh.cli.planning import told, warn
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.earlier import read_earlier
    from sulh.questions.forces.plan import score, violations

    found = Case.read(case)
    warn(found.doubts)
    typer.echo(
        f"{case}: sound{_with(len(found.doubts))}. {len(found.requirements):,} requirements, "
        f"{len(found.pledges):,} pledges, "
        f"{len(found.offers):,} offers, {found.months} months from {found.start}"
    )
    if found.bound_to:
        wholes = (("chains", len(found.chains)), ("combined units", len(found.combined)))
        typer.echo(f"{case}: {', '.join(f'{name}: {count:,}' for name, count in wholes)}")
    if plan is None:
        return
    earlier = read_earlier(found, plan)
    told(earlier.notes)
    broken, scored = violations(found, earlier.plan), score(found, earlier.plan)
    proven = "" if broken else f"; {_proven(earlier)}"
    typer.echo(
        f"{plan}: {len(earlier.plan.tours):,} tours, objective {scored.objective:,.0f} = "
        f"{scored.unmet_priority_months:,.2f} priority-months unmet, {scored.cost_usd:,.0f} USD, "
        f"{scored.women_short_months:,.1f} woman-months short{proven}"
    )
    for violation in broken[:50]:
        typer.echo(f"  {violation}", err=True)
    if broken:
        typer.echo(f"{plan} breaks {len(broken):,} rule{'' if len(broken) == 1 else 's'}", err=True)
        raise typer.Exit(1)


@app.command("plan")
def plan_(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")],
    seconds: SecondsOption = 60.0,
    gap: GapOption = 0.0,
    workers: WorkersOption = 2,
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over a plan that the folder holds, and forget it."),
    ] = False,
) -> None:
    """Plan a case and write the plan, its coverage, cost, reasons and a report.

    Shows the best plan, the proven bound and the gap while it runs. It ends when no plan is better,
    at the gap, at the time, or at Ctrl-C, and writes the best plan found. A plan that the folder
    holds is where it starts from: what is written is no worse. A plan there that is not valid for
    this case stays, unless `--force` is given.
    """
    from sulh.cli.planning import planning_line, told, warn
    from sulh.core.errors import BadRequest
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.earlier import beginning
    from sulh.questions.forces.planning import Limits, make_plan

    started = time.monotonic()
    if output.exists() and not output.is_dir():
        raise BadRequest(f"--output {output} is a file", "six files are written", "name a folder")
    read = Case.read(case)
    warn(read.doubts)
    start = beginning(read, output, replace=force)
    with planning_line() as report:
        planned = make_plan(read, Limits(seconds, gap, workers), report, started, start)
    summary = planned.summary()
    planned.write(output)
    if start is not None:
        told((*start.notes, _since(output, start, planned)))
    typer.echo(
        f"objective {summary['objective']:,.0f}, {_proven(planned)}, {summary['tours']:,} tours, "
        f"{summary['seconds']:.1f} s; wrote {output}"
    )


@app.command("ready")
def ready_() -> None:
    """Compile what planning needs, once for an installation, so that the first plan begins at once.

    A quarter of a minute. The first plan does it by itself where this was not done.
    """
    from sulh.questions.forces.ready import compiling, ready

    if text := compiling():
        typer.echo(text, err=True)
    folder = ready()
    typer.echo("ready" if folder else "compiled, but no folder to keep it in can be written to")


def _with(doubts: int) -> str:
    return f", with {doubts} warning{'s' if doubts > 1 else ''}" if doubts else ""


def _proven(planned: Planned) -> str:
    gap = planned.summary()["gap"]
    if gap is None:
        return "no bound known"
    return f"gap {gap:.3%}" if gap else "proven to be the best"


def _since(folder: Path, start: Planned, planned: Planned) -> str:
    """Return what became of the plan that a folder held."""
    before, now = start.summary()["objective"], planned.summary()["objective"]
    if now < before:
        return f"Started from the plan in {folder} and bettered it by {before - now:,.0f} points."
    return f"Started from the plan in {folder}; none better was found."


for _name, _command in asking.COMMANDS.items():
    app.command(_name)(_command)
