"""What a verb takes, by the workbench's signature, and how its answer is written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

from sulh.api.workbench import Workbench
from sulh.cli.contents import VERBS

if TYPE_CHECKING:
    from sulh.result import Result

Format = Literal["table", "csv", "json", "parquet", "xlsx"]
SHARED: Mapping[str, Any] = {
    "store": Path | None,
    "format": Format,
    "output": Path | None,
    "chart": Path | None,
}
"""Options that every verb has, with the types of their values."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or an option of a verb."""

    name: str
    kind: Any
    help: str
    option: bool
    default: Any

    @property
    def flag(self) -> str:
        """The option as it is written: ``--from`` for ``from_``."""
        return f"--{self.name.rstrip('_')}"

    @property
    def needed(self) -> bool:
        """Whether it has no default."""
        return self.default is inspect.Parameter.empty


def is_verb(name: str) -> bool:
    """Return whether a command is made from a method of the workbench."""
    return any(name in names for names in VERBS.values())


def parameters_of(verb: str) -> tuple[Parameter, ...]:
    """Return the arguments and options of a verb's own, as its method declares them."""
    method = getattr(Workbench, verb)
    hints = get_type_hints(method, localns={"Result": object, "Path": Path}, include_extras=True)
    found = []
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name != "self":
            hint, text = hints[parameter.name], ""
            if get_origin(hint) is Annotated:
                hint, text = get_args(hint)[0], str(get_args(hint)[1])
            option = parameter.kind is inspect.Parameter.KEYWORD_ONLY
            found.append(Parameter(parameter.name, hint, text, option, parameter.default))
    return tuple(found)


def answer(
    verb: str, options: Mapping[str, Any], sink: Callable[[Result], None] | None = None
) -> None:
    """Ask a verb with its own options and the shared ones, and write the result.

    With ``sink`` the result is handed to it instead.
    """
    given = {name: value for name, value in options.items() if name not in SHARED}
    result: Result = getattr(Workbench(options["store"]), verb)(**given)
    if sink is not None:
        sink(result)
    else:
        show(result, options["format"], options["output"], options["chart"])


def show(result: Result, format: Format, output: Path | None, chart: Path | None) -> None:  # noqa: A002
    """Write a result where the options say; a file in the format that its name ends in."""
    import sys

    from sulh.core.errors import BadRequest
    from sulh.result.formats import render
    from sulh.result.writing import write_file

    chosen = format if output is None else _format_of(output, format)
    if chart is not None:
        result.save_chart(chart)
    content = render(result, chosen)
    if output is not None:
        write_file(output, content.encode() if isinstance(content, str) else content)
        return
    if isinstance(content, str):
        sys.stdout.write(content if content.endswith("\n") else content + "\n")
    elif sys.stdout.isatty():
        raise BadRequest(
            f"{chosen} for the terminal",
            "its bytes would garble the screen",
            "name a file with --output",
        )
    else:
        sys.stdout.buffer.write(content)
    sys.stdout.flush()


_OF_OTHERS = (".doc", ".docx", ".htm", ".html", ".ods", ".odt", ".pdf", ".png", ".svg", ".xls")


def _format_of(path: Path, format: Format) -> str:  # noqa: A002
    """Return the format for a file, or refuse a name that says another.

    >>> _format_of(Path("a.xlsx"), "table"), _format_of(Path("a.txt"), "table")
    ('xlsx', 'table')
    """
    from sulh.core.errors import BadRequest

    ending = path.suffix.lower()
    named = ending.removeprefix(".")
    if named in get_args(Format) and format in ("table", named):
        return named
    if named in get_args(Format) or ending in _OF_OTHERS:
        raise BadRequest(
            f"{'a table' if format == 'table' else format} for a file named {path.name}",
            "a program that goes by the name could not read it",
            "end the name in .txt, .csv, .json, .parquet or .xlsx, as it is to be written",
        )
    return format
