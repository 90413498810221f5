"""What the commands that read and write files print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from sulh.result.formats import printable

if TYPE_CHECKING:
    from sulh.intake.fetching import Endpoint, FetchReport
    from sulh.intake.importing import ImportReport

_SHOWN = 12


def print_import(report: ImportReport, *, quiet: bool = False) -> None:
    """Print what was read by source, what was remarked, and what was refused and why."""
    read = [file for file in report.files if file.source]
    if not quiet:
        for source, count in sorted(Counter(file.source for file in read).items()):
            rows = sum(file.rows for file in read if file.source == source)
            typer.echo(f"read     {source}: {count} {_plural('file', count)}, {rows:,} rows")
    for severity in ("repaired", "doubt", "refused") if not quiet else ("refused",):
        _print_flags(report, severity)
    for file in report.files:
        if file.refused:
            typer.echo(printable(f"refused  {file.path}: {file.refused}"), err=True)
    if not quiet:
        typer.echo(f"store    {report.store} (version {report.version or 'unchanged'})")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _print_flags(report: ImportReport, severity: str) -> None:
    found = [(file.path, flag) for file in report.files for flag in file.flags]
    found = [(path, flag) for path, flag in found if flag.severity == severity]
    for path, flag in found[:_SHOWN]:
        place = "".join(
            f", {label} {value}"
            for label, value in (("page", flag.page), ("line", flag.line))
            if value is not None
        )
        typer.echo(printable(f"{severity:<8} {path}{place}: {flag.message}"))
    if len(found) > _SHOWN:
        rest = len(found) - _SHOWN
        typer.echo(f"{severity:<8} … and {rest:,} more; `sulh table flags` lists them all")


def print_endpoints(endpoints: Iterable[Endpoint]) -> None:
    """Print what can be fetched, how sure its address is, and how to get the rest by hand."""
    for endpoint in endpoints:
        how = "by hand" if endpoint.kind == "by_hand" else f"address {endpoint.certainty}"
        typer.echo(f"{endpoint.key:<28} {how:<20} {endpoint.title}")
    typer.echo("Fetch with: sulh fetch KEY…")


def print_fetch(report: FetchReport) -> None:
    """Print each file fetched, unchanged, to be had by hand, or failed."""
    for file in report.files:
        size = f" ({file.bytes / 1e6:.1f} MB)" if file.path else ""
        place = file.path or file.address or file.endpoint
        said = f": {file.message}" if file.message else ""
        typer.echo(printable(f"{file.outcome:<10} {place}{size}{said}"), err=file.path is None)
