"""Commands made from the workbench's methods: same names, same defaults, same help."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer

from sulh.api.workbench import Workbench
from sulh.cli.contents import VERBS

if TYPE_CHECKING:
    from sulh.result import Result

Format = Literal["table", "csv", "json", "parquet", "xlsx"]
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


def command_for(
    verb: str, sink: Callable[[Result], None] | None = None
) -> Callable[..., None] | None:
    """Return a function that typer can make a command of, for one method of the workbench.

    The result is printed, or handed to ``sink`` if one is given. None for a name that is no verb.
    """
    if not any(verb in names for names in VERBS.values()):
        return None
    method = getattr(Workbench, verb)
    own = _parameters(method)

    def command(**options: Any) -> None:
        given = {name: options[name] for name in own}
        workbench = Workbench(options["store"])
        result: Result = getattr(workbench, verb)(**given)
        if sink is not None:
            sink(result)
        else:
            show(result, options["format"], options["output"], options["chart"])

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
    command.__doc__ = inspect.getdoc(method)
    command.__name__ = verb
    return command


def _parameters(method: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
    hints = get_type_hints(method, localns={"Result": object, "Path": Path}, include_extras=True)
    found = {}
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name != "self":
            found[parameter.name] = (_declared(hints[parameter.name], parameter), parameter.default)
    return found


def _declared(hint: Any, parameter: inspect.Parameter) -> Any:
    text = ""
    if get_origin(hint) is Annotated:
        hint, text = get_args(hint)[0], str(get_args(hint)[1])
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
        return Annotated[hint, typer.Option(f"--{parameter.name.rstrip('_')}", help=text)]
    return Annotated[hint, typer.Argument(help=text)]


def show(result: Result, format: Format, output: Path | None, chart: Path | None) -> None:  # noqa: A002
    """Write a result where the options say."""
    import sys

    from sulh.core.errors import BadRequest
    from sulh.result.formats import render
    from sulh.result.writing import write_file

    if chart is not None:
        result.save_chart(chart)
    content = render(result, format)
    if output is not None:
        write_file(output, content.encode() if isinstance(content, str) else content)
        return
    if isinstance(content, str):
        sys.stdout.write(content if content.endswith("\n") else content + "\n")
    elif sys.stdout.isatty():
        raise BadRequest(
            f"{format} for the terminal",
            "its bytes would garble the screen",
            "name a file with --output",
        )
    else:
        sys.stdout.buffer.write(content)
    sys.stdout.flush()
