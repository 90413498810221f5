"""The commands of medical support: ``sulh care …``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sulh.cli import care_theory, care_validate
from sulh.cli.contents import group_app
from sulh.cli.planning import CaseArgument, WorkersOption, pool_of

if TYPE_CHECKING:
    from sulh.questions.care.case import Case

_SETTINGS = {"help_option_names": ["-h", "--help"]}
app = group_app("care")
validate = typer.Typer(
    help="Hold the methods against theory and published optima.",
    invoke_without_command=True,
    context_settings=_SETTINGS,
)
app.add_typer(validate, name="validate")
care_theory.register(validate)
care_validate.register(validate)

OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")]
ReplicationsOption = Annotated[
    int, typer.Option("--replications", min=1, max=1_000_000, help="Independent runs.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the random streams.")]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="Address of a Dask scheduler to run on in place of processes."),
]
FormatOption = Annotated[
    Literal["table", "csv", "json"], typer.Option("--format", "-f", help="How to print.")
]


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
    operation: Annotated[str, typer.Option("--operation", help="Operation, by its acronym.")],
    month: Annotated[str, typer.Option("--month", help="Month of the lay-down, YYYY-MM.")],
    store: Annotated[Path | None, typer.Option("--store", help="Store to read.")] = None,
) -> None:
    """Write a case from the real lay-down of an operation, each default with its source."""
    from sulh.questions.care.example import write_example
    from sulh.store.reading import Store

    for path in write_example(folder, Store.open(store), operation, month):
        typer.echo(f"wrote {path}")


@app.command("check")
def check(case: CaseArgument) -> None:
    """Report every problem of a case at once, with file, line, value and mend."""
    from sulh.questions.care.case import Case
    from sulh.questions.care.warnings import warnings

    found = Case.read(case)
    evacuated, all_ = found.expected_evacuated, found.expected_patients
    typer.echo(
        f"{case}: sound. {found.people:,} people at {len(found.sites)} sites, "
        f"{len(found.facilities)} facilities, {sum(f.number for f in found.fleets)} units; "
        f"expected in {found.settings.days} days: {evacuated:,.0f} patients of priority 1 to 3, "
        f"{all_ - evacuated:,.0f} outpatients"
    )
    for warning in warnings(found):
        typer.echo(f"  note: {warning}")


@contextmanager
def _workers(number: int, cluster: str | None) -> Iterator[Executor | None]:
    """Yield an executor on a cluster or of processes, or None for one worker."""
    if cluster is None:
        with pool_of(number) as pool:
            yield pool
        return
    from sulh.core.errors import BadRequest

    try:
        from distributed import Client
    except ImportError as error:
        raise BadRequest(
            "--cluster needs the package distributed",
            "it is not installed",
            "install sulh with the extra `cluster`, or leave the option out",
        ) from error
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        yield client.get_executor()


def _ready(case: Case) -> None:
    from sulh.questions.care.engine.warm import warm

    case.refuse_too_many()
    warm(case, lambda text: typer.echo(text, err=True))


@contextmanager
def _counted(total: int) -> Iterator[Callable[[int], None] | None]:
    """Yield a function that shows how many replications are done, or None without a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("simulating") as status:
        yield lambda done: status.update(f"{done:,} of {total:,} replications")


@app.command("simulate")
def simulate(
    case: CaseArgument,
    output: OutputOption,
    replications: ReplicationsOption = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
) -> None:
    """Simulate a case: events, statistics with intervals, a report.

    Ctrl-C ends it with the replications that are done. The same seed gives the same events,
    whatever the workers.
    """
    from sulh.core.errors import BadRequest
    from sulh.questions.care.case import Case
    from sulh.questions.care.outcome import simulate as ask
    from sulh.questions.care.outputs import write

    if output.exists() and not output.is_dir():
        raise BadRequest(f"--output {output} is a file", "ten files are written", "name a folder")
    read = Case.read(case)
    _ready(read)
    with _workers(workers, cluster) as pool, _counted(replications) as progress:
        outcome = ask(read, replications, seed, pool, progress)
    write(outcome, output)
    stopped = f" of {replications:,} asked for" if outcome.replications < replications else ""
    evacuated, walked = outcome.raw.patient.size, int(outcome.outpatients.sum())
    typer.echo(
        f"{outcome.replications:,} replications of {read.settings.days} days{stopped}, in all "
        f"{evacuated:,} patients of priority 1 to 3 ({evacuated / outcome.replications:,.0f} a "
        f"replication), {walked:,} outpatients ({walked / outcome.replications:,.0f}), "
        f"{int(outcome.raw.events.sum()):,} events; wrote {output}"
    )


@app.command("compare")
def compare(
    first: Annotated[Path, typer.Argument(help="Folder of a case.")],
    second: Annotated[Path, typer.Argument(help="Folder of the case held against it.")],
    replications: ReplicationsOption = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    format: FormatOption = "table",  # noqa: A002
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write in place of printing.")
    ] = None,
) -> None:
    """Say what the second case changes: paired differences on common random numbers."""
    from sulh.cli.verbs import show
    from sulh.questions.care.case import Case
    from sulh.questions.care.compare import compare as ask

    one, other = Case.read(first), Case.read(second)
    _ready(one)
    other.refuse_too_many()
    with _workers(workers, None) as pool:
        show(ask(one, other, replications, seed, pool), format, output, None)


@app.command("site")
def site(
    case: CaseArgument,
    hospitals: Annotated[int, typer.Option("--hospitals", help="Level 2 hospitals to stand.")],
    helicopters: Annotated[int, typer.Option("--helicopters", help="Helicopters to stand.")],
    by: Annotated[
        Literal["cover", "median"],
        typer.Option("--by", help="Hospitals by largest cover, or by least distance (p-median)."),
    ] = "cover",
    replications: ReplicationsOption = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    format: FormatOption = "table",  # noqa: A002
) -> None:
    """Say where hospitals and helicopters cover most: promised and simulated, side by side."""
    from sulh.cli.verbs import show
    from sulh.questions.care.case import Case
    from sulh.questions.care.site import Effort
    from sulh.questions.care.site import site as ask

    read = Case.read(case)
    _ready(read)
    with _workers(workers, None) as pool:
        sited = ask(read, hospitals, helicopters, Effort(by, replications, seed), pool)
    show(sited.result, format, None, None)


@app.command("sensitivity")
def sensitivity(
    case: CaseArgument,
    method: Annotated[
        Literal["morris", "sobol"], typer.Option("--method", help="How inputs are screened.")
    ] = "morris",
    samples: Annotated[
        int, typer.Option("--samples", min=2, max=10_000, help="Trajectories or base samples.")
    ] = 10,
    replications: ReplicationsOption = 5,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    format: FormatOption = "table",  # noqa: A002
) -> None:
    """Screen which uncertain inputs the share in surgery in time rests on (needs SALib)."""
    from sulh.cli.verbs import show
    from sulh.questions.care.case import Case
    from sulh.questions.care.screen import Effort, screen

    read = Case.read(case)
    _ready(read)
    with _workers(workers, None) as pool:
        show(screen(read, Effort(method, samples, replications, seed), pool), format, None, None)
