"""Open a store and read its tables; any number of readers, also while an import runs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from sulh.core.errors import StoreDamaged, StoreMissing
from sulh.core.origin import Origin
from sulh.store.beside import FILE as BESIDE
from sulh.store.beside import Beside, beside_of
from sulh.store.coding import coded, coded_name, unpacked
from sulh.store.condensing import condense
from sulh.store.layout import Layout, starter_store, user_store
from sulh.store.manifest import MEND, REBUILD, Manifest, read_manifest, sha256_of
from sulh.store.origins import origins_of
from sulh.store.schema import schema

_TRIES = 5


@dataclass(frozen=True, eq=False)
class Store:
    """One version of a store, which stays the same however often the store is written to.

    Parameters
    ----------
    path
        The store's folder.
    manifest
        What the version holds.
    given
        The folder as it was asked for; None for the default store.
    """

    path: Path
    manifest: Manifest
    given: Path | None = None

    @classmethod
    def open(cls, path: Path | str | None = None) -> Store:
        """Return the current version of the store at ``path``.

        Without a path: the folder named by the environment variable ``SULH_STORE``, else the
        user's own store if there is one, else the starter store that the package ships.

        Raises
        ------
        StoreMissing
            if the folder holds no store.
        StoreDamaged
            if a table's file is absent or its size is not what the manifest says.
        """
        root = Path(path).expanduser() if path is not None else _default()
        layout = Layout(root)
        for attempt in range(_TRIES):
            version = pointer(layout)
            try:
                manifest = read_manifest(layout.version(version))
                _check_sizes(layout.version(version), manifest)
            except StoreDamaged:
                if attempt + 1 < _TRIES and pointer(layout) != version:
                    continue  # a writer published and pruned between our two reads
                raise
            return cls(root, manifest, None if path is None else Path(path))
        raise StoreDamaged(f"{root} changed {_TRIES} times while it was opened", "so", "try again")

    @property
    def version(self) -> str:
        """Return the version's name, a hash of what its tables hold."""
        return self.manifest.version

    @property
    def option(self) -> str:
        """Return what a command needs to ask this store: its folder, if it was asked for."""
        return "" if self.given is None else f" --store {shlex.quote(str(self.given))}"

    @property
    def kind(self) -> str:
        """Return ``full``, or ``starter`` for the small store that the package ships."""
        return self.manifest.kind

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months for which the store holds contributions by nation, in order."""
        return self.manifest.months

    @property
    def folder(self) -> Path:
        """Return the folder of this version's Parquet files."""
        return Layout(self.path).version(self.version)

    def has(self, table: str) -> bool:
        """Return whether the table holds any row."""
        schema(table)
        entry = self.manifest.tables.get(table)
        return entry is not None and entry.rows > 0

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a published table, to be read when collected; empty if the store lacks it."""
        columns = schema(table)
        if table not in self.manifest.tables:
            return pl.LazyFrame(schema=columns)
        return pl.scan_parquet(self._path(table), glob=False)

    def table(self, table: str) -> pl.DataFrame:
        """Return a published table, read."""
        return self.scan(table).collect()

    def coded(self, table: str) -> pl.DataFrame:
        """Return a published table, read, with its text as enumerations: see `coding.coded`."""
        if coded_name(table) in self.manifest.tables and self.has(table):
            return self._unpacked(self._path(coded_name(table)))
        return coded(self._whole(table))  # a store that was built before these copies were

    def _unpacked(self, file: Path) -> pl.DataFrame:
        try:
            rows = pl.scan_parquet(file, glob=False).collect()
            return unpacked(rows, pl.read_parquet_metadata(file))
        except (OSError, ValueError, TypeError, AttributeError, PolarsError) as error:
            raise StoreDamaged(
                f"{file} cannot be read ({error})",
                "its bytes were changed, or newer imports have replaced this version meanwhile",
                f"open the store again; if it is the same then, {REBUILD}",
            ) from error

    @cached_property
    def beside(self) -> Beside:
        """Return what answers tell beside their figures."""
        if not self.manifest.beside:
            return beside_of(self._whole)
        try:
            return Beside.from_json((self.folder / BESIDE).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(
                f"{self.folder / BESIDE} cannot be read ({error})",
                "answers could not tell what is in doubt",
                REBUILD,
            ) from error

    def _whole(self, table: str) -> pl.DataFrame:
        """Return a table, ``nation_months`` condensed anew if it is absent or was built before."""
        if table == "nation_months" and not (
            self.has(table) and self.scan(table).collect_schema() == schema(table)
        ):
            return condense(self.scan("contributions")).collect()
        return self.table(table)

    def _path(self, name: str) -> Path:
        file = self.folder / f"{name}.parquet"
        if not file.is_file():
            raise StoreDamaged(
                f"{file} is gone",
                "newer imports have replaced this version, or someone deleted it",
                "open the store again",
            )
        return file

    def origins(self, keys: Iterable[str] | None = None) -> tuple[Origin, ...]:
        """Return the sources with these keys, or all that the store rests on, each once.

        A user's own figures give the sources that the user's files name.
        """
        return origins_of(self.beside.fetched, lambda: self.scan("user_files"), keys)

    def verify(self) -> None:
        """Compare every table's hash with the manifest; `StoreDamaged` names all that differ."""
        bad = [
            name
            for name, entry in self.manifest.tables.items()
            if sha256_of(self.folder / f"{name}.parquet") != entry.sha256
        ]
        if self.manifest.beside and sha256_of(self.folder / BESIDE) != self.manifest.beside:
            bad.append(BESIDE)
        if bad:
            raise StoreDamaged(
                f"{', '.join(sorted(bad))} in {self.folder} do not match the manifest",
                "bytes were changed after the store was built, so figures may be wrong",
                REBUILD,
            )


def _default() -> Path:
    own = user_store()
    if os.environ.get("SULH_STORE") or Layout(own).holds_store():
        return own
    return starter_store()


def pointer(layout: Layout) -> str:
    """Return the version that ``CURRENT`` names; raise `StoreMissing` if there is none."""
    try:
        version = layout.current.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreMissing(
            f"{layout.root} holds no store",
            "there are no tables to read",
            "import files into it with: sulh import PATH --store DIR",
        ) from error
    if not version.isalnum():
        raise StoreDamaged(f"{layout.current} holds {version[:40]!r}", "it names no version", MEND)
    return version


def _check_sizes(folder: Path, manifest: Manifest) -> None:
    bad = []
    for name, entry in manifest.tables.items():
        file = folder / f"{name}.parquet"
        size = file.stat().st_size if file.is_file() else None
        if size != entry.bytes:
            bad.append(f"{file.name} ({'absent' if size is None else size}, not {entry.bytes})")
    if bad:
        raise StoreDamaged(
            f"in {folder}: {', '.join(bad)}", "the tables are not those that were built", REBUILD
        )
