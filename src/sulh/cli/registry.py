"""Commands of the registry: ``sulh registry …``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sulh.cli.contents import group_app
from sulh.cli.verbs import FormatOption, OutputOption, StoreOption, show

if TYPE_CHECKING:
    from sulh.registry import Register

app = group_app("registry")

RegistryOption = Annotated[
    str | None,
    typer.Option(
        "--registry",
        envvar="SULH_REGISTRY",
        help="A file, or postgresql://user@host/database; your own file if left out.",
    ),
]
WhoOption = Annotated[
    str | None, typer.Option("--who", envvar="SULH_WHO", help="Who signs the change.")
]
WhyOption = Annotated[str | None, typer.Option("--why", help="Why, for the history.")]
KindArgument = Annotated[str, typer.Argument(help="Kind of record, for example agreement.")]
IdArgument = Annotated[str, typer.Argument(help="Identifier of the record.")]
CellsArgument = Annotated[list[str], typer.Argument(help="Cells, as column=value.")]
VersionOption = Annotated[
    int, typer.Option("--version", min=1, help="The version that you saw and change.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="The day asked about; today if left out.")
]
PartyOption = Annotated[
    str | None, typer.Option("--party", help="Only records that name this nation, as MYS.")
]
WriteOption = Annotated[
    bool, typer.Option("--write", help="Write; without it a dry run says what would be done.")
]


@contextmanager
def opened(
    registry: str | None, who: str | None = None, *, make: bool = False
) -> Iterator[Register]:
    """Yield an open registry that is closed afterwards; only what adds records may make it."""
    from sulh.registry import Register

    register = Register.open(registry, who or _user(), make=make)
    try:
        yield register
    finally:
        register.close()


@contextmanager
def _written(
    registry: str | None, who: str | None, *, write: bool
) -> Iterator[tuple[Register, str]]:
    """Yield a registry to write to, and what else writing does: a dry run makes no file."""
    from sulh.registry.database import absent, place

    where = place(registry)
    missing = not write and absent(where)
    with opened(":memory:" if missing else registry, who, make=write or missing) as register:
        yield register, f"makes the registry {where.database} and " if missing else ""


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a machine on which the user has no name
        return "unknown"


def today(as_of: str | None) -> str:
    """Return the day asked about; only the command line knows what day it is."""
    return as_of or dt.date.today().isoformat()


def _cells(given: list[str]) -> dict[str, str]:
    from sulh.core.errors import BadRequest

    bad = [text for text in given if "=" not in text]
    if bad:
        raise BadRequest(
            f"{', '.join(bad)!r:.100} has no =",
            "cells are given as column=value",
            "write due=2026-12-01",
        )
    return dict(text.split("=", 1) for text in given)


def _checked(kind: str, cells: dict[str, str]) -> dict[str, str]:
    from sulh.core.errors import BadRequest
    from sulh.registry.edits import check_kind
    from sulh.registry.models import fields

    check_kind(kind)
    unknown = [name for name in cells if name not in fields(kind)]
    if unknown:
        raise BadRequest(
            f"{', '.join(unknown)!r:.100} is no column of {kind}",
            "a misspelt column would be lost",
            f"it has {', '.join(fields(kind))}",
        )
    return cells


@app.command("example")
def example(registry: RegistryOption = None, who: WhoOption = None) -> None:
    """Fill a registry with a few public facts: forums, courses, teams, two agreements.

    Each has the page it was read on as its source. Nothing in it is invented.
    """
    from sulh.registry import example_records

    with opened(registry, who, make=True) as register:
        typer.echo(register.write(example_records(), "example"))


@app.command("kinds")
def kinds(kind: Annotated[str | None, typer.Argument(help="Kind of record.")] = None) -> None:
    """List the kinds of records, or the columns of one."""
    from sulh.registry.edits import check_kind
    from sulh.registry.models import KINDS, columns

    if kind is None:
        for name, model in KINDS.items():
            typer.echo(f"{name:14} {(model.__doc__ or '').splitlines()[0]}")
        return
    check_kind(kind)
    for column in columns(kind):
        needed = "" if column.nullable else "needed; "
        meaning = getattr(column.type, "meaning", "whole number")
        typer.echo(f"{column.name:26} {column.doc} ({needed}{meaning})")


@app.command("add")
def add(
    kind: KindArgument,
    cells: CellsArgument,
    registry: RegistryOption = None,
    who: WhoOption = None,
    why: WhyOption = None,
) -> None:
    """Add a record: `sulh registry add action id=A1 dialogue=D1 what="…" source="…"`."""
    from sulh.registry import Cells

    given = _checked(kind, _cells(cells))
    with opened(registry, who, make=True) as register:
        typer.echo(register.write([Cells(kind, given)], why))


@app.command("change")
def change(
    kind: KindArgument,
    record: IdArgument,
    cells: CellsArgument,
    version: VersionOption,
    registry: RegistryOption = None,
    who: WhoOption = None,
    why: WhyOption = None,
) -> None:
    """Change cells of a record, against the version that you saw.

    If somebody changed it since, you are told who, when and in which cells, and nothing is written.
    """
    from sulh.registry import Cells

    given = _checked(kind, _cells(cells))
    with opened(registry, who) as register:
        row = Cells(kind, {**given, "id": record, "version": str(version)})
        typer.echo(register.change_cells(row, why))


@app.command("remove")
def remove(
    kind: KindArgument,
    record: IdArgument,
    version: VersionOption,
    registry: RegistryOption = None,
    who: WhoOption = None,
    why: WhyOption = None,
) -> None:
    """Remove a record; its history stays."""
    with opened(registry, who) as register:
        typer.echo(register.remove(kind, record, version, why))


@app.command("list")
def list_(
    kind: KindArgument,
    party: PartyOption = None,
    search: Annotated[
        str | None, typer.Option("--search", help="Words that the record holds, in any column.")
    ] = None,
    registry: RegistryOption = None,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """List the records of a kind: all, those that name a nation, those that hold some words.

    Case, accents and order of the words do not matter.
    """
    from sulh.registry.edits import kind_named
    from sulh.registry.showing import records_table

    kind = kind_named(kind)
    asked = (f", {party}" if party else "") + (f", “{search}”" if search else "")
    with opened(registry) as register:
        rows = register.find(kind, party, search)
        show(records_table(kind, rows, asked), format, output, None)


@app.command("show")
def show_(kind: KindArgument, record: IdArgument, registry: RegistryOption = None) -> None:
    """Show one record, with the version that a change of it must name."""
    with opened(registry) as register:
        for name, value in register.record(kind, record).items():
            if value is not None:
                typer.echo(f"{name:26} {value}")


@app.command("history")
def history(
    kind: Annotated[str | None, typer.Argument(help="Kind of record; all if left out.")] = None,
    record: Annotated[str | None, typer.Argument(help="Identifier; all if left out.")] = None,
    last: Annotated[
        int | None, typer.Option("--last", min=1, help="Only so many of the newest changes.")
    ] = None,
    registry: RegistryOption = None,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Show who changed what and when, cell by cell, the newest change first.

    A change of several cells has a row for each.
    """
    from sulh.registry.showing import history_table

    with opened(registry) as register:
        changes = register.history(kind, record)
        show(history_table(changes[-last:] if last else changes), format, output, None)


