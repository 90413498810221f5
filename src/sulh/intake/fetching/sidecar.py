"""The small files beside the data: where a file came from, and how far an unfinished one got."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class OriginFile:
    """What ``<file>.origin.toml`` says of a file.

    ``retrieved`` is the day (UTC) on which these bytes were last had from the publisher,
    ``page_etags`` the marks of the pages of a paged reply.
    """

    address: str
    source: str
    endpoint: str
    licence: str
    retrieved: str
    sha256: str
    bytes: int
    etag: str = ""
    last_modified: str = ""
    records: int = 0
    per_page: int = 0
    page_etags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartFile:
    """What ``<file>.part.toml`` says of an unfinished file; for a paged one, page by page."""

    address: str
    etag: str = ""
    last_modified: str = ""
    per_page: int = 0
    first_page: str = ""
    bytes: int = 0
    page_records: tuple[int, ...] = ()
    page_etags: tuple[str, ...] = ()


_Record = TypeVar("_Record", OriginFile, PartFile)


def origin_path(path: Path) -> Path:
    """Return the path of the origin of a file."""
    return path.with_name(f"{path.name}.origin.toml")


def part_path(path: Path) -> Path:
    """Return the path of the unfinished file."""
    return path.with_name(f"{path.name}.part")


def state_path(path: Path) -> Path:
    """Return the path of what is known of the unfinished file."""
    return path.with_name(f"{path.name}.part.toml")


def read(path: Path, kind: type[_Record]) -> _Record | None:
    """Return the record in a file; None where it is absent, damaged or of another form."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in found.items()
        }
        record = kind(**values)
    except (OSError, ValueError, TypeError):
        return None
    return record if _well_formed(record) else None


def _well_formed(record: OriginFile | PartFile) -> bool:
    for name, value in asdict(record).items():
        if name in ("page_etags", "page_records"):
            kind: type = int if name == "page_records" else str
            if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
                return False
        elif not isinstance(value, int if name in ("bytes", "records", "per_page") else str):
            return False
    return True


def write(path: Path, record: OriginFile | PartFile) -> None:
    """Write a record as TOML, at once or not at all."""
    lines = [f"{name} = {_toml(value)}\n" for name, value in asdict(record).items() if value]
    replace_with(path, "".join(lines).encode("utf-8"))


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def replace_with(path: Path, data: bytes) -> None:
    """Write bytes beside a path and move them there in one step."""
    beside = part_path(path)
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def origin_of(path: Path) -> OriginFile | None:
    """Return the origin of a fetched file; None where there is none or the file was altered."""
    origin = read(origin_path(path), OriginFile)
    if origin is None or not path.is_file():
        return None
    if path.stat().st_size != origin.bytes or digest(path) != origin.sha256:
        return None
    return origin


def known_origin(path: Path, address: str) -> OriginFile | None:
    """Return the origin of a file that is there, unaltered, and from that address; else None."""
    origin = origin_of(path)
    return origin if origin is not None and origin.address == address else None


def forget_part(path: Path) -> None:
    """Remove what is left of an unfinished file."""
    part_path(path).unlink(missing_ok=True)
    state_path(path).unlink(missing_ok=True)
