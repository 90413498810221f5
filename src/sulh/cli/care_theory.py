"""Simulated queues beside theory: ``sulh care validate`` and ``sulh care validate queue``."""

from __future__ import annotations

import json
import math
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
) -> None:
    """Hold the methods against theory and published optima.

    Without a command: simulated queues and a network beside closed forms, with z-scores.
    """
    if context.invoked_subcommand is not None:
        return
    from sulh.methods.simulation.theory import built_in as measured

    if not as_json:
        typer.echo(
            f"{'model':36} {'measure':22} {'theory':>10} {'simulated':>10} {'±':>8} {'z':>6}"
        )
    for m in measured(customers, seed):
        found = m.simulated
        if as_json:
            row = {
                "model": m.model,
                "measure": m.measure,
                "theory": m.theory,
                "simulated": found.value,
                "half_width": found.half_width,
                "z": m.z,
            }
            typer.echo(json.dumps(row))
            continue
        typer.echo(
            f"{m.model:36} {m.measure:22} {m.theory:10.6f} {found.value:10.6f} "
            f"{found.half_width:8.6f} {m.z:6.2f}"
        )


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
