"""Raw bytes and tidy rows, kept under the hash of the file they come from.

Both are written beside their place and moved there in one step, so that what a killed process left
is never mistaken for a whole. Neither is seen by readers: a version's manifest names the files that
count.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from sulh.core.errors import StoreDamaged
from sulh.store.disk import as_store_error, flush
from sulh.store.layout import Layout

SHORT = 12
"""Letters of a file's hash by which published tables name it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on part of a file, as its source made it or as the build adds it."""

    code: str
    message: str
    severity: str
    month: str | None = None
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TidyFile:
    """What a source made of one file: where its tidy tables lie, and what was remarked.

    ``name`` is the name under which it was read, ``reader`` the version of the code that read it;
    ``tables`` gives the rows of each table.
    """

    sha256: str
    name: str
    source: str
    reader: str
    bytes: int
    tables: Mapping[str, int]
    months: tuple[str, ...]
    remarks: tuple[Remark, ...]
    folder: Path

    @property
    def file(self) -> str:
        """Return the short name that published tables use for the file."""
        return self.sha256[:SHORT]

    @property
    def named_by_file(self) -> bool:
        """Return whether only the file's name says which nation its figures are of."""
        return any(remark.code == "nation_from_name" for remark in self.remarks)

    @property
    def rows(self) -> int:
        """Return the number of rows of figures; those on who says so are none."""
        return sum(rows for name, rows in self.tables.items() if name != "user_files")

    def table(self, name: str) -> pl.DataFrame:
        """Return one tidy table; raise `StoreDamaged` if its bytes were changed."""
        try:
            return pl.read_parquet(self.folder / f"{name}.parquet", glob=False)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreDamaged(
                f"{self.folder / name}.parquet cannot be read ({error})",
                "its bytes were changed, so that no version can be built from it",
                f"delete the folder {self.folder} and import again: the file is read anew",
            ) from error


def keep_raw(root: Path, data: bytes, sha256: str) -> Path:
    """Keep the bytes of a file in the store under their hash, and return the path."""
    final = Layout(root).raw / sha256
    with as_store_error(root):
        if final.is_file() and final.stat().st_size == len(data):
            return final
        final.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=final.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(final)
        finally:
            Path(name).unlink(missing_ok=True)
    return final


def keep_tidy(root: Path, tidy: TidyFile, tables: Mapping[str, pl.DataFrame]) -> TidyFile:
    """Keep the tidy tables of a file, in the folder that ``find_tidy`` looks for."""
    final = _tidy_folder(root, tidy.sha256, tidy.reader)
    with as_store_error(root):
        final.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=final.parent))
        try:
            for name, rows in tables.items():
                rows.write_parquet(part / f"{name}.parquet", compression="zstd")
            body = asdict(tidy)
            del body["folder"]
            body["sizes"] = {name: (part / f"{name}.parquet").stat().st_size for name in tables}
            (part / "file.json").write_text(json.dumps(body), encoding="utf-8")
            part.chmod(0o755)
            _settle(part, final)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        flush(final.parent)
    return find_tidy(root, tidy.sha256, tidy.reader) or tidy


def find_tidy(root: Path, sha256: str, reader: str) -> TidyFile | None:
    """Return what the reader of this version made of the file, or None if it has to be read."""
    folder = _tidy_folder(root, sha256, reader)
    try:
        body = json.loads((folder / "file.json").read_text(encoding="utf-8"))
        sizes = body.pop("sizes")
        if any((folder / f"{t}.parquet").stat().st_size != size for t, size in sizes.items()):
            return None
        body["months"] = tuple(body["months"])
        body["remarks"] = tuple(Remark(**remark) for remark in body["remarks"])
        return TidyFile(folder=folder, **body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _settle(part: Path, final: Path) -> None:
    """Move a finished folder to its place; another process may have put an equal one there."""
    for _ in range(3):
        try:
            part.rename(final)
        except OSError:
            if not final.is_dir():
                raise
            stale = part.with_name(f"{part.name}-old")
            with contextlib.suppress(OSError):
                final.rename(stale)
            shutil.rmtree(stale, ignore_errors=True)
        else:
            return


def forget_tidy(root: Path, sha256: str, reader: str) -> None:
    """Remove the tidy rows of a file."""
    shutil.rmtree(_tidy_folder(root, sha256, reader), ignore_errors=True)


def sweep(root: Path, keep: Iterable[tuple[str, str]]) -> None:
    """Remove raw bytes and tidy rows of files that no kept version rests on, and leftovers.

    ``keep`` are pairs of hash and reader.
    """
    layout = Layout(root)
    pairs = set(keep)
    raw = {sha256 for sha256, _ in pairs}
    tidy = {_tidy_folder(root, sha256, reader).name for sha256, reader in pairs}
    for path in _entries(layout.raw):
        if path.name not in raw:
            path.unlink(missing_ok=True)
    for path in _entries(layout.tidy):
        if path.name not in tidy:
            shutil.rmtree(path, ignore_errors=True)


def _entries(folder: Path) -> Sequence[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _tidy_folder(root: Path, sha256: str, reader: str) -> Path:
    return Layout(root).tidy / f"{sha256}-{reader}"
