"""The command ``sulh agenda``: what falls due, as a table, a calendar file or a feed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sulh.cli.registry import AsOfOption, RegistryOption, opened, today
from sulh.cli.verbs import FormatOption, OutputOption, show


def agenda(
    as_of: AsOfOption = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last day; half a year on if left out.")
    ] = None,
    hijri: Annotated[bool, typer.Option("--hijri", help="Hijri dates beside Gregorian.")] = False,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write an iCalendar file.")] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the calendar to this machine until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to serve on; 0: any that is free.")
    ] = 8377,
    registry: RegistryOption = None,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Show what expires, what notice falls due before it, what was promised and not done.

    With --ics a calendar file (RFC 5545) is written; with --serve calendars on this machine
    subscribe to it, and no other machine can reach it.
    """
    from sulh.api.registry import make_agenda
    from sulh.result.writing import write_file

    with opened(registry) as register:
        if serve:
            _serve(lambda: make_agenda(register, today(as_of), until, hijri=hijri).calendar(), port)
            return
        made = make_agenda(register, today(as_of), until, hijri=hijri)
    if ics is not None:
        write_file(ics, made.calendar())
        typer.echo(f"wrote {ics}: {len(made.items):,} items")
        for line in made.remarks:
            typer.echo(line)
        return
    show(made.result(), format, output, None)


def _serve(make: Callable[[], bytes], port: int) -> None:
    from sulh.registry.serving import PATH, feed

    make()
    with feed(make, port) as server:
        typer.echo(f"http://127.0.0.1:{server.server_address[1]}{PATH} until Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("stopped")
