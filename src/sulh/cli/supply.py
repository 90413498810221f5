"""Commands of supply: ``sulh supply …``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sulh.cli.contents import group_app

app = group_app("supply")
CaseArgument = Annotated[Path, typer.Argument(help="Folder of the case.")]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")]
ReplicationsOption = Annotated[
    int, typer.Option("--replications", min=1, max=100_000, help="Independent replications.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of all chance.")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=64, help="Threads at work.")]


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
    operation: Annotated[str, typer.Option("--operation", help="Operation, such as MINUSMA.")],
    month: Annotated[str, typer.Option("--month", help="Month of the lay-down, YYYY-MM.")],
    entry: Annotated[
        str | None,
        typer.Option("--entry", help="Where supplies come in: NAME,LATITUDE,LONGITUDE."),
    ] = None,
    depots: Annotated[
        int, typer.Option("--depots", min=0, max=50, help="Depots, placed by p-median.")
    ] = 2,
    days: Annotated[int, typer.Option("--days", min=1, max=3_660, help="Days to simulate.")] = 365,
    climate: Annotated[
        str | None,
        typer.Option("--climate", help="Needs of a tropical, arid, temperate or cold climate."),
    ] = None,
    store: Annotated[Path | None, typer.Option("--store", help="Folder of the store.")] = None,
) -> None:
    """Write a case from the real lay-down of an operation, each default with its source.

    Needs the deployment maps of Geo-PKO in the store; supplies come in at the headquarters unless
    told otherwise.
    """
    from sulh.questions.supply.new import Options, entry_of, write_case
    from sulh.store.reading import Store

    given = Options(entry_of(entry) if entry else None, depots, days, climate=climate)
    for path in write_case(Store.open(store), folder, operation, month, given):
        typer.echo(f"wrote {path}")


@app.command("check")
def check(case: CaseArgument) -> None:
    """Report every problem of a case at once, with file, line, value and mend.

    For a sound one, what it needs a day.
    """
    from sulh.questions.supply.case import Case

    read = Case.read(case)
    typer.echo(
        f"{case}: sound. {len(read.nodes):,} places, {read.persons:,} persons, "
        f"{len(read.routes):,} routes, {len(read.fleets):,} fleets"
    )
    for kind in read.commodities.values():
        brought = sum(read.kg_per_day(node, kind) for node in read.nodes.values()) / 1000
        used = read.persons * kind.kg_per_person_day / 1000
        typer.echo(f"  {kind.key}: {used:,.1f} t a day, of which {brought:,.1f} t are brought")


@app.command("simulate")
def simulate_(
    case: CaseArgument,
    output: OutputOption,
    replications: ReplicationsOption = 200,
    seed: SeedOption = 1,
    workers: WorkersOption = 2,
) -> None:
    """Simulate a case and write what runs short, where and how often, with a report.

    The same seed gives the same events, whatever the workers. The first run on a machine compiles
    the simulation, which takes about half a minute; later runs do not.
    """
    from sulh.questions.supply.case import Case
    from sulh.questions.supply.outputs import write_simulated
    from sulh.questions.supply.simulate import Effort, simulate

    read = Case.read(case)
    told = write_simulated(simulate(read, Effort(replications, seed, workers)), output)
    share, low, high = told["amount_short"]
    typer.echo(
        f"{told['tonnes_needed']:,.0f} t needed, {share:.2%} not met "
        f"({max(low, 0):.2%} to {high:.2%}), {told['usd'] / 1e6:,.1f} million USD, "
        f"{told['tonnes_co2']:,.0f} t CO2; wrote {output}"
    )


@app.command("size")
def size_(
    case: CaseArgument,
    output: OutputOption,
    at_work: Annotated[
        float, typer.Option("--at-work", min=0.05, max=1, help="Share of days on the road.")
    ] = 0.6,
    depot_usd: Annotated[
        float, typer.Option("--depot-usd", min=0, help="What an open depot costs a day.")
    ] = 0.0,
    replications: ReplicationsOption = 200,
    seed: SeedOption = 1,
    workers: WorkersOption = 2,
) -> None:
    """Size fleets, escorts, stocks and depots at least cost, and confirm them by simulation.

    Writes the sized case, what it promises and what the simulation finds, side by side.
    """
    from sulh.questions.supply.case import Case
    from sulh.questions.supply.outputs import write_sized
    from sulh.questions.supply.simulate import Effort, simulate
    from sulh.questions.supply.size import Wish, size

    sized = size(Case.read(case), Wish(at_work=at_work, depot_usd=depot_usd))
    found = simulate(sized.case, Effort(replications, seed, workers))
    told = write_sized(sized, found, output)
    fleets = ", ".join(f"{count:,} {key}" for key, count in told["vehicles"].items())
    typer.echo(
        f"{fleets}, {told['escorts']} escorts, {told['usd_planned'] / 1e6:,.1f} million USD "
        f"(bound {told['usd_bound'] / 1e6:,.1f}); promised 0.00% not met, simulated "
        f"{told['amount_short_simulated'][0]:.2%}; wrote {output}"
    )
