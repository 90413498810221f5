"""What the commands that read and write files print."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sulh.core.printing import printable

if TYPE_CHECKING:
    from sulh.intake.fetching import Endpoint, FetchReport
    from sulh.intake.importing import FileReport, ImportReport
    from sulh.store.keeping import Remark

_FILES = 8
_OWN = 10
_KINDS = {"refused": 8, "doubt": 6, "repaired": 2}


def print_import(report: ImportReport, store: Path | None = None, *, quiet: bool = False) -> None:
    """Print what was refused and why, what is in doubt or mended, and what was read by source.

    Remarks of one kind on the files of one source are told together, with their number and an
    example; a user's own files come first, then those with contributions. ``store`` is the folder
    that was asked for.
    """
    option = "" if store is None else f" --store {shlex.quote(str(store))}"
    _print_refused(report, option)
    _print_kinds(report, "refused", option)
    if quiet:
        return
    for name in report.dropped:
        typer.echo(printable(f"dropped  {name}: its rows are no longer in the store"))
    for file in report.files:
        for flag in file.flags:
            if flag.code == "replaced":
                typer.echo(printable(f"replaced {file.path}: {flag.message}"))
    _print_kinds(report, "doubt", option)
    _print_kinds(report, "repaired", option)
    for source, count in sorted(Counter(file.source for file in report.read).items()):
        rows = sum(file.rows for file in report.read if file.source == source)
        apart = sum(file.apart for file in report.read if file.source == source)
        told = f"read     {source}: {_counted(count, 'file')}, {_counted(rows, 'row')}"
        typer.echo(f"{told}, {apart:,} of them kept apart" if apart else told)
    typer.echo(f"store    {report.store} (version {report.version or 'unchanged'})")
    if report.first and store is None:
        typer.echo(
            "note     questions ask this store from now on, no longer the small one in the package"
        )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _print_refused(report: ImportReport, option: str) -> None:
    """Print each file of which nothing was used; of many the first, and how to see all."""
    for file in report.refused[:_FILES]:
        typer.echo(printable(f"refused  {file.path}: {file.refused}"), err=True)
    rest = len(report.refused) - _FILES
    if rest > 0:
        told = (
            f"refused  … and {_counted(rest, 'more file')}; `sulh import --json{option}` says why"
        )
        typer.echo(told, err=True)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Remarks of one code on the files of one source."""

    code: str
    remarks: tuple[tuple[FileReport, Remark], ...]

    @property
    def files(self) -> int:
        return len({file.path for file, _ in self.remarks})

    @property
    def order(self) -> tuple[bool, bool, int, str, str]:
        """Return the place in the report: what is most likely to matter comes first."""
        file = self.remarks[0][0]
        own, counts = file.source == "user", "contributions" in file.tables
        return (not own, not counts, -len(self.remarks), file.source or "", self.code)

    def told(self) -> str:
        """Return the number of remarks, and the first one with its place."""
        file, flag = self.remarks[0]
        place = "".join(
            f", {label} {value}"
            for label, value in (("page", flag.page), ("line", flag.line))
            if value is not None
        )
        where = f"{Path(file.path).name}{place}: {flag.message}"
        if len(self.remarks) == 1:
            return where
        number = f"{_counted(len(self.remarks), 'remark')} in {_counted(self.files, 'file')}"
        return f"{file.source} {self.code}: {number}, for example {where}"


def _kinds(report: ImportReport, severity: str) -> list[_Kind]:
    found: dict[tuple[str | None, str], list[tuple[FileReport, Remark]]] = {}
    for file in report.files:
        for flag in file.flags:
            if flag.severity == severity:
                found.setdefault((file.source, flag.code), []).append((file, flag))
    kinds = [_Kind(code, tuple(remarks)) for (_, code), remarks in found.items()]
    return sorted(kinds, key=lambda kind: kind.order)


def _print_kinds(report: ImportReport, severity: str, option: str) -> None:
    """Print the first kinds of remarks; of a user's own files every remark is printed."""
    kinds = _kinds(report, severity)
    own = [kind for kind in kinds if kind.remarks[0][0].source == "user"]
    each = [_Kind(kind.code, (remark,)) for kind in own for remark in kind.remarks]
    others = kinds[len(own) :]
    shown = [*each[:_OWN], *others[: _KINDS[severity]]]
    for kind in shown:
        typer.echo(printable(f"{severity:<8} {kind.told()}"))
    rest = [*each[_OWN:], *others[_KINDS[severity] :]]
    if rest:
        number = sum(len(kind.remarks) for kind in rest)
        codes = _counted(len({kind.code for kind in rest}), "kind")
        listed = f"`sulh table flags{option}` lists them all"
        told = f"… and {_counted(number, 'remark')} of {codes}; {listed}"
        typer.echo(f"{severity:<8} {told}")


def print_endpoints(endpoints: Iterable[Endpoint]) -> None:
    """Print what can be fetched, how sure its address is, and how to get the rest by hand."""
    from sulh.intake.fetching.endpoints import sure

    listed = list(endpoints)
    for endpoint in listed:
        how = "by hand" if endpoint.kind == "by_hand" else f"address {endpoint.certainty}"
        typer.echo(f"{endpoint.key:<28} {how:<20} {endpoint.title}")
    typer.echo("Address documented: by its publisher; seen: used by public programs, and not yet")
    typer.echo("promised; uncertain: it may have moved, and is fetched only by its own key.")
    keys = {endpoint.key for endpoint in listed}
    sources = sorted({endpoint.source for endpoint in listed} - keys)
    typer.echo("Fetch with: sulh fetch KEY…, where KEY is a key above or stands for several:")
    for name in sources:
        own = [endpoint.key for endpoint in listed if endpoint.source == name and sure(endpoint)]
        typer.echo(f"  {name}: {', '.join(own)}")
    typer.echo("  usual: the usual ones; or the beginning of keys, as un_hub")


def print_fetch(report: FetchReport) -> None:
    """Print each file fetched, unchanged, to be had by hand, or failed."""
    for file in report.files:
        size = f" ({file.bytes / 1e6:.1f} MB)" if file.path else ""
        place = file.path or file.address or file.endpoint
        said = f": {file.message}" if file.message else ""
        typer.echo(printable(f"{file.outcome:<10} {place}{size}{said}"), err=file.path is None)
