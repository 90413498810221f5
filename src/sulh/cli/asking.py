"""Questions that are asked of a plan: explain, value, loss, risk, trade, women, group, replan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from sulh.cli.planning import (
    CaseArgument,
    EachOption,
    PlanOption,
    SecondsOption,
    WorkersOption,
    planned_for,
    pool_of,
    told,
    warn,
)
from sulh.cli.verbs import ChartOption, FormatOption, OutputOption, show

AnewOption = Annotated[
    int, typer.Option("--anew", min=0, max=1000, help="How many of the largest are solved anew.")
]
RoundsOption = Annotated[
    int,
    typer.Option("--rounds", min=0, max=1000, help="Rounds in which a plan adapts to a change."),
]


def value(
    case: CaseArgument,
    plan: PlanOption = None,
    seconds: SecondsOption = 60.0,
    anew: AnewOption = 5,
    each: EachOption = 10.0,
    rounds: RoundsOption = 0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Rank what to ask for at a pledging conference by what it is worth.

    One more unit of each capability from each quarter on, one more use of each partner's offer,
    each caveat lifted, each pledge ready one to three months earlier.
    """
    from sulh.questions.forces.worth import Effort
    from sulh.questions.forces.worth import value as ask

    planned = planned_for(case, plan, seconds, workers)
    with pool_of(workers) as pool:
        result = ask(planned, Effort(anew, each, rounds), pool)
    if format != "table" or output is not None:
        told(result.missing)
    show(result, format, output, None)


