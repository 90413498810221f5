"""The application: the verbs made from the workbench, and those that write files."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from sulh.cli import files
from sulh.cli.verbs import VERBS, command_for
from sulh.core.errors import SulhError

_EPILOG = (
    "Exit status: 0 done, 1 done with refusals, 2 nothing done. "
    "The store is --store, else SULH_STORE, else your own, else the small one in the package."
)


def _version(asked: bool) -> None:
    if asked:
        from sulh import __version__

        typer.echo(f"sulh {__version__}")
        raise typer.Exit


def build(only: str | None = None) -> typer.Typer:
    """Return the application with all its commands, or with one, which starts faster."""
    app = typer.Typer(
        name="sulh",
        help="Peace operations with figures anyone can check.",
        epilog=_EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def _top(
        version: bool = typer.Option(
            False, "--version", help="Print the version.", callback=_version, is_eager=True
        ),
    ) -> None:
        del version

    for panel, names in VERBS.items():
        for name in names:
            if only not in (None, name):
                continue
            command = command_for(name)
            assert command is not None
            app.command(name, rich_help_panel=panel)(command)
    for name, function in files.COMMANDS.items():
        if only not in (None, name):
            continue
        app.command(
            name,
            rich_help_panel=files.PANEL,
            context_settings=files.SETTINGS.get(name, {}),
        )(function)
    if only in (None, "forces"):
        from sulh.cli import forces

        app.add_typer(forces.app, name="forces", rich_help_panel="Force generation")
    if only in (None, "agenda", "registry"):
        from sulh.cli import agenda, registry

        app.command("agenda", rich_help_panel=registry.PANEL)(agenda.agenda)
        app.add_typer(registry.app, name="registry", rich_help_panel=registry.PANEL)
    return app


def arranged(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a ``--store`` that stands before the verb moved behind it.

    >>> arranged(["--store", "here", "rank", "2020-12"])
    ['rank', '2020-12', '--store', 'here']
    """
    words, moved = list(arguments), []
    while words and (words[0] == "--store" or words[0].startswith("--store=")):
        count = 2 if words[0] == "--store" else 1
        moved += words[:count]
        del words[:count]
    return words + moved


def _verb(words: Sequence[str]) -> str | None:
    known = {name for names in VERBS.values() for name in names}
    known |= {*files.COMMANDS, "forces", "agenda", "registry"}
    return words[0] if words and words[0] in known else None


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    words = arranged(arguments)
    try:
        build(_verb(words))(words, prog_name="sulh", standalone_mode=True)
    except SulhError as error:
        typer.echo(f"sulh: {error}", err=True)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0
