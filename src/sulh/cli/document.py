"""The page on commands, written from the commands themselves and ``examples.toml``.

``python -m sulh.cli.document > docs/commands.md`` writes it again.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.resources import files
from typing import Any, Literal, get_args, get_origin

import typer

from sulh.cli.app import build

_INTRODUCTION = """\
# Commands

This page is written from the commands themselves (`make docs`). Every question is also a function
in Python under the same name, with the same options and defaults.

Exit status: 0 done, 1 done with refusals, 2 nothing done. `--store DIR` may stand anywhere; without
it the store is `SULH_STORE`, else your own, else the small one in the package.
"""


def page() -> str:
    """Return the page as Markdown."""
    text = files("sulh.cli").joinpath("examples.toml").read_text(encoding="utf-8")
    examples = tomllib.loads(text)
    group: Any = typer.main.get_command(build())
    return "\n".join(
        [_INTRODUCTION, *(_section(name, c, examples[name]) for name, c in group.commands.items())]
    )


def _section(name: str, command: Any, example: dict[str, Any]) -> str:
    lines = [f"## {name}", "", *(line.strip() for line in command.help.splitlines()), ""]
    lines += _inner(name, command)
    lines += [] if hasattr(command, "commands") else _options(command)
    if "run" in example:
        lines += ["", "```console", *(f"$ {line}" for line in example["run"]), "```"]
    if "see" in example:
        lines += ["", "```sh", *example["see"], "```"]
    return "\n".join([*lines, "", example["note"], ""])


def _inner(name: str, group: Any) -> list[str]:
    """Return the parts on the commands of a group, those of groups within it too."""
    lines: list[str] = []
    for inner, verb in getattr(group, "commands", {}).items():
        if hasattr(verb, "commands"):
            lines += _inner(f"{name} {inner}", verb)
            continue
        lines += [f"### {name} {inner}", "", *(text.strip() for text in verb.help.splitlines()), ""]
        lines += [*_options(verb), ""]
    return lines


def _options(command: Any) -> list[str]:
    found = [_option(parameter) for parameter in command.params if parameter.name != "help"]
    return ["| Option | Default | Meaning |", "|---|---|---|", *found]


def _option(parameter: Any) -> str:
    argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if argument else ", ".join(parameter.opts)
    default = parameter.default
    shown = "" if default is None or callable(default) else f"`{default}`"
    if parameter.required:
        shown = "required"
    meaning = (parameter.help or "").replace("|", "\\|").rstrip(".")
    annotation = parameter.type_descriptor.annotation
    if get_origin(annotation) is Literal:
        meaning = f"{meaning} ({', '.join(get_args(annotation))})".strip()
    return f"| `{name}` | {shown} | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(page())