def loss(
    case: CaseArgument,
    plan: PlanOption = None,
    seconds: SecondsOption = 60.0,
    anew: AnewOption = 5,
    each: EachOption = 10.0,
    rounds: RoundsOption = 0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Rank nations and partners by what their withdrawal would cost."""
    from sulh.questions.forces.worth import Effort
    from sulh.questions.forces.worth import loss as ask

    planned = planned_for(case, plan, seconds, workers)
    with pool_of(workers) as pool:
        result = ask(planned, Effort(anew, each, rounds), pool)
    if format != "table" or output is not None:
        told(result.missing)
    show(result, format, output, None)


def risk(
    case: CaseArgument,
    plan: PlanOption = None,
    none: Annotated[
        float, typer.Option("--none", min=0, max=1, help="Chance that a pledge is not honoured.")
    ] = 0.1,
    late: Annotated[
        float, typer.Option("--late", min=0, max=1, help="Chance that it is honoured late.")
    ] = 0.2,
    late_months: Annotated[
        int, typer.Option("--late-months", min=0, max=60, help="How many months late.")
    ] = 3,
    chances: Annotated[
        Path | None,
        typer.Option("--chances", help="CSV: pledge, none, late, late_months; the rest as above."),
    ] = None,
    replications: Annotated[int, typer.Option(min=2, max=100_000, help="Draws.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    seconds: SecondsOption = 60.0,
    each: EachOption = 10.0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Say what a plan comes to when pledges are late or fail, beside a plan that hedges."""
    from sulh.core.errors import BadRequest
    from sulh.questions.forces.chances import Chance as Odds
    from sulh.questions.forces.chances import read_chances
    from sulh.questions.forces.risk import Trial
    from sulh.questions.forces.risk import risk as ask

    if none + late > 1:
        raise BadRequest(
            f"--none {none:g} and --late {late:g}",
            "they are chances of one pledge",
            "let them add up to 1 at most",
        )
    planned = planned_for(case, plan, seconds, workers)
    odds = Odds(none, late, late_months)
    known = dict.fromkeys(planned.case.pledge_of, odds)
    if chances is not None:
        known = read_chances(planned.case, chances, odds)
    with pool_of(workers) as pool:
        result = ask(planned, known, Trial(replications, seed, True, each), pool)
    show(result, format, output, None)


def trade(
    case: CaseArgument,
    plan: PlanOption = None,
    seconds: SecondsOption = 60.0,
    each: EachOption = 10.0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
    chart: ChartOption = None,
) -> None:
    """Show the front of cost against coverage against women's share."""
    from sulh.questions.forces.trade import front

    planned = planned_for(case, plan, seconds, workers)
    with pool_of(workers) as pool:
        result = front(planned, each, pool=pool)
    show(result, format, output, chart)


def women(
    case: CaseArgument,
    plan: PlanOption = None,
    seconds: SecondsOption = 60.0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
    chart: ChartOption = None,
) -> None:
    """Say how many women must be deployed, by category and month, to meet the dated targets."""
    from sulh.questions.forces.women import women as ask

    planned = planned_for(case, plan, seconds, workers)
    show(ask(planned.case, planned.plan), format, output, chart)


def explain(
    case: CaseArgument,
    plan: PlanOption = None,
    requirement: Annotated[
        str | None, typer.Option("--requirement", help="Only this requirement.")
    ] = None,
    month: Annotated[str | None, typer.Option("--month", help="Only this month, YYYY-MM.")] = None,
    seconds: SecondsOption = 60.0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Say why gaps stay open: every pledge of the capability and what keeps it from serving.

    The table of explain.csv, all of it or that of a requirement or a month.
    """
    from sulh.questions.forces.why import why

    planned = planned_for(case, plan, seconds, workers)
    show(why(planned.case, planned.plan, requirement, month), format, output, None)


def group(
    case: CaseArgument,
    name: Annotated[str, typer.Argument(help="Group, nation or expression.")],
    plan: PlanOption = None,
    membership: Annotated[
        Literal["dated", "today"], typer.Option(help="Members as of the case's start, or today's.")
    ] = "dated",
    seconds: SecondsOption = 60.0,
    workers: WorkersOption = 2,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Say what a group's pledges fill in a case, and what keeps them from filling the rest."""
    from sulh.questions.forces.group import group as ask

    planned = planned_for(case, plan, seconds, workers)
    show(ask(planned, name, membership), format, output, None)


def replan(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")],
    keep: Annotated[Path, typer.Option("--keep", help="The plan.csv that runs.")],
    from_: Annotated[str, typer.Option("--from", help="First month that may change.")],
    weight: Annotated[
        float, typer.Option("--weight", min=0, help="Points that each changed tour costs.")
    ] = 1_000_000.0,
    seconds: SecondsOption = 30.0,
    rounds: RoundsOption = 60,
) -> None:
    """Plan a changed case anew in mid-term, with few changes to what runs.

    Tours that began before the month go on, unless the case does not allow them any more. Writes
    the files of a plan, and changes.csv with every tour dropped, new or impossible.
    """
    from sulh.cases.writing import write_all
    from sulh.core.errors import BadRequest
    from sulh.core.months import parse_month
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.earlier import missing_rows, refuse_to_lose
    from sulh.questions.forces.plan import gone, read_old_plan
    from sulh.questions.forces.replan import Kept
    from sulh.questions.forces.replan import replan as ask

    read = Case.read(case)
    month = read.index(parse_month(from_))
    if not 0 <= month < read.months:
        raise BadRequest(
            f"--from {from_}",
            f"the case runs from {read.start} to {read.month(read.months - 1)}",
            "name a month of the case",
        )
    refuse_to_lose(keep, output)
    warn(read.doubts)
    old = read_old_plan(read, keep)
    told(missing_rows(keep, old))
    told(gone(read, old))
    done = ask(read, Kept(old, month, weight), seconds, rounds)
    changes = done.changes()
    done.planned.write(output)
    write_all(output, {"changes.csv": changes.write_csv().encode()})
    counted = dict(changes.group_by("change").len().iter_rows())
    counts = ", ".join(f"{counted.get(k, 0)} {k}" for k in ("dropped", "new", "impossible"))
    summary = done.planned.summary()
    typer.echo(f"objective {summary['objective']:,.0f}; {counts} tours; wrote {output}")


COMMANDS: dict[str, Callable[..., None]] = {
    "explain": explain,
    "value": value,
    "loss": loss,
    "risk": risk,
    "trade": trade,
    "women": women,
    "group": group,
    "replan": replan,
}