@app.command("status")
def status(
    as_of: AsOfOption = None,
    party: PartyOption = None,
    registry: RegistryOption = None,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Show the status of agreements, ratifications and posts as of a day, each with its reason.

    With --party the status that each agreement has for that nation, by its own ratification.
    """
    from sulh.api.registry import day_of, status_of

    day = day_of(today(as_of), "--as-of")
    with opened(registry) as register:
        result = status_of(register, day, party)
    show(result, format, output, None)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="CSV, XLSX and JSON files.")],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Kind of the records in CSV files.")
    ] = None,
    write: WriteOption = False,
    registry: RegistryOption = None,
    who: WhoOption = None,
    why: WhyOption = None,
) -> None:
    """Read records from files: all of them or, with any problem, none.

    Without --write it says what would be done and does nothing. A row with a version changes that
    version of the record; a row without one is a new record.
    """
    from sulh.api.registry import read_records

    with _written(registry, who, write=write) as (register, new):
        outcome = register.write(read_records(paths, kind), why, dry_run=not write)
    typer.echo(f"{outcome}" if write else f"dry run: {outcome}; --write {new}does it")


@app.command("export")
def export(
    output: Annotated[Path, typer.Argument(help="A .xlsx or .json file, or a folder for CSV.")],
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind.")] = None,
    registry: RegistryOption = None,
) -> None:
    """Write all records to files that import reads back with nothing changed."""
    from sulh.api.registry import export_records
    from sulh.registry.edits import check_kind

    for name in kind or ():
        check_kind(name)
    with opened(registry) as register:
        for path in export_records(register, kind or (), output):
            typer.echo(f"wrote {path}")


@app.command("verify")
def verify(registry: RegistryOption = None) -> None:
    """Replay the history and hold it against the records: nothing lost, nothing without a trace."""
    from sulh.registry import verify as ask

    with opened(registry) as register:
        found = ask(register)
    typer.echo(
        f"{found.records:,} records, {found.changes:,} changes, {len(found.faults):,} faults"
    )
    for fault in found.faults[:50]:
        typer.echo(f"  {fault}", err=True)
    if found.faults:
        raise typer.Exit(1)


@app.command("upgrade")
def upgrade(registry: RegistryOption = None) -> None:
    """Bring the tables of an older registry to this version; make a copy first."""
    from sulh.registry import migrating
    from sulh.registry.database import connect, place, refuse_other, writing

    where = place(registry)
    refuse_other(where, make=False)
    engine = connect(where)
    try:
        with writing(engine) as connection:
            before, after = migrating.upgrade(connection)
    finally:
        engine.dispose()
    typer.echo(f"revision {before or 'none'} to {after}")


@app.command("pledged")
def pledged(
    forum: Annotated[str, typer.Argument(help="Identifier of the forum.")],
    months: Annotated[int, typer.Option(min=1, max=600, help="Months after the forum.")] = 24,
    registry: RegistryOption = None,
    store: StoreOption = None,
    format: FormatOption = "table",  # noqa: A002
    output: OutputOption = None,
) -> None:
    """Put a forum's pledges beside what the nations deployed before and afterwards."""
    from sulh.api.registry import pledged_of

    with opened(registry) as register:
        show(pledged_of(register, forum, store, months), format, output, None)


@app.command("case")
def case(
    folder: Annotated[Path, typer.Argument(help="Folder of the case.")],
    read: Annotated[
        str | None, typer.Option("--read", help="Read the case; this is the records' source.")
    ] = None,
    write: WriteOption = False,
    registry: RegistryOption = None,
    who: WhoOption = None,
) -> None:
    """Write requirements, pledges and offers as a case of force generation, or read one.

    An offer is open in the months in which its agreement is in force. With --read the case in the
    folder is read; without --write that is a dry run.
    """
    from sulh.api.registry import read_case, write_case

    if read is not None:
        with _written(registry, who, write=write) as (register, new):
            outcome = read_case(register, folder, read, dry_run=not write)
        typer.echo(f"{outcome}" if write else f"dry run: {outcome}; --write {new}does it")
        return
    with opened(registry, who) as register:
        paths, left = write_case(register, folder)
    for path in paths:
        typer.echo(f"wrote {path}")
    for line in left:
        typer.echo(f"  {line}", err=True)
