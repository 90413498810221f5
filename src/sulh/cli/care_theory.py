"""Simulated queues beside theory: ``sulh care validate`` and ``sulh care validate queue``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated

import typer

CustomersOption = Annotated[
    int, typer.Option("--customers", min=25, max=10**9, help="Customers of a run.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the random streams.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``sulh care validate``."""
    app.callback()(built_in)
    app.command("queue")(queue)


def built_in(
    context: typer.Context,
    customers: CustomersOption = 1_000_000,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
    files: Annotated[
        Path | None, typer.Option("--files", help="Folder of problems of the OR-Library.")
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, max=86_400, help="Time for each of them.")
    ] = 60.0,
) -> None:
    """Hold the methods against theory and published optima.

    Without a command: simulated queues, a network and units that answer calls beside closed forms,
    with z-scores; then location methods beside known answers, with the difference.
    """
    if context.invoked_subcommand is not None:
        return
    _simulated(customers, seed, as_json)
    _exact(files, seconds, as_json)


def _simulated(customers: int, seed: int, as_json: bool) -> None:
    from itertools import chain

    from sulh.methods.location.callouts import built_in as answered
    from sulh.methods.simulation.theory import built_in as queued

    if not as_json:
        head = f"{'theory':>10} {'simulated':>10} {'±':>8} {'z':>6}"
        typer.echo(f"{'model':36} {'measure':22} {head}")
    for m in chain(queued(customers, seed), answered(customers, seed)):
        found = m.simulated
        row = {"model": m.model, "measure": m.measure, "theory": m.theory}
        row |= {"simulated": found.value, "half_width": found.half_width, "z": m.z}
        if as_json:
            typer.echo(json.dumps(row))
            continue
        typer.echo(
            f"{m.model:36} {m.measure:22} {m.theory:10.6f} {found.value:10.6f} "
            f"{found.half_width:8.6f} {m.z:6.2f}"
        )


def _exact(folder: Path | None, seconds: float, as_json: bool) -> None:
    from itertools import chain

    from sulh.methods.location.checks import built_in as known
    from sulh.methods.location.checks import of_files

    if not as_json:
        typer.echo(f"\n{'model':36} {'measure':22} {'known':>10} {'found':>10} {'difference':>10}")
    for check in chain(known(), of_files(folder, seconds) if folder else ()):
        row = {"model": check.model, "measure": check.measure, "theory": check.known}
        row |= {"simulated": check.value, "half_width": 0.0, "z": check.z}
        row |= {"difference": check.difference}
        if as_json:
            typer.echo(json.dumps(row))
            continue
        gone = f"{check.known:10g}" if check.known is not None else f"{'':10}"
        off = f"{check.difference:10.2g}" if check.difference is not None else ""
        typer.echo(f"{check.model:36} {check.measure:22} {gone} {check.value:10g} {off}")


def queue(
    servers: Annotated[int, typer.Option("--servers", help="Servers.")],
    load: Annotated[
        float, typer.Option("--load", help="Arrivals in a mean service time, in Erlangs.")
    ],
    customers: CustomersOption = 1_000_000,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Simulate M/M/c and its loss system at service rate 1 beside Erlang's formulas.

    The wait is the mean time in queue; blocked the share turned away where there is no queue.
    Half-widths are of 95 % intervals. Where the load fills the servers there is no mean wait: null.
    """
    from sulh.methods.simulation.theory import multi_server

    wait, blocked = multi_server(servers, load, customers, seed)
    answer = {
        "wait_theory": wait.theory,
        "wait_simulated": wait.simulated.value,
        "half_width": wait.simulated.half_width,
        "blocked_theory": blocked.theory,
        "blocked_simulated": blocked.simulated.value,
        "blocked_half_width": blocked.simulated.half_width,
    }
    known = {key: value if math.isfinite(value) else None for key, value in answer.items()}
    if as_json:
        typer.echo(json.dumps(known))
        return
    for key, value in known.items():
        typer.echo(f"{key:20} {'unbounded or unknown' if value is None else f'{value:.6f}'}")
