"""Import files into a store: read what is new, build a version from all, publish it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from sulh.core.errors import StoreError
from sulh.intake.base import Source
from sulh.intake.importing.collecting import MAX_BYTES, collect
from sulh.intake.importing.crew import read_all
from sulh.intake.importing.leaving import no_longer_read, to_drop
from sulh.intake.importing.report import FileReport, ImportReport
from sulh.intake.importing.task import Outcome, Task, read_one, same_bytes
from sulh.store.building import BuildInput, build
from sulh.store.keeping import SHORT, Remark, TidyFile, find_tidy, forget_tidy, sweep
from sulh.store.layout import Layout, user_store
from sulh.store.manifest import FileEntry, Manifest, read_manifest
from sulh.store.origins import USER
from sulh.store.publishing import Edition, prune, publish, writing
from sulh.store.reading import pointer

Progress = Callable[[int, int, str], None]


def _no_progress(done: int, total: int, path: str) -> None:
    del done, total, path


def _not_told() -> None:
    """Say nothing while waiting."""


@dataclass(frozen=True)
class ImportOptions:
    """How to import.

    Parameters
    ----------
    seconds
        Time that one file may take.
    patience
        Seconds to wait for another process that writes to the store.
    limit
        Largest file, in bytes.
    busy
        Called once if another process holds the store, before waiting for it.
    executor
        Reads the files instead of processes of our own; it must see the same folders.
    sources
        The sources to recognise if files are read in this process; by default all registered.
    drop
        Names of files that the store holds and whose rows are to leave it.
    day
        The day of the import, YYYY-MM-DD; by default today's (UTC). A table of your own with a
        later month is refused; nothing else depends on it.
    """

    seconds: float = 120.0
    patience: float = 60.0
    limit: int = MAX_BYTES
    busy: Callable[[], None] = _not_told
    executor: Executor | None = None
    sources: Sequence[Source] | None = None
    drop: Sequence[str] = ()
    day: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).date().isoformat())


@dataclass(frozen=True)
class _Job:
    """An import under way: the store's folder, the version of the readers, and how to read."""

    root: Path
    reader: str
    workers: int
    progress: Progress
    options: ImportOptions

    def task(self, path: Path) -> Task:
        limit, day = self.options.limit, self.options.day
        return Task(str(path), str(self.root), self.reader, limit, day=day)

    def again(self, path: Path, name: str) -> Task:
        """Return the task for a file that the store holds, which was observed when it came."""
        return Task(str(path), str(self.root), self.reader, self.options.limit, name)


def import_paths(
    paths: Iterable[str | Path],
    store: str | Path | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    options: ImportOptions | None = None,
) -> ImportReport:
    """Import files and folders into the store and return what became of each file.

    The store is the folder given, else ``SULH_STORE``, else the user's own. A file that cannot be
    used is refused with the reason and changes nothing; if any can be used, a new version is built
    from all files that the store holds and published in one step. The result does not depend on
    the order of files or on the number of workers.

    ``workers`` processes read the files (by default one for each processor); 0 reads them in this
    very process, where a file cannot be given a deadline. ``progress`` is called with the number of
    files done, their total, and the path just done.

    Raises
    ------
    StoreBusy
        if another process keeps writing to the store.
    StoreError
        if the folder cannot be written, or a file that the store holds is refused by the readers of
        today and neither replaced nor dropped; the store is left as it was.
    BadRequest
        if a file is to be dropped that the store does not hold.
    """
    from sulh.intake.registry import reader_version

    job = _Job(
        Path(store).expanduser() if store is not None else user_store(),
        reader_version(),
        (os.cpu_count() or 1) if workers is None else workers,
        progress or _no_progress,
        options or ImportOptions(),
    )
    files = collect(paths)
    with writing(job.root, patience=job.options.patience, busy=job.options.busy):
        return _import(files, job)


