"""What commands there are, in their panels, and the page of help that lists them.

The page is drawn here: loading the commands, and a library to draw with, would take longer than
most questions.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

ABOUT = "Peace operations with figures anyone can check."
EPILOGUE = (
    "Exit status: 0 done, 1 done with refusals, 2 nothing done. "
    "The store is --store, else SULH_STORE, else your own, else the small one in the package."
)
HELP = ("-h", "--help")
VERBS = {
    "Who serves where": (
        "contributions",
        "rank",
        "nation",
        "operation",
        "mix",
        "units",
        "sustain",
        "fatalities",
        "strength",
        "known",
    ),
    "Who carries how much": ("burden", "concentration", "lorenz", "without"),
    "Who works with whom": (
        "ties",
        "cooperation",
        "training",
        "network",
        "diplomacy",
        "events",
        "panel",
    ),
    "What is in the store": ("sources", "gaps", "check", "tables", "table"),
    "Facts": ("groups", "operations", "planning"),
}
"""Commands made from the workbench's methods of the same names, by panel."""


@dataclass(frozen=True)
class Entry:
    """A command of its own module, or a group of them: its panel and its help in a line."""

    panel: str
    help: str


FILES = {
    "import": Entry("Files", "Recognise files by their content and import them into the store."),
    "fetch": Entry("Files", "Get files from their publishers, when online, and import them."),
    "brief": Entry(
        "Files",
        'Write "The role of … in peacekeeping operations": one file, every figure with its source.',
    ),
    "cite": Entry(
        "Files", "Cite whatever a question used, or with no question everything in the store."
    ),
    "template": Entry("Files", "Write a template and an example for importing your own figures."),
}
GROUPS = {
    "forces": Entry(
        "Force generation",
        "Force generation: who can fill what is missing, when, and why a gap stays open.",
    ),
    "care": Entry("Care", "Medical support: do the wounded and the sick reach care in time?"),
    "supply": Entry(
        "Supply and relief",
        "Supply: can the operation be supplied, what runs short, which fleet and stocks it needs.",
    ),
    "relief": Entry(
        "Supply and relief",
        "Relief: what people in a disaster need, and which registered teams could give it.",
    ),
    "registry": Entry(
        "Registry",
        "The registry: agreements, dialogues, pledges, courses, posts and teams, with their "
        "history.",
    ),
}
"""Groups of commands, each a module of this package with an ``app``."""

AGENDA = Entry(
    "Registry",
    "Show what expires, what notice falls due before it, what was promised and not done.",
)
OTHERS = FILES | GROUPS | {"agenda": AGENDA}


def names() -> Iterator[str]:
    """Yield the names of all commands."""
    for verbs in VERBS.values():
        yield from verbs
    yield from OTHERS


def group_app(name: str) -> typer.Typer:
    """Return the application of a group, without its commands."""
    import typer

    return typer.Typer(
        name=name,
        help=GROUPS[name].help,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": list(HELP)},
    )


def listed() -> dict[str, dict[str, str]]:
    """Return for each panel its commands with a line of help."""
    from sulh.api.workbench import Workbench

    panels = {
        panel: {verb: _first_line(getattr(Workbench, verb)) for verb in verbs}
        for panel, verbs in VERBS.items()
    }
    for name, entry in OTHERS.items():
        panels.setdefault(entry.panel, {})[name] = entry.help
    return panels


def _first_line(method: object) -> str:
    return (inspect.getdoc(method) or "").partition("\n\n")[0].replace("\n", " ")


def page(width: int) -> str:
    """Return the page of help, ``width`` columns wide."""
    panels = listed()
    widest = max(len(name) for panel in panels.values() for name in panel) + 4
    lines = ["Usage: sulh COMMAND [ARGUMENTS] [OPTIONS]", "       sulh COMMAND --help", "", ABOUT]
    for panel, commands in panels.items():
        lines += ["", panel]
        for name, told in commands.items():
            lines += textwrap.wrap(
                told,
                width,
                initial_indent=f"  {name}".ljust(widest),
                subsequent_indent=" " * widest,
            )
    lines += ["", "Options", "  --version".ljust(widest) + "Print the version."]
    lines += ["  -h, --help".ljust(widest) + "Show this page, or that of a command.", ""]
    return "\n".join([*lines, *textwrap.wrap(EPILOGUE, width)])
