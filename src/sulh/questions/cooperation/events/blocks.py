"""Blocks of whole lines of a file, plain, zipped or gzipped, told apart by its first bytes."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sulh.core.errors import RefusedFile

BLOCK = 8 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the file as blocks that end with a line; the last may lack its end of line.

    Raises `RefusedFile` for a file that cannot be opened, is damaged, or has no lines.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            stream.seek(0)
            if start.startswith(b"PK"):
                with zipfile.ZipFile(stream) as archive:
                    for member in sorted(archive.namelist()):
                        if not member.endswith("/"):
                            with archive.open(member) as inner:
                                yield from _whole_lines(path, inner, size)  # type: ignore[arg-type]
            elif start.startswith(b"\x1f\x8b"):
                with gzip.open(stream) as inner:
                    yield from _whole_lines(path, inner, size)  # type: ignore[arg-type]
            else:
                yield from _whole_lines(path, stream, size)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise RefusedFile(
            f"{path}: {type(error).__name__} {error}"[:300],
            "the file cannot be read to its end",
            "fetch it again",
        ) from error


def _whole_lines(path: Path, stream: BinaryIO, size: int) -> Iterator[bytes]:
    rest = b""
    while True:
        block = stream.read(size)
        if not block:
            break
        whole = rest + block
        cut = whole.rfind(b"\n") + 1
        rest = whole[cut:]
        if len(rest) > _LONGEST_LINE:
            raise RefusedFile(
                f"{path}: a line of more than {_LONGEST_LINE:,} bytes",
                "it is no file of events",
                "give GDELT event files",
            )
        if cut:
            yield whole[:cut]
    if rest:
        yield rest + b"\n"
