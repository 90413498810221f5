"""The application: the verbs made from the workbench, and those that write files."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from sulh.cli import files
from sulh.cli.mistakes import hint, refuse_mistakes
from sulh.cli.verbs import VERBS, command_for
from sulh.core.errors import BadRequest, SulhError, UnknownName
from sulh.core.printing import printable

_TRACE = "SULH_TRACE"
_EPILOG = (
    "Exit status: 0 done, 1 done with refusals, 2 nothing done. "
    "The store is --store, else SULH_STORE, else your own, else the small one in the package."
)


GROUPS = {
    "forces": "Force generation",
    "care": "Care",
    "supply": "Supply and relief",
    "relief": "Supply and relief",
    "registry": "Registry",
}
"""Groups of commands, each a module of this package with an ``app``, and their panels."""


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
    for name, panel in GROUPS.items():
        if only in (None, name):
            group = import_module(f"sulh.cli.{name}")
            app.add_typer(group.app, name=name, rich_help_panel=panel)
    if only in (None, "agenda"):
        from sulh.cli import agenda, registry

        app.command("agenda", rich_help_panel=registry.PANEL)(agenda.agenda)
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
    known |= {*files.COMMANDS, *GROUPS, "agenda"}
    return words[0] if words and words[0] in known else None


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    words = arranged(arguments)
    try:
        _refuse_empty(words)
        refuse_mistakes(words)
        build(_verb(words))(words, prog_name="sulh", standalone_mode=True)
    except SulhError as error:
        named = hint(words) if isinstance(error, UnknownName) else None
        return _say(error, f" Or: {named}" if named else "")
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        _give_up_output()
        return _say(_system_error(error))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except Exception as error:
        if os.environ.get(_TRACE):
            raise
        return _say(_fault(error))
    return 0


def _refuse_empty(words: Sequence[str]) -> None:
    """Refuse an argument without text, such as that of a variable which the shell has not set."""
    for place, word in enumerate(words, start=1):
        if not word.strip() or (word.startswith("--") and word.endswith("=")):
            raise BadRequest(
                f"argument {place} is empty" + (f" ({word!r})" if word.strip() else ""),
                "the default would answer a question that was not asked",
                "leave it out, or give it a value",
            )


def _say(error: SulhError, more: str = "") -> int:
    lines = [printable(line) for line in f"sulh: {error}{more}".splitlines()]
    with contextlib.suppress(OSError):
        typer.echo("\n".join(lines), err=True)
    return 2


def _system_error(error: OSError) -> SulhError:
    where = str(error.filename) if error.filename else "the output"
    return SulhError(
        f"{where}: {error.strerror or error}",
        "what was asked for could not be read or written",
        "free some space, or name another file or folder",
    )


def _fault(error: Exception) -> SulhError:
    return SulhError(
        f"a fault in sulh ({type(error).__name__})",
        "it met something that it was not made for, and a guess is no answer",
        f"report the command; with {_TRACE}=1 in the environment it prints where it stopped",
    )


def _give_up_output() -> None:
    """Point standard output at nothing, so that Python's own flush at the end says no more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
