"""The manifest of a version: what it holds, with sizes and hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sulh.core.errors import StoreDamaged

FORMAT = 1
MEND = "import the files again into an empty folder, or open another store"
REBUILD = "import any file again: the tables are built anew from the bytes that the store keeps"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of a version: its rows, size in bytes, and the hash of its file."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that the version was built from, by the hash of its bytes."""

    sha256: str
    name: str
    source: str
    reader: str
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds.

    ``kind`` is ``full`` or ``starter``; ``months`` are those for which the UN's uniformed
    personnel is known by nation. ``beside`` is the hash of the file of `sulh.store.beside`, empty
    in a version that was built before that file was.
    """

    version: str
    kind: str
    tables: dict[str, TableEntry]
    files: tuple[FileEntry, ...] = ()
    months: tuple[str, ...] = ()
    note: str = ""
    beside: str = ""
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the manifest as JSON, the same text for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def version_id(kind: str, tables: dict[str, TableEntry]) -> str:
    """Return the version's name: a hash of what its tables hold, and of nothing else."""
    text = "\n".join(f"{name} {entry.sha256}" for name, entry in sorted(tables.items()))
    return hashlib.sha256(f"{FORMAT} {kind}\n{text}".encode()).hexdigest()[:16]


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in a version's folder, or raise `StoreDamaged`."""
    path = folder / "manifest.json"
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise StoreDamaged(
                f"{path} has format {body['format']!r}",
                f"this version of sulh reads format {FORMAT}",
                "use the version of sulh that wrote the store, or import the files again",
            )
        body["tables"] = {name: TableEntry(**entry) for name, entry in body["tables"].items()}
        body["files"] = tuple(FileEntry(**entry) for entry in body["files"])
        body["months"] = tuple(body["months"])
        return Manifest(**body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(
            f"{path} cannot be read ({error})", "without it no table can be trusted", MEND
        ) from error


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
