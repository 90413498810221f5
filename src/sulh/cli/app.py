"""The application: the verbs made from the workbench, and those of other modules."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from sulh.cli import plain
from sulh.cli.answering import answer
from sulh.cli.contents import ABOUT, EPILOGUE, FILES, GROUPS, HELP, OTHERS, VERBS, names, page
from sulh.cli.mistakes import hint, refuse_mistakes
from sulh.core.errors import BadRequest, SulhError, UnknownName
from sulh.core.printing import printable, terminal_width

if TYPE_CHECKING:
    import typer

_TRACE = "SULH_TRACE"


def _version(asked: bool) -> None:
    if asked:
        import typer

        from sulh import __version__

        typer.echo(f"sulh {__version__}")
        raise typer.Exit


def build(only: str | None = None) -> typer.Typer:
    """Return the application with all its commands, or with one, which starts faster."""
    import typer

    app = typer.Typer(
        name="sulh",
        help=ABOUT,
        epilog=EPILOGUE,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": list(HELP)},
    )

    @app.callback()
    def _top(
        version: bool = typer.Option(
            False, "--version", help="Print the version.", callback=_version, is_eager=True
        ),
    ) -> None:
        del version

    for panel, verbs in VERBS.items():
        for name in verbs:
            if only in (None, name):
                _add_verb(app, name, panel)
    for name in OTHERS:
        if only in (None, name):
            _add_other(app, name)
    return app


def _add_verb(app: typer.Typer, name: str, panel: str) -> None:
    from sulh.cli.verbs import command_for

    command = command_for(name)
    assert command is not None
    app.command(name, rich_help_panel=panel)(command)


def _add_other(app: typer.Typer, name: str) -> None:
    """Add a command or a group of a module of its own, which is loaded here."""
    panel = OTHERS[name].panel
    if name in GROUPS:
        group = import_module(f"sulh.cli.{name}")
        app.add_typer(group.app, name=name, rich_help_panel=panel)
    elif name in FILES:
        from sulh.cli import files

        settings = files.SETTINGS.get(name, {})
        app.command(name, rich_help_panel=panel, context_settings=settings)(files.COMMANDS[name])
    else:
        from sulh.cli.agenda import agenda

        app.command(name, rich_help_panel=panel)(agenda)


def arranged(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a ``--store`` before the verb, or the word help, moved behind it.

    >>> arranged(["--store", "here", "rank", "2020-12"])
    ['rank', '2020-12', '--store', 'here']
    >>> arranged(["help", "rank"])
    ['rank', '--help']
    """
    words, moved = _called_for_help(arguments), []
    while words and (words[0] == "--store" or words[0].startswith("--store=")):
        count = 2 if words[0] == "--store" else 1
        moved += words[:count]
        del words[:count]
    return words + moved


def _called_for_help(arguments: Sequence[str]) -> list[str]:
    words = list(arguments)
    return [*words[1:], HELP[1]] if words[:1] == ["help"] else words


def _verb(words: Sequence[str]) -> str | None:
    return words[0] if words and words[0] in set(names()) else None


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    words = arranged(arguments)
    try:
        if not words or (len(words) == 1 and words[0] in HELP):
            sys.stdout.write(page(terminal_width()) + "\n")
            return 0 if words else 2
        _refuse_empty(words)
        refuse_mistakes(words)
        _obey(words)
    except SulhError as error:
        named = hint(words) if isinstance(error, UnknownName) else None
        return _say(error, f" Or: {named}" if named else "")
    except BrokenPipeError:
        _give_up_output()
        return 0
    except KeyboardInterrupt:
        return 130
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


def _obey(words: Sequence[str]) -> None:
    """Do what the words ask, without loading typer where they are plain."""
    options = plain.read(words)
    if options is not None:
        answer(words[0], options)
    else:
        build(_verb(words))(words, prog_name="sulh", standalone_mode=True)


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
        sys.stderr.write("\n".join(lines) + "\n")
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
