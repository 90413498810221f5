"""Find the files to import among files and folders, and read their bytes within limits."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from sulh.core.errors import RefusedFile
from sulh.intake.importing.bundle import ENDING, tables_of

MAX_BYTES = 512 * 1024 * 1024
_BESIDE = (".origin.toml", ".part", ".part.toml")  # what fetching keeps beside the files


def collect(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Return the files among ``paths``: those given, and those in folders, sorted, each once.

    Hidden files and folders inside a folder are left out; links are followed, loops are not.
    A mapping file is left out where the table that it describes is read with it. A path that does
    not exist is returned too, so that reading it says so.
    """
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given).expanduser()
        for file in _walk(path, set()) if path.is_dir() else (path,):
            found.setdefault(file)
    return tuple(
        path
        for path in found
        if not (path.name.endswith(ENDING) and set(tables_of(path)) & set(found))
    )


def _walk(folder: Path, above: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # reading it will say why it could not be opened
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(_BESIDE):
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path), {*above, here})
        else:
            yield Path(entry.path)


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file that is neither empty nor larger than ``limit``."""
    try:
        status = path.stat()
        _check_kind(path, status.st_mode)
        if status.st_size == 0:  # also the endless files of the system, which tell no size
            raise RefusedFile(f"{path.name} is empty", "it holds no rows", "fetch the file again")
        if status.st_size > limit:
            raise RefusedFile(
                f"{path.name} has {status.st_size:,} bytes",
                f"files of more than {limit:,} bytes are not read",
                "check that it is the right file; cut it into parts if it is",
            )
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise RefusedFile(
            f"{path} cannot be opened ({getattr(error, 'strerror', None) or error})",
            "nothing could be read from it",
            "check the path and the permission to read it",
        ) from error
    if len(data) > limit:
        raise RefusedFile(f"{path.name} grows while it is read", "it has no end", "copy it first")
    return data


def _check_kind(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise RefusedFile(
            f"{path} is a {_kind(mode)}", "only files can be imported", "give a file or a folder"
        )


def _kind(mode: int) -> str:
    kinds = {
        stat.S_ISDIR: "folder that cannot be listed",
        stat.S_ISFIFO: "pipe",
        stat.S_ISSOCK: "socket",
        stat.S_ISCHR: "device",
        stat.S_ISBLK: "device",
    }
    return next((name for test, name in kinds.items() if test(mode)), "special file")
