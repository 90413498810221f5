"""Write a version beside the old one and move the pointer last."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sulh.core.errors import StoreBusy
from sulh.store.beside import FILE as BESIDE
from sulh.store.beside import Beside, beside_of
from sulh.store.coding import CODED, coded, coded_name, packed
from sulh.store.condensing import condense
from sulh.store.disk import as_store_error, flush
from sulh.store.layout import Layout
from sulh.store.manifest import FileEntry, Manifest, TableEntry, sha256_of, version_id
from sulh.store.schema import conform, schema

KEEP_SECONDS = 24 * 3600
_ROW_GROUP = 250_000
_READ_AT_ONCE = 60_000


@dataclass(frozen=True, slots=True)
class Edition:
    """What goes into a version: its tables, the files they rest on, and its kind."""

    tables: Mapping[str, pl.DataFrame]
    files: tuple[FileEntry, ...] = ()
    kind: str = "full"
    note: str = ""


def publish(root: Path, edition: Edition) -> str:
    """Publish a version in the folder ``root`` and return its name.

    The tables are written to a folder of their own and flushed to disk; the pointer ``CURRENT`` is
    replaced last, in one step, so that a reader or a kill at any moment meets the old version or
    the new one. The caller holds the lock.
    """
    layout = Layout(root)
    with as_store_error(root):
        layout.versions.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=layout.versions))
        try:
            manifest = _write(building, edition)
            _settle(building, layout.version(manifest.version))
        finally:
            shutil.rmtree(building, ignore_errors=True)
        replace_text(layout.current, manifest.version + "\n")
    return manifest.version


def _write(folder: Path, edition: Edition) -> Manifest:
    entries = {}
    for name, rows in sorted(edition.tables.items()):
        table = conform(name, rows)
        entries[name] = _keep(folder, name, table)
        if name in CODED:
            entries[coded_name(name)] = _keep(folder, coded_name(name), *packed(coded(table)))
    told = folder / BESIDE
    told.write_text(_beside(edition.tables).to_json(), encoding="utf-8")
    flush(told)
    manifest = Manifest(
        version=version_id(edition.kind, entries),
        kind=edition.kind,
        tables=entries,
        files=tuple(sorted(edition.files, key=lambda entry: entry.sha256)),
        months=_months(edition.tables),
        note=edition.note,
        beside=sha256_of(told),
    )
    path = folder / "manifest.json"
    path.write_text(manifest.to_json(), encoding="utf-8")
    flush(path)
    flush(folder)
    return manifest


def _beside(tables: Mapping[str, pl.DataFrame]) -> Beside:
    def table(name: str) -> pl.DataFrame:
        if name == "nation_months" and name not in tables:
            return condense(table("contributions").lazy()).collect()
        return conform(name, tables.get(name, pl.DataFrame(schema=schema(name))))

    return beside_of(table)


def _keep(
    folder: Path, name: str, table: pl.DataFrame, told: dict[str, str] | None = None
) -> TableEntry:
    """Write a table to a version's folder and return what the manifest says of it.

    What is read whole, and often, is `packed`: written with what the file tells of itself, in parts
    that are read side by side.
    """
    file = folder / f"{name}.parquet"
    small = told is None
    table.write_parquet(
        file,
        compression="zstd" if small else "lz4",
        compression_level=9 if small else None,
        statistics=small,
        row_group_size=_ROW_GROUP if small else _READ_AT_ONCE,
        metadata=told,
    )
    flush(file)
    return TableEntry(table.height, file.stat().st_size, sha256_of(file))


def _months(tables: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Return the months of the UN's uniformed personnel, else those of whatever there is."""
    for name in ("coverage", "contributions"):
        if name in tables and tables[name].height:
            return tuple(tables[name]["month"].drop_nulls().unique().sort().to_list())
    return ()


def _settle(building: Path, final: Path) -> None:
    """Move the finished folder to its name; an equal version that is there already stays."""
    if final.is_dir():
        try:
            same = (final / "manifest.json").read_bytes() == (
                building / "manifest.json"
            ).read_bytes()
        except OSError:
            same = False
        if same and _intact(building, final):
            os.utime(final)
            return
        # Same tables, other manifest (or damage): file by file, each in one step.
        for file in sorted(building.iterdir()):
            file.replace(final / file.name)
    else:
        building.rename(final)
        final.chmod(0o755)
    os.utime(final)
    flush(final.parent)


def _intact(building: Path, final: Path) -> bool:
    return all(
        (final / file.name).is_file()
        and (final / file.name).stat().st_size == file.stat().st_size
        and sha256_of(final / file.name) == sha256_of(file)
        for file in building.iterdir()
    )


def replace_text(path: Path, text: str) -> None:
    """Replace a small file in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    flush(path.parent)


def prune(root: Path, *, keep: Iterable[str], now: float | None = None) -> None:
    """Remove versions that nobody is likely to read any more, and what dead builds left.

    The versions in ``keep``, the two newest, and all published during the last day stay.
    """
    layout = Layout(root)
    limit = (time.time() if now is None else now) - KEEP_SECONDS
    for pointer in root.glob(f".{layout.current.name}-*"):
        pointer.unlink(missing_ok=True)
    folders = sorted(layout.versions.iterdir(), key=lambda path: path.stat().st_mtime)
    whole = [folder for folder in folders if not folder.name.startswith(".")]
    spared = {*keep, *(folder.name for folder in whole[-2:])}
    for folder in folders:
        leftover = folder.name.startswith(".building-")
        if leftover or (folder.name not in spared and folder.stat().st_mtime < limit):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(
    root: Path, *, patience: float = 60.0, busy: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the store's lock; if another process has it, call ``busy`` and wait.

    Raises `StoreBusy` after ``patience`` seconds. The system frees the lock of a process that dies.
    """
    from filelock import FileLock, Timeout

    with as_store_error(root):
        root.mkdir(parents=True, exist_ok=True)
        # Where no file can be made, waiting for one to be released would never end.
        Layout(root).lock.touch()
        lock = FileLock(Layout(root).lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            busy()
            try:
                lock.acquire(timeout=patience)
            except Timeout as error:
                raise _busy(root, patience) from error
    try:
        yield
    finally:
        lock.release()


def _busy(root: Path, patience: float) -> StoreBusy:
    return StoreBusy(
        f"another process writes to {root} and did not finish within {patience:g} seconds",
        "two writers would lose each other's files",
        "wait for it, or stop it, and import again",
    )