def _import(files: Sequence[Path], job: _Job) -> ImportReport:
    before = _current(job.root)
    held = before.files if before else ()
    known = {entry.sha256: replace(entry, reader=job.reader) for entry in held}
    dropped = to_drop(known.values(), job.options.drop)
    outcomes = _outcomes([job.task(path) for path in files], job)
    outcomes = _told_apart(outcomes, known, job)
    reports, fresh = _sorted_out(outcomes, job)
    if not fresh and not dropped:
        return ImportReport(reports, job.root, before.version if before else None, published=False)
    stay = {sha: entry for sha, entry in known.items() if sha not in dropped}
    entries = {
        **_not_replaced(stay, fresh),
        **{sha: _merged(stay.get(sha), new) for sha, new in fresh.items()},
    }
    _read_again([entry for sha, entry in entries.items() if sha not in fresh], job)
    edition, remarks = build(_inputs(entries.values(), job.root))
    version = publish(job.root, edition)
    _tidy_up(job.root, version)
    apart = _kept_apart(edition)
    told = _replaced([report.built(remarks, apart) for report in reports], stay, fresh)
    names = tuple(sorted(known[sha].name for sha in dropped))
    return ImportReport(told, job.root, version, published=True, dropped=names, first=not before)


def _outcomes(tasks: Sequence[Task], job: _Job) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for outcome in _read(tasks, job):
        if outcome.broken is not None:
            raise StoreError(*outcome.broken)
        outcomes[outcome.path] = outcome
        job.progress(len(outcomes), len(tasks), outcome.path)
    return {task.path: outcomes[task.path] for task in tasks}


def _read(tasks: Sequence[Task], job: _Job) -> Iterator[Outcome]:
    if job.options.executor is not None:
        yield from job.options.executor.map(read_one, tasks)
    elif job.workers == 0 or job.options.sources is not None:
        yield from (read_one(task, job.options.sources) for task in tasks)
    elif tasks:
        largest_first = sorted(tasks, key=lambda task: -_size(Path(task.path)))
        yield from read_all(largest_first, job.workers, job.options.seconds)


def _size(path: Path) -> int:
    """Return a file's size; the largest are read first, so that no worker ends late with one."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _current(root: Path) -> Manifest | None:
    """Return the manifest of the version that readers open; its tables may be damaged."""
    layout = Layout(root)
    return read_manifest(layout.version(pointer(layout))) if layout.holds_store() else None


def _read_again(entries: Sequence[FileEntry], job: _Job) -> None:
    """Read files that stay in the store again where newer readers have come since."""
    stale = [e for e in entries if find_tidy(job.root, e.sha256, job.reader) is None]
    raw = Layout(job.root).raw
    tasks = [job.again(raw / entry.sha256, entry.name) for entry in stale]
    names = {task.path: task.name for task in tasks}
    lost = {names[path]: o for path, o in _outcomes(tasks, job).items() if o.refused}
    if lost:
        raise no_longer_read({name: outcome.found for name, outcome in lost.items()}, job.root)


def _told_apart(
    outcomes: Mapping[str, Outcome], known: Mapping[str, FileEntry], job: _Job
) -> dict[str, Outcome]:
    """Refuse files with the same bytes where only their differing names say whose they are."""
    names: dict[str, set[str]] = {}
    for outcome in outcomes.values():
        names.setdefault(outcome.sha256, set()).add(Path(outcome.path).name)
    told = dict(outcomes)
    for path, outcome in outcomes.items():
        others = sorted(names[outcome.sha256] - {Path(path).name})
        tidy = find_tidy(job.root, outcome.sha256, job.reader) if others else None
        if tidy is None or not tidy.named_by_file or outcome.sha256 in known:
            continue
        told[path] = replace(outcome, refused=str(same_bytes(Path(path).name, others[0])))
    for sha256 in {o.sha256 for path, o in told.items() if o != outcomes[path]}:
        forget_tidy(job.root, sha256, job.reader)
    return told


def _sorted_out(
    outcomes: Mapping[str, Outcome], job: _Job
) -> tuple[tuple[FileReport, ...], dict[str, FileEntry]]:
    """Return a report for each file, and the entries of those that can be used, by hash."""
    reports: list[FileReport] = []
    entries: dict[str, FileEntry] = {}
    first: dict[str, str] = {}
    for path, outcome in outcomes.items():
        tidy = None if outcome.refused else find_tidy(job.root, outcome.sha256, job.reader)
        if tidy is None:
            why = outcome.refused or f"{path} was changed while it was read"
            reports.append(FileReport(path, None, refused=why, sha256=outcome.sha256))
            continue
        flags = tidy.remarks
        if outcome.sha256 in first:
            told = f"the same bytes as {first[outcome.sha256]}, counted once"
            flags = (Remark("same_bytes", told, "note"),)
        first.setdefault(outcome.sha256, path)
        reports.append(
            FileReport(
                *(path, tidy.source, tidy.months, tidy.rows, None, flags),
                sha256=outcome.sha256,
                tables=tuple(tidy.tables),
            )
        )
        entry = _entry(Path(path), tidy)
        entries[entry.sha256] = _merged(entries.get(entry.sha256), entry)
    return tuple(reports), entries


def _not_replaced(
    known: Mapping[str, FileEntry], fresh: Mapping[str, FileEntry]
) -> dict[str, FileEntry]:
    """Return the files that stay: a user's own file goes when one of the same name comes."""
    names = {entry.name for entry in fresh.values() if entry.source == USER}
    return {
        sha256: entry
        for sha256, entry in known.items()
        if not (entry.source == USER and entry.name in names)
    }


