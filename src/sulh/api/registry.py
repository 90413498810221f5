"""The registry for Python and the command line: agenda, pledged against deployed, files, cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.registry import Book, Cells, Item, Outcome, Register, Window, agenda
from sulh.registry.models import KINDS, Forum, Pledge
from sulh.result import Result

AHEAD = dt.timedelta(days=180)
NEAR = dt.timedelta(days=3653)
LONGEST = dt.timedelta(days=50 * 366)


@dataclass(frozen=True)
class Agenda:
    """The items of an agenda, with the window they were asked for."""

    items: Sequence[Item]
    window: Window
    hijri: bool = False
    remarks: tuple[str, ...] = ()

    def result(self) -> Result:
        """Return the agenda as a table."""
        from sulh.registry.showing import agenda_table

        made = agenda_table(self.items, self.window, with_hijri=self.hijri)
        return replace(made, missing=(*made.missing, *self.remarks))

    def calendar(self) -> bytes:
        """Return the agenda as an iCalendar file."""
        from sulh.registry.ics import calendar

        return calendar(self.items, self.window.as_of, with_hijri=self.hijri)


def day_of(text: str, option: str) -> dt.date:
    """Return a day given as text, or raise `BadRequest`."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(
            f"{option} is {text!r:.40}", "it is a day", "write for example 2026-11-23"
        ) from error


def make_agenda(
    register: Register, as_of: str, until: str | None = None, *, hijri: bool = False
) -> Agenda:
    """Return what falls due from a day on, and what is overdue on it; half a year if not told."""
    first = day_of(as_of, "--as-of")
    last = day_of(until, "--until") if until else min(first, dt.date.max - AHEAD) + AHEAD
    if not first <= last <= min(first, dt.date.max - LONGEST) + LONGEST:
        raise BadRequest(
            f"the agenda runs from {first} to {last}",
            "its end lies before its start" if last < first else "it is longer than fifty years",
            "give the earlier day first, and a day that somebody will see",
        )
    window = Window(first, last)
    book = Book.of(register)
    items = agenda(book, window)
    return Agenda(items, window, hijri, () if items else (_nothing_due(book, window),))


def _nothing_due(book: Book, window: Window) -> str:
    """Say that nothing falls due, and which days near the window have something."""
    first, last = window.as_of, window.until
    back = max(first, dt.date.min + NEAR) - NEAR
    before = [i.day for i in agenda(book, Window(back, first)) if back <= i.day < first]
    after = [i.day for i in agenda(book, Window(first, min(last, dt.date.max - NEAR) + NEAR))]
    told = [f"the last was on {max(before)} (--as-of {max(before)} shows it)"] if before else []
    told += [f"the next is on {min(after)} (--until {min(after)} shows it)"] if after else []
    near = "; ".join(told) or "no record has a day within ten years of it"
    return f"Nothing falls due from {first} to {last}: {near}."


def agenda_of(
    registry: str | Path | None = None,
    *,
    as_of: str,
    until: str | None = None,
    hijri: bool = False,
) -> Result:
    """Return the agenda of a registry as a result; offered as ``sulh.agenda``."""
    register = Register.open(registry, make=False)
    try:
        return make_agenda(register, as_of, until, hijri=hijri).result()
    finally:
        register.close()


def status_of(register: Register, day: dt.date, party: str | None = None) -> Result:
    """Return the status of agreements, ratifications and posts as of a day."""
    from sulh.facts.states import by_nation
    from sulh.registry.cells import meant
    from sulh.registry.models import Agreement, Post, Ratification
    from sulh.registry.showing import Kept, status_table

    if party is not None and party not in by_nation():
        raise BadRequest(
            f"--party is {party!r:.40}", "it is no ISO 3166-1 alpha-3 code", meant(party)
        )
    agreements, steps = register.records(Agreement), register.records(Ratification)
    return status_table(Kept(agreements, steps, register.records(Post), party), day)


def pledged_of(
    register: Register, forum: str, store: str | Path | None = None, months: int = 24
) -> Result:
    """Return a forum's pledges beside the contributions that a store holds."""
    from sulh.registry import pledged
    from sulh.store.reading import Store

    found = next((f for f in register.records(Forum) if f.id == forum), None)
    if found is None:
        raise NotAnswerable(
            f"there is no forum {forum!r}",
            "pledges belong to a forum",
            "see `sulh registry list forum`",
        )
    opened = Store.open(Path(store) if store else None)
    contributions = (
        opened.scan("contributions")
        .filter(pl.col("nation").is_not_null())
        .group_by("month", "nation")
        .agg(pl.col("persons").sum())
        .collect()
    )
    return pledged(found, register.records(Pledge), contributions, months)


def read_records(paths: Sequence[Path], kind: str | None = None) -> list[Cells]:
    """Return the records in files."""
    from sulh.registry.files import read_file

    return [cells for path in paths for cells in read_file(path, kind)]


def export_records(register: Register, kinds: Sequence[str], output: Path) -> list[Path]:
    """Write records to a file (.xlsx, .json) or, kind by kind, to CSV files in a folder."""
    from sulh.cases.problems import shown
    from sulh.registry import files
    from sulh.result.writing import write_file

    tables: Mapping[str, Any] = {kind: register.rows(kind) for kind in kinds or KINDS}
    ending = output.suffix.lower()
    if ending in (".xlsx", ".json"):
        write_file(output, (files.to_xlsx if ending == ".xlsx" else files.to_json)(tables))
        return [output]
    if ending == ".csv" and len(tables) == 1:
        ((kind, rows),) = tables.items()
        write_file(output, files.to_csv(kind, rows))
        return [output]
    if ending:
        raise BadRequest(
            f"the output is {shown(output)}",
            "several kinds go to .xlsx, .json or a folder of CSV files",
            "name one of them, or one kind",
        )
    output.mkdir(parents=True, exist_ok=True)
    for kind, rows in tables.items():
        write_file(output / f"{kind}.csv", files.to_csv(kind, rows))
    return [output / f"{kind}.csv" for kind in tables]


def write_case(register: Register, folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Write the tables of a case of force generation; return paths, and what was left out.

    ``case.toml`` is written from the example of force generation unless the folder has one.
    """
    from importlib.resources import files

    from sulh.registry.force_case import case_files
    from sulh.result.writing import write_file

    made = case_files(register)
    contents = {name: text.encode() for name, text in made.tables.items()}
    if not (folder / "case.toml").exists():
        shipped = files("sulh.questions.forces").joinpath("example", "case.toml")
        contents["case.toml"] = shipped.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        write_file(folder / name, content)
    return [folder / name for name in contents], made.left_out


def read_case(register: Register, folder: Path, source: str, *, dry_run: bool) -> Outcome:
    """Bring the tables of a sound case of force generation into a registry."""
    from sulh.questions.forces.case import Case
    from sulh.registry.force_case import FILES, case_records

    Case.read(folder)
    versions = {
        (kind, row["id"]): row["version"]
        for kind, _ in FILES.values()
        for row in register.rows(kind)
    }
    rows = case_records(folder, source, versions)
    return register.write(rows, f"from the case {folder.name}", dry_run=dry_run)
