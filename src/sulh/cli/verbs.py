"""Commands made from the workbench's methods: same names, same defaults, same help."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sulh.api.workbench import Workbench
from sulh.cli.answering import Format, Parameter, answer, is_verb, parameters_of, show

if TYPE_CHECKING:
    from sulh.result import Result

StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder of the store.", envvar="SULH_STORE")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the rows.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", help="Draw the chart to this file, .svg or .png.")
]

__all__ = ["ChartOption", "FormatOption", "OutputOption", "StoreOption", "command_for", "show"]


def command_for(
    verb: str, sink: Callable[[Result], None] | None = None
) -> Callable[..., None] | None:
    """Return a function that typer can make a command of, for one method of the workbench.

    The result is printed, or handed to ``sink`` if one is given. None for a name that is no verb.
    """
    if not is_verb(verb):
        return None

    def command(**options: Any) -> None:
        answer(verb, options, sink)

    own = {p.name: (_declared(p), p.default) for p in parameters_of(verb)}
    shared = {
        "store": (StoreOption, None),
        "format": (FormatOption, "table"),
        "output": (OutputOption, None),
        "chart": (ChartOption, None),
    }
    parameters = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
        )
        for name, (annotation, default) in (own | shared).items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    command.__doc__ = inspect.getdoc(getattr(Workbench, verb))
    command.__name__ = verb
    return command


def _declared(parameter: Parameter) -> Any:
    if parameter.option:
        return Annotated[parameter.kind, typer.Option(parameter.flag, help=parameter.help)]
    return Annotated[parameter.kind, typer.Argument(help=parameter.help)]