def _replaced(
    reports: Sequence[FileReport], known: Mapping[str, FileEntry], fresh: Mapping[str, FileEntry]
) -> tuple[FileReport, ...]:
    """Return the reports with a note on each user's file that takes the place of an earlier one."""
    gone = {
        entry.name
        for sha256, entry in known.items()
        if sha256 not in fresh and entry.source == USER
    }
    note = "takes the place of the earlier {}, whose rows are no longer in the store"
    return tuple(
        report.noting(Remark("replaced", note.format(Path(report.path).name), "note"))
        if report.source == USER and Path(report.path).name in gone
        else report
        for report in reports
    )


def _entry(path: Path, tidy: TidyFile) -> FileEntry:
    """Return a file's entry, with the day on which it was fetched if that is written beside it."""
    from sulh.intake.fetching import sidecar

    origin = sidecar.read(sidecar.origin_path(path), sidecar.OriginFile)
    fetched = origin.retrieved if origin and origin.sha256 == tidy.sha256 else ""
    return FileEntry(tidy.sha256, path.name, tidy.source, tidy.reader, fetched)


def _merged(one: FileEntry | None, other: FileEntry) -> FileEntry:
    """Return one entry for the same bytes under two names: the first name of the alphabet stays."""
    if one is None:
        return other
    name = min(one.name, other.name)
    retrieved = min(filter(None, (one.retrieved, other.retrieved)), default="")
    return FileEntry(other.sha256, name, other.source, other.reader, retrieved)


def _inputs(entries: Iterable[FileEntry], root: Path) -> tuple[BuildInput, ...]:
    found: list[BuildInput] = []
    for entry in sorted(entries, key=lambda e: e.sha256):
        tidy: TidyFile | None = find_tidy(root, entry.sha256, entry.reader)
        if tidy is None:
            raise StoreError(
                f"the tidy rows of {entry.name} vanished from {root}",
                "a version without them would lose its figures in silence",
                "import the file again",
            )
        found.append(BuildInput(entry, tidy))
    return tuple(found)


def _kept_apart(edition: Edition) -> dict[str, int]:
    """Return the number of rows kept apart of each file, by its hash."""
    rows = edition.tables.get("set_apart")
    numbers = {} if rows is None else dict(rows.group_by("file").len().iter_rows())
    hashes = {file[:SHORT]: file for file in (entry.sha256 for entry in edition.files)}
    return {hashes[file]: number for file, number in numbers.items()}


def _tidy_up(root: Path, version: str) -> None:
    """Remove what no version needs any more."""
    prune(root, keep=(version,))
    files = read_manifest(Layout(root).version(version)).files
    sweep(root, [(entry.sha256, entry.reader) for entry in files])
