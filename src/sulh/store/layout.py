"""Where things lie in a store's folder.

::

    CURRENT                     the version that readers open; replaced in one step
    versions/<id>/manifest.json tables, rows, sizes, hashes, files
    versions/<id>/<table>.parquet
    raw/<sha256>                the bytes of every file that the store was built from
    tidy/<sha256>-<reader>/     what the reader of that version made of them
    .lock                       held by the one process that writes
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths in a store's folder."""

    root: Path

    @property
    def current(self) -> Path:
        """Return the pointer to the version that readers open."""
        return self.root / "CURRENT"

    @property
    def versions(self) -> Path:
        """Return the folder of versions."""
        return self.root / "versions"

    @property
    def raw(self) -> Path:
        """Return the folder of raw bytes."""
        return self.root / "raw"

    @property
    def tidy(self) -> Path:
        """Return the folder of tidy rows."""
        return self.root / "tidy"

    @property
    def lock(self) -> Path:
        """Return the file that the writing process holds."""
        return self.root / ".lock"

    def version(self, version: str) -> Path:
        """Return the folder of a version."""
        return self.versions / version

    def holds_store(self) -> bool:
        """Return whether a version has been published here."""
        return self.current.is_file()


def user_store() -> Path:
    """Return the folder of the user's own store: ``SULH_STORE``, else in the user's data folder."""
    named = os.environ.get("SULH_STORE", "")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("sulh", appauthor=False) / "store"


def starter_store() -> Path:
    """Return the folder of the starter store that the package ships."""
    return Path(__file__).resolve().parents[1] / "starter"
