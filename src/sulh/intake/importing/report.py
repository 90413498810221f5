"""What an import says about each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sulh.store.keeping import Remark


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    ``refused`` is the reason why nothing of the file was used, or None. ``months`` are the months
    it holds; ``flags`` the remarks, those on rows kept apart with severity ``refused``; ``tables``
    the names of the tidy tables that it gave; ``apart`` is how many of the ``rows`` the store keeps
    apart.
    """

    path: str
    source: str | None
    months: tuple[str, ...] = ()
    rows: int = 0
    refused: str | None = None
    flags: tuple[Remark, ...] = ()
    sha256: str = ""
    tables: tuple[str, ...] = ()
    apart: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that ``sulh import --json`` prints."""
        return {
            "path": self.path,
            "source": self.source,
            "months": list(self.months),
            "rows": self.rows,
            "refused": self.refused,
            "flags": [asdict(flag) for flag in self.flags],
        }

    def to_json(self) -> str:
        """Return the report as one line of JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False)

    def built(self, more: Mapping[str, tuple[Remark, ...]], apart: Mapping[str, int]) -> FileReport:
        """Return the report with what the build remarked on and kept apart, by the file's hash."""
        flags = (*self.flags, *more.get(self.sha256, ()))
        return replace(self, flags=flags, apart=apart.get(self.sha256, 0))

    def noting(self, remark: Remark) -> FileReport:
        """Return the report with one more remark, before the others."""
        return replace(self, flags=(remark, *self.flags))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file of an import, in the order in which they were found.

    ``version`` is the version of the store that was published, or that was there before if no file
    could be used (None if there was none). ``dropped`` are the names of the files given up;
    ``first`` is set if there was no store before.
    """

    files: tuple[FileReport, ...]
    store: Path
    version: str | None
    published: bool
    dropped: tuple[str, ...] = ()
    first: bool = False

    @property
    def read(self) -> tuple[FileReport, ...]:
        """Return the files that were used."""
        return tuple(file for file in self.files if file.refused is None)

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """Return the files of which nothing was used."""
        return tuple(file for file in self.files if file.refused is not None)

    @property
    def kept_apart(self) -> int:
        """Return the number of remarks on rows that were kept apart."""
        return sum(flag.severity == "refused" for file in self.read for flag in file.flags)

    @property
    def status(self) -> int:
        """Return the exit status: 0 done, 1 done with refusals, 2 nothing done.

        A refusal is a file of which nothing was used, or a row that was kept apart. Figures of
        territories before they were states are kept apart with a note: they are no refusal.
        """
        if not self.read and not self.dropped:
            return 2
        return 1 if self.refused or self.kept_apart else 0
