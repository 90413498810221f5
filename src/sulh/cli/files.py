"""Commands that read and write files: import, fetch, brief, cite, template."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sulh.cli.planning import PlanOption, SecondsOption
from sulh.cli.verbs import StoreOption, command_for
from sulh.core.printing import printable


def import_(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders, in any mix.")
    ] = None,
    store: StoreOption = None,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", help="Name of a file whose rows leave the store; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read files.")] = 2,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print refusals only.")] = False,
) -> None:
    """Recognise files by their content and import them into the store.

    Prints what was read, what was refused and why, with file, page and line. A file that is refused
    changes nothing; the store is the old one or the new one, whatever happens. A table of your own
    takes the place of an earlier one of its name.
    """
    from sulh.cli.progress import bar
    from sulh.core.errors import BadRequest
    from sulh.intake.importing import ImportOptions, import_paths

    if not paths and not drop:
        raise BadRequest(
            "neither a file to import nor one to drop",
            "there is nothing to do",
            "name files or folders: sulh import reports/ my-figures.csv",
        )
    options = ImportOptions(busy=_say_busy, drop=drop or ())
    with bar("Reading", shown=not as_json and not quiet) as progress:
        report = import_paths(
            paths or [], store, workers=workers, progress=progress, options=options
        )
    if not report.files and not report.dropped:
        raise BadRequest(
            f"no file in {', '.join(map(str, paths or []))}",
            "there is nothing to import; hidden files are left out",
            "name files, or a folder that holds some",
        )
    if as_json:
        for file in report.files:
            typer.echo(json.dumps(file.as_dict(), ensure_ascii=False))
    else:
        from sulh.cli.reports import print_import

        print_import(report, store, quiet=quiet)
    raise typer.Exit(report.status)


def _say_busy() -> None:
    """Say why nothing happens for a while."""
    typer.echo("another process writes to the store; waiting for it", err=True)


def fetch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Keys, their beginnings (un_hub, geopko) or usual; none lists them."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the files; the cache if left out.")
    ] = None,
    store: StoreOption = None,
    no_import: Annotated[
        bool, typer.Option("--no-import", help="Fetch only; import nothing.")
    ] = False,
) -> None:
    """Get files from their publishers, when online, and import them.

    Nothing is fetched unless you name a source. Downloads resume, are cached, and keep their hash
    and date beside them.
    """
    import platformdirs

    from sulh.cli.reports import print_endpoints, print_fetch, print_import
    from sulh.intake import fetching

    if not sources:
        print_endpoints(fetching.available())
        return
    from sulh.cli.progress import bar

    folder = to or Path(platformdirs.user_cache_dir("sulh", appauthor=False)) / "fetched"
    with bar("Fetching") as progress:
        fetched = fetching.fetch(
            sources, folder, progress=lambda p: progress(p.bytes, p.expected or p.bytes, p.file)
        )
    print_fetch(fetched)
    if no_import or not fetched.paths:
        raise typer.Exit(fetched.exit_status)
    from sulh.intake.importing import ImportOptions, import_paths

    options = ImportOptions(busy=_say_busy)
    with bar("Reading") as progress:
        report = import_paths(fetched.paths, store, workers=2, progress=progress, options=options)
    print_import(report, store)
    raise typer.Exit(max(fetched.exit_status, report.status))


def brief(
    subject: Annotated[str, typer.Argument(help="Group, nation or expression.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, always needed: .html, .pdf or .docx."),
    ] = None,
    lang: Annotated[
        Literal["en", "fr", "ar"], typer.Option(help="Language of the document.")
    ] = "en",
    membership: Annotated[
        Literal["dated", "today"], typer.Option(help="Members as of each month, or today's.")
    ] = "dated",
    case: Annotated[
        Path | None,
        typer.Option("--case", help="Case of force generation: what could be generated next."),
    ] = None,
    plan: PlanOption = None,
    seconds: SecondsOption = 60.0,
    store: StoreOption = None,
) -> None:
    """Write "The role of … in peacekeeping operations": one file, every figure with its source."""
    from sulh.api import Workbench
    from sulh.core.errors import BadRequest

    if output is None:
        raise BadRequest(
            f"brief {subject}: no file is named",
            "a document is written to a file, in the format by its ending",
            f"add for example: -o {_file_name(subject)}.html",
        )
    if plan is not None and case is None:
        raise BadRequest(f"--plan {plan} without a case", "a plan fills a case", "add --case")
    asked = None
    if case is not None:
        from sulh.briefing import CaseAsked

        asked = CaseAsked(case, plan, seconds)
    path = Workbench(store).brief(subject, output, lang=lang, membership=membership, case=asked)
    typer.echo(f"wrote {printable(str(path))} ({path.stat().st_size / 1e6:.1f} MB)")


def _file_name(subject: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in subject.casefold()).split()
    return "-".join(words) or "brief"


def cite(
    context: typer.Context,
    command: Annotated[
        list[str] | None,
        typer.Argument(help="A question with its options, for example: rank 2020-12."),
    ] = None,
    style: Annotated[Literal["plain", "bibtex"], typer.Option(help="Style.")] = "plain",
    store: StoreOption = None,
) -> None:
    """Cite whatever a question used, or with no question everything in the store."""
    from sulh.api import Workbench
    from sulh.core.errors import BadRequest
    from sulh.result.citations import cite as citations

    words = [*(command or []), *context.args]
    if not words:
        opened = Workbench(store).store
        typer.echo(citations(opened.origins(None), style))
        return
    caught: list[Any] = []
    asked = command_for(words[0], sink=caught.append)
    if asked is None:
        raise BadRequest(
            f"the question {words[0]!r}",
            "only questions have sources to cite",
            "name one of the questions that `sulh --help` lists",
        )
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(asked)
    stored = ["--store", str(store)] if store else []
    app([*words[1:], *stored], standalone_mode=False, prog_name=f"sulh {words[0]}")
    typer.echo(caught[0].cite(style))


def template(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if absent.")],
) -> None:
    """Write a template and an example for importing your own figures."""
    from sulh.intake.user import write_templates

    for path in write_templates(folder):
        typer.echo(printable(f"wrote {path}"))


COMMANDS: dict[str, Callable[..., None]] = {
    "import": import_,
    "fetch": fetch,
    "brief": brief,
    "cite": cite,
    "template": template,
}
SETTINGS: dict[str, dict[str, bool]] = {
    "cite": {"ignore_unknown_options": True, "allow_extra_args": True}
}
