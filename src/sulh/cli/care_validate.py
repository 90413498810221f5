"""Checks of location methods against published optima: ``sulh care validate pmedian|setcover``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sulh.methods.location import Located

FileArgument = Annotated[Path, typer.Argument(help="File in the format of the OR-Library.")]
SecondsOption = Annotated[
    float, typer.Option("--seconds", min=0.1, max=86_400, help="Time for the search.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``sulh care validate``."""
    app.command("pmedian")(pmedian)
    app.command("setcover")(setcover)


def pmedian(file: FileArgument, seconds: SecondsOption = 600.0) -> None:
    """Solve a p-median problem of the OR-Library and print its proven optimum as JSON.

    Objective, bound (equal where the optimum is proven) and seconds of the search.
    """
    from sulh.methods.location import median
    from sulh.methods.location.answer import Clock
    from sulh.methods.location.median import compiled
    from sulh.methods.location.orlib import read_median

    problem = read_median(file)
    _tell(compiled())
    median([[0.0, 1.0], [1.0, 0.0]], 1)  # compiles, if it never ran here, before the clock starts
    _print(median(problem.distances, problem.open, clock=Clock(seconds)))


def setcover(file: FileArgument, seconds: SecondsOption = 600.0) -> None:
    """Solve a set covering problem of the OR-Library and print its proven optimum as JSON.

    Objective, bound (equal where the optimum is proven) and seconds of the search.
    """
    import numpy as np

    from sulh.methods.location import Cover, cover_all
    from sulh.methods.location.answer import Clock
    from sulh.methods.location.orlib import read_cover
    from sulh.methods.location.setcover import compiled

    problem = read_cover(file)
    _tell(compiled())
    cover_all(Cover.of_table(np.ones(1), np.ones((1, 1), dtype=bool)))  # compiles, as above
    _print(cover_all(problem, Clock(seconds)))


def _tell(compiled: bool) -> None:
    if not compiled:
        typer.echo("compiling the search: once for this machine, up to a minute …", err=True)


def _print(found: Located) -> None:
    answer = {
        "objective": _number(found.objective),
        "bound": _number(found.bound),
        "seconds": round(found.seconds, 3),
        "proven": found.proven,
        "sites": [site + 1 for site in found.sites],
    }
    typer.echo(json.dumps(answer))


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
