"""Blocks of whole lines of a file, plain, zipped or gzipped, told apart by its first bytes."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from sulh.core.errors import RefusedFile

inflater: ModuleType
try:  # the same calls, two to three times as fast
    from isal import isal_zlib as inflater
except ImportError:
    inflater = zlib

BLOCK = 256 * 1024  # what the nearest memory of a processor holds
_PACKED = 32 * 1024  # at most a thousand times as much comes out of it
_LONGEST_LINE = 1024 * 1024
_LOCAL = struct.Struct("<26xHH")  # the lengths of name and extra field in a member's own header
_RAW, _GZIP = -15, 31


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the file as blocks that end with a line; the last may lack its end of line.

    Raises `RefusedFile` for a file that cannot be opened, is damaged, or has no lines.
    """
    try:
        with path.open("rb", buffering=0) as stream:
            start = stream.read(4)
            stream.seek(0)
            if start.startswith(b"PK"):
                with zipfile.ZipFile(stream) as archive:
                    for member in sorted(archive.infolist(), key=lambda member: member.filename):
                        if not member.is_dir():
                            yield from _whole_lines(path, _member(archive, stream, member, size))
            elif start.startswith(b"\x1f\x8b"):
                yield from _whole_lines(path, _unzipped(stream))
            else:
                yield from _whole_lines(path, iter(lambda: stream.read(size), b""))
    except (
        OSError,
        EOFError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
        inflater.error,
        NotImplementedError,
    ) as error:
        raise RefusedFile(
            f"{path}: {type(error).__name__} {error}"[:300],
            "the file cannot be read to its end",
            "fetch it again",
        ) from error


def _member(
    archive: zipfile.ZipFile, stream: BinaryIO, member: zipfile.ZipInfo, size: int
) -> Iterator[bytes]:
    """Yield what a member of an archive holds, checked against its sum."""
    if member.compress_type != zipfile.ZIP_DEFLATED or member.flag_bits & 1:
        with archive.open(member) as inner:
            yield from iter(lambda: inner.read(size), b"")
        return
    stream.seek(member.header_offset)
    head = stream.read(30)
    if not head.startswith(b"PK\x03\x04") or len(head) < 30:
        raise zipfile.BadZipFile(f"{member.filename} has no header of its own")
    stream.seek(sum(_LOCAL.unpack(head)), 1)
    left, sum_ = member.compress_size, 0
    made = inflater.decompressobj(_RAW)
    while left and (packed := stream.read(min(left, _PACKED))):
        left -= len(packed)
        data = made.decompress(packed)
        sum_ = inflater.crc32(data, sum_)
        yield data
    data = made.flush()
    sum_ = inflater.crc32(data, sum_)
    yield data
    if not made.eof or sum_ != member.CRC:
        raise zipfile.BadZipFile(f"{member.filename} ends too soon or has another sum than it says")


def _unzipped(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what a gzipped file holds, of one member or several, checked by their sums."""
    made = inflater.decompressobj(_GZIP)
    while packed := stream.read(_PACKED):
        while packed:
            if made.eof:
                packed = packed.lstrip(b"\0")
                made = inflater.decompressobj(_GZIP) if packed else made
                continue
            yield made.decompress(packed)
            packed = made.unused_data if made.eof else b""
    yield made.flush()
    if not made.eof:
        raise EOFError("the packed data end too soon")


def _whole_lines(path: Path, parts: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in parts:
        cut = part.rfind(b"\n") + 1
        if cut:
            yield rest + part[:cut]
            rest = part[cut:]
        else:
            rest += part
        if len(rest) > _LONGEST_LINE:
            raise RefusedFile(
                f"{path}: a line of more than {_LONGEST_LINE:,} bytes",
                "it is no file of events",
                "give event files of GDELT or POLECAT",
            )
    if rest:
        yield rest + b"\n"
