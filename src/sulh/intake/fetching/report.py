"""What a run of fetch did, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["fetched", "unchanged", "by_hand", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is: bytes kept, bytes expected (None if not announced), records and page."""

    endpoint: str
    file: str
    bytes: int
    expected: int | None = None
    records: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one file.

    ``path`` is None unless the file is there; ``message`` says why it failed, how it can be had by
    hand, or what was noticed.
    """

    endpoint: str
    source: str
    outcome: Outcome
    address: str = ""
    path: Path | None = None
    bytes: int = 0
    records: int = 0
    sha256: str = ""
    retrieved: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of every file that was asked for, in order."""

    folder: Path
    files: tuple[Fetched, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the files that are there now, new and unchanged, for the import."""
        return tuple(file.path for file in self.files if file.path is not None)

    @property
    def failed(self) -> tuple[Fetched, ...]:
        """Return what could not be had."""
        return tuple(file for file in self.files if file.outcome == "failed")

    @property
    def exit_status(self) -> int:
        """Return 0 where nothing failed, 1 where a part did, 2 where there is no file at all."""
        if not self.paths:
            return 2
        return 1 if self.failed else 0
